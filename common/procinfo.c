#include "common/procinfo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads a small file of /proc without allocating, since it is asked about memory. */
static void read_file(const char *path, char *text, size_t size)
{
    ssize_t length = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        length = read(fd, text, size - 1);
        close(fd);
    }
    text[length > 0 ? length : 0] = '\0';
}

static size_t read_status(const char *field)
{
    char text[4096];
    read_file("/proc/self/status", text, sizeof text);
    const char *found = strstr(text, field);
    return found != NULL ? strtoull(found + strlen(field), NULL, 10) : 0;
}

size_t procinfo_mapped_bytes(void)
{
    return read_status("\nVmSize:") * 1024;
}

size_t procinfo_resident_bytes(void)
{
    char text[128];
    unsigned long long pages = 0;
    read_file("/proc/self/statm", text, sizeof text);
    if (sscanf(text, "%*u %llu", &pages) != 1)
        return 0;
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

size_t procinfo_resident_bytes_max(void)
{
    return read_status("\nVmHWM:") * 1024;
}

unsigned procinfo_thread_count(void)
{
    return (unsigned)read_status("\nThreads:");
}
