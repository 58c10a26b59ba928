/*
 * main.c - `make pprof-cost`: what live profiling costs ffff under load (cost.h), at length.
 * Ends with 1 if something could not be measured, 2 for bad usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/cost/cost.h"
#include "bench/readers/json.h"
#include "common/option_rows.h"

enum { TURNS = 12 };

static bool show_progress(void *context, unsigned done, unsigned count)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rpair %u of %u", done + 1, count);
    return true;
}

static void print_ratio(const cJSON *ratio)
{
    printf("  %.4f (%.4f-%.4f)", json_number_or_nan(ratio, "ratio"),
           json_number_or_nan(ratio, "ci_low"), json_number_or_nan(ratio, "ci_high"));
}

static void print_table(const cJSON *document)
{
    const cJSON *way;

    printf("\nffff under load, %.0f connections, %.0f rounds of 2 x %.0f turns of %.0f records "
           "each;\nwith profiling / without, with 95%% intervals over the rounds\n\n%-30s  %-23s  "
           "%s\n",
           json_number_or_nan(document, "connections"), json_number_or_nan(document, "rounds"),
           json_number_or_nan(document, "turns"), json_number_or_nan(document, "turn_records"), "",
           "CPU time", "wall time");
    cJSON_ArrayForEach (way, json_member(document, "ways")) {
        printf("%-30s", json_text_or(way, "label", "?"));
        print_ratio(json_member(way, "cpu"));
        print_ratio(json_member(way, "wall"));
        printf("\n");
    }
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

static const struct option_table table = {"pprof-cost", "pprof-cost --help", rows,
                                          sizeof rows / sizeof *rows};

int main(int argc, char **argv)
{
    struct settings settings = {.programs = NULL};
    char error[256];

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        printf("pprof-cost - what live profiling costs the fixed service under load\n\n");
        option_rows_print(&table, 2, stdout);
        return 0;
    }
    if (option_rows_parse_all(&table, argc, argv, &settings) != 0)
        return 2;
    const struct cost_plan plan = {.programs = settings.programs,
                                   .rounds = settings.rounds,
                                   .turns = TURNS,
                                   .go_on = show_progress};
    cJSON *document = cost_measure(&plan, error, sizeof error);
    if (document == NULL) {
        fprintf(stderr, "pprof-cost: %s\n", error);
        return 1;
    }
    print_table(document);
    cJSON_Delete(document);
    return 0;
}
