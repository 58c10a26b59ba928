/* guess.c - guesses: what is one, that they stay, and what is said of those that were wrong. */
#include "bench/compare/guess.h"
#include "bench/model/model_json.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "tests/classroom/fixture.h"

static void expect_refused(const char *text, const char *words)
{
    struct guesses guesses = {.count = 0};
    char error[GUESS_ERROR_SIZE] = "";
    cr_expect_eq(guesses_parse(&guesses, text, error), -1, "%s", text);
    cr_expect_not_null(strstr(error, words), "%s", error);
}

Test(guess, is_a_ratio_of_a_metric_of_a_fix)
{
    struct guesses guesses = {.count = 0};
    char error[GUESS_ERROR_SIZE] = "";

    cr_assert_eq(guesses_parse(&guesses, " key=2x sort=comparisons:1.5,workers=stacks:all ", error),
                 0, "%s", error);
    cr_assert_eq(guesses.count, 3);
    cr_expect_eq(guesses.list[0].lesson, lesson_from_id("key"));
    cr_expect_str_eq(guesses.list[0].metric, "time_alone");
    cr_expect_eq(guesses.list[0].ratio, 2);
    cr_expect_str_eq(guesses.list[1].metric, "comparisons");
    cr_expect(isinf(guesses.list[2].ratio));
    expect_refused("lock=2", "'lock' is no guess");
    expect_refused("key", "'key' is no guess");
    expect_refused("key=0", "no ratio");
    expect_refused("key=nan", "no ratio");
    expect_refused("key=two", "no ratio");
    expect_refused("key=threads:2", "has no metric");
    expect_refused("key=2 key=3", "guessed already");
}

Test(guess, stays_once_it_is_committed)
{
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], error[GUESS_ERROR_SIZE] = "";
    struct guesses guesses = {.count = 0}, again;

    fixture_path(&fixture, "guesses.json", path);
    cr_assert_eq(guesses_read(&guesses, path, error), 0);
    cr_expect_eq(guesses.count, 0);
    cr_assert_eq(guesses_parse(&guesses, "key=2 workers=stacks:all", error), 0);
    cr_assert_eq(guesses_write(&guesses, path, error), 0);
    cr_assert_eq(guesses_read(&again, path, error), 0, "%s", error);
    cr_assert_eq(again.count, 2);
    cr_expect_eq(again.list[0].ratio, 2);
    cr_expect(isinf(again.list[1].ratio));
    cr_expect_eq(strlen(again.committed), 20);
    cr_expect_eq(guesses_parse(&again, "key=3", error), -1);
    cr_expect_eq(guesses_write(&guesses, "/proc/guesses.json", error), -1);
    fixture_close(&fixture);
}

static const char comparison[] =
    "{\"lessons\": [{\"id\": \"key\", \"headline\": \"bytes\", \"metrics\": ["
    "{\"name\": \"time_alone\", \"label\": \"time\", \"ratio\": 2, \"ci_low\": 1.8,"
    " \"ci_high\": 2.2, \"exact\": false, \"verdict\": \"better\"}]},"
    "{\"id\": \"sort\", \"headline\": \"comparisons\", \"metrics\": ["
    "{\"name\": \"time_alone\", \"label\": \"time\", \"ratio\": 1.05, \"ci_low\": 0.9,"
    " \"ci_high\": 1.2, \"exact\": false, \"verdict\": \"no difference\"},"
    "{\"name\": \"comparisons\", \"label\": \"comparisons\", \"ratio\": 2, \"ci_low\": 2,"
    " \"ci_high\": 2, \"exact\": true, \"verdict\": \"better\"}]},"
    "{\"id\": \"workers\", \"headline\": \"threads_alive\", \"metrics\": ["
    "{\"name\": \"stack_mapped\", \"label\": \"stacks\", \"ratio\": null, \"ci_low\": null,"
    " \"ci_high\": null, \"exact\": true, \"verdict\": \"better\"}]}]}";

static struct model model_of_comparison(void)
{
    cJSON *json = cJSON_Parse(comparison);
    struct model model;
    cr_assert_eq(model_view(&model, json), 0);
    model.json = json;
    return model;
}

static void expect_outcome(const char *text, double off, const char *belief)
{
    struct model model = model_of_comparison();
    struct guesses guesses = {.count = 0};
    char error[GUESS_ERROR_SIZE] = "";

    cr_assert_eq(guesses_parse(&guesses, text, error), 0, "%s", error);
    const struct judged_guess outcome = guess_judge(&guesses, &guesses.list[0], &model);
    if (isfinite(off))
        cr_expect_float_eq(outcome.off, off, 1e-9, "%s: %g", text, outcome.off);
    else
        cr_expect(isinf(outcome.off));
    cr_expect_float_eq(outcome.points, 100 / off, 1e-9);
    cr_expect_not_null(strstr(outcome.belief, belief), "%s: %s", text, outcome.belief);
    if (belief[0] == '\0')
        cr_expect_str_eq(outcome.belief, "");
    model_free(&model);
}

Test(guess, is_scored_by_how_far_off_it_is)
{
    expect_outcome("key=2", 1, "");
    expect_outcome("key=2.2", 1, ""); /* in the interval */
    expect_outcome("key=6", 3, "more than it is");
    expect_outcome("key=1.5", 2 / 1.5, "less than it is");
    expect_outcome("key=1", 2, "changes nothing");
    expect_outcome("sort=2.1", 2,
                   "No difference could be shown. What it is worth shows elsewhere: "
                   "comparisons, 2.00x");
    expect_outcome("sort=comparisons:1.9", 2 / 1.9, "");
    expect_outcome("workers=stacks:all", 1, "");
    expect_outcome("workers=stacks:100", INFINITY, "Nothing is");
}

Test(guess, of_the_order_is_held_against_the_order)
{
    struct model model = model_of_comparison();
    struct guesses guesses = {.count = 0};
    char error[GUESS_ERROR_SIZE];

    cr_assert_eq(guesses_parse(&guesses, "key=2 sort=5", error), 0);
    guesses_judge(&guesses, &model);
    cr_expect_str_eq(model.guesses->order,
                     "You thought that sort is worth most time; of these it is key.");
    guesses.count = 1;
    guesses_judge(&guesses, &model);
    cr_expect_str_eq(model.guesses->order, "");
    model_free(&model);
}
