/*
 * render_context.c - what surrounds the numbers: the run and its machine, how far the numbers can
 * be trusted, the pool's size, and what else there is to know.
 */
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/readers/member.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* A number of the object in words: "%s records". Empty if it is missing. */
static const char *count_text(struct report *report, const cJSON *object, const char *name,
                              const char *before, const char *after)
{
    double count = member_number(object, name);
    char text[RENDER_NUMBER_SIZE];
    return isnan(count) ? ""
                        : report_text(report, "%s%s%s", before, render_count(text, count), after);
}

static const char *value_text(struct report *report, const cJSON *object, const char *name,
                              const char *unit)
{
    double value = member_number(object, name);
    char text[RENDER_NUMBER_SIZE];
    return isnan(value) ? "" : report_text(report, "%s", render_value(text, value, unit));
}

static void add_term(struct report *report, unsigned places, const char *term, const char *text)
{
    if (*text != '\0')
        report_term(report, places, term, text);
}

static const char *input_text(struct report *report, const cJSON *document)
{
    const cJSON *input = member(document, "input");
    const char *text = member_text(input, "source", "");

    text = report_join(report, text, ", ", count_text(report, input, "seed", "seed ", ""));
    text = report_join(report, text, ": ", count_text(report, input, "records", "", " records"));
    text = report_join(report, text, ", ", value_text(report, input, "bytes", "B"));
    text = report_join(report, text, "; ", count_text(report, input, "accepted", "", " accepted"));
    return report_join(report, text, ", ", count_text(report, input, "rejected", "", " rejected"));
}

static const char *proof_text(struct report *report, const cJSON *document)
{
    const cJSON *proof = member(document, "proof"), *input = member(document, "input");
    const char *digest = member_text(input, "digest", NULL), *text = "";
    double score_sum = member_number(input, "score_sum");

    if (!member_is_true(proof, "is_equal"))
        return "";
    text = count_text(report, proof, "builds", "", " builds agreed before any timing");
    if (digest != NULL)
        text = report_join(report, text, ": ", report_text(report, "digest %s", digest));
    if (isfinite(score_sum)) /* to be compared, so each digit counts */
        text = report_join(report, text, ", ", report_text(report, "score sum %.0f", score_sum));
    return text;
}

static const char *machine_text(struct report *report, const cJSON *machine)
{
    const char *text = member_text(machine, "cpu", "");

    text = report_join(report, text, ", ", count_text(report, machine, "cores", "", " CPUs"));
    text = report_join(report, text, ", ", value_text(report, machine, "memory_bytes", "B"));
    text = report_join(report, text, "; ", member_text(machine, "os", ""));
    return report_join(report, text, ", ", member_text(machine, "kernel", ""));
}

static const char *compiler_text(struct report *report, const cJSON *machine)
{
    return report_join(report, member_text(machine, "compiler", ""), ", ",
                       member_text(machine, "flags", ""));
}

static const char *conditions_text(struct report *report, const cJSON *machine)
{
    const cJSON *load = member(machine, "load"), *number;
    const char *governor = member_text(machine, "governor", NULL), *loads = "", *text = "";
    const char *clocksource = member_text(machine, "clocksource", NULL);
    char one[RENDER_NUMBER_SIZE];

    cJSON_ArrayForEach (number, load)
        if (cJSON_IsNumber(number))
            loads = report_join(report, loads, " ",
                                report_text(report, "%s", render_count(one, number->valuedouble)));
    if (*loads != '\0')
        text = report_text(report, "load %s", loads);
    if (governor != NULL)
        text = report_join(report, text, ", ", report_text(report, "governor %s", governor));
    if (clocksource != NULL)
        text = report_join(report, text, ", ", report_text(report, "clock %s", clocksource));
    return text;
}

static const char *limits_text(struct report *report, const cJSON *machine)
{
    const cJSON *limits = member(machine, "limits");
    const char *text = count_text(report, limits, "threads_max", "", " threads");

    text = report_join(report, text, ", ",
                       count_text(report, limits, "pids_max", "", " tasks in its group"));
    text = report_join(report, text, ", ", count_text(report, limits, "pid_max", "", " ids"));
    return report_join(report, text, ", ",
                       count_text(report, limits, "max_map_count", "", " mappings a process"));
}

static const char *tools_text(struct report *report, const cJSON *machine)
{
    const cJSON *tools = member(machine, "tools"), *tool;
    const char *text = "";

    cJSON_ArrayForEach (tool, tools)
        if (cJSON_IsString(tool) && tool->string != NULL)
            text = report_join(report, text, ", ",
                               report_text(report, "%s %s", tool->string, tool->valuestring));
    return text;
}

/* 2026-01-31T12:00:00Z -> 2026-01-31 12:00 UTC */
static const char *created_text(struct report *report, const cJSON *document)
{
    const char *created = member_text(document, "created", "");
    if (strlen(created) != strlen("2026-01-31T12:00:00Z") || created[10] != 'T')
        return created;
    return report_text(report, "%.10s %.5s UTC", created, created + 11);
}

