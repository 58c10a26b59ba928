/*
 * reach_scan.h - the search itself (reach.h), in the child.
 */
#ifndef PPROF_REACH_SCAN_H
#define PPROF_REACH_SCAN_H

#include "../halt.h"
#include "reach_heap.h"

/*
 * Sets is_stuck[i] for halt->threads[i]. NULL, or what is in doubt, as a part of a sentence. Takes
 * all the memory it needs, and closes all files but `answer`.
 */
const char *reach_scan(const struct halt *halt, const struct reach_probe *probe, int answer,
                       bool *is_stuck);

#endif
