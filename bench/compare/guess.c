#include "bench/compare/guess.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/model/model_json.h"
#include "bench/readers/json.h"
#include "bench/report/render_number.h"

static const double NEAR = 1.25; /* so close is right: nobody's machine is known better */

__attribute__((format(printf, 2, 3))) static int fail(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, GUESS_ERROR_SIZE, format, arguments);
    va_end(arguments);
    return -1;
}

static const char *id_of(const struct guesses *guesses, int lesson)
{
    return guesses->subject != NULL ? guesses->subject->id : lesson_id(lesson);
}

static const struct lesson_guess *metrics_of(const struct guesses *guesses, int lesson)
{
    return guesses->subject != NULL ? guesses->subject->metrics : lesson_rows[lesson].guesses;
}

/* LESSON_ALL for a text that is none. */
static int find_lesson(const struct guesses *guesses, const char *id)
{
    if (guesses->subject == NULL)
        return lesson_from_id(id);
    return strcmp(id, guesses->subject->id) == 0 ? 0 : LESSON_ALL;
}

void guess_metric_names(const struct guesses *guesses, int lesson, char *text, size_t size)
{
    const struct lesson_guess *metrics = metrics_of(guesses, lesson);
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < LESSON_GUESSES && metrics[i].name != NULL && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                 metrics[i].name);
}

/* The name in compare.json; NULL if the fix has none of that name. */
static const char *find_metric(const struct guesses *guesses, int lesson, const char *name)
{
    const struct lesson_guess *metrics = metrics_of(guesses, lesson);

    for (int i = 0; i < LESSON_GUESSES && metrics[i].name != NULL; i++)
        if (strcmp(metrics[i].name, name) == 0 || strcmp(metrics[i].metric, name) == 0)
            return metrics[i].metric;
    return NULL;
}

/* "2", "2x", "0.5", or "all". */
static int parse_ratio(const char *text, double *ratio)
{
    char *end;

    if (strcmp(text, "all") == 0) {
        *ratio = INFINITY;
        return 0;
    }
    *ratio = strtod(text, &end);
    if (end == text || (*end != '\0' && strcmp(end, "x") != 0))
        return -1;
    return *ratio > 0 && *ratio < 1e12 ? 0 : -1;
}

int guesses_parse_one(struct guesses *guesses, int lesson, const char *text,
                      char error[GUESS_ERROR_SIZE])
{
    char name[64], known[512];
    const char *colon = strrchr(text, ':'), *number = text, *metric;
    double ratio;

    snprintf(name, sizeof name, "%s", metrics_of(guesses, lesson)[0].name);
    if (colon != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
        number = colon + 1;
    }
    metric = find_metric(guesses, lesson, name);
    guess_metric_names(guesses, lesson, known, sizeof known);
    if (metric == NULL)
        return fail(error, "%s has no metric '%s'. There are: %s", id_of(guesses, lesson), name,
                    known);
    if (parse_ratio(number, &ratio) != 0)
        return fail(error,
                    "'%s' is no ratio. 2 is half as much as before, 1 the same, 0.5 twice as much, "
                    "and all that nothing is left",
                    number);
    for (unsigned i = 0; i < guesses->count; i++)
        if (guesses->list[i].lesson == lesson && strcmp(guesses->list[i].metric, metric) == 0)
            return fail(error,
                        "the %s of %s is guessed already, and a guess stays. 'make predict "
                        "FORGET=1' starts over",
                        name, id_of(guesses, lesson));
    if (guesses->count == GUESSES_MAX)
        return fail(error, "that is more than %d guesses", GUESSES_MAX);
    struct guess *guess = &guesses->list[guesses->count++];
    *guess = (struct guess){.lesson = lesson, .ratio = ratio};
    snprintf(guess->metric, sizeof guess->metric, "%s", metric);
    return 0;
}

