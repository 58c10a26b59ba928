/* lesson.c - the table of lessons, builds and their codes, and which of them a plan compares. */
#include "bench/lesson.h"

#include <criterion/criterion.h>
#include <string.h>

#include "bench/compare/plan.h"

Test(lesson, writes_codes_in_the_order_of_the_lessons)
{
    char code[BUILD_CODE_SIZE];
    build_code(0, code);
    cr_expect_str_eq(code, "nnnn");
    build_code(1, code);
    cr_expect_str_eq(code, "fnnn");
    build_code(8, code);
    cr_expect_str_eq(code, "nnnf");
    build_code(6, code);
    cr_expect_str_eq(code, "nffn");
    build_code(15, code);
    cr_expect_str_eq(code, "ffff");
}

Test(lesson, reads_the_codes_that_it_writes)
{
    for (unsigned build = 0; build < BUILD_COUNT; build++) {
        char code[BUILD_CODE_SIZE];
        build_code(build, code);
        cr_expect_eq(build_from_code(code), (int)build);
    }
    static const char *const wrong[] = {"", "fff", "fffff", "ffnx", "ffffx", "FFFF", "nnn "};
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_eq(build_from_code(wrong[i]), -1, "%s", wrong[i]);
}

Test(lesson, knows_the_codes_of_nothing_fixed_and_of_all)
{
    cr_expect_str_eq(CODE_NAIVE, "nnnn");
    cr_expect_str_eq(CODE_FIXED, "ffff");
}

Test(lesson, knows_each_lesson_alone_and_left_out)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        cr_expect_eq(build_alone(lesson), 1u << lesson);
        cr_expect_eq(build_without(lesson), 15u - (1u << lesson));
        cr_expect_eq(lesson_from_id(lesson_id(lesson)), lesson);
    }
    cr_expect_eq(lesson_from_id("keys"), LESSON_ALL);
}

/* What a phase counts on: the work of a lesson is in functions that have names. */
Test(lesson, has_rows_that_are_whole)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const struct lesson *row = &lesson_rows[lesson];
        cr_expect(row->title != NULL && row->words != NULL && row->headline != NULL, "%s", row->id);
        cr_expect(row->while_naive != NULL && row->while_fixed != NULL, "%s", row->id);
        cr_expect_eq(row->measures.functions[0] != NULL, row->measures.subject == LESSON_OF_WORK,
                     "%s", row->id);
        cr_expect_str_eq(row->guesses[0].name, "time", "%s", row->id);
        cr_expect(lesson == 0 || strcmp(lesson_rows[lesson - 1].id, row->id) < 0, "%s", row->id);
    }
}

Test(plan, compares_all_sixteen_builds_in_any_mode)
{
    for (int mode = MODE_QUICK; mode <= MODE_FULL; mode++) {
        struct plan plan;
        unsigned builds[BUILD_COUNT];
        plan_init(&plan, (enum mode)mode, LESSON_ALL, 0);
        cr_expect(plan.has_all_builds);
        cr_assert_eq(plan_builds(&plan, builds), 16);
        for (unsigned build = 0; build < 16; build++)
            cr_expect_eq(builds[build], build);
    }
}

Test(plan, compares_nothing_all_each_alone_and_each_left_out_where_all_are_too_many)
{
    static const unsigned expected[] = {0, 1, 2, 4, 7, 8, 11, 13, 14, 15};
    struct plan plan;
    unsigned builds[BUILD_COUNT];

    plan_init(&plan, MODE_DEFAULT, LESSON_ALL, 0);
    plan.has_all_builds = false;
    cr_assert_eq(plan_builds(&plan, builds), sizeof expected / sizeof *expected);
    for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++)
        cr_expect_eq(builds[i], expected[i]);
}

Test(plan, compares_the_four_builds_that_one_lesson_needs)
{
    static const unsigned expected[] = {0, 4, 11, 15};
    struct plan plan;
    unsigned builds[BUILD_COUNT];

    plan_init(&plan, MODE_FULL, 2, 0);
    cr_assert_eq(plan_builds(&plan, builds), 4);
    for (unsigned i = 0; i < 4; i++)
        cr_expect_eq(builds[i], expected[i]);
}

Test(plan, measures_a_lesson_by_what_it_is_about)
{
    struct plan plan;

    plan_init(&plan, MODE_QUICK, LESSON_ALL, 0);
    cr_expect(plan_measures_any(&plan, LESSON_OF_WORK));
    cr_expect(plan_measures_any(&plan, LESSON_OF_LOCK));
    cr_expect(plan_measures_any(&plan, LESSON_OF_THREADS));
    cr_expect(plan.sweep_blocks > 0);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        enum lesson_subject subject = lesson_rows[lesson].measures.subject;
        plan_init(&plan, MODE_QUICK, lesson, 0);
        for (int other = LESSON_OF_WORK; other <= LESSON_OF_THREADS; other++)
            cr_expect_eq(plan_measures_any(&plan, (enum lesson_subject)other),
                         other == (int)subject);
        cr_expect_eq(plan.sweep_blocks > 0, subject == LESSON_OF_THREADS);
    }
}
