/*
 * input.h - the bytes of a file or of standard input.
 *
 * Not thread-safe. Memory: one buffer of 256 KiB, whatever the input's length.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct input {
    int fd;
    uint64_t size; /* bytes, or 0 where that is not known (a pipe) */
    bool is_slow;  /* what reads it may have to wait: a pipe or a terminal, no file */
    char *bytes;   /* what was read last */
};

/* path "-" is standard input. 0, or -1 with errno set. */
int input_open(struct input *input, const char *path);
void input_close(struct input *input);

/*
 * Reads the next bytes into input->bytes and returns how many; 0 at the end; or -1 with errno set.
 * EINTR, after a signal and after 100 ms without input, is a chance to stop: call it again to go
 * on.
 */
ssize_t input_read(struct input *input);

#endif
