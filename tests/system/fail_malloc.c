/*
 * fail_malloc.c - to be preloaded: makes an allocation of the whole program fail, whoever asks.
 *
 * FAIL_MALLOC_AT=n in the environment: the nth allocation of the process returns NULL with ENOMEM,
 * counted over all threads from the process's start; with FAIL_MALLOC_ON=1 all after it do, too. At
 * the end the number of allocations is written to descriptor FAIL_MALLOC_FD, if that is set.
 *
 * It stands in front of glibc's allocator and uses that by its inner names, because dlsym() would
 * allocate itself.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* They are in glibc, but in none of its headers. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong call_count;
static unsigned long fail_at; /* 0: never, also until it has been read from the environment */
static bool is_lasting;

static unsigned long read_number(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? strtoul(value, NULL, 10) : 0;
}

__attribute__((constructor)) static void read_environment(void)
{
    fail_at = read_number("FAIL_MALLOC_AT");
    is_lasting = read_number("FAIL_MALLOC_ON") != 0;
}

__attribute__((destructor)) static void write_count(void)
{
    int fd = (int)read_number("FAIL_MALLOC_FD");
    if (fd > 0)
        dprintf(fd, "%lu\n", atomic_load(&call_count));
}

static bool is_failing(void)
{
    unsigned long call = atomic_fetch_add(&call_count, 1) + 1;
    if (fail_at == 0 || call < fail_at || (call > fail_at && !is_lasting))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return is_failing() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_failing() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return is_failing() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return is_failing() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    *memory = is_failing() ? NULL : __libc_memalign(alignment, size);
    return *memory != NULL ? 0 : ENOMEM;
}
