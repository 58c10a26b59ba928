/*
 * main.c - `make compare`: measures what each fix is worth, and writes the report.
 *
 * Exit status: 0 with a whole result; 1 if it could not be had, with a message and nothing left
 * behind; 2 for a command line that makes no sense; 130 after an interruption, with nothing left
 * behind.
 */
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/compare/beside.h"
#include "bench/compare/phases.h"
#include "bench/compare/write.h"
#include "bench/pair/compare.h"
#include "bench/process/child.h"
#include "common/clock.h"
#include "common/signals.h"
#include "common/thread.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

static int measure(struct comparison *comparison)
{
    static int (*const computed[])(struct comparison *) = {judge_visibility, judge_promises,
                                                           attribute};

    if (phases_run(comparison, NULL, 0) != 0)
        return -1;
    if (model_judge(&comparison->model) != 0)
        return comparison_fail(comparison, "out of memory");
    for (unsigned i = 0; i < sizeof computed / sizeof *computed; i++)
        if (computed[i](comparison) != 0)
            return -1;
    return 0;
}

static void init(struct comparison *comparison, const struct settings *settings)
{
    plan_init(&comparison->plan, settings->mode, settings->lesson, settings->rounds);
    snprintf(comparison->programs, sizeof comparison->programs, "%s", settings->programs);
    if (settings->input != NULL)
        snprintf(comparison->user_input, sizeof comparison->user_input, "%s", settings->input);
    snprintf(comparison->load_script, sizeof comparison->load_script, "%s", settings->load_script);
    comparison->seed = settings->seed;
    comparison->cpu_count = thread_cpu_count();
    comparison->is_terminal = isatty(STDERR_FILENO);
    comparison->start_ns = clock_ns();
}

int main(int argc, char **argv)
{
    static struct comparison comparison;
    struct settings settings;
    struct beside beside = {.has_base = false};
    cJSON *document = NULL;
    char command[PATH_SIZE + 128];
    int status = EXIT_FAILURE;

    if (pair_is_meant(argc, argv))
        return pair_compare(argc, argv);
    int parsed = settings_parse(argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    if (beside_read(&settings, &beside) != 0)
        return EXIT_USAGE;
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off();
    signals_call(child_interrupt);
    init(&comparison, &settings);
    if (results_open(&comparison.results, settings.results, comparison.error,
                     sizeof comparison.error) == 0 &&
        comparison_begin(&comparison) == 0) {
        comparison.model.command = settings_command(&settings, command, sizeof command);
        if (measure(&comparison) == 0 && beside_add(&comparison, &beside, &settings) == 0 &&
            write_results(&comparison, &document) == 0)
            status = show_results(&comparison, document);
    }
    if (comparison.error[0] != '\0')
        fprintf(stderr, "\ncompare: %s\n", comparison.error);
    if (child_is_interrupted()) {
        if (comparison.results.is_committed)
            fprintf(stderr, "compare: interrupted after the result was whole; it was kept in %s\n",
                    comparison.results.folder);
        else
            fprintf(stderr, "compare: interrupted; nothing was kept\n");
        status = EXIT_INTERRUPTED;
    }
    results_discard(&comparison.results);
    cJSON_Delete(document);
    model_free(&comparison.model);
    beside_free(&beside);
    return status;
}
