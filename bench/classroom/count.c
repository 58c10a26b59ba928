#include "bench/classroom/count.h"

#include <assert.h>
#include <string.h>

static const struct count_kind kinds[COUNT_KINDS] = {
    [COUNT_ALLOCATIONS] =
        {"allocations", "allocations, a record", "1/record", COUNT_BY_PROGRAM, {COUNT_HEAP_BLOCKS}},
    [COUNT_ALLOCATED_BYTES] = {"allocated_bytes",
                               "bytes allocated, a record",
                               "B/record",
                               COUNT_BY_PROGRAM,
                               {COUNT_HEAP_BYTES}},
    [COUNT_HEAP_BLOCKS] = {"heap_blocks", "heap blocks, a record", "1/record", COUNT_BY_DHAT, {0}},
    [COUNT_HEAP_BYTES] = {"heap_bytes", "heap bytes, a record", "B/record", COUNT_BY_DHAT, {0}},
    [COUNT_COMPARISONS] = {"comparisons",
                           "tag comparisons, a record",
                           "1/record",
                           COUNT_BY_PROGRAM,
                           {COUNT_INSTRUCTIONS, COUNT_INSTRUCTIONS_SORTING,
                            COUNT_CALLS_OF_COMPARE}},
    [COUNT_INSTRUCTIONS] =
        {"instructions", "instructions, a record", "1/record", COUNT_BY_CALLGRIND, {0}},
    [COUNT_INSTRUCTIONS_SORTING] =
        {"sorting", "instructions in tag_sort", "1/record", COUNT_BY_CALLGRIND, {0}},
    [COUNT_CALLS_OF_COMPARE] =
        {"compared", "calls of tag_compare", "1/record", COUNT_BY_CALLGRIND, {0}},
    [COUNT_WAITS_INSIDE] = {"waits_inside",
                            "database waits inside a lock, a record",
                            "1/record",
                            COUNT_BY_MONITOR,
                            {0}},
    [COUNT_COMPARISONS_INSIDE] =
        {"work_inside", "comparisons inside a lock, a record", "1/record", COUNT_BY_MONITOR, {0}},
    [COUNT_THREADS_ALIVE] =
        {"threads_alive", "threads alive at the end", "threads", COUNT_BY_PROCESS, {0}},
    [COUNT_BYTES_RETAINED] = {"bytes_retained", "heap bytes never freed", "B", COUNT_BY_DHAT, {0}},
};

const struct count_kind *count_kind(enum count count)
{
    assert(count > COUNT_NONE && count < COUNT_KINDS);
    return &kinds[count];
}

const char *count_tool_name(enum count_tool tool)
{
    static const char *const names[] = {
        [COUNT_BY_PROGRAM] = "counters", [COUNT_BY_PROCESS] = "process",
        [COUNT_BY_DHAT] = "DHAT",        [COUNT_BY_CALLGRIND] = "callgrind",
        [COUNT_BY_MONITOR] = "monitor",
    };
    return names[tool];
}

enum count count_from_id(const char *id)
{
    for (int count = COUNT_NONE + 1; count < COUNT_KINDS; count++)
        if (strcmp(id, kinds[count].id) == 0)
            return (enum count)count;
    return COUNT_NONE;
}

static void add(struct count_list *list, enum count count)
{
    for (unsigned i = 0; i < list->length; i++)
        if (list->counts[i] == count)
            return;
    list->counts[list->length++] = count;
}

struct count_list count_list(int lesson)
{
    struct count_list list = {.length = 0};

    for (const char *const *id = lesson_rows[lesson].grading.counts; *id != NULL; id++) {
        enum count count = count_from_id(*id);
        assert(count != COUNT_NONE); /* of bench/lesson.c: tests/classroom/marks.c looks at it */
        add(&list, count);
    }
    list.graded_length = list.length;
    for (unsigned i = 0; i < list.graded_length; i++)
        for (const enum count *other = kinds[list.counts[i]].held_against; *other != COUNT_NONE;
             other++)
            add(&list, *other);
    return list;
}

bool count_needs(int lesson, enum count_tool tool)
{
    const struct count_list list = count_list(lesson);

    for (unsigned i = 0; i < list.length; i++)
        if (kinds[list.counts[i]].tool == tool)
            return true;
    return false;
}

double count_share(double naive, double yours, double fixed)
{
    const double close_enough = 0.99; /* a buffer that grew once more is no other solution */
    if (naive <= fixed || yours >= naive)
        return 0;
    double share = (naive - yours) / (naive - fixed);
    return share >= close_enough ? 1 : share;
}

double count_score(int lesson, const struct count_values *naive, const struct count_values *yours,
                   const struct count_values *fixed)
{
    const struct count_list list = count_list(lesson);
    double sum = 0;

    for (unsigned i = 0; i < list.graded_length; i++) {
        enum count count = list.counts[i];
        sum += count_share(naive->of[count], yours->of[count], fixed->of[count]);
    }
    return sum / list.graded_length;
}
