/*
 * input.h - a file or standard input, read into requests.
 *
 * Not thread-safe. Memory: one buffer of 256 KiB, whatever the input's length.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/splitter.h"

struct input {
    int fd;
    uint64_t size; /* bytes, or 0 where that is not known (a pipe) */
    bool is_slow;  /* what reads it may have to wait: a pipe or a terminal, no file */
    struct splitter splitter;
    char *buffer;
    size_t start, end; /* what is in the buffer and not yet used */
    bool is_over;
};

/* path "-" is standard input. 0, or -1 with errno set. */
int input_open(struct input *input, const char *path, size_t line_length_max);
void input_close(struct input *input);

/*
 * Fills a request with the next lines. Returns 1; or 0 at the end, with an empty request; or -1
 * with errno set. EINTR, after a signal and after 100 ms without input, is a chance to stop:
 * call it again with the same request to go on.
 */
int input_next(struct input *input, struct request *request);

#endif
