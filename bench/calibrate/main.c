/*
 * main.c - `make calibrate`: how true the live profiles are (calibrate.h), one service at a time,
 * and what they do to what they look at (cost.h).
 * Ends with 1 if something could not be measured, 2 for bad usage. Its services end with it.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/calibrate/calibrate.h"
#include "bench/cost/cost.h"
#include "bench/model/model_json.h"
#include "bench/report/render_text.h"
#include "common/option_rows.h"

enum { SECONDS = 3, OBSERVED_TURNS = 8 };

struct settings {
    const char *programs;
    unsigned runs;
};

static const struct option_row rows[] = {
    {"programs", OPTION_PATH, OPTION_AT(struct settings, programs), "the built programs",
     .value = "DIR", .preset = "build/bin"},
    {"runs", OPTION_NUMBER, OPTION_AT(struct settings, runs), "of each regime",
     .low = CALIBRATE_RUNS_MIN, .high = CALIBRATE_RUNS_MAX, .unit = "fresh services", .preset = "6",
     .called = "RUNS"},
};

static const struct option_table table = {"calibrate", "calibrate --help", rows,
                                          sizeof rows / sizeof *rows,
                                          .about = "how true the live profiles of the service are"};

static bool show_progress(void *context, unsigned done, unsigned count)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s %u of %u ", (const char *)context, done + 1, count);
    return true;
}

int main(int argc, char **argv)
{
    struct settings settings = {.programs = NULL};
    struct model model;
    char error[1024] = "out of memory";

    setlocale(LC_CTYPE, "");
    int parsed = option_rows_parse_all(&table, argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? 2 : 0;
    const struct calibrate_plan plan = {.programs = settings.programs,
                                        .runs = settings.runs,
                                        .seconds = SECONDS,
                                        .at_once = 1,
                                        .go_on = show_progress,
                                        .context = "service"};
    const struct cost_plan observed = {.programs = settings.programs,
                                       .is_observer = true,
                                       .rounds = settings.runs,
                                       .turns = OBSERVED_TURNS,
                                       .go_on = show_progress,
                                       .context = "pair"};
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "about %.0f s\n", calibrate_seconds(&plan) + cost_seconds(&observed));
    int status = model_view(&model, NULL);
    if (status == 0) {
        status = calibrate_measure(&plan, &model, error, sizeof error);
        if (status == 0)
            model.observer = cost_measure(&observed, error, sizeof error);
        cJSON *document = model.observer != NULL ? model_write(&model) : NULL;
        if (isatty(STDERR_FILENO))
            fputc('\n', stderr);
        if (document == NULL ||
            render_text(stdout, document, isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL) != 0)
            status = -1;
        cJSON_Delete(document);
        cJSON_Delete(model.observer);
        model_free(&model);
    }
    if (status != 0)
        fprintf(stderr, "calibrate: %s\n", error);
    return status == 0 ? 0 : 1;
}
