/*
 * yours.c - somebody's own files as a third column, and guesses: in the document, and in all that
 * is drawn from it.
 */
#include "bench/compare/yours.h"

#include "bench/compare/guess.h"
#include "bench/report/render_markdown.h"
#include "bench/report/render_page.h"
#include "bench/report/render_text.h"
#include "tests/gate/member_of.h"

/* The example, in which the fixed key is another: 1.5 allocations, 1.25 times as fast. */
static cJSON *load_yours(void)
{
    cJSON *yours = rendering_load();
    cJSON *metric = metric_of(yours, "key", "allocations");

    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "fixed"), 1.5);
    metric = metric_of(yours, "key", "time_alone");
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "ratio"), 1.25);
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "ci_low"), 1.125);
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "ci_high"), 1.375);
    return yours;
}

/* The document with `yours` beside it; both stay as they are. */
static cJSON *set_beside(const cJSON *document, const cJSON *yours)
{
    struct model model = rendering_model(document), yours_model = rendering_model(yours);
    char error[256] = "";

    cr_assert_eq(yours_add(&model, &yours_model, "/home/ada/hw", error, sizeof error), 0, "%s",
                 error);
    cJSON *written = rendering_written(&model);
    model_free(&model);
    model_free(&yours_model);
    return written;
}

static cJSON *load_beside(void)
{
    cJSON *document = rendering_load(), *yours = load_yours();
    cJSON *beside = set_beside(document, yours);

    cJSON_Delete(document);
    cJSON_Delete(yours);
    return beside;
}

static cJSON *yours_of(cJSON *document, const char *name)
{
    cJSON *yours = cJSON_GetObjectItem(metric_of(document, "key", name), "yours");
    cr_assert_not_null(yours);
    return yours;
}

Test(yours, stands_in_each_metric_that_both_have)
{
    cJSON *document = load_beside();

    cr_expect_eq(number_of(yours_of(document, "allocations"), "value"), 1.5);
    cr_expect_eq(number_of(yours_of(document, "time_alone"), "ratio"), 1.25);
    cr_expect_eq(number_of(yours_of(document, "time_alone"), "ci_low"), 1.125);
    cr_expect_eq(number_of(yours_of(document, "time_alone"), "ci_high"), 1.375);
    cr_expect_str_eq(text_of(yours_of(document, "allocations"), "verdict"), "better");
    /* what naive and fixed are stays */
    cr_expect_neq(number_of(metric_of(document, "key", "allocations"), "fixed"), 1.5);
    cJSON *curve =
        item_of(cJSON_GetObjectItem(lesson_of(document, "key"), "curves"), "name", "key_time");
    cr_expect(cJSON_Compare(cJSON_GetObjectItem(curve, "yours"),
                            cJSON_GetObjectItem(curve, "fixed"), true));
    cJSON *fit = cJSON_GetObjectItem(curve, "fit");
    cr_expect_eq(number_of(fit, "yours_exponent"), number_of(fit, "fixed_exponent"));
    cr_expect_str_eq(text_of(cJSON_GetObjectItem(document, "yours"), "folder"), "/home/ada/hw");
    cJSON_Delete(document);
}

static void expect_refused(const char *object, const char *member, const char *words)
{
    cJSON *document = rendering_load(), *yours = load_yours();
    cJSON *parent = object != NULL ? cJSON_GetObjectItem(yours, object) : yours;
    char error[256] = "";

    cJSON_ReplaceItemInObject(parent, member, cJSON_CreateString("other"));
    struct model model = rendering_model(document), yours_model = rendering_model(yours);
    cr_expect_eq(yours_add(&model, &yours_model, "hw", error, sizeof error), -1);
    cr_expect_not_null(strstr(error, words), "%s", error);
    cr_expect_null(model.yours);
    model_free(&model);
    model_free(&yours_model);
    cJSON_Delete(document);
    cJSON_Delete(yours);
}

Test(yours, is_of_the_same_records_or_not_at_all)
{
    expect_refused("input", "digest", "another input: other");
    expect_refused(NULL, "mode", "another mode: other");
}

Test(yours, may_lack_what_this_run_has)
{
    cJSON *whole = rendering_load(), *yours = load_yours();

    cJSON_DeleteItemFromArray(cJSON_GetObjectItem(yours, "lessons"), 1);
    cJSON_DeleteItemFromArray(cJSON_GetObjectItem(lesson_of(yours, "key"), "metrics"), 0);
    cJSON *document = set_beside(whole, yours);
    cr_expect_null(cJSON_GetObjectItem(metric_of(document, "sort", "comparisons"), "yours"));
    cr_expect_null(cJSON_GetObjectItem(metric_of(document, "key", "time_alone"), "yours"));
    char *text = rendering_of(render_markdown, document);
    cr_expect_not_null(strstr(text, "| yours |"));
    free(text);
    cJSON_Delete(yours);
    cJSON_Delete(whole);
    cJSON_Delete(document);
}

static void add_guesses(cJSON *document)
{
    struct guesses guesses = {.committed = "2026-01-31T11:00:00Z"};
    char error[GUESS_ERROR_SIZE];

    cr_assert_eq(guesses_parse(&guesses, "key=77 sort=comparisons:2 workers=memory:all", error), 0,
                 "%s", error);
    struct model model = rendering_model(document);
    guesses_judge(&guesses, &model);
    cJSON *judgement = model_write_guesses(model.guesses);
    cr_assert_eq(cJSON_GetArraySize(cJSON_GetObjectItem(judgement, "list")), 3);
    cr_expect_eq(number_of(judgement, "points") > 0, true);
    cJSON_AddItemToObject(document, "guesses", judgement);
    model_free(&model);
}

static int render_plain(FILE *file, const cJSON *document)
{
    return render_text_as(file, document, false, true);
}

static int render_drawn(FILE *file, const cJSON *document)
{
    return render_page(file, document, NULL);
}

Test(yours, is_drawn_everywhere)
{
    static rendering_render *const renders[] = {render_plain, render_markdown, render_drawn};
    static const char *const needles[] = {"naive/yours",  "1.25x", "1.12",           "/home/ada/hw",
                                          "Your guesses", "77.0x", "Wrong: how much"};

    for (unsigned r = 0; r < sizeof renders / sizeof *renders; r++) {
        cJSON *document = load_beside();
        add_guesses(document);
        char *rendered = rendering_of(renders[r], document);
        for (unsigned i = 0; i < sizeof needles / sizeof *needles; i++)
            cr_expect_not_null(strstr(rendered, needles[i]), "%u: %s", r, needles[i]);
        free(rendered);
        cJSON_Delete(document);
    }
}

Test(yours, is_no_column_where_nobody_asked)
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_plain, document);

    cr_expect_null(strstr(rendered, "yours"));
    cr_expect_null(strstr(rendered, "guess"));
    free(rendered);
    cJSON_Delete(document);
}
