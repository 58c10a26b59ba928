/*
 * render_context.c - what surrounds the numbers: the run and its machine, how far the numbers can
 * be trusted, how many workers, and what else there is to know.
 */
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* A number in words: "%s records". Empty if it is missing. */
static const char *count_text(struct report *report, double count, const char *before,
                              const char *after)
{
    char text[RENDER_NUMBER_SIZE];
    return isnan(count) ? ""
                        : report_text(report, "%s%s%s", before, render_count(text, count), after);
}

static const char *value_text(struct report *report, double value, const char *unit)
{
    char text[RENDER_NUMBER_SIZE];
    return isnan(value) ? "" : report_text(report, "%s", render_value(text, value, unit));
}

static void add_term(struct report *report, unsigned places, const char *term, const char *text)
{
    if (*text != '\0')
        report_term(report, places, term, text);
}

static const char *input_text(struct report *report, const struct input *input)
{
    const char *text = input->source;

    text = report_join(report, text, ", ", count_text(report, input->seed, "seed ", ""));
    text = report_join(report, text, ": ", count_text(report, input->records, "", " records"));
    text = report_join(report, text, ", ", value_text(report, input->bytes, "B"));
    text = report_join(report, text, "; ", count_text(report, input->accepted, "", " accepted"));
    return report_join(report, text, ", ", count_text(report, input->rejected, "", " rejected"));
}

static const char *proof_text(struct report *report, const struct model *model)
{
    const struct input *input = &model->input;
    const char *text;

    if (!model->proof.is_equal)
        return "";
    text = count_text(report, model->proof.builds, "", " builds agreed before any timing");
    if (*input->digest != '\0')
        text = report_join(report, text, ": ", report_text(report, "digest %s", input->digest));
    if (isfinite(input->score_sum)) /* to be compared, so each digit counts */
        text = report_join(report, text, ", ",
                           report_text(report, "score sum %.0f", input->score_sum));
    return text;
}

static const char *machine_text(struct report *report, const struct machine *machine)
{
    const char *text = machine->cpu;

    text = report_join(report, text, ", ", count_text(report, machine->cpu_count, "", " CPUs"));
    text = report_join(report, text, ", ", value_text(report, machine->memory_bytes, "B"));
    text = report_join(report, text, "; ", machine->os);
    return report_join(report, text, ", ", machine->kernel);
}

static const char *conditions_text(struct report *report, const struct machine *machine)
{
    const char *loads = "", *text = "";

    for (unsigned i = 0; i < 3; i++)
        loads = report_join(report, loads, " ", count_text(report, machine->load[i], "", ""));
    if (*loads != '\0')
        text = report_text(report, "load %s", loads);
    if (machine->governor != NULL)
        text =
            report_join(report, text, ", ", report_text(report, "governor %s", machine->governor));
    if (machine->clocksource != NULL)
        text =
            report_join(report, text, ", ", report_text(report, "clock %s", machine->clocksource));
    return text;
}

static const char *limits_text(struct report *report, const struct machine *machine)
{
    const char *text = count_text(report, machine->threads_max, "", " threads");

    text = report_join(report, text, ", ",
                       count_text(report, machine->pids_max, "", " tasks in its group"));
    text = report_join(report, text, ", ", count_text(report, machine->pid_max, "", " ids"));
    return report_join(report, text, ", ",
                       count_text(report, machine->max_map_count, "", " mappings a process"));
}

static const char *tools_text(struct report *report, const struct machine *machine)
{
    const char *text = "";

    for (unsigned i = 0; i < machine->tool_count; i++)
        if (machine->tools[i].version != NULL)
            text = report_join(
                report, text, ", ",
                report_text(report, "%s %s", machine->tools[i].name, machine->tools[i].version));
    return text;
}

/* 2026-01-31T12:00:00Z -> 2026-01-31 12:00 UTC */
static const char *created_text(struct report *report, const char *created)
{
    if (strlen(created) != strlen("2026-01-31T12:00:00Z") || created[10] != 'T')
        return created;
    return report_text(report, "%.10s %.5s UTC", created, created + 11);
}

/* What is compared: the commands, and what they are given. */
static void add_subject(struct report *report, const struct subject *subject)
{
    for (unsigned side = 0; side < 2; side++)
        add_term(report, REPORT_EVERYWHERE, subject->sides[side], subject->commands[side]);
    if (subject->input != NULL)
        report_term(report, REPORT_EVERYWHERE, "input", subject->input);
    if (subject->directory != NULL)
        report_term(report, REPORT_EVERYWHERE, "folder", subject->directory);
}

void report_add_run(struct report *report, const struct model *model)
{
    const struct machine *machine = &model->machine;
    const char *aside = created_text(report, model->created);
    const struct subject *subject = model->subject;
    struct report_section *section = report_section(
        report, "run", subject != NULL ? subject->name : "fastenough: what each fix is worth");

    if (*model->mode != '\0')
        aside = report_join(report, aside, ", ", report_text(report, "%s mode", model->mode));
    if (model->only_lesson != NULL)
        aside = report_join(report, aside, ", ", report_text(report, "FIX=%s", model->only_lesson));
    aside = report_join(report, aside, ", ", value_text(report, model->duration_s, "s"));
    section->aside = aside;
    if (model->lesson_count == 0 && *model->created == '\0')
        return; /* nothing was compared */
    if (subject != NULL)
        add_subject(report, subject);
    else
        add_term(report, REPORT_EVERYWHERE, "input", input_text(report, &model->input));
    add_term(report, REPORT_EVERYWHERE, "proof",
             subject != NULL ? subject->proof : proof_text(report, model));
    add_term(report, REPORT_EVERYWHERE, "machine", machine_text(report, machine));
    if (subject == NULL) /* nobody knows what others were compiled with */
        add_term(report, REPORT_EVERYWHERE, "compiler",
                 report_join(report, machine->compiler, ", ", machine->flags));
    add_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, "tools", tools_text(report, machine));
    add_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, "state",
             conditions_text(report, machine));
    add_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, "kernel's limits",
             limits_text(report, machine));
    add_term(report, REPORT_EVERYWHERE, "command", model->command);
    if (model->lesson_count > 0)
        report_term(
            report, REPORT_ON_TERMINAL, "reading",
            report_text(
                report,
                "ratio is %s / %s: above 1 the %s better. exact: a count, the same on each "
                "run. An interval holds over fresh processes. ~ no difference can be claimed. "
                "? measured once, not judged.",
                report->sides[0], report->sides[1], subject != NULL ? "second is" : "fix is"));
}

