#include "bench/compare/base.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/exact.h"
#include "bench/model/model_json.h"
#include "bench/readers/member.h"

bool base_is_instructions(const char *tool)
{
    return strcmp(tool, "callgrind") == 0;
}

__attribute__((format(printf, 2, 3))) static void add_remark(cJSON *changes, const char *format,
                                                             ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(changes, "remarks"),
                         cJSON_CreateString(text));
}

/* Whether a text below `parent` is the same in both; if not, that is said. */
static bool is_same(cJSON *changes, const cJSON *now, const cJSON *then, const char *name,
                    const char *what)
{
    const char *one = member_text(then, name, "unknown"),
               *other = member_text(now, name, "unknown");
    if (strcmp(one, other) == 0)
        return true;
    add_remark(changes, "another %s: %s then, %s now", what, one, other);
    return false;
}

static void compare_surroundings(cJSON *changes, const cJSON *document, const cJSON *base)
{
    const cJSON *now = member(document, "machine"), *then = member(base, "machine");
    bool is_machine = is_same(changes, now, then, "cpu", "CPU");

    bool is_cpu_count = member_number(now, "cores") == member_number(then, "cores");

    if (!is_cpu_count) {
        add_remark(changes, "%g CPUs then, %g now; threads and their stacks go by their number",
                   member_number(then, "cores"), member_number(now, "cores"));
        is_machine = false;
    }
    cJSON_AddBoolToObject(changes, "is_same_cpu_count", is_cpu_count);
    bool is_compiler = is_same(changes, now, then, "compiler", "compiler");
    is_compiler &= is_same(changes, now, then, "flags", "set of flags");
    is_same(changes, now, then, "os", "system");
    bool is_tools =
        is_same(changes, member(now, "tools"), member(then, "tools"), "valgrind", "Valgrind");
    is_tools &= is_same(changes, member(now, "tools"), member(then, "tools"), "glibc", "libc");
    cJSON_AddBoolToObject(changes, "is_same_machine", is_machine);
    cJSON_AddBoolToObject(changes, "is_same_compiler", is_compiler);
    cJSON_AddBoolToObject(changes, "is_same_instructions", is_machine && is_compiler && is_tools);
    if (!is_machine || !is_compiler || !is_tools)
        add_remark(changes, "instructions may differ for these reasons alone");
    if (!is_machine)
        add_remark(changes, "absolute times of two machines are not compared, only the ratios "
                            "naive / fixed on each");
}

static void compare_input(cJSON *changes, const cJSON *document, const cJSON *base)
{
    const cJSON *now = member(document, "input"), *then = member(base, "input");
    bool is_mode = is_same(changes, document, base, "mode", "mode");
    bool is_input = is_same(changes, now, then, "digest", "input, by its digest");

    cJSON_AddBoolToObject(changes, "is_same_input", is_mode && is_input);
    if (!is_mode || !is_input)
        add_remark(changes, "counts are of other records, and are not compared; ratios of times "
                            "are, with that in mind");
}

static void add_missing(cJSON *changes, const char *label, const char *tool, const char *in)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(changes, "missing"), *item;

    cJSON_ArrayForEach (item, list)
        if (strcmp(member_text(item, "label", ""), label) == 0 &&
            strcmp(member_text(item, "tool", ""), tool) == 0 &&
            strcmp(member_text(item, "in", ""), in) == 0)
            return;
    item = cJSON_CreateObject();
    cJSON_AddItemToArray(list, item);
    cJSON_AddStringToObject(item, "label", label);
    cJSON_AddStringToObject(item, "tool", tool);
    cJSON_AddStringToObject(item, "in", in);
}

static bool is_equal(const struct exact_count *then, const struct exact_count *now)
{
    const double tolerance = base_is_instructions(now->tool) ? BASE_TOLERANCE : 1e-9;
    return fabs(now->value - then->value) <= tolerance * fabs(then->value);
}

static void add_count(cJSON *changes, const struct exact_count *then, const struct exact_count *now)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(changes, "counts"), item);
    cJSON_AddStringToObject(item, "name", now->name);
    cJSON_AddStringToObject(item, "label", now->label);
    cJSON_AddStringToObject(item, "unit", now->unit);
    cJSON_AddStringToObject(item, "tool", now->tool);
    cJSON_AddStringToObject(item, "build", now->build);
    cJSON_AddNumberToObject(item, "then", then->value);
    cJSON_AddNumberToObject(item, "now", now->value);
    model_number(item, "ratio", then->value != 0 ? now->value / then->value : INFINITY);
    cJSON_AddStringToObject(item, "verdict", now->value < then->value ? "better" : "worse");
}

/* True if the list has the same thing before `index`: lessons and builds share some. */
static bool is_repeated(const struct exact_counts *counts, unsigned index)
{
    for (unsigned i = 0; i < index; i++)
        if (exact_is_same(&counts->items[i], &counts->items[index]))
            return true;
    return false;
}