int guesses_parse(struct guesses *guesses, const char *text, char error[GUESS_ERROR_SIZE])
{
    char *copy = strdup(text), *rest = NULL;
    int status = copy != NULL ? 0 : fail(error, "out of memory");

    for (char *word = copy != NULL ? strtok_r(copy, " \t\n,", &rest) : NULL;
         word != NULL && status == 0; word = strtok_r(NULL, " \t\n,", &rest)) {
        char *equals = strchr(word, '=');
        if (equals == NULL && guesses->subject != NULL) {
            status = guesses_parse_one(guesses, 0, word, error);
            continue;
        }
        if (equals != NULL)
            *equals = '\0';
        int lesson = find_lesson(guesses, word);
        if (lesson == LESSON_ALL && guesses->subject != NULL)
            status = fail(error, "'%s' is no guess of %s. Write them as GUESS='2 %s:2'", word,
                          guesses->subject->id, guesses->subject->metrics[0].name);
        else if (equals == NULL || lesson == LESSON_ALL)
            status = fail(error,
                          "'%s' is no guess. Write them as GUESS='%s=2 %s=%s:2': a lesson, its "
                          "metric if it is not the time, and a ratio",
                          word, lesson_id(0), lesson_id(1), lesson_rows[1].guesses[1].name);
        else
            status = guesses_parse_one(guesses, lesson, equals + 1, error);
    }
    free(copy);
    return status;
}

int guesses_read(struct guesses *guesses, const char *path, char error[GUESS_ERROR_SIZE])
{
    return guesses_read_of(guesses, NULL, path, error);
}

int guesses_read_of(struct guesses *guesses, const struct guess_subject *subject, const char *path,
                    char error[GUESS_ERROR_SIZE])
{
    const cJSON *item;
    const char *committed, *id, *metric;
    cJSON *json;

    *guesses = (struct guesses){.subject = subject};
    if (access(path, F_OK) != 0)
        return 0;
    if (json_read(path, &json, error, GUESS_ERROR_SIZE) != 0)
        return -1;
    int status = json_text(json, "committed", &committed);
    if (status == 0)
        snprintf(guesses->committed, sizeof guesses->committed, "%s", committed);
    /* In version 1 a lesson was called a fix. What was committed stays good. */
    cJSON_ArrayForEach (item, json_member(json, "guesses")) {
        struct guess guess = {.ratio = INFINITY};
        if (guesses->count == GUESSES_MAX ||
            (json_text(item, "lesson", &id) != 0 && json_text(item, "fix", &id) != 0) ||
            json_text(item, "metric", &metric) != 0 || find_lesson(guesses, id) == LESSON_ALL)
            status = -1;
        if (status != 0)
            break;
        guess.lesson = find_lesson(guesses, id);
        snprintf(guess.metric, sizeof guess.metric, "%s", metric);
        json_number(item, "ratio", &guess.ratio);
        guesses->list[guesses->count++] = guess;
    }
    cJSON_Delete(json);
    return status == 0
               ? 0
               : fail(error, "%s holds no guesses. 'make predict FORGET=1' starts over", path);
}

int guesses_write(const struct guesses *guesses, const char *path, char error[GUESS_ERROR_SIZE])
{
    cJSON *json = cJSON_CreateObject();
    char now[32];
    time_t seconds = time(NULL);
    struct tm utc;

    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    cJSON_AddStringToObject(json, "schema", "fastenough-guesses");
    cJSON_AddNumberToObject(json, "schema_version", 2);
    cJSON_AddStringToObject(json, "committed", now);
    cJSON *list = cJSON_AddArrayToObject(json, "guesses");
    for (unsigned i = 0; i < guesses->count; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        cJSON_AddStringToObject(item, "lesson", id_of(guesses, guesses->list[i].lesson));
        cJSON_AddStringToObject(item, "metric", guesses->list[i].metric);
        json_add_number(item, "ratio", guesses->list[i].ratio);
    }
    int status = json_write(path, json);
    cJSON_Delete(json);
    return status == 0 ? 0 : fail(error, "%s cannot be written: %s", path, strerror(errno));
}

/* Where a fix shows, if not where it was looked for: its lesson's own metric. */
static const char *with_headline(struct model *model, const struct section *lesson,
                                 const char *guessed, const char *belief)
{
    const struct measurement *headline =
        lesson->headline != NULL ? section_find(lesson, lesson->headline) : NULL;
    char ratio[RENDER_NUMBER_SIZE];

    if (headline == NULL || strcmp(lesson->headline, guessed) == 0)
        return belief;
    return model_text(model, "%s What it is worth shows elsewhere: %s, %s.", belief,
                      headline->metric.what.label, render_ratio(ratio, headline->judgement.ratio));
}

