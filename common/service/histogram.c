#include "common/service/histogram.h"

const uint64_t histogram_bounds_ns[HISTOGRAM_BOUNDS] = {
    100000,     200000,     500000,     1000000,     2000000,     5000000,
    10000000,   20000000,   50000000,   100000000,   200000000,   500000000,
    1000000000, 2000000000, 5000000000, 10000000000, 30000000000, 60000000000,
};

void histogram_add(struct histogram *histogram, uint64_t ns)
{
    int i = 0;
    while (i < HISTOGRAM_BOUNDS && ns > histogram_bounds_ns[i])
        i++;
    histogram->counts[i]++;
    histogram->sum_ns += ns;
}