/* Returns how many counts were compared. */
static unsigned compare_counts(cJSON *changes, const struct exact_counts *now,
                               const struct exact_counts *then)
{
    unsigned compared = 0;

    for (unsigned i = 0; i < now->count; i++) {
        const struct exact_count *count = &now->items[i], *before = exact_find(then, count);
        if (is_repeated(now, i))
            continue;
        if (before == NULL) {
            add_missing(changes, count->label, count->tool, "base");
            continue;
        }
        compared++;
        if (!is_equal(before, count))
            add_count(changes, before, count);
    }
    for (unsigned i = 0; i < then->count; i++)
        if (!is_repeated(then, i) && exact_find(now, &then->items[i]) == NULL)
            add_missing(changes, then->items[i].label, then->items[i].tool, "this run");
    return compared;
}

static void add_end(cJSON *item, const char *name, const struct judgement *judgement)
{
    cJSON *end = cJSON_AddObjectToObject(item, name);
    model_number(end, "ratio", judgement->ratio);
    model_number(end, "ci_low", judgement->low);
    model_number(end, "ci_high", judgement->high);
}

static void add_ratio(cJSON *changes, const char *id, const struct measurement *then,
                      const struct measurement *now)
{
    const struct quantity *what = &now->metric.what;
    cJSON *item = cJSON_CreateObject();

    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(changes, "ratios"), item);
    cJSON_AddStringToObject(item, "lesson", id);
    cJSON_AddStringToObject(item, "name", what->name);
    cJSON_AddStringToObject(item, "label", what->label);
    cJSON_AddStringToObject(item, "tool", what->tool);
    add_end(item, "then", &then->judgement);
    add_end(item, "now", &now->judgement);
    cJSON_AddStringToObject(
        item, "verdict", now->judgement.low > then->judgement.high ? "worth more" : "worth less");
}

/* False if it was measured once, or so few times that nothing can be claimed. */
static bool has_interval(const struct judgement *judgement)
{
    return !isnan(judgement->low) && !isnan(judgement->high);
}

/* Ratios of one lesson, or of the whole. Returns how many could be judged. */
static unsigned compare_section(cJSON *changes, const struct section *now,
                                const struct section *then)
{
    unsigned judged = 0;

    for (unsigned i = 0; i < now->measurement_count; i++) {
        const struct measurement *one = &now->measurements[i];
        const struct quantity *what = &one->metric.what;
        const struct measurement *before = section_find(then, what->name);
        if (one->how == MEASURED_EXACTLY)
            continue;
        if (before == NULL) {
            add_missing(changes, what->label, what->tool, "base");
            continue;
        }
        if (!has_interval(&one->judgement) || !has_interval(&before->judgement))
            continue;
        judged++;
        if (one->judgement.low > before->judgement.high ||
            before->judgement.low > one->judgement.high)
            add_ratio(changes, now->id, before, one);
    }
    for (unsigned i = 0; i < then->measurement_count; i++) {
        const struct quantity *what = &then->measurements[i].metric.what;
        if (then->measurements[i].how != MEASURED_EXACTLY && section_find(now, what->name) == NULL)
            add_missing(changes, what->label, what->tool, "this run");
    }
    return judged;
}

static unsigned compare_ratios(cJSON *changes, const struct model *now, const struct model *then)
{
    unsigned judged = 0;

    for (unsigned i = 0; i < now->lesson_count; i++) {
        const struct section *before = model_find_lesson(then, now->lessons[i].id);
        if (before != NULL)
            judged += compare_section(changes, &now->lessons[i], before);
        else
            add_remark(changes, "the base has no lesson %s", now->lessons[i].id);
    }
    for (unsigned i = 0; i < then->lesson_count; i++)
        if (model_find_lesson(now, then->lessons[i].id) == NULL)
            add_remark(changes, "only the base has the lesson %s", then->lessons[i].id);
    return judged + compare_section(changes, &now->whole, &then->whole);
}

cJSON *base_changes(const struct model *model, const struct model *base, const char *path)
{
    const cJSON *document = model->facts, *base_document = base->facts;
    struct exact_counts now, then;
    cJSON *changes = cJSON_CreateObject();

    if (changes == NULL || exact_init(&now, model) != 0) {
        cJSON_Delete(changes);
        return NULL;
    }
    if (exact_init(&then, base) != 0) {
        exact_free(&now);
        cJSON_Delete(changes);
        return NULL;
    }
    cJSON_AddStringToObject(changes, "path", path);
    cJSON_AddStringToObject(changes, "created", member_text(base_document, "created", "unknown"));
    cJSON_AddStringToObject(changes, "mode", member_text(base_document, "mode", "unknown"));
    cJSON_AddItemToObject(changes, "machine",
                          cJSON_Duplicate(member(base_document, "machine"), true));
    cJSON_AddArrayToObject(changes, "remarks");
    cJSON_AddArrayToObject(changes, "counts");
    cJSON_AddArrayToObject(changes, "ratios");
    cJSON_AddArrayToObject(changes, "missing");
    compare_input(changes, document, base_document);
    compare_surroundings(changes, document, base_document);
    unsigned compared =
        member_is_true(changes, "is_same_input") ? compare_counts(changes, &now, &then) : 0;
    cJSON_AddNumberToObject(changes, "counts_compared", compared);
    cJSON_AddNumberToObject(changes, "tolerance_instructions", BASE_TOLERANCE);
    cJSON_AddNumberToObject(changes, "ratios_judged", compare_ratios(changes, model, base));
    exact_free(&now);
    exact_free(&then);
    return changes;
}
