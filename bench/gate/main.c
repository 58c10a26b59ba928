/*
 * main.c - `make gate`: fails where a count got worse than a baseline's by more than a limit.
 *
 * It takes the exact parts of a comparison alone, over the records that the baseline is of, and
 * keeps nothing; or judges results that there are already. Exit status: 0 if no count got worse; 3
 * if one did; 4 if none did, but instructions could not be judged, as another compiler made the
 * baseline; 1 if they could not be had; 2 for a command line or a baseline that makes no sense, or
 * lacks counts that this run has; 130 after an interruption.
 */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/base.h"
#include "bench/compare/phases.h"
#include "bench/gate/verdict.h"
#include "bench/model/model_json.h"
#include "bench/pair/compare.h"
#include "bench/process/child.h"
#include "bench/readers/json.h"
#include "common/clock.h"
#include "common/option_rows.h"
#include "common/signals.h"
#include "common/thread.h"

enum { EXIT_USAGE = 2, EXIT_WORSE = 3, EXIT_OTHER_COMPILER = 4, EXIT_INTERRUPTED = 130 };

struct settings {
    const char *programs, *results, *base, *now, *write;
    double limit;
};

static int parse_limit(const char *text, void *limit)
{
    return gate_parse_limit(text, limit);
}

#define AT(field) OPTION_AT(struct settings, field)

static const struct option_row rows[] = {
    {"programs", OPTION_PATH, AT(programs), "the built programs", .value = "DIR",
     .preset = "build/bin"},
    {"results", OPTION_PATH, AT(results), "where temporary files go", .value = "DIR",
     .preset = "bench/results"},
    {"base", OPTION_PATH, AT(base), "baseline: a folder of results, or a file", .value = "PATH",
     .preset = "bench/gate/baseline.json"},
    {"limit", OPTION_PARSED, AT(limit), "how much worse a count may get: 2% or 0.02",
     .value = "SHARE", .parse = parse_limit, .wanted = "a share, as in LIMIT=2% or LIMIT=0.02",
     .preset = "2%", .called = "LIMIT"},
    {"now", OPTION_PATH, AT(now), "judge these results instead of measuring: a folder, or a file",
     .value = "PATH"},
    {"write", OPTION_PATH, AT(write), "write such a baseline instead of comparing with one"},
};

static const struct option_table table = {
    "gate", "gate --help", rows, sizeof rows / sizeof *rows,
    .about = "exits 3 where an exact count got worse than a baseline's"};

/* The records and sizes that the baseline is of. -1 with a message. */
static int take_plan(struct comparison *comparison, const struct model *baseline)
{
    const char *mode = baseline != NULL ? baseline->mode : mode_name(MODE_QUICK);
    int number = MODE_QUICK;

    if (baseline != NULL && !(baseline->input.seed >= 0)) {
        fprintf(stderr,
                "gate: the baseline is of %s. Only one of generated records can be measured "
                "again here: one of `make compare` without INPUT=\n",
                baseline->input.source[0] != '\0' ? baseline->input.source : "records of its own");
        return -1;
    }
    while (number < MODE_FULL && strcmp(mode_name((enum mode)number), mode) != 0)
        number++;
    plan_init(&comparison->plan, (enum mode)number, LESSON_ALL, 1);
    /* what is the same on each run is looked at once */
    comparison->plan.has_all_builds = comparison->plan.has_load = false;
    comparison->plan.thread_blocks = 1;
    comparison->seed = baseline != NULL ? (uint64_t)baseline->input.seed : 1;
    return 0;
}

/* What counts exactly, and what that rests on. */
static int measure(struct comparison *comparison)
{
    static phase *const counting[] = {
        prepare_inputs,  describe_machine, prove_equality,     measure_database,
        measure_threads, count_work,       count_instructions, count_heap,
    };
    if (phases_run(comparison, counting, sizeof counting / sizeof *counting) != 0)
        return -1;
    return model_judge(&comparison->model) == 0 ? 0 : comparison_fail(comparison, "out of memory");
}

/* Leaves the exact counts. */
static void keep_exact(struct section *section)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < section->measurement_count; i++)
        if (section->measurements[i].how == MEASURED_EXACTLY)
            section->measurements[kept++] = section->measurements[i];
    section->measurement_count = kept;
    section->curve_count = 0;
}

/* What is left is a comparison still, which BASE= may name, too. */
static void strip(struct model *model)
{
    for (unsigned i = 0; i < model->lesson_count; i++)
        keep_exact(&model->lessons[i]);
    keep_exact(&model->whole);
    model->build_count = model->build_metric_count = 0;
    model->warning_count = model->machine.lack_count = 0;
    model->round_trip_ns = model->machine.load[0] = NAN;
}

static int write_baseline(const char *path, struct model *model)
{
    strip(model);
    model->created = model_now(model);
    cJSON *document = model_write(model);
    int status = document != NULL ? json_write(path, document) : -1;
    cJSON_Delete(document);
    if (status == 0)
        printf("%s\n", path);
    else
        fprintf(stderr, "gate: cannot write %s: %s\n", path, strerror(errno));
    return status;
}

