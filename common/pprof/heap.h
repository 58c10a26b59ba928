/*
 * heap.h - the profiles heap and allocs: who allocates, and who holds on to it.
 *
 * The program is linked with hooks/malloc.c, which stands in front of the C library's malloc and
 * free for the program and all its libraries. Off, a call costs one branch. On, each thread counts
 * the bytes that it asks for down to the next sample; the gaps are exponentially distributed, so
 * that an allocation of s bytes is sampled with the probability 1 - exp(-s / sample_bytes),
 * whatever came before. A sampled one stands for 1 / that many of its like, which makes the sums
 * unbiased (Horvitz and Thompson 1952; as in Go's scaleHeapSample(), src/runtime/pprof/protomem.go,
 * and in TCMalloc, docs/sampling.md, though they scale a stack's mean size, and this each block).
 *
 * A realloc counts as one allocation of the new size and as a free of the old block. Memory from
 * mmap, thread stacks among it, is not seen. Under Valgrind nothing is: it replaces malloc itself.
 */
#ifndef PPROF_HEAP_H
#define PPROF_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile.h"

enum { HEAP_SAMPLE_BYTES = 512 << 10 };

/* False: the hooks are not linked (a build with a sanitizer), and nothing will be seen. */
bool heap_is_available(void);

/*
 * Samples from now on, each `sample_bytes` (1: everything) on average. 0, or -1 with errno set:
 * ENOTSUP if it is not available, EALREADY if it was started, ENOMEM. What was allocated before is
 * not seen. Start and stop from one thread at a time.
 */
int heap_start(size_t sample_bytes);

/* Ends sampling; what is in use is forgotten, what was allocated is kept. */
void heap_stop(void);

/*
 * What was allocated since the first start, and what of it is in use: alloc_objects/count,
 * alloc_space/bytes, inuse_objects/count, inuse_space/bytes, as Go's heap and allocs both have. The
 * caller deletes it. NULL: no memory. Any thread.
 */
struct profile *heap_profile(void);

/*
 * Sampled blocks that found no room among those in use, of which HEAP_LIVE_BLOCKS_MAX are followed:
 * they are allocated, but not in use. (Stacks that find none are in the profile, labelled "lost".)
 */
uint64_t heap_unfollowed_count(void);

#endif
