#include "bench/statistics/promise.h"

#include <math.h>
#include <stdbool.h>

double promise_gain(double share)
{
    return share >= 0 && share <= 1 ? 1 / (1 - share) : NAN;
}

const char *promise_outcome_name(enum promise_outcome outcome)
{
    static const char *const names[] = {"", "kept", "over", "under", "blind"};
    return names[outcome];
}

enum promise_outcome promise_judge(double share, double low, double high)
{
    const double gain = promise_gain(share);

    if (isnan(gain) || isnan(low) || isnan(high))
        return PROMISE_UNJUDGED;
    if (gain > high)
        return PROMISE_OVER;
    if (gain >= low)
        return PROMISE_KEPT;
    return share < PROMISE_SEEN ? PROMISE_BLIND : PROMISE_UNDER;
}

/* 1 if a's gain is the greater, -1 if b's is, 0 if nobody can say. */
static int compare_measured(const struct promise_pair *a, const struct promise_pair *b)
{
    bool is_point[2] = {isnan(a->low) || isnan(a->high), isnan(b->low) || isnan(b->high)};
    double low[2] = {is_point[0] ? a->ratio : a->low, is_point[1] ? b->ratio : b->low};
    double high[2] = {is_point[0] ? a->ratio : a->high, is_point[1] ? b->ratio : b->high};

    if (is_point[0] && is_point[1])
        return 0;
    return (low[0] > high[1]) - (low[1] > high[0]);
}

double promise_order(const struct promise_pair *pairs, unsigned count, unsigned *told)
{
    int sum = 0;

    *told = 0;
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < i; j++) {
            const struct promise_pair *a = &pairs[i], *b = &pairs[j];
            int measured = compare_measured(a, b);
            if (measured == 0 || isnan(a->promised) || isnan(b->promised))
                continue;
            sum += measured * ((a->promised > b->promised) - (a->promised < b->promised));
            ++*told;
        }
    return *told > 0 ? (double)sum / *told : NAN;
}
