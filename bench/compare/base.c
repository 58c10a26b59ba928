#include "bench/compare/base.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/document.h"
#include "bench/compare/exact.h"
#include "bench/report/render_member.h"

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
    document_number(item, "ratio", then->value != 0 ? now->value / then->value : INFINITY);
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

static void add_end(cJSON *item, const char *name, const cJSON *metric)
{
    cJSON *end = cJSON_AddObjectToObject(item, name);
    document_number(end, "ratio", member_number(metric, "ratio"));
    document_number(end, "ci_low", member_number(metric, "ci_low"));
    document_number(end, "ci_high", member_number(metric, "ci_high"));
}

/* Ratios of one lesson, or of the whole. Returns how many could be judged. */
static unsigned compare_lesson(cJSON *changes, const char *id, const cJSON *now, const cJSON *then)
{
    const cJSON *metrics = member(now, "metrics"), *metric;
    unsigned judged = 0;

    cJSON_ArrayForEach (metric, metrics) {
        const char *label = member_text(metric, "label", "");
        const cJSON *before =
            member_find(member(then, "metrics"), "name", member_text(metric, "name", ""));
        if (member_is_true(metric, "exact"))
            continue;
        if (before == NULL) {
            add_missing(changes, label, member_text(metric, "tool", ""), "base");
            continue;
        }
        const double low = member_number(metric, "ci_low"), high = member_number(metric, "ci_high");
        const double low_then = member_number(before, "ci_low"),
                     high_then = member_number(before, "ci_high");
        if (isnan(low) || isnan(high) || isnan(low_then) || isnan(high_then))
            continue; /* measured once, or so few times that nothing can be claimed */
        judged++;
        if (low <= high_then && low_then <= high)
            continue;
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(changes, "ratios"), item);
        cJSON_AddStringToObject(item, "lesson", id);
        cJSON_AddStringToObject(item, "name", member_text(metric, "name", ""));
        cJSON_AddStringToObject(item, "label", label);
        cJSON_AddStringToObject(item, "tool", member_text(metric, "tool", ""));
        add_end(item, "then", before);
        add_end(item, "now", metric);
        cJSON_AddStringToObject(item, "verdict", low > high_then ? "worth more" : "worth less");
    }
    metrics = member(then, "metrics");
    cJSON_ArrayForEach (metric, metrics)
        if (!member_is_true(metric, "exact") &&
            member_find(member(now, "metrics"), "name", member_text(metric, "name", "")) == NULL)
            add_missing(changes, member_text(metric, "label", ""), member_text(metric, "tool", ""),
                        "this run");
    return judged;
}

static unsigned compare_ratios(cJSON *changes, const cJSON *document, const cJSON *base)
{
    const cJSON *lessons = member(document, "lessons"), *lesson;
    unsigned judged = 0;

    cJSON_ArrayForEach (lesson, lessons) {
        const char *id = member_text(lesson, "id", "");
        const cJSON *then = member_find(member(base, "lessons"), "id", id);
        if (then != NULL)
            judged += compare_lesson(changes, id, lesson, then);
        else
            add_remark(changes, "the base has no lesson %s", id);
    }
    lessons = member(base, "lessons");
    cJSON_ArrayForEach (lesson, lessons)
        if (member_find(member(document, "lessons"), "id", member_text(lesson, "id", "")) == NULL)
            add_remark(changes, "only the base has the lesson %s", member_text(lesson, "id", "?"));
    return judged +
           compare_lesson(changes, "whole", member(document, "whole"), member(base, "whole"));
}

cJSON *base_changes(const cJSON *document, const cJSON *base, const char *path)
{
    struct exact_counts now, then;
    cJSON *changes = cJSON_CreateObject();

    if (changes == NULL || exact_init(&now, document) != 0) {
        cJSON_Delete(changes);
        return NULL;
    }
    if (exact_init(&then, base) != 0) {
        exact_free(&now);
        cJSON_Delete(changes);
        return NULL;
    }
    cJSON_AddStringToObject(changes, "path", path);
    cJSON_AddStringToObject(changes, "created", member_text(base, "created", "unknown"));
    cJSON_AddStringToObject(changes, "mode", member_text(base, "mode", "unknown"));
    cJSON_AddItemToObject(changes, "machine", cJSON_Duplicate(member(base, "machine"), true));
    cJSON_AddArrayToObject(changes, "remarks");
    cJSON_AddArrayToObject(changes, "counts");
    cJSON_AddArrayToObject(changes, "ratios");
    cJSON_AddArrayToObject(changes, "missing");
    compare_input(changes, document, base);
    compare_surroundings(changes, document, base);
    unsigned compared =
        member_is_true(changes, "is_same_input") ? compare_counts(changes, &now, &then) : 0;
    cJSON_AddNumberToObject(changes, "counts_compared", compared);
    cJSON_AddNumberToObject(changes, "tolerance_instructions", BASE_TOLERANCE);
    cJSON_AddNumberToObject(changes, "ratios_judged", compare_ratios(changes, document, base));
    exact_free(&now);
    exact_free(&then);
    return changes;
}
