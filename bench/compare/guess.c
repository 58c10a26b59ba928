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

void guess_metric_names(int lesson, char *text, size_t size)
{
    const struct lesson_guess *guesses = lesson_rows[lesson].guesses;
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < LESSON_GUESSES && guesses[i].name != NULL && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                 guesses[i].name);
}

/* The name in compare.json; NULL if the fix has none of that name. */
static const char *find_metric(int lesson, const char *name)
{
    const struct lesson_guess *guesses = lesson_rows[lesson].guesses;

    for (int i = 0; i < LESSON_GUESSES && guesses[i].name != NULL; i++)
        if (strcmp(guesses[i].name, name) == 0 || strcmp(guesses[i].metric, name) == 0)
            return guesses[i].metric;
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
    char name[32] = "time", known[120];
    const char *colon = strchr(text, ':'), *number = text, *metric;
    double ratio;

    if (colon != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
        number = colon + 1;
    }
    metric = find_metric(lesson, name);
    guess_metric_names(lesson, known, sizeof known);
    if (metric == NULL)
        return fail(error, "%s has no metric '%s'. There are: %s", lesson_id(lesson), name, known);
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
                        name, lesson_id(lesson));
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
        if (equals != NULL)
            *equals = '\0';
        int lesson = lesson_from_id(word);
        if (equals == NULL || lesson == LESSON_ALL)
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
    const cJSON *item;
    const char *committed, *id, *metric;
    cJSON *json;

    *guesses = (struct guesses){.count = 0};
    if (access(path, F_OK) != 0)
        return 0;
    if (json_read(path, &json, error, GUESS_ERROR_SIZE) != 0)
        return -1;
    int status = json_text(json, "committed", &committed);
    if (status == 0)
        snprintf(guesses->committed, sizeof guesses->committed, "%s", committed);
    /* In version 1 a lesson was called a fix. What was committed stays good. */
    cJSON_ArrayForEach (item, cJSON_GetObjectItemCaseSensitive(json, "guesses")) {
        struct guess guess = {.ratio = INFINITY};
        if (guesses->count == GUESSES_MAX ||
            (json_text(item, "lesson", &id) != 0 && json_text(item, "fix", &id) != 0) ||
            json_text(item, "metric", &metric) != 0 || lesson_from_id(id) == LESSON_ALL)
            status = -1;
        if (status != 0)
            break;
        guess.lesson = lesson_from_id(id);
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
        cJSON_AddStringToObject(item, "lesson", lesson_id(guesses->list[i].lesson));
        cJSON_AddStringToObject(item, "metric", guesses->list[i].metric);
        model_number(item, "ratio", guesses->list[i].ratio);
    }
    int status = json_write(path, json);
    cJSON_Delete(json);
    return status == 0 ? 0 : fail(error, "%s cannot be written: %s", path, strerror(errno));
}

/* Where a fix shows, if not where it was looked for: its lesson's own metric. */
static void add_headline(const struct section *lesson, const char *guessed, char *text, size_t size)
{
    char ratio[RENDER_NUMBER_SIZE];

    if (lesson->headline == NULL || strcmp(lesson->headline, guessed) == 0)
        return;
    const struct measurement *headline = section_find(lesson, lesson->headline);
    if (headline == NULL)
        return;
    size_t used = strlen(text);
    snprintf(text + used, size - used, " What it is worth shows elsewhere: %s, %s.",
             headline->metric.what.label, render_ratio(ratio, headline->judgement.ratio));
}

static void find_belief(const struct section *lesson, struct guess_outcome *outcome)
{
    double guess = outcome->guess->ratio, measured = outcome->measured;
    bool is_none = strcmp(outcome->verdict, "no difference") == 0;
    char *text = outcome->belief;
    size_t size = sizeof outcome->belief;

    if (outcome->off <= NEAR)
        return;
    if (is_none && guess > NEAR) {
        snprintf(text, size, "Wrong: that this fix changes it. No difference could be shown.");
        add_headline(lesson, outcome->guess->metric, text, size);
    } else if (strcmp(outcome->verdict, "worse") == 0 && guess >= 1) {
        snprintf(text, size, "Wrong: that the fix costs nothing. It costs here.");
    } else if (guess <= 1 && measured > NEAR) {
        snprintf(text, size, "Wrong: that this fix changes nothing here.");
    } else if (!isfinite(measured)) {
        snprintf(text, size, "Wrong: that some of it is left. Nothing is.");
    } else {
        snprintf(text, size, "Wrong: how much. You took it for %s than it is.",
                 guess > measured ? "more" : "less");
    }
}

