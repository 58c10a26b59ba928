/*
 * The problem: a branch that nobody can foresee. The processor guesses which way it goes and works
 * ahead; half of these readings are below the limit, in no order, and each wrong guess throws away
 * what was done meanwhile: the work of some fifteen cycles.
 *
 * Seen by: the simulated branch predictor (callgrind with --branch-sim=yes: mispredicted
 * conditional branches of pick_below), and by time. Instructions do not show it: there are fewer of
 * them here than in the fix. Not seen by: allocations, caches, system calls.
 */
#include "pick.h"

size_t pick_below(const uint32_t *readings, size_t count, uint32_t limit, uint32_t *picked)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (readings[i] < limit)
            picked[found++] = readings[i];
    return found;
}
