#include "common/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024, LOOK_UP_MS = 100 };

int input_open(struct input *input, const char *path, size_t line_length_max)
{
    struct stat status;

    *input = (struct input){0};
    input->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0)
        return -1;
    if (fstat(input->fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        goto fail;
    }
    input->is_slow = !S_ISREG(status.st_mode);
    if (!input->is_slow)
        input->size = (uint64_t)status.st_size;
    input->buffer = malloc(BUFFER_BYTES);
    if (input->buffer == NULL)
        goto fail;
    splitter_init(&input->splitter, line_length_max);
    return 0;

fail:
    close(input->fd);
    return -1;
}

void input_close(struct input *input)
{
    close(input->fd);
    free(input->buffer);
}

/*
 * Waits until there is something to read. A signal that comes just before a read() would find
 * nobody waiting, and the read() would wait on: so nobody waits for long without a look up.
 */
static int wait_readable(struct input *input)
{
    struct pollfd descriptor = {.fd = input->fd, .events = POLLIN};
    int count = poll(&descriptor, 1, LOOK_UP_MS);
    if (count == 0)
        errno = EINTR;
    return count > 0 ? 0 : -1;
}

/* Reads more into the empty buffer. */
static int fill(struct input *input)
{
    if (input->is_slow && wait_readable(input) != 0)
        return -1;
    ssize_t count = read(input->fd, input->buffer, BUFFER_BYTES);
    if (count < 0)
        return -1;
    input->start = 0;
    input->end = (size_t)count;
    input->is_over = count == 0;
    return 0;
}

int input_next(struct input *input, struct request *request)
{
    if (input->is_over)
        return 0;
    while (!request_is_full(request, input->splitter.pending)) {
        if (input->start == input->end && fill(input) != 0)
            return -1;
        if (input->is_over) {
            if (splitter_end(&input->splitter, request) != 0)
                return -1;
            break;
        }
        ptrdiff_t used = splitter_feed(&input->splitter, input->buffer + input->start,
                                       input->end - input->start, request);
        if (used < 0)
            return -1;
        input->start += (size_t)used;
    }
    return request->count > 0;
}
