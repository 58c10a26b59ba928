#include "common/counts.h"

_Thread_local struct counts thread_counts;

void counts_add_since(struct counts *sum, const struct counts *before, const struct counts *now)
{
    sum->allocations += now->allocations - before->allocations;
    sum->allocated_bytes += now->allocated_bytes - before->allocated_bytes;
    sum->sort_calls += now->sort_calls - before->sort_calls;
    sum->sorts += now->sorts - before->sorts;
    sum->comparisons += now->comparisons - before->comparisons;
    sum->round_trips += now->round_trips - before->round_trips;
}
