#include "bench/classroom/metric.h"

static const struct metric_name names[LESSON_COUNT][METRICS_MAX] = {
    [LESSON_KEY] = {{"allocations", "allocations, a record", "1/record", "counters", true},
                    {"allocated_bytes", "bytes allocated, a record", "B/record", "counters", true},
                    {"heap_blocks", "heap blocks, a record", "1/record", "DHAT", false},
                    {"heap_bytes", "heap bytes, a record", "B/record", "DHAT", false}},
    [LESSON_SORT] = {{"comparisons", "tag comparisons, a record", "1/record", "counters", true},
                     {"instructions", "instructions, a record", "1/record", "callgrind", false},
                     {"sorting", "instructions in tag_sort", "1/record", "callgrind", false},
                     {"compared", "calls of tag_compare", "1/record", "callgrind", false}},
    [LESSON_STORE] = {{"waits_inside", "database waits inside a lock, a record", "1/record",
                       "witness", true},
                      {"work_inside", "comparisons inside a lock, a record", "1/record", "witness",
                       true}},
    [LESSON_WORKERS] = {{"threads_alive", "threads alive at the end", "threads", "process", true},
                        {"bytes_retained", "heap bytes never freed", "B", "DHAT", true}},
};

unsigned metric_count(int lesson)
{
    unsigned count = 0;
    while (count < METRICS_MAX && names[lesson][count].id != NULL)
        count++;
    return count;
}

const struct metric_name *metric_names(int lesson)
{
    return names[lesson];
}

double metric_share(double naive, double yours, double fixed)
{
    const double close_enough = 0.99; /* a buffer that grew once more is no other solution */
    if (naive <= fixed || yours >= naive)
        return 0;
    double share = (naive - yours) / (naive - fixed);
    return share >= close_enough ? 1 : share;
}

double metric_score(int lesson, const struct metric_values *naive,
                    const struct metric_values *yours, const struct metric_values *fixed)
{
    double sum = 0;
    unsigned graded = 0;

    for (unsigned i = 0; i < metric_count(lesson); i++)
        if (names[lesson][i].is_graded) {
            sum += metric_share(naive->values[i], yours->values[i], fixed->values[i]);
            graded++;
        }
    return sum / graded;
}
