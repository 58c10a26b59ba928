#include "bench/gate/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/base.h"
#include "bench/compare/exact.h"
#include "bench/report/render_number.h"

int gate_parse_limit(const char *text, double *limit)
{
    double most = 1;
    char *end;

    errno = 0;
    *limit = strtod(text, &end);
    if (end == text || errno != 0 || !isfinite(*limit))
        return -1;
    if (*end == '%') {
        *limit /= 100;
        most = 10;
        end++;
    }
    return *end == '\0' && *limit >= 0 && *limit <= most ? 0 : -1;
}

/* How many threads there are, and how large their stacks, depends on the number of CPUs. */
static bool is_by_cpus(const struct exact_count *count)
{
    return strcmp(count->tool, "process") == 0;
}

/* What the kernel accounts for goes by what else the machine does. */
static bool is_by_chance(const struct exact_count *count)
{
    return strcmp(count->tool, "rusage") == 0;
}

/* Instructions are as many as the compiler makes of them. All else is the same by any. */
static bool is_comparable(const struct exact_count *count, const struct base_changes *changes)
{
    if (base_is_instructions(count->tool))
        return changes->is_same_compiler;
    return !is_by_chance(count) && (!is_by_cpus(count) || changes->is_same_cpu_count);
}

static void print_count(FILE *file, const struct exact_count *then, const struct exact_count *now,
                        double limit)
{
    char before[RENDER_NUMBER_SIZE], after[RENDER_NUMBER_SIZE], per[64] = "";

    if (*render_per(now->unit) != '\0')
        snprintf(per, sizeof per, " a %.40s", render_per(now->unit));
    fprintf(file, "  worse  %s: %s, %s -> %s%s", now->build, now->label,
            render_value(before, then->value, now->unit),
            render_value(after, now->value, now->unit), per);
    if (then->value > 0)
        fprintf(file, " (+%.2f%%, limit %.2f%%)\n", 100 * (now->value / then->value - 1),
                100 * limit);
    else
        fprintf(file, " (there was none)\n");
}

/* What every baseline has: the builds' rows and what memcheck says are only in a comparison. */
static bool is_in_baselines(const struct exact_count *count)
{
    return count->condition[0] != '\0' && strcmp(count->tool, "memcheck") != 0;
}

/* Each by its name, as long as there are few. */
static void print_lacking(FILE *file, const struct exact_count *count, unsigned before)
{
    enum { NAMED_MOST = 10 };

    if (before < NAMED_MOST)
        fprintf(file, "  lacks  %s: %s (%s)\n", count->build, count->label, count->tool);
    else if (before == NAMED_MOST)
        fprintf(file, "  lacks  ... and more\n");
}

static void judge_counts(FILE *file, const struct exact_counts *now,
                         const struct exact_counts *then, const struct base_changes *changes,
                         double limit, struct gate_verdict *verdict)
{
    const double instructions_limit =
        fmax(limit, changes->is_same_instructions ? BASE_TOLERANCE : GATE_OTHER_MACHINE_LIMIT);

    for (unsigned i = 0; i < now->count; i++) {
        const struct exact_count *count = &now->items[i], *before = exact_find(then, count);
        const double own_limit = base_is_instructions(count->tool) ? instructions_limit : limit;
        if (exact_is_repeated(now, i) || !is_comparable(count, changes))
            continue;
        if (before == NULL) {
            if (is_in_baselines(count))
                print_lacking(file, count, verdict->lacking++);
            else
                verdict->skipped++;
            continue;
        }
        verdict->compared++;
        if (count->value > before->value * (1 + own_limit) + 1e-9) {
            verdict->worse++;
            print_count(file, before, count, own_limit);
        } else if (count->value < before->value * (1 - own_limit) - 1e-9) {
            verdict->better++;
        }
    }
    for (unsigned i = 0; i < then->count; i++) {
        const struct exact_count *count = &then->items[i];
        if (exact_is_repeated(then, i))
            continue;
        if (is_comparable(count, changes))
            verdict->skipped += exact_find(now, count) == NULL;
        else if (base_is_instructions(count->tool))
            verdict->of_compiler++;
        else
            verdict->skipped++;
    }
}

int gate_judge(FILE *file, const struct model *model, const struct model *baseline, double limit,
               struct gate_verdict *verdict)
{
    const struct base_changes *changes = model->base;
    struct exact_counts now, then;

    *verdict = (struct gate_verdict){0};
    if (model->is_failed || exact_init(&now, model) != 0)
        return -1;
    if (exact_init(&then, baseline) != 0) {
        exact_free(&now);
        return -1;
    }
    for (unsigned i = 0; i < changes->remark_count; i++)
        fprintf(file, "  mind   %s\n", changes->remarks[i]);
    if (!changes->is_same_compiler)
        fprintf(file, "  mind   so instructions are not compared: they go by the compiler\n");
    else if (!changes->is_same_instructions)
        fprintf(file, "  mind   so instructions may be up to %.0f%% more here\n",
                100 * fmax(limit, GATE_OTHER_MACHINE_LIMIT));
    if (!changes->is_same_cpu_count)
        fprintf(file, "  mind   threads and their stacks go by the number of CPUs, and are not "
                      "compared\n");
    judge_counts(file, &now, &then, changes, limit, verdict);
    exact_free(&now);
    exact_free(&then);
    return 0;
}
