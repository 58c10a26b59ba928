#include "bench/classroom/contradiction.h"

/* What a solution has more of than the fixed one is its own, and must be in both counts. */
static int check_memory(enum count counted, enum count seen, const char *unit,
                        const struct count_values *fixed, struct grade *grade)
{
    const struct count_values *yours = &grade->yours;
    double own_counted = yours->of[counted] - fixed->of[counted];
    double own_seen = yours->of[seen] - fixed->of[seen];

    if (own_seen > 1 && own_counted < own_seen / 2)
        return grade_end(grade, GRADE_UNCOUNTED,
                         "the program's counters say %.1f %s a record, and DHAT saw %.1f",
                         yours->of[counted], unit, fixed->of[counted] + own_seen);
    return 0;
}

static int check_allocations(const struct grading *grading, struct grade *grade)
{
    return check_memory(COUNT_ALLOCATIONS, COUNT_HEAP_BLOCKS, "allocations",
                        &grading->fixed[grade->lesson], grade);
}

static int check_allocated_bytes(const struct grading *grading, struct grade *grade)
{
    return check_memory(COUNT_ALLOCATED_BYTES, COUNT_HEAP_BYTES, "bytes",
                        &grading->fixed[grade->lesson], grade);
}

/* What callgrind saw: the comparisons that tag_sort() took, and one for each call of a student's.
 */
static double seen_comparisons(const struct count_values *naive, const struct count_values *yours)
{
    double naive_sorting = naive->of[COUNT_INSTRUCTIONS_SORTING];
    double calls = yours->of[COUNT_CALLS_OF_COMPARE];

    if (naive_sorting == 0)
        return calls;
    /* by the instructions that each of the naive file's takes there */
    return naive->of[COUNT_COMPARISONS] * yours->of[COUNT_INSTRUCTIONS_SORTING] / naive_sorting +
           calls;
}

static int check_comparisons(const struct grading *grading, struct grade *grade)
{
    const struct count_values *naive = &grading->naive[grade->lesson];
    const struct count_values *fixed = &grading->fixed[grade->lesson];
    const struct grading_answer *answer = &grading->counted_answer;
    double least = (double)answer->tag_pairs / (double)answer->accepted;
    double counted = grade->yours.of[COUNT_COMPARISONS];
    double seen = seen_comparisons(naive, &grade->yours);

    if (counted < least * 0.999)
        return grade_end(grade, GRADE_UNCOUNTED,
                         "%.1f tag comparisons a record are counted, and no order can be known "
                         "from fewer than %.1f: tags are compared without tag_compare()",
                         counted, least);
    if (counted < 0.8 * seen)
        return grade_end(grade, GRADE_UNCOUNTED,
                         "%.1f tag comparisons a record are counted, and callgrind saw about %.1f",
                         counted, seen);
    if (counted < 0.8 * fixed->of[COUNT_COMPARISONS] &&
        grade->yours.of[COUNT_INSTRUCTIONS] > 1.05 * fixed->of[COUNT_INSTRUCTIONS])
        return grade_end(grade, GRADE_UNCOUNTED,
                         "fewer comparisons than the solution (%.1f, %.1f) with more instructions: "
                         "tags are compared without tag_compare()",
                         counted, fixed->of[COUNT_COMPARISONS]);
    return 0;
}

int contradiction_check(const struct grading *grading, struct grade *grade)
{
    static int (*const checks[COUNT_KINDS])(const struct grading *, struct grade *) = {
        [COUNT_ALLOCATIONS] = check_allocations,
        [COUNT_ALLOCATED_BYTES] = check_allocated_bytes,
        [COUNT_COMPARISONS] = check_comparisons,
    };
    const struct count_list list = count_list(grade->lesson);

    for (unsigned i = 0; i < list.graded_length; i++) {
        enum count count = list.counts[i];
        if (checks[count] != NULL && checks[count](grading, grade) != 0)
            return -1;
    }
    return 0;
}
