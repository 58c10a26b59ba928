#include "common/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024, LOOK_UP_MS = 100 };

int input_open(struct input *input, const char *path)
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
    input->bytes = malloc(BUFFER_BYTES);
    if (input->bytes == NULL)
        goto fail;
    return 0;

fail:
    close(input->fd);
    return -1;
}

void input_close(struct input *input)
{
    close(input->fd);
    free(input->bytes);
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

ssize_t input_read(struct input *input)
{
    if (input->is_slow && wait_readable(input) != 0)
        return -1;
    return read(input->fd, input->bytes, BUFFER_BYTES);
}