/* "1.00x (0.98–1.02)" of a build and itself, and what would show beside it. */
static const char *control_text(struct report *report, const struct control *control)
{
    const struct stats_interval *shown = &control->shown;
    char text[RENDER_NUMBER_SIZE];
    const char *words = report_text(report, "%s%s", render_ratio(text, shown->estimate),
                                    report_spread(report, shown->low, shown->high));

    if (!isfinite(control->smallest_effect))
        return report_join(report, words, ", ", "too unsteady to show any change");
    return report_text(report, "%s, so that a change of %s would show", words,
                       render_share(text, control->smallest_effect));
}

static void add_noise(struct report *report, const struct noise *noise)
{
    const struct control *wall = &noise->controls[CONTROL_WALL], *cpu = wall + CONTROL_CPU;
    const struct control *other = &noise->controls[CONTROL_BEFORE_WALL];
    char text[RENDER_NUMBER_SIZE];

    if (!isfinite(wall->shown.estimate) || wall->rounds == 0)
        return;
    if (other->rounds > 0)
        report_term(report, REPORT_EVERYWHERE, "A/A control",
                    report_text(report, "%s against itself: wall time %s; CPU time %s",
                                other->build, control_text(report, other),
                                control_text(report, other + 1)));
    const char *words = report_text(report, "%s against itself: wall time %s", wall->build,
                                    control_text(report, wall));
    if (cpu->rounds > 0)
        words = report_text(report, "%s; CPU time %s", words, control_text(report, cpu));
    report_term(report, REPORT_EVERYWHERE, "A/A control", words);
    if (noise->bias > 0)
        report_term(report, REPORT_EVERYWHERE, "bias",
                    report_text(report,
                                "a control shows a difference where there is none: no change below "
                                "%s is claimed",
                                render_share(text, noise->bias)));
    const struct control *layout = &noise->controls[CONTROL_LAYOUT];
    if (layout->rounds == 0 || !isfinite(noise->layout_share))
        return;
    words = report_text(report, "%s against itself in other link orders: CPU time %s", wall->build,
                        control_text(report, layout));
    if (noise->layout_share > 0)
        words = report_text(report, "%s; two orders differ by %s beyond the noise", words,
                            render_share(text, noise->layout_share));
    report_term(report, REPORT_EVERYWHERE, "link order", words);
}

static void add_floor(struct report *report, const struct floor_cost *cost)
{
    const char *alone = value_text(report, cost->floor_ns, "ns");
    const char *fixed = value_text(report, cost->fixed_ns, "ns");
    char text[RENDER_NUMBER_SIZE];

    if (isfinite(cost->ratio)) {
        const char *words = report_text(
            report, "%s needs %s%s the time of parsing alone, with one worker", CODE_FIXED,
            render_ratio(text, cost->ratio), report_spread(report, cost->low, cost->high));
        if (*alone != '\0' && *fixed != '\0')
            words = report_text(report, "%s: %s against %s a record", words, fixed, alone);
        report_term(report, REPORT_EVERYWHERE, "floor", words);
    }
    if (isfinite(cost->scaling))
        report_term(report, REPORT_EVERYWHERE, "scaling",
                    report_text(report, "two workers do %s%s the work of one",
                                render_ratio(text, cost->scaling),
                                report_spread(report, cost->scaling_low, cost->scaling_high)));
}

/* "nnnn 416 in 1.66 s, of 400,000 records" */
static const char *samples_text(struct report *report, const struct cpu_profile *profile)
{
    char one[RENDER_NUMBER_SIZE], other[RENDER_NUMBER_SIZE], third[RENDER_NUMBER_SIZE];

    return report_text(report, "%s %s in %s of CPU time, over %s records", profile->build,
                       render_count(one, profile->samples),
                       render_value(other, profile->cpu_ns, "ns"),
                       render_count(third, profile->records));
}

static void add_samples(struct report *report, const struct model *model)
{
    const char *text = "";

    for (unsigned i = 0; i < model->cpu_profile_count; i++)
        text = report_join(report, text, "; ", samples_text(report, &model->cpu_profiles[i]));
    add_term(report, REPORT_EVERYWHERE, "CPU samples", text);
}

void report_add_certainty(struct report *report, const struct model *model)
{
    const char *round_trip = value_text(report, model->round_trip_ns, "ns");

    report_section(report, "certainty", "How far to trust it");
    add_noise(report, &model->noise);
    add_term(report, REPORT_EVERYWHERE, "intervals", model->noise.correction);
    if (model->floor != NULL)
        add_floor(report, model->floor);
    add_samples(report, model);
    if (*round_trip != '\0')
        report_term(
            report, REPORT_EVERYWHERE, "database",
            report_text(report, "a round trip really took %s, as a sleep ends late", round_trip));
}
