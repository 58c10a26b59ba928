/* witnesses.h - those of a pair, a file each; witnesses.c lists them. 0, or -1 (pair.h). */
#ifndef WITNESSES_H
#define WITNESSES_H

#include "bench/pair/pair.h"

int pair_count_system_calls(struct pair *pair); /* system_calls.c: strace */
int pair_count_instructions(struct pair *pair); /* instructions.c: callgrind; before the locks */
int pair_count_heap(struct pair *pair);         /* heap.c: DHAT, massif, memcheck */
int pair_hear_locks(struct pair *pair);         /* locks.c: DRD */

#endif
