/* marks.c - the share of a gap, and counts that are held against others. */
#include <criterion/criterion.h>
#include <string.h>

#include "bench/classroom/contradiction.h"
#include "bench/classroom/submission.h"

Test(marks, are_the_share_of_the_gap_that_is_closed)
{
    cr_expect_eq(count_share(100, 100, 0), 0);
    cr_expect_eq(count_share(100, 0, 0), 1);
    cr_expect_float_eq(count_share(100, 50, 0), 0.5, 1e-12);
    cr_expect_float_eq(count_share(141, 106.3, 71.6), 0.5, 1e-12);
    cr_expect_eq(count_share(100, 150, 0), 0, "worse than naive");
    cr_expect_eq(count_share(100, 40, 50), 1, "better than fixed");
    cr_expect_eq(count_share(100, 0.5, 0), 1, "as good as there");
    cr_expect_lt(count_share(100, 1.5, 0), 1);
    cr_expect_eq(count_share(5, 5, 5), 0, "nothing to win");
}

/* Of a lesson that is graded by these, between the two references below. */
static void expect_status(const char *lesson, struct count_values yours, enum grade_status status)
{
    static const struct count_values naive = {.of = {[COUNT_ALLOCATIONS] = 24,
                                                     [COUNT_ALLOCATED_BYTES] = 3969,
                                                     [COUNT_HEAP_BLOCKS] = 1000,
                                                     [COUNT_HEAP_BYTES] = 50000,
                                                     [COUNT_COMPARISONS] = 141,
                                                     [COUNT_INSTRUCTIONS] = 50000,
                                                     [COUNT_INSTRUCTIONS_SORTING] = 5000}},
                                     fixed = {.of = {[COUNT_ALLOCATIONS] = 0,
                                                     [COUNT_ALLOCATED_BYTES] = 200,
                                                     [COUNT_HEAP_BLOCKS] = 976,
                                                     [COUNT_HEAP_BYTES] = 46231,
                                                     [COUNT_COMPARISONS] = 71,
                                                     [COUNT_INSTRUCTIONS] = 47000,
                                                     [COUNT_INSTRUCTIONS_SORTING] = 2500}};
    static struct grading grading = {.counted_answer = {.accepted = 100, .tag_pairs = 1900}};
    struct grade grade = {.lesson = lesson_from_id(lesson), .status = GRADE_GIVEN, .yours = yours};

    grading.naive[grade.lesson] = naive;
    grading.fixed[grade.lesson] = fixed;
    contradiction_check(&grading, &grade);
    cr_expect_eq(grade.status, status, "%s: %s", lesson, grade.reason);
}

static void expect_of_key(double allocations, double bytes, double blocks_seen, double bytes_seen,
                          enum grade_status status)
{
    expect_status("key",
                  (struct count_values){.of = {[COUNT_ALLOCATIONS] = allocations,
                                               [COUNT_ALLOCATED_BYTES] = bytes,
                                               [COUNT_HEAP_BLOCKS] = blocks_seen,
                                               [COUNT_HEAP_BYTES] = bytes_seen}},
                  status);
}

static void expect_of_sort(double comparisons, double instructions, double sorting, double calls,
                           enum grade_status status)
{
    expect_status("sort",
                  (struct count_values){.of = {[COUNT_COMPARISONS] = comparisons,
                                               [COUNT_INSTRUCTIONS] = instructions,
                                               [COUNT_INSTRUCTIONS_SORTING] = sorting,
                                               [COUNT_CALLS_OF_COMPARE] = calls}},
                  status);
}

Test(marks, are_not_given_for_counts_that_are_contradicted_from_outside)
{
    expect_of_key(0, 200, 976, 46231, GRADE_GIVEN);
    expect_of_key(12, 2000, 988, 48000, GRADE_GIVEN);
    expect_of_key(0, 200, 1000, 50000, GRADE_UNCOUNTED);
    expect_of_key(0, 200, 976, 50000, GRADE_UNCOUNTED);
    expect_of_sort(71, 47000, 2500, 0, GRADE_GIVEN);
    expect_of_sort(64, 55000, 0, 64, GRADE_GIVEN);
    expect_of_sort(0, 47000, 2500, 0, GRADE_UNCOUNTED);
    expect_of_sort(30, 50000, 5000, 0, GRADE_UNCOUNTED);
    expect_of_sort(71, 55000, 0, 141, GRADE_UNCOUNTED);
    expect_of_sort(20, 60000, 0, 0, GRADE_UNCOUNTED);
}

/* What a row of the table asks for is there: each count is known, and each name is a text. */
Test(marks, are_given_for_counts_that_are_known)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const struct lesson_grading *row = &lesson_rows[lesson].grading;
        cr_expect_not_null(row->functions[0], "%s", lesson_id(lesson));
        cr_expect_not_null(row->counts[0], "%s", lesson_id(lesson));
        for (const char *const *id = row->counts; *id != NULL; id++)
            cr_expect_neq(count_from_id(*id), COUNT_NONE, "%s: %s", lesson_id(lesson), *id);
    }
}

Test(marks, survive_being_written_down_and_read_again)
{
    static struct grading grading = {.options = {.seed = 7}};
    struct submission submission, again;

    submission_init(&submission, PROJECT_FOLDER "/naive/");
    cr_expect_str_eq(submission.name, "naive");
    submission.grades[0] = (struct grade){.status = GRADE_GIVEN, .share = 0.5};
    for (int lesson = 1; lesson < LESSON_COUNT; lesson++)
        submission.grades[lesson] =
            (struct grade){.status = GRADE_UNTOUCHED, .reason = "as \"it\" was"};
    cJSON *json = submission_json(&submission, &grading);
    submission_init(&again, PROJECT_FOLDER "/naive");
    cr_assert_eq(submission_resume(&again, json, 7), 0);
    cr_expect_eq(submission_score(&again), 12.5);
    cr_expect_str_eq(again.grades[2].reason, "as \"it\" was");
    cr_expect_eq(submission_resume(&again, json, 8), -1, "other records");
    submission_init(&again, PROJECT_FOLDER "/fixed");
    cr_expect_eq(submission_resume(&again, json, 7), -1, "other files");
    cJSON_Delete(json);
}
