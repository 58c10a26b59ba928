#define _GNU_SOURCE
#include "reach_kernel.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TEXT_BYTES = 8192 };

struct addresses {
    uintptr_t *addresses;
    size_t count, count_max;
};

/* "tfd: 5 events: 19 data: 7f01020304 pos:0 ...": one line for each file that an epoll watches. */
static void read_line(struct addresses *to, const char *line)
{
    const char *at = strstr(line, " data:");
    uintptr_t number = 0;

    if (at == NULL || strncmp(line, "tfd:", 4) != 0 || to->count == to->count_max)
        return;
    for (at += 6; *at == ' '; at++)
        ;
    for (; isxdigit((unsigned char)*at); at++)
        number = number << 4 | (uintptr_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
    to->addresses[to->count++] = number;
}

/* What is left of the last line is kept for the next read. */
static void read_file(struct addresses *to, int file)
{
    char text[TEXT_BYTES];
    size_t length = 0;
    ssize_t count;

    while ((count = read(file, text + length, sizeof text - 1 - length)) > 0) {
        length += (size_t)count;
        text[length] = '\0';
        char *line = text, *end;
        while ((end = strchr(line, '\n')) != NULL) {
            *end = '\0';
            read_line(to, line);
            line = end + 1;
        }
        length -= (size_t)(line - text);
        memmove(text, line, length);
    }
}

size_t reach_kernel_addresses(uintptr_t *addresses, size_t count_max)
{
    struct record { /* struct linux_dirent64 */
        uint64_t inode, offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    _Alignas(8) char records[TEXT_BYTES];
    struct addresses to = {.addresses = addresses, .count_max = count_max};
    int folder = open("/proc/self/fdinfo", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long length;

    if (folder < 0)
        return count_max; /* nobody knows */
    while ((length = syscall(SYS_getdents64, folder, records, sizeof records)) > 0) {
        for (long at = 0; at < length;) {
            const struct record *record = (const void *)(records + at);
            at += record->length;
            int file = openat(folder, record->name, O_RDONLY | O_CLOEXEC);
            if (file < 0)
                continue;
            read_file(&to, file);
            close(file);
        }
    }
    close(folder);
    return to.count;
}