/* What was wrong about it, or empty. */
static const char *find_belief(struct model *model, const struct section *lesson,
                               const struct judged_guess *one)
{
    if (one->is_right)
        return "";
    if (strcmp(one->verdict, verdict_name(VERDICT_NO_DIFFERENCE)) == 0 && one->guess > NEAR)
        return with_headline(model, lesson, one->metric,
                             "Wrong: that this fix changes it. No difference could be shown.");
    if (strcmp(one->verdict, verdict_name(VERDICT_WORSE)) == 0 && one->guess >= 1)
        return "Wrong: that the fix costs nothing. It costs here.";
    if (one->guess <= 1 && one->measured > NEAR)
        return "Wrong: that this fix changes nothing here.";
    if (!isfinite(one->measured))
        return "Wrong: that some of it is left. Nothing is.";
    return one->guess > one->measured ? "Wrong: how much. You took it for more than it is."
                                      : "Wrong: how much. You took it for less than it is.";
}

struct judged_guess guess_judge(const struct guesses *guesses, const struct guess *guess,
                                struct model *model)
{
    const char *id = id_of(guesses, guess->lesson);
    const struct section *lesson = model_find_lesson(model, id);
    const struct measurement *measured = section_find(lesson, guess->metric);
    struct judged_guess one = {
        .lesson = id, .metric = guess->metric, .guess = guess->ratio, .low = NAN, .high = NAN};

    /* a pair's metrics are in sections of their tools */
    for (unsigned i = 0; measured == NULL && guesses->subject != NULL && i < model->lesson_count;
         i++)
        measured = section_find(&model->lessons[i], guess->metric);
    if (lesson == NULL || measured == NULL || !measured->judgement.is_judged)
        return one;
    one.label = measured->metric.what.label;
    one.verdict = verdict_name(measured->judgement.verdict);
    one.measured = isnan(measured->judgement.ratio) ? INFINITY : measured->judgement.ratio;
    if (measured->how != MEASURED_EXACTLY) {
        one.low = measured->judgement.low;
        one.high = measured->judgement.high;
    }
    one.is_exact = isnan(one.low);
    if (one.guess == one.measured || (one.guess >= one.low && one.guess <= one.high))
        one.off = 1; /* nothing speaks against it */
    else
        one.off = fmax(one.guess / one.measured, one.measured / one.guess);
    one.is_right = one.off <= NEAR;
    one.points = 100 / one.off;
    one.belief = find_belief(model, lesson, &one);
    return one;
}

static const char *judge_order(struct model *model)
{
    const struct judged_guess *thought = NULL, *found = NULL;
    unsigned timed = 0;

    for (unsigned i = 0; i < model->guesses->guess_count; i++) {
        const struct judged_guess *one = &model->guesses->list[i];
        if (one->label == NULL || strcmp(one->metric, "time_alone") != 0)
            continue;
        timed++;
        if (thought == NULL || one->guess > thought->guess)
            thought = one;
        if (found == NULL || one->measured > found->measured)
            found = one;
    }
    if (timed < 2 || thought == found)
        return "";
    return model_text(model, "You thought that %s is worth most time; of these it is %s.",
                      thought->lesson, found->lesson);
}

void guesses_judge(const struct guesses *guesses, struct model *model)
{
    double sum = 0;
    unsigned judged = 0;

    model->guesses = model_allocate(model, sizeof *model->guesses);
    if (model->guesses == NULL)
        return;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        for (unsigned i = 0; i < guesses->count; i++) {
            if (guesses->list[i].lesson != lesson)
                continue;
            const struct judged_guess one = guess_judge(guesses, &guesses->list[i], model);
            sum += one.points;
            judged += one.label != NULL;
            MODEL_ADD(model, model->guesses, guess, list, one);
        }
    model->guesses->committed = guesses->committed;
    model->guesses->points = judged > 0 ? sum / judged : NAN;
    model->guesses->order = judge_order(model);
}
