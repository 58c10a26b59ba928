#include "bench/compare/base.h"

#include <math.h>
#include <string.h>

#include "bench/compare/exact.h"

bool base_is_instructions(const char *tool)
{
    return strcmp(tool, "callgrind") == 0;
}

static void add_remark(struct model *model, const char *text)
{
    MODEL_ADD(model, model->base, remark, remarks, text);
}

static const char *known(const char *text)
{
    return text != NULL && *text != '\0' ? text : "unknown";
}

/* Whether a text is the same in both; if not, that is said. */
static bool is_same(struct model *model, const char *now, const char *then, const char *what)
{
    if (strcmp(known(now), known(then)) == 0)
        return true;
    add_remark(model,
               model_text(model, "another %s: %s then, %s now", what, known(then), known(now)));
    return false;
}

static const char *version_of(const struct machine *machine, const char *tool)
{
    for (unsigned i = 0; i < machine->tool_count; i++)
        if (strcmp(machine->tools[i].name, tool) == 0)
            return machine->tools[i].version;
    return NULL;
}

static void compare_surroundings(struct model *model, const struct machine *then)
{
    const struct machine *now = &model->machine;
    struct base_changes *changes = model->base;
    bool is_cpu = is_same(model, now->cpu, then->cpu, "CPU");

    changes->is_same_cpu_count = now->cpu_count == then->cpu_count;
    if (!changes->is_same_cpu_count)
        add_remark(model, model_text(model,
                                     "%g CPUs then, %g now; threads and their stacks go by their "
                                     "number",
                                     then->cpu_count, now->cpu_count));
    changes->is_same_machine = is_cpu && changes->is_same_cpu_count;
    changes->is_same_compiler = is_same(model, now->compiler, then->compiler, "compiler");
    changes->is_same_compiler &= is_same(model, now->flags, then->flags, "set of flags");
    is_same(model, now->os, then->os, "system");
    changes->is_same_instructions =
        is_same(model, version_of(now, "valgrind"), version_of(then, "valgrind"), "Valgrind");
    changes->is_same_instructions &=
        is_same(model, version_of(now, "glibc"), version_of(then, "glibc"), "libc");
    changes->is_same_instructions &= changes->is_same_machine && changes->is_same_compiler;
    if (!changes->is_same_instructions)
        add_remark(model, "instructions may differ for these reasons alone");
    if (!changes->is_same_machine)
        add_remark(model, "absolute times of two machines are not compared, only the ratios naive "
                          "/ fixed on each");
}

static void compare_input(struct model *model, const struct model *base)
{
    const struct subject *now = model->subject, *then = base->subject;

    if (now != NULL && then != NULL) { /* its counts do not go by the mode */
        model->base->is_same_input = true;
        for (unsigned side = 0; side < 2; side++)
            model->base->is_same_input &=
                is_same(model, now->commands[side], then->commands[side], "command");
        return;
    }
    bool is_mode = is_same(model, model->mode, base->mode, "mode");
    bool is_input = is_same(model, model->input.digest, base->input.digest, "input, by its digest");

    model->base->is_same_input = is_mode && is_input && now == then;
    if (!model->base->is_same_input)
        add_remark(model, "counts are of other records, and are not compared; ratios of times are, "
                          "with that in mind");
}

static void add_missing(struct model *model, const char *label, const char *tool, const char *in)
{
    for (unsigned i = 0; i < model->base->missing_count; i++) {
        const struct one_sided *known = &model->base->missing[i];
        if (strcmp(known->label, label) == 0 && strcmp(known->tool, tool) == 0 &&
            strcmp(known->in, in) == 0)
            return;
    }
    MODEL_ADD(model, model->base, missing, missing, (struct one_sided){label, tool, in});
}

static bool is_equal(const struct exact_count *then, const struct exact_count *now)
{
    const double tolerance = base_is_instructions(now->tool) ? BASE_TOLERANCE : 1e-9;
    return fabs(now->value - then->value) <= tolerance * fabs(then->value);
}

