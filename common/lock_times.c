#include "common/lock_times.h"

_Thread_local struct lock_times thread_lock_times;

uint64_t lock_times_bound_ns(unsigned bucket)
{
    return bucket < LOCK_TIMES_BUCKETS - 1 ? (uint64_t)1 << (bucket + LOCK_TIMES_SHIFT)
                                           : UINT64_MAX;
}

void lock_times_add_since(struct lock_times *sum, const struct lock_times *before,
                          const struct lock_times *now)
{
    sum->wait_ns += now->wait_ns - before->wait_ns;
    sum->hold_ns += now->hold_ns - before->hold_ns;
    for (unsigned i = 0; i < LOCK_TIMES_BUCKETS; i++) {
        sum->waits[i] += now->waits[i] - before->waits[i];
        sum->holds[i] += now->holds[i] - before->holds[i];
    }
}
