#include "common/memory.h"

#include <errno.h>
#include <stddef.h>

#include "common/counts.h"

/* The linker's names: __wrap_x is what callers of x get, __real_x is the C library's x. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

/* 0: never fail; 1: fail now and from now on; n: fail at the nth allocation from here. */
static _Thread_local uint64_t fail_at;

void memory_fail_at(uint64_t nth)
{
    fail_at = nth;
}

static int is_failing(void)
{
    if (fail_at > 1) {
        fail_at--;
        return 0;
    }
    errno = ENOMEM;
    return 1;
}

static int count(size_t size)
{
    if (__builtin_expect(fail_at != 0, 0) && is_failing())
        return -1;
    thread_counts.allocations++;
    thread_counts.allocated_bytes += size;
    return 0;
}

void *__wrap_malloc(size_t size)
{
    return count(size) == 0 ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t items, size_t size)
{
    return count(items * size) == 0 ? __real_calloc(items, size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return count(size) == 0 ? __real_realloc(memory, size) : NULL;
}
