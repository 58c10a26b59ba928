#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "stacks.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "profile_samples.h"

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
        return &stacks->lost;
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
    return &stacks->lost;
}

static int add_to(struct profile *profile, const struct stack_entry *entry,
                  const struct profile_label *label)
{
    int64_t values[PROFILE_TYPES_MAX];

    for (unsigned i = 0; i < profile->type_count; i++) {
        values[i] = atomic_load_explicit(&entry->values[i], memory_order_relaxed);
        if (strcmp(profile->types[i].unit, "count") == 0)
            values[i] = (values[i] + STACKS_ONE / 2) / STACKS_ONE;
    }
    return profile_add(profile, entry->stack, entry->depth, false, values, label, label != NULL);
}

static bool is_empty(const struct stack_entry *entry)
{
    for (unsigned i = 0; i < PROFILE_TYPES_MAX; i++)
        if (atomic_load_explicit(&entry->values[i], memory_order_relaxed) != 0)
            return false;
    return true;
}

int stacks_add_to(struct profile *profile, struct stacks *stacks)
{
    static const struct profile_label lost = {.key = "lost", .text = "no room for the stack"};

    for (unsigned i = 0; stacks->entries != NULL && i < STACKS_COUNT_MAX; i++) {
        struct stack_entry *entry = &stacks->entries[i];
        if (atomic_load_explicit(&entry->state, memory_order_acquire) > 1 &&
            add_to(profile, entry, NULL) != 0)
            return -1;
    }
    return is_empty(&stacks->lost) ? 0 : add_to(profile, &stacks->lost, &lost);
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
