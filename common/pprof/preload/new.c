/*
 * new.c - stands in front of C++'s new and delete, where an allocator has its own: jemalloc's and
 * tcmalloc's do not come by malloc(). libstdc++'s do, and are seen there; these are passed on.
 */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "../heap_hook.h"
#include "../heap_live.h"
#include "../hooks/next.h"

/* True: what the next `new` gives has not gone through malloc(). */
static bool is_of_allocator(void *found)
{
    Dl_info of_new, of_malloc;
    void *allocate;

    memcpy(&allocate, &next_allocator.malloc, sizeof allocate);
    return dladdr(found, &of_new) != 0 && dladdr(allocate, &of_malloc) != 0 &&
           of_new.dli_fbase == of_malloc.dli_fbase;
}

/* A library that a program opened late is not next for anybody: it is asked itself. */
static void *find(const char *name)
{
    void *found = next_find(name);

    if (found == NULL) {
        void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD);
        found = library != NULL ? dlsym(library, name) : NULL;
        if (library == NULL || found == NULL)
            abort(); /* whoever calls it would have no other */
    }
    return found;
}

/* `name` of so many words; each is looked up at its first call. */
#define NEXT(type, name)                                                                           \
    static type *next;                                                                             \
    static bool is_own;                                                                            \
    type *call = __atomic_load_n(&next, __ATOMIC_ACQUIRE);                                         \
    if (__builtin_expect(call == NULL, 0)) {                                                       \
        void *found = find(#name);                                                                 \
        is_own = is_of_allocator(found);                                                           \
        memcpy(&call, &found, sizeof call);                                                        \
        __atomic_store_n(&next, call, __ATOMIC_RELEASE);                                           \
    }

#define NEW(name, parameters, ...)                                                                 \
    void *name parameters;                                                                         \
    void *name parameters                                                                          \
    {                                                                                              \
        typedef void *function parameters;                                                         \
        NEXT(function, name)                                                                       \
        if (!is_own || !heap_is_sampling() || heap_passes(size))                                   \
            return call(__VA_ARGS__);                                                              \
        void *block = call(__VA_ARGS__);                                                           \
        heap_sample(block, size, __builtin_return_address(0));                                     \
        return block;                                                                              \
    }

#define DELETE(name, parameters, ...)                                                              \
    void name parameters;                                                                          \
    void name parameters                                                                           \
    {                                                                                              \
        typedef void function parameters;                                                          \
        NEXT(function, name)                                                                       \
        if (is_own && heap_is_sampling() && block != NULL && heap_live_may_know(block))            \
            heap_forget(block);                                                                    \
        call(__VA_ARGS__);                                                                         \
    }

/* new and new[]: plain, std::nothrow, std::align_val_t, and both */
NEW(_Znwm, (size_t size), size)
NEW(_Znam, (size_t size), size)
NEW(_ZnwmRKSt9nothrow_t, (size_t size, const void *tag), size, tag)
NEW(_ZnamRKSt9nothrow_t, (size_t size, const void *tag), size, tag)
NEW(_ZnwmSt11align_val_t, (size_t size, size_t alignment), size, alignment)
NEW(_ZnamSt11align_val_t, (size_t size, size_t alignment), size, alignment)
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, (size_t size, size_t alignment, const void *tag), size,
    alignment, tag)
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, (size_t size, size_t alignment, const void *tag), size,
    alignment, tag)

DELETE(_ZdlPv, (void *block), block)
DELETE(_ZdaPv, (void *block), block)
DELETE(_ZdlPvm, (void *block, size_t size), block, size)
DELETE(_ZdaPvm, (void *block, size_t size), block, size)
DELETE(_ZdlPvRKSt9nothrow_t, (void *block, const void *tag), block, tag)
DELETE(_ZdaPvRKSt9nothrow_t, (void *block, const void *tag), block, tag)
DELETE(_ZdlPvSt11align_val_t, (void *block, size_t alignment), block, alignment)
DELETE(_ZdaPvSt11align_val_t, (void *block, size_t alignment), block, alignment)
DELETE(_ZdlPvmSt11align_val_t, (void *block, size_t size, size_t alignment), block, size, alignment)
DELETE(_ZdaPvmSt11align_val_t, (void *block, size_t size, size_t alignment), block, size, alignment)
