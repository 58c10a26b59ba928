/*
 * model.c - what is measured comes to what may be claimed of it, whatever the order in which it was
 * added; and what is written is read back as it was.
 */
#include "bench/model/model_json.h"

#include "tests/harness/rendering.h"

static const struct metric metric = {
    {"time", "time", "ns/record", "wall time"}, CODE_NAIVE, CODE_FIXED, "nothing else"};

enum { ROUNDS = 20 };

/* Values that scatter by a hundredth around a middle, the same ones each time. */
static void fill(double values[ROUNDS], double middle, unsigned seed)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        values[i] = middle * (1 + 0.01 * ((double)((i * 7 + seed * 3) % ROUNDS) / ROUNDS - 0.5));
}

static struct model begun(void)
{
    struct model model;
    cr_assert_eq(model_init(&model, LESSON_ALL), 0);
    return model;
}

static void add_pair(struct model *model, int lesson, double naive, double fixed)
{
    double first[ROUNDS], second[ROUNDS];

    fill(first, naive, 1);
    fill(second, fixed, 2);
    model_add_rounds(model, lesson, &metric, first, second, ROUNDS);
}

static void add_control(struct model *model)
{
    double first[ROUNDS], second[ROUNDS];

    fill(first, 100, 3);
    fill(second, 100, 4);
    model_set_control(model, CONTROL_WALL, CODE_NAIVE, first, second, ROUNDS, ROUNDS);
}

Test(model, widens_intervals_for_as_many_as_there_are)
{
    struct model model = begun();

    for (int i = 0; i < 5; i++)
        add_pair(&model, LESSON_ALL, 200, 100);
    model_add_exact(&model, LESSON_ALL, &metric, 2, 1);  /* has no interval */
    model_add_single(&model, LESSON_ALL, &metric, 2, 1); /* nor has this */
    cr_assert_eq(model_judge(&model), 0);
    cr_expect_float_eq(model.confidence, stats_correct(0.95, 5), 1e-12);
    for (int i = 0; i < 5; i++)
        cr_expect_geq(model.whole.measurements[i].confidence, model.confidence);
    model_free(&model);
}

Test(model, judges_alike_in_any_order)
{
    struct model first = begun(), second = begun();

    add_control(&first);
    add_pair(&first, 0, 101, 100);
    add_pair(&first, LESSON_ALL, 200, 100);
    add_pair(&second, LESSON_ALL, 200, 100);
    add_pair(&second, 0, 101, 100);
    add_control(&second);
    cr_assert_eq(model_judge(&first), 0);
    cr_assert_eq(model_judge(&second), 0);
    cJSON *one = model_write(&first), *other = model_write(&second);
    cr_expect(cJSON_Compare(one, other, true));
    cJSON_Delete(one);
    cJSON_Delete(other);
    model_free(&first);
    model_free(&second);
}

/* A control that shows a difference of a build and itself shows that something is wrong; then no
 * difference as small is claimed. */
Test(model, claims_no_more_than_a_biased_control_allows)
{
    struct model model = begun();
    double first[ROUNDS], second[ROUNDS];

    fill(first, 103, 3); /* of one build and itself: a difference of 3% is noise here */
    fill(second, 100, 4);
    add_pair(&model, 0, 102, 100);
    add_pair(&model, 1, 110, 100);
    add_pair(&model, LESSON_COUNT - 1, 100, 110);
    model_set_control(&model, CONTROL_WALL, CODE_NAIVE, first, second, ROUNDS, ROUNDS);
    cr_assert_eq(model_judge(&model), 0);
    cr_expect_eq(model.lessons[0].measurements[0].judgement.verdict, VERDICT_NO_DIFFERENCE);
    cr_expect_eq(model.lessons[1].measurements[0].judgement.verdict, VERDICT_BETTER);
    cr_expect_eq(model.lessons[LESSON_COUNT - 1].measurements[0].judgement.verdict, VERDICT_WORSE);
    model_free(&model);
}

Test(model, claims_nothing_of_what_was_measured_once)
{
    struct model model = begun();

    model_add_single(&model, LESSON_ALL, &metric, 2, 1);
    cr_assert_eq(model_judge(&model), 0);
    cr_expect_not(model.whole.measurements[0].judgement.is_judged);
    cr_expect_eq(model.whole.measurements[0].judgement.ratio, 2);
    cr_expect(isnan(model.whole.measurements[0].judgement.low));
    model_free(&model);
}