void report_add_run(struct report *report, const cJSON *document)
{
    const cJSON *machine = member(document, "machine");
    const char *aside = created_text(report, document);
    const char *mode = member_text(document, "mode", NULL);
    const char *only = member_text(document, "only_lesson", NULL);
    struct report_section *section =
        report_section(report, "run", "fastenough: what each fix is worth");

    if (mode != NULL)
        aside = report_join(report, aside, ", ", report_text(report, "%s mode", mode));
    if (only != NULL)
        aside = report_join(report, aside, ", ", report_text(report, "FIX=%s", only));
    aside = report_join(report, aside, ", ", value_text(report, document, "duration_s", "s"));
    section->aside = aside;
    add_term(report, REPORT_EVERYWHERE, "input", input_text(report, document));
    add_term(report, REPORT_EVERYWHERE, "proof", proof_text(report, document));
    add_term(report, REPORT_EVERYWHERE, "machine", machine_text(report, machine));
    add_term(report, REPORT_EVERYWHERE, "compiler", compiler_text(report, machine));
    add_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, "tools", tools_text(report, machine));
    add_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, "state",
             conditions_text(report, machine));
    add_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, "kernel's limits",
             limits_text(report, machine));
    add_term(report, REPORT_EVERYWHERE, "command", member_text(document, "command", ""));
    report_term(
        report, REPORT_ON_TERMINAL, "reading",
        "ratio is naive / fixed: above 1 the fix is better. exact: a count, the same on each "
        "run. An interval holds over fresh processes. ~ no difference can be claimed. "
        "? measured once, not judged.");
}

static const char *noise_text(struct report *report, const cJSON *noise)
{
    double ratio = member_number(noise, "ratio"), effect = member_number(noise, "smallest_effect");
    char text[RENDER_NUMBER_SIZE];
    const char *words;

    if (isnan(ratio))
        return "";
    words = report_text(
        report, "the same build against itself: %s%s", render_ratio(text, ratio),
        report_spread(report, member_number(noise, "ci_low"), member_number(noise, "ci_high")));
    if (isnan(effect))
        return report_join(report, words, ": ", "too unsteady for any claim of a time here");
    return report_text(report, "%s: changes of a time below %s cannot be claimed here", words,
                       render_share(text, effect));
}

static void add_floor(struct report *report, const cJSON *floor)
{
    double ratio = member_number(floor, "ratio"), scaling = member_number(floor, "scaling");
    const char *alone = value_text(report, floor, "floor_ns", "ns");
    const char *fixed = value_text(report, floor, "fixed_ns", "ns"), *spread;
    char text[RENDER_NUMBER_SIZE];

    if (isfinite(ratio)) {
        spread =
            report_spread(report, member_number(floor, "ci_low"), member_number(floor, "ci_high"));
        const char *words =
            report_text(report, "%s needs %s%s the time of parsing alone, with one worker",
                        CODE_FIXED, render_ratio(text, ratio), spread);
        if (*alone != '\0' && *fixed != '\0')
            words = report_text(report, "%s: %s against %s a record", words, fixed, alone);
        report_term(report, REPORT_EVERYWHERE, "floor", words);
    }
    if (isfinite(scaling)) {
        spread = report_spread(report, member_number(floor, "scaling_low"),
                               member_number(floor, "scaling_high"));
        report_term(report, REPORT_EVERYWHERE, "scaling",
                    report_text(report, "two workers do %s%s the work of one",
                                render_ratio(text, scaling), spread));
    }
}

/* "nnnn 416 in 1.66 s, of 400,000 records" */
static const char *samples_text(struct report *report, const cJSON *profile)
{
    char one[RENDER_NUMBER_SIZE], other[RENDER_NUMBER_SIZE], third[RENDER_NUMBER_SIZE];

    return report_text(report, "%s %s in %s of CPU time, over %s records",
                       member_text(profile, "build", "?"),
                       render_count(one, member_number(profile, "samples")),
                       render_value(other, member_number(profile, "cpu_ns"), "ns"),
                       render_count(third, member_number(profile, "records")));
}

static void add_samples(struct report *report, const cJSON *document)
{
    const cJSON *profile;
    const char *text = "";

    cJSON_ArrayForEach (profile, member(document, "cpu_profiles"))
        text = report_join(report, text, "; ", samples_text(report, profile));
    add_term(report, REPORT_EVERYWHERE, "CPU samples", text);
}

void report_add_certainty(struct report *report, const cJSON *document)
{
    const cJSON *noise = member(document, "noise");
    const char *round_trip = value_text(report, document, "round_trip_ns", "ns");

    report_section(report, "certainty", "How far to trust it");
    add_term(report, REPORT_EVERYWHERE, "A/A control", noise_text(report, noise));
    add_term(report, REPORT_EVERYWHERE, "intervals", member_text(noise, "correction", ""));
    add_floor(report, member(document, "floor"));
    add_samples(report, document);
    if (*round_trip != '\0')
        report_term(
            report, REPORT_EVERYWHERE, "database",
            report_text(report, "a round trip really took %s, as a sleep ends late", round_trip));
}
