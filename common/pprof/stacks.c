#include "stacks.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { PROBES_MAX = 64 };

int stacks_init(struct stacks *stacks)
{
    if (stacks->entries != NULL)
        return 0;
    size_t size = STACKS_COUNT_MAX * sizeof *stacks->entries;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    stacks->entries = memory;
    return 0;
}

static uint64_t hash_of(const uintptr_t *stack, unsigned depth)
{
    uint64_t hash = depth;

    for (unsigned i = 0; i < depth; i++) {
        hash = (hash ^ stack[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash > 1 ? hash : hash + 2;
}

struct stack_entry *stacks_find(struct stacks *stacks, const uintptr_t *stack, unsigned depth)
{
    if (stacks->entries == NULL)
        return NULL;
    uint64_t hash = hash_of(stack, depth);
    for (unsigned probe = 0; probe < PROBES_MAX; probe++) {
        struct stack_entry *entry = &stacks->entries[(hash + probe) % STACKS_COUNT_MAX];
        uint64_t state = atomic_load_explicit(&entry->state, memory_order_acquire);
        if (state == 0 && atomic_compare_exchange_strong(&entry->state, &state, 1)) {
            entry->depth = depth;
            memcpy(entry->stack, stack, depth * sizeof *stack);
            atomic_store_explicit(&entry->state, hash, memory_order_release);
            return entry;
        }
        if (state == hash && entry->depth == depth &&
            memcmp(entry->stack, stack, depth * sizeof *stack) == 0)
            return entry;
    }
    atomic_fetch_add_explicit(&stacks->lost_count, 1, memory_order_relaxed);
    return NULL;
}

struct stack_entry *stacks_next(struct stacks *stacks, struct stack_entry *entry)
{
    if (stacks->entries == NULL)
        return NULL;
    entry = entry != NULL ? entry + 1 : stacks->entries;
    for (; entry < stacks->entries + STACKS_COUNT_MAX; entry++) {
        if (atomic_load_explicit(&entry->state, memory_order_acquire) > 1)
            return entry;
    }
    return NULL;
}

unsigned stacks_cut(uintptr_t *stack, unsigned depth, const void *caller)
{
    for (unsigned i = 0; i < depth; i++) {
        if (stack[i] == (uintptr_t)caller) {
            memmove(stack, stack + i, (depth - i) * sizeof *stack);
            return depth - i;
        }
    }
    stack[0] = (uintptr_t)caller;
    return 1;
}
