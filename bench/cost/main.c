/*
 * main.c - `make pprof-cost`: what live profiling costs ffff under load (cost.h), at length.
 *     pprof-cost BIN-FOLDER ROUNDS
 * Ends with 1 if something could not be measured, 2 for bad usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/cost/cost.h"

enum { TURNS = 12 };

static bool show_progress(void *context, unsigned done, unsigned count)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rpair %u of %u", done + 1, count);
    return true;
}

static double number_of(const cJSON *object, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(object, name)); /* NAN for null */
}

static void print_ratio(const cJSON *ratio)
{
    printf("  %.4f (%.4f-%.4f)", number_of(ratio, "ratio"), number_of(ratio, "ci_low"),
           number_of(ratio, "ci_high"));
}

static void print_table(const cJSON *document)
{
    const cJSON *way;

    printf("\nffff under load, %.0f connections, %.0f rounds of 2 x %.0f turns of %.0f records "
           "each;\nwith profiling / without, with 95%% intervals over the rounds\n\n%-30s  %-23s  "
           "%s\n",
           number_of(document, "connections"), number_of(document, "rounds"),
           number_of(document, "turns"), number_of(document, "turn_records"), "", "CPU time",
           "wall time");
    cJSON_ArrayForEach (way, cJSON_GetObjectItem(document, "ways")) {
        printf("%-30s", cJSON_GetStringValue(cJSON_GetObjectItem(way, "label")));
        print_ratio(cJSON_GetObjectItem(way, "cpu"));
        print_ratio(cJSON_GetObjectItem(way, "wall"));
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    unsigned rounds = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
    char error[256];

    if (rounds < COST_ROUNDS_MIN || rounds > COST_ROUNDS_MAX) {
        fprintf(stderr, "pprof-cost BIN-FOLDER ROUNDS (%d to %d)\n", COST_ROUNDS_MIN,
                COST_ROUNDS_MAX);
        return 2;
    }
    const struct cost_plan plan = {
        .programs = argv[1], .rounds = rounds, .turns = TURNS, .go_on = show_progress};
    cJSON *document = cost_measure(&plan, error, sizeof error);
    if (document == NULL) {
        fprintf(stderr, "pprof-cost: %s\n", error);
        return 1;
    }
    print_table(document);
    cJSON_Delete(document);
    return 0;
}
