/* marks.c - the share of a gap, and counts that are held against their witnesses. */
#include <criterion/criterion.h>
#include <string.h>

#include "bench/classroom/counting.h"
#include "bench/classroom/submission.h"

Test(marks, are_the_share_of_the_gap_that_is_closed)
{
    cr_expect_eq(metric_share(100, 100, 0), 0);
    cr_expect_eq(metric_share(100, 0, 0), 1);
    cr_expect_float_eq(metric_share(100, 50, 0), 0.5, 1e-12);
    cr_expect_float_eq(metric_share(141, 106.3, 71.6), 0.5, 1e-12);
    cr_expect_eq(metric_share(100, 150, 0), 0, "worse than naive");
    cr_expect_eq(metric_share(100, 40, 50), 1, "better than fixed");
    cr_expect_eq(metric_share(100, 0.5, 0), 1, "as good as there");
    cr_expect_lt(metric_share(100, 1.5, 0), 1);
    cr_expect_eq(metric_share(5, 5, 5), 0, "nothing to win");
}

static struct trial cross_check(int lesson, const struct metric_values *yours)
{
    static struct session session = {
        .naive = {[LESSON_KEY] = {{24, 3969, 1000, 50000}}, [LESSON_SORT] = {{141, 50000, 5000}}},
        .fixed = {[LESSON_KEY] = {{0, 200, 976, 46231}}, [LESSON_SORT] = {{71, 47000, 2500}}},
        .counted_answer = {.accepted = 100, .tag_pairs = 1900},
    };
    struct trial trial = {.status = TRIAL_GRADED, .values = *yours};
    counting_cross_check(&session, lesson, &trial);
    return trial;
}

static void expect_status(int lesson, struct metric_values yours, enum trial_status status)
{
    struct trial trial = cross_check(lesson, &yours);
    cr_expect_eq(trial.status, status, "%g %g %g: %s", yours.values[0], yours.values[1],
                 yours.values[2], trial.reason);
}

Test(marks, are_not_given_for_counts_that_a_witness_contradicts)
{
    expect_status(LESSON_KEY, (struct metric_values){{0, 200, 976, 46231}}, TRIAL_GRADED);
    expect_status(LESSON_KEY, (struct metric_values){{12, 2000, 988, 48000}}, TRIAL_GRADED);
    expect_status(LESSON_KEY, (struct metric_values){{0, 200, 1000, 50000}}, TRIAL_UNCOUNTED);
    expect_status(LESSON_KEY, (struct metric_values){{0, 200, 976, 50000}}, TRIAL_UNCOUNTED);
    expect_status(LESSON_SORT, (struct metric_values){{71, 47000, 2500}}, TRIAL_GRADED);
    expect_status(LESSON_SORT, (struct metric_values){{64, 55000, 0, 64}}, TRIAL_GRADED);
    expect_status(LESSON_SORT, (struct metric_values){{0, 47000, 2500}}, TRIAL_UNCOUNTED);
    expect_status(LESSON_SORT, (struct metric_values){{30, 50000, 5000}}, TRIAL_UNCOUNTED);
    expect_status(LESSON_SORT, (struct metric_values){{71, 55000, 0, 141}}, TRIAL_UNCOUNTED);
    expect_status(LESSON_SORT, (struct metric_values){{20, 60000, 0}}, TRIAL_UNCOUNTED);
}

Test(marks, survive_being_written_down_and_read_again)
{
    static struct session session = {.options = {.seed = 7}};
    struct submission submission, again;

    submission_init(&submission, PROJECT_FOLDER "/naive/");
    cr_expect_str_eq(submission.name, "naive");
    submission.trials[LESSON_KEY] = (struct trial){.status = TRIAL_GRADED, .share = 0.5};
    for (int lesson = LESSON_SORT; lesson < LESSON_COUNT; lesson++)
        submission.trials[lesson] =
            (struct trial){.status = TRIAL_UNTOUCHED, .reason = "as \"it\" was"};
    cJSON *json = submission_json(&submission, &session);
    submission_init(&again, PROJECT_FOLDER "/naive");
    cr_assert_eq(submission_resume(&again, json, 7), 0);
    cr_expect_eq(submission_score(&again), 12.5);
    cr_expect_str_eq(again.trials[LESSON_STORE].reason, "as \"it\" was");
    cr_expect_eq(submission_resume(&again, json, 8), -1, "other records");
    submission_init(&again, PROJECT_FOLDER "/fixed");
    cr_expect_eq(submission_resume(&again, json, 7), -1, "other files");
    cJSON_Delete(json);
}