Test(model, takes_a_lessons_verdict_from_its_headline)
{
    struct metric headline = metric;
    struct model model = begun();

    headline.what.name = lesson_rows[0].headline;
    model_add_exact(&model, 0, &headline, 1, 0);
    cr_assert_eq(model_judge(&model), 0);
    cr_expect_eq(model.lessons[0].verdict, VERDICT_BETTER);
    cr_expect_eq(model.lessons[1].verdict, VERDICT_NO_DIFFERENCE);
    cr_expect(isinf(model.lessons[0].measurements[0].judgement.ratio));
    model_free(&model);
}

Test(model, leaves_out_what_is_not_wanted)
{
    struct model model;

    cr_assert_eq(model_init(&model, 1), 0);
    model_add_exact(&model, 0, &metric, 2, 1);
    model_add_exact(&model, 1, &metric, 2, 1);
    cr_assert_eq(model_judge(&model), 0);
    cr_assert_eq(model.lesson_count, 1);
    cr_expect_str_eq(model.lessons[0].id, lesson_id(1));
    cr_expect_eq(model.lessons[0].measurement_count, 1);
    model_free(&model);
}

Test(model, fails_once_for_more_numbers_of_builds_than_it_has_room_for)
{
    struct model model = begun();
    char name[16];

    for (unsigned i = 0; i <= MODEL_BUILD_METRICS; i++) {
        snprintf(name, sizeof name, "n%u", i);
        const struct quantity what = {name, name, "1", "tool"};
        model_set_build(&model, BUILD_NAIVE, &what, true, i);
        cr_expect_eq(model.is_failed, i == MODEL_BUILD_METRICS);
    }
    cr_expect_eq(model_judge(&model), -1);
    cr_expect_null(model_write(&model));
    model_free(&model);
}

/* Members that are there in both have to be the same; null is as good as none. */
static void expect_same(const cJSON *was, const cJSON *is, const char *path)
{
    const cJSON *item;
    char below[256];
    int index = 0;

    cr_expect_eq(was->type & 0xff, is->type & 0xff, "%s", path);
    if (cJSON_IsNumber(was))
        cr_expect_eq(was->valuedouble, is->valuedouble, "%s", path);
    if (cJSON_IsString(was))
        cr_expect_str_eq(was->valuestring, is->valuestring, "%s", path);
    cJSON_ArrayForEach (item, was) {
        const cJSON *same = cJSON_IsArray(was) ? cJSON_GetArrayItem(is, index)
                                               : cJSON_GetObjectItemCaseSensitive(is, item->string);
        snprintf(below, sizeof below, "%s.%s[%d]", path, item->string != NULL ? item->string : "",
                 index++);
        if (same == NULL)
            cr_expect(cJSON_IsNull(item), "%s is not written", below);
        else
            expect_same(item, same, below);
    }
}

Test(model, is_written_as_it_was_read)
{
    cJSON *document = rendering_load();
    struct model model = rendering_model(document);
    cJSON *written = rendering_written(&model);

    cJSON_DeleteItemFromObject(document, "noise"); /* its words are of the version that writes */
    expect_same(document, written, "");
    cJSON_Delete(written);
    cJSON_Delete(document);
    model_free(&model);
}

static void set_other(cJSON *item, const char *path, void *context)
{
    const unsigned *kind = context;

    (void)path;
    if (*kind == 0 && cJSON_IsString(item))
        cJSON_SetValuestring(item, "");
    else if (*kind == 1 && cJSON_IsNumber(item))
        cJSON_SetNumberHelper(item, -1e300);
    else if (*kind == 2 && cJSON_IsArray(item))
        item->type = cJSON_Object;
    else if (*kind == 3 && cJSON_IsNumber(item))
        item->type = cJSON_NULL;
}

Test(model, is_read_of_anything)
{
    for (unsigned kind = 0; kind < 4; kind++) {
        cJSON *document = rendering_load();
        rendering_walk(document, "", set_other, &kind);
        struct model model = rendering_model(document);
        cJSON_Delete(rendering_written(&model));
        model_free(&model);
        cJSON_Delete(document);
    }
}
