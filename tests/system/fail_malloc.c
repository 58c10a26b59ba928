/*
 * fail_malloc.c - to be preloaded: makes an allocation of the whole program fail, whoever asks.
 *
 * FAIL_MALLOC_AT=n in the environment: the nth allocation of the process returns NULL with ENOMEM,
 * counted over all threads from the process's start; with FAIL_MALLOC_ON=1 all after it do, too. At
 * the end the number of allocations is written to descriptor FAIL_MALLOC_FD, if that is set.
 *
 * The programs have an allocator of their own in front of glibc's (common/pprof/hooks), which a
 * preloaded malloc() cannot get before. So this stands between the two, under the names that glibc
 * has for its allocator and that the hooks call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

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

/* glibc's function of that name. What is found does not change, so threads need not agree on who
 * looks. */
static void *real(void **function, const char *name)
{
    if (*function == NULL)
        *function = dlsym(RTLD_NEXT, name);
    return *function;
}

void *__libc_malloc(size_t size)
{
    static void *next;
    void *(*function)(size_t) = real(&next, "__libc_malloc");
    return is_failing() ? NULL : function(size);
}

void *__libc_calloc(size_t count, size_t size)
{
    static void *next;
    void *(*function)(size_t, size_t) = real(&next, "__libc_calloc");
    return is_failing() ? NULL : function(count, size);
}

void *__libc_realloc(void *memory, size_t size)
{
    static void *next;
    void *(*function)(void *, size_t) = real(&next, "__libc_realloc");
    return is_failing() ? NULL : function(memory, size);
}

void *__libc_memalign(size_t alignment, size_t size)
{
    static void *next;
    void *(*function)(size_t, size_t) = real(&next, "__libc_memalign");
    return is_failing() ? NULL : function(alignment, size);
}
