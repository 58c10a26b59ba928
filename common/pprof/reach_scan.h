/*
 * reach_scan.h - the search itself (reach.h), in the child.
 */
#ifndef PPROF_REACH_SCAN_H
#define PPROF_REACH_SCAN_H

#include "halt.h"

/*
 * Sets is_stuck[i] for halt->threads[i]. 0, or -1: in doubt. Takes all the memory it needs, and
 * closes all files but `answer`.
 */
int reach_scan(const struct halt *halt, uintptr_t freed_key, int answer, bool *is_stuck);

#endif
