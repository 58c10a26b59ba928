/*
 * main.c - `make pprof-cost`: what live profiling costs the fixed service under load (cost.h), at
 * length. Ends with 1 if something could not be measured, 2 for bad usage.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/cost/cost.h"
#include "bench/report/render_text.h"
#include "common/option_rows.h"

enum { TURNS = 12 };

static bool show_progress(void *context, unsigned done, unsigned count)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rpair %u of %u", done + 1, count);
    return true;
}

struct settings {
    const char *programs;
    unsigned rounds;
};

static const struct option_row rows[] = {
    {"programs", OPTION_PATH, OPTION_AT(struct settings, programs), "the built programs",
     .value = "DIR", .preset = "build/bin"},
    {"rounds", OPTION_NUMBER, OPTION_AT(struct settings, rounds), "of each way",
     .low = COST_ROUNDS_MIN, .high = COST_ROUNDS_MAX, .unit = "rounds", .preset = "15",
     .called = "ROUNDS"},
};

static const struct option_table table = {
    "pprof-cost", "pprof-cost --help", rows, sizeof rows / sizeof *rows,
    .about = "what live profiling costs the fixed service under load"};

int main(int argc, char **argv)
{
    struct settings settings = {.programs = NULL};
    char error[256];

    setlocale(LC_CTYPE, "");
    int parsed = option_rows_parse_all(&table, argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? 2 : 0;
    const struct cost_plan plan = {.programs = settings.programs,
                                   .rounds = settings.rounds,
                                   .turns = TURNS,
                                   .go_on = show_progress};
    cJSON *document = cost_measure(&plan, error, sizeof error);
    if (document == NULL) {
        fprintf(stderr, "pprof-cost: %s\n", error);
        return 1;
    }
    cJSON *report = cJSON_CreateObject(); /* as the chapter of a comparison */
    cJSON_AddItemToObject(report, "profiling", document);
    int status = render_text(stdout, report, false);
    cJSON_Delete(report);
    return status == 0 ? 0 : 1;
}