static void add_count(struct model *model, const struct exact_count *then,
                      const struct exact_count *now)
{
    MODEL_ADD(model, model->base, changed, counts,
              (struct count_change){
                  .what = {now->name, now->label, now->unit, now->tool},
                  .build = now->build,
                  .then = then->value,
                  .now = now->value,
                  .ratio = then->value != 0 ? now->value / then->value : NAN,
                  .verdict = now->value < then->value ? "better" : "worse",
              });
}

/* Returns how many counts were compared. */
static unsigned compare_counts(struct model *model, const struct exact_counts *now,
                               const struct exact_counts *then)
{
    unsigned compared = 0;

    for (unsigned i = 0; i < now->count; i++) {
        const struct exact_count *count = &now->items[i], *before = exact_find(then, count);
        if (exact_is_repeated(now, i))
            continue;
        if (before == NULL) {
            add_missing(model, count->label, count->tool, "base");
            continue;
        }
        compared++;
        if (!is_equal(before, count))
            add_count(model, before, count);
    }
    for (unsigned i = 0; i < then->count; i++)
        if (!exact_is_repeated(then, i) && exact_find(now, &then->items[i]) == NULL)
            add_missing(model, then->items[i].label, then->items[i].tool, "this run");
    return compared;
}

static void add_ratio(struct model *model, const char *id, const struct measurement *then,
                      const struct measurement *now)
{
    const struct quantity *what = &now->metric.what;
    bool is_more = now->judgement.low > then->judgement.high;

    MODEL_ADD(model, model->base, ratio, ratios,
              (struct ratio_change){
                  .lesson = id,
                  .name = what->name,
                  .label = what->label,
                  .tool = what->tool,
                  .then = then->judgement,
                  .now = now->judgement,
                  .verdict = is_more ? "worth more" : "worth less",
              });
}

/* False if it was measured once, or so few times that nothing can be claimed. */
static bool has_interval(const struct judgement *judgement)
{
    return !isnan(judgement->low) && !isnan(judgement->high);
}

/* Ratios of one lesson, or of the whole. Returns how many could be judged. */
static unsigned compare_section(struct model *model, const struct section *now,
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
            add_missing(model, what->label, what->tool, "base");
            continue;
        }
        if (!has_interval(&one->judgement) || !has_interval(&before->judgement))
            continue;
        judged++;
        if (one->judgement.low > before->judgement.high ||
            before->judgement.low > one->judgement.high)
            add_ratio(model, now->id, before, one);
    }
    for (unsigned i = 0; i < then->measurement_count; i++) {
        const struct quantity *what = &then->measurements[i].metric.what;
        if (then->measurements[i].how != MEASURED_EXACTLY && section_find(now, what->name) == NULL)
            add_missing(model, what->label, what->tool, "this run");
    }
    return judged;
}

static unsigned compare_ratios(struct model *now, const struct model *then)
{
    unsigned judged = 0;

    for (unsigned i = 0; i < now->lesson_count; i++) {
        const struct section *before = model_find_lesson(then, now->lessons[i].id);
        if (before != NULL)
            judged += compare_section(now, &now->lessons[i], before);
        else
            add_remark(now, model_text(now, "the base has no lesson %s", now->lessons[i].id));
    }
    for (unsigned i = 0; i < then->lesson_count; i++)
        if (model_find_lesson(now, then->lessons[i].id) == NULL)
            add_remark(now,
                       model_text(now, "only the base has the lesson %s", then->lessons[i].id));
    return judged + compare_section(now, &now->whole, &then->whole);
}

void base_compare(struct model *model, const struct model *base, const char *path)
{
    struct exact_counts now, then;

    model->base = model_allocate(model, sizeof *model->base);
    if (model->base == NULL || exact_init(&now, model) != 0) {
        model->is_failed = true;
        return;
    }
    if (exact_init(&then, base) != 0) {
        exact_free(&now);
        model->is_failed = true;
        return;
    }
    *model->base = (struct base_changes){.path = path,
                                         .created = known(base->created),
                                         .mode = known(base->mode),
                                         .machine = &base->machine,
                                         .tolerance_instructions = BASE_TOLERANCE};
    compare_input(model, base);
    compare_surroundings(model, &base->machine);
    if (model->base->is_same_input)
        model->base->counts_compared = compare_counts(model, &now, &then);
    model->base->ratios_judged = compare_ratios(model, base);
    exact_free(&now);
    exact_free(&then);
}
