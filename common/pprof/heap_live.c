#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "heap_live.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>

struct node {
    struct heap_block block;
    uint32_t next; /* index + 1 of the next in the chain, or of the next free one; 0: none */
};

_Atomic uint8_t heap_live_chains[1 << HEAP_LIVE_BITS];

/* Process-wide, as malloc is. */
static struct {
    atomic_flag is_locked;
    /* guarded by is_locked: */
    struct node *nodes;
    uint32_t heads[1 << HEAP_LIVE_BITS]; /* index + 1 of the first */
    uint32_t used_count;                 /* nodes that were ever used */
    uint32_t free_first;                 /* index + 1 */
} live = {.is_locked = ATOMIC_FLAG_INIT};

static void acquire(void)
{
    while (atomic_flag_test_and_set_explicit(&live.is_locked, memory_order_acquire))
        sched_yield();
}

static void release(void)
{
    atomic_flag_clear_explicit(&live.is_locked, memory_order_release);
}

int heap_live_init(void)
{
    if (live.nodes != NULL)
        return 0;
    void *memory = mmap(NULL, HEAP_LIVE_BLOCKS_MAX * sizeof *live.nodes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    if (pthread_atfork(acquire, release, release) != 0) {
        munmap(memory, HEAP_LIVE_BLOCKS_MAX * sizeof *live.nodes);
        return -1;
    }
    live.nodes = memory;
    return 0;
}

int heap_live_add(const struct heap_block *block)
{
    unsigned hash = heap_live_hash(block->address);
    uint32_t index = 0;

    acquire();
    if (atomic_load_explicit(&heap_live_chains[hash], memory_order_relaxed) == UINT8_MAX) {
        /* its count would overflow */
    } else if (live.free_first != 0) {
        index = live.free_first;
        live.free_first = live.nodes[index - 1].next;
    } else if (live.used_count < HEAP_LIVE_BLOCKS_MAX) {
        index = ++live.used_count;
    }
    if (index != 0) {
        live.nodes[index - 1] = (struct node){.block = *block, .next = live.heads[hash]};
        live.heads[hash] = index;
        atomic_fetch_add_explicit(&heap_live_chains[hash], 1, memory_order_relaxed);
    }
    release();
    return index != 0 ? 0 : -1;
}

/* Takes out the node that *link refers to. */
static void take(unsigned hash, uint32_t *link, struct heap_block *block)
{
    uint32_t index = *link;
    struct node *node = &live.nodes[index - 1];

    *block = node->block;
    *link = node->next;
    node->next = live.free_first;
    live.free_first = index;
    atomic_fetch_sub_explicit(&heap_live_chains[hash], 1, memory_order_relaxed);
}

int heap_live_take(const void *address, struct heap_block *block)
{
    unsigned hash = heap_live_hash(address);
    int status = -1;

    acquire();
    for (uint32_t *link = &live.heads[hash]; *link != 0; link = &live.nodes[*link - 1].next) {
        if (live.nodes[*link - 1].block.address == address) {
            take(hash, link, block);
            status = 0;
            break;
        }
    }
    release();
    return status;
}

void heap_live_clear(void (*visit)(const struct heap_block *block))
{
    struct heap_block block;

    acquire();
    for (unsigned hash = 0; hash < 1 << HEAP_LIVE_BITS; hash++) {
        while (live.heads[hash] != 0) {
            take(hash, &live.heads[hash], &block);
            visit(&block);
        }
    }
    release();
}