void guess_judge(const struct guess *guess, const struct model *model,
                 struct guess_outcome *outcome)
{
    const struct section *lesson = model_find_lesson(model, lesson_id(guess->lesson));
    const struct measurement *measured = section_find(lesson, guess->metric);

    *outcome = (struct guess_outcome){.guess = guess, .low = NAN, .high = NAN, .measured = NAN};
    if (measured == NULL || !measured->judgement.is_judged)
        return;
    outcome->label = measured->metric.what.label;
    outcome->verdict = verdict_name(measured->judgement.verdict);
    outcome->measured = isnan(measured->judgement.ratio) ? INFINITY : measured->judgement.ratio;
    if (measured->how != MEASURED_EXACTLY) {
        outcome->low = measured->judgement.low;
        outcome->high = measured->judgement.high;
    }
    if (guess->ratio == outcome->measured ||
        (guess->ratio >= outcome->low && guess->ratio <= outcome->high))
        outcome->off = 1; /* nothing speaks against it */
    else
        outcome->off = fmax(guess->ratio / outcome->measured, outcome->measured / guess->ratio);
    outcome->points = 100 / outcome->off;
    find_belief(lesson, outcome);
}

void guesses_judge_order(const struct guess_outcome *outcomes, unsigned count, char *text,
                         size_t size)
{
    const struct guess_outcome *thought = NULL, *found = NULL;
    unsigned timed = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        const struct guess_outcome *outcome = &outcomes[i];
        if (outcome->label == NULL || strcmp(outcome->guess->metric, "time_alone") != 0)
            continue;
        timed++;
        if (thought == NULL || outcome->guess->ratio > thought->guess->ratio)
            thought = outcome;
        if (found == NULL || outcome->measured > found->measured)
            found = outcome;
    }
    if (timed < 2 || thought == found)
        return;
    snprintf(text, size, "You thought that %s is worth most time; of these it is %s.",
             lesson_id(thought->guess->lesson), lesson_id(found->guess->lesson));
}

static void add_outcome(cJSON *list, const struct guess_outcome *outcome)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddItemToArray(list, item);
    cJSON_AddStringToObject(item, "lesson", lesson_id(outcome->guess->lesson));
    cJSON_AddStringToObject(item, "metric", outcome->guess->metric);
    model_number(item, "guess", outcome->guess->ratio);
    if (outcome->label == NULL)
        return;
    cJSON_AddStringToObject(item, "label", outcome->label);
    model_number(item, "measured", outcome->measured);
    model_number(item, "ci_low", outcome->low);
    model_number(item, "ci_high", outcome->high);
    cJSON_AddBoolToObject(item, "exact", isnan(outcome->low));
    cJSON_AddStringToObject(item, "verdict", outcome->verdict);
    model_number(item, "off", outcome->off);
    cJSON_AddBoolToObject(item, "is_right", outcome->off <= NEAR);
    cJSON_AddNumberToObject(item, "points", outcome->points);
    cJSON_AddStringToObject(item, "belief", outcome->belief);
}

cJSON *guesses_judge(const struct guesses *guesses, const struct model *model)
{
    struct guess_outcome outcomes[GUESSES_MAX];
    char order[160];
    double sum = 0;
    unsigned judged = 0;
    cJSON *judgement = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(judgement, "list");

    for (unsigned i = 0; i < guesses->count; i++) {
        guess_judge(&guesses->list[i], model, &outcomes[i]);
        sum += outcomes[i].points;
        judged += outcomes[i].label != NULL;
    }
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        for (unsigned i = 0; i < guesses->count; i++)
            if ((int)guesses->list[i].lesson == lesson)
                add_outcome(list, &outcomes[i]);
    cJSON_AddStringToObject(judgement, "committed", guesses->committed);
    model_number(judgement, "points", judged > 0 ? sum / judged : NAN);
    guesses_judge_order(outcomes, guesses->count, order, sizeof order);
    if (cJSON_AddStringToObject(judgement, "order", order) != NULL)
        return judgement;
    cJSON_Delete(judgement);
    return NULL;
}
