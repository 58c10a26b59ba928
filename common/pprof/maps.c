#define _GNU_SOURCE
#include "maps.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAPPINGS_MAX = 1 << 17, LINE_BYTES_MAX = 4600 };

static const char *read_number(const char *text, uintptr_t *number)
{
    for (*number = 0;; text++) {
        unsigned digit = *text >= '0' && *text <= '9'   ? (unsigned)(*text - '0')
                         : *text >= 'a' && *text <= 'f' ? (unsigned)(*text - 'a' + 10)
                                                        : 16;
        if (digit == 16)
            return text;
        *number = *number << 4 | digit;
    }
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t end_length = strlen(end);
    return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* "55e0-55f0 rw-p 00000000 08:01 123   /path" */
static void parse(struct maps *maps, const char *line, const char *end)
{
    struct mapping mapping = {.low = 0};

    if (maps->count == maps->capacity)
        return;
    const char *flags = read_number(line, &mapping.low);
    flags = read_number(flags + 1, &mapping.high) + 1;
    mapping.is_readable = flags[0] == 'r';
    mapping.is_writable = flags[1] == 'w';
    mapping.is_shared = flags[3] == 's';
    const char *name = flags;
    for (int column = 0; column < 4 && name < end; column++) {
        while (name < end && *name != ' ')
            name++;
        while (name < end && *name == ' ')
            name++;
    }
    size_t length = (size_t)(end - name);
    mapping.is_anonymous = length == 0 || starts_with(name, "[anon");
    mapping.is_heap = ends_with(name, length, "[heap]");
    mapping.is_stack = ends_with(name, length, "[stack]");
    mapping.is_libc = ends_with(name, length, "/libc.so.6");
    mapping.is_device = (starts_with(name, "/dev/") && !starts_with(name, "/dev/zero") &&
                         !starts_with(name, "/dev/shm/")) ||
                        starts_with(name, "[v");
    maps->mappings[maps->count++] = mapping;
}

/* Lines are parsed as they come; what is left of the last one goes to the buffer's start. */
static int parse_all(struct maps *maps, int file)
{
    static const size_t buffer_bytes = 2 * LINE_BYTES_MAX;
    char buffer[2 * LINE_BYTES_MAX];
    size_t length = 0;

    for (;;) {
        ssize_t count = read(file, buffer + length, buffer_bytes - 1 - length);
        if (count <= 0)
            return count == 0 && length == 0 ? 0 : -1;
        length += (size_t)count;
        buffer[length] = '\0';
        char *line = buffer, *end;
        while ((end = strchr(line, '\n')) != NULL) {
            *end = '\0';
            parse(maps, line, end);
            line = end + 1;
        }
        length -= (size_t)(line - buffer);
        memmove(buffer, line, length);
    }
}

int maps_read(struct maps *maps)
{
    *maps = (struct maps){.capacity = MAPPINGS_MAX, .bytes = MAPPINGS_MAX * sizeof *maps->mappings};
    maps->mappings = mmap(NULL, maps->bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (maps->mappings == MAP_FAILED)
        return -1;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    int status = file < 0 ? -1 : parse_all(maps, file);
    if (file >= 0)
        close(file);
    if (status != 0 || maps->count == maps->capacity) {
        maps_free(maps);
        return -1;
    }
    return 0;
}

void maps_free(struct maps *maps)
{
    munmap(maps->mappings, maps->bytes);
    maps->mappings = NULL;
    maps->count = 0;
}

const struct mapping *maps_find(const struct maps *maps, uintptr_t address)
{
    size_t low = 0, high = maps->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (maps->mappings[middle].high <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < maps->count && maps->mappings[low].low <= address ? &maps->mappings[low] : NULL;
}
