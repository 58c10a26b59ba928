#define _GNU_SOURCE
#include "cpu_ring.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum slot_state { SLOT_FREE, SLOT_BUSY, SLOT_FULL };

enum { TRIES = 16 }; /* to find a free slot */

struct cpu_ring *cpu_ring_new(void)
{
    void *memory = mmap(NULL, sizeof(struct cpu_ring), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    madvise(memory, sizeof(struct cpu_ring), MADV_WIPEONFORK);
    madvise(memory, sizeof(struct cpu_ring), MADV_DONTDUMP);
    return memory;
}

void cpu_ring_delete(struct cpu_ring *ring)
{
    explicit_bzero(ring, sizeof *ring);
    munmap(ring, sizeof *ring);
}

static struct cpu_sample *find_free(struct cpu_ring *ring)
{
    for (int i = 0; i < TRIES; i++) {
        unsigned number = atomic_fetch_add_explicit(&ring->next, 1, memory_order_relaxed);
        struct cpu_sample *sample = &ring->samples[number % CPU_RING_SLOTS];
        int expected = SLOT_FREE;
        if (atomic_compare_exchange_strong_explicit(&sample->state, &expected, SLOT_BUSY,
                                                    memory_order_acquire, memory_order_relaxed))
            return sample;
    }
    return NULL;
}

void cpu_ring_put(struct cpu_ring *ring, unsigned periods, const ucontext_t *context)
{
    struct cpu_sample *sample = find_free(ring);

    if (sample == NULL) {
        atomic_fetch_add_explicit(&ring->dropped_periods, periods, memory_order_relaxed);
        return;
    }
    struct stack_copy *copy = &sample->copy;
    sample->thread_id = gettid();
    sample->periods = periods;
    stack_copy_registers(copy->registers, context);
    copy->low = stack_copy_low(stack_copy_sp(copy->registers));
    copy->bytes = sample->bytes;
    copy->length = stack_copy_bytes(sample->bytes, copy->low, sizeof sample->bytes);
    atomic_store_explicit(&sample->state, SLOT_FULL, memory_order_release);
}

struct cpu_sample *cpu_ring_take(struct cpu_ring *ring, unsigned *position)
{
    while (*position < CPU_RING_SLOTS) {
        struct cpu_sample *sample = &ring->samples[(*position)++];
        if (atomic_load_explicit(&sample->state, memory_order_acquire) == SLOT_FULL)
            return sample;
    }
    return NULL;
}

void cpu_ring_release(struct cpu_sample *sample)
{
    explicit_bzero(sample->bytes, sample->copy.length);
    explicit_bzero(sample->copy.registers, sizeof sample->copy.registers);
    atomic_store_explicit(&sample->state, SLOT_FREE, memory_order_release);
}