static int judge(struct model *model, const struct model *baseline, const struct settings *settings)
{
    struct gate_verdict verdict;

    base_compare(model, baseline, settings->base);
    if (!model->is_failed && !model->base->is_same_input) {
        fprintf(stderr,
                "gate: %s is of other records than those that are generated now, so its counts say "
                "nothing. `make gate-baseline` writes a new one\n",
                settings->base);
        return EXIT_USAGE;
    }
    if (gate_judge(stdout, model, baseline, settings->limit, &verdict) != 0) {
        fputs("gate: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    printf("gate: %u counts compared with %s: %u worse by more than %g%%, %u better",
           verdict.compared, settings->base, verdict.worse, 100 * settings->limit, verdict.better);
    if (verdict.skipped > 0)
        printf(", %u left out that only one has", verdict.skipped);
    printf("\n");
    if (verdict.lacking > 0)
        fprintf(stderr,
                "gate: %s lacks %u of the %u counts that are measured here: nobody would see them "
                "get worse. `make gate-baseline` writes one that has them all\n",
                settings->base, verdict.lacking, verdict.lacking + verdict.compared);
    if (verdict.of_compiler > 0)
        printf(
            "gate: %u counts of instructions were NOT judged: %s is of another compiler, or of "
            "other flags. `make gate-baseline`, in the state that is to be compared with, writes "
            "one of this compiler; or CC= and OPTIMIZE= say which made the baseline\n",
            verdict.of_compiler, settings->base);
    if (verdict.worse > 0)
        return EXIT_WORSE;
    if (verdict.lacking > 0 || verdict.compared == 0)
        return EXIT_USAGE;
    return verdict.of_compiler > 0 ? EXIT_OTHER_COMPILER : EXIT_SUCCESS;
}

/* Results that there are already. */
static int judge_results(const struct model *baseline, const struct settings *settings)
{
    char error[ERROR_SIZE];
    struct model model;

    if (model_read(&model, settings->now, error, sizeof error) != 0) {
        fprintf(stderr, "gate: %s\n", error);
        return EXIT_USAGE;
    }
    int status = judge(&model, baseline, settings);
    model_free(&model);
    return status;
}

/* The two commands, or the kit, that the baseline is of, again. */
static int run_pair(struct comparison *comparison, const struct model *baseline,
                    const struct settings *settings)
{
    static struct pair_options options; /* large */
    const struct subject *subject = baseline->subject;
    int status = EXIT_FAILURE;

    options = (struct pair_options){.results = settings->results,
                                    .programs = settings->programs,
                                    .text = {subject->commands[0], subject->commands[1]},
                                    .input = subject->input,
                                    .directory = subject->directory,
                                    .name = subject->name,
                                    .proof = subject->asked,
                                    .is_counting = true};
    if (strcmp(subject->kind, "kit") == 0)
        options.kit = subject->directory;
    if (pair_measure_all(comparison, &options) == 0)
        status = judge(&comparison->model, baseline, settings);
    if (comparison->error[0] != '\0')
        fprintf(stderr, "\ngate: %s\n", comparison->error);
    results_discard(&comparison->results);
    model_free(&comparison->model);
    return child_is_interrupted() ? EXIT_INTERRUPTED : status;
}

static int run(struct comparison *comparison, const struct model *baseline,
               const struct settings *settings)
{
    int status = EXIT_FAILURE;

    if (results_open(&comparison->results, settings->results, comparison->error,
                     sizeof comparison->error) == 0 &&
        comparison_begin(comparison) == 0) {
        if (measure(comparison) != 0)
            status = EXIT_FAILURE;
        else if (settings->write != NULL)
            status = write_baseline(settings->write, &comparison->model) == 0 ? EXIT_SUCCESS
                                                                              : EXIT_FAILURE;
        else
            status = judge(&comparison->model, baseline, settings);
    }
    if (comparison->error[0] != '\0')
        fprintf(stderr, "\ngate: %s\n", comparison->error);
    results_discard(&comparison->results);
    model_free(&comparison->model);
    return child_is_interrupted() ? EXIT_INTERRUPTED : status;
}

int main(int argc, char **argv)
{
    static struct comparison comparison;
    struct settings settings = {.programs = NULL};
    struct model read, *baseline = NULL; /* which is not needed to write one */

    int parsed = option_rows_parse_all(&table, argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    if (settings.write == NULL) {
        if (model_read(&read, settings.base, comparison.error, sizeof comparison.error) != 0) {
            fprintf(stderr, "gate: %s\n", comparison.error);
            return EXIT_USAGE;
        }
        baseline = &read;
    }
    if (settings.now != NULL && settings.write == NULL) {
        int judged = judge_results(baseline, &settings);
        model_free(baseline);
        return judged;
    }
    gsl_set_error_handler_off();
    signals_call(child_interrupt);
    const bool is_pair = baseline != NULL && baseline->subject != NULL;
    if (!is_pair && take_plan(&comparison, baseline) != 0) {
        if (baseline != NULL)
            model_free(baseline);
        return EXIT_USAGE;
    }
    snprintf(comparison.programs, sizeof comparison.programs, "%s", settings.programs);
    comparison.cpu_count = thread_cpu_count();
    comparison.is_terminal = isatty(STDERR_FILENO);
    comparison.start_ns = clock_ns();
    int status = is_pair ? run_pair(&comparison, baseline, &settings)
                         : run(&comparison, baseline, &settings);
    if (baseline != NULL)
        model_free(baseline);
    return status;
}
