/*
 * main.c - `make amdahl`: Amdahl's law by hand. Instructions are added to one function in steps,
 * and the slope of the time over them says what that function matters.
 *
 * Of nothing fixed, beside a database: record_validate() runs under the one lock, record_parse()
 * before it, while the thread waits for its turn anyway. Both are called once a record, and both
 * are hot in any profile of CPU time. The third row is what an instruction takes where nothing is
 * waited for: one worker, no database.
 *
 * Each round runs all steps of all rows as fresh processes, in an order drawn anew, and has a slope
 * of its own for each row. Exit status: 1 if a run failed, 2 for bad usage.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/process/child.h"
#include "bench/process/command.h"
#include "bench/readers/rundoc.h"
#include "bench/readers/text.h"
#include "bench/statistics/fit.h"
#include "bench/statistics/stats.h"
#include "common/option_rows.h"

enum { STEPS = 5, STEP = 80000, ROWS = 3, ROUNDS_MAX = 100 };
enum { RUNS = ROWS * STEPS, TIMEOUT_MS = 60000 };

static const struct row {
    const char *function, *what, *workers, *latency;
} rows[ROWS] = {
    {"record_validate", "nobody waits: no database, 1 worker", "1", "0"},
    {"record_validate", "under the lock, with a database", "20", "50us"},
    {"record_parse", "before the lock, with a database", "20", "50us"},
};

struct settings {
    const char *program, *input;
    unsigned rounds, seed;
};

/* Nanoseconds a record. 0, or -1 after a message. */
static int run(const struct settings *settings, const struct row *row, unsigned step, double *ns)
{
    char burden[64], error[TEXT_ERROR_SIZE];
    const char *const environment[] = {"PATH=/usr/bin:/bin", burden, NULL};
    struct command command = {.count = 0};
    struct child_result result;
    struct rundoc doc;

    snprintf(burden, sizeof burden, "BURDEN=%s:%u", row->function, step * STEP);
    command_add(&command, settings->program);
    command_add(&command, "run");
    command_add(&command, settings->input);
    command_add_all(&command, (const char *const[]){"--json", "--quiet", NULL});
    command_addf(&command, "--workers=%s", row->workers);
    command_addf(&command, "--db-latency=%s", row->latency);
    const struct child_job job = {.argv = command.argv,
                                  .environment = environment,
                                  .output = {.sink = CHILD_CAPTURE},
                                  .errors = {.sink = CHILD_CAPTURE},
                                  .timeout_ms = TIMEOUT_MS};
    int status = child_run(&job, &result);
    if (status != 0)
        child_describe(&job, &result, error, sizeof error);
    else
        status = rundoc_parse(settings->program, result.output, result.output_length, &doc, error,
                              sizeof error);
    if (status == 0) {
        *ns = doc.ns_per_record;
        rundoc_free(&doc);
    } else {
        fprintf(stderr, "amdahl: %s\n", error);
    }
    child_result_free(&result);
    return status;
}

static void shuffle(unsigned order[RUNS], unsigned *seed)
{
    for (unsigned i = 0; i < RUNS; i++)
        order[i] = i;
    for (unsigned i = RUNS - 1; i > 0; i--) {
        unsigned other = (unsigned)rand_r(seed) % (i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

static int measure(const struct settings *settings, double times[ROWS][ROUNDS_MAX][STEPS])
{
    unsigned order[RUNS], seed = settings->seed;

    for (unsigned round = 0; round < settings->rounds; round++) {
        shuffle(order, &seed);
        for (unsigned i = 0; i < RUNS; i++) {
            unsigned row = order[i] / STEPS, step = order[i] % STEPS;
            if (run(settings, &rows[row], step, &times[row][round][step]) != 0)
                return -1;
        }
    }
    return 0;
}

/* A slope a round, by least squares; their middle, with its interval, is that of ratios
 * (stats.h), whose logarithms the slopes are. */
static void print_row(const struct row *row, double times[ROUNDS_MAX][STEPS], unsigned rounds)
{
    double x[STEPS], slopes[ROUNDS_MAX], ones[ROUNDS_MAX], of_step[ROUNDS_MAX];
    struct stats_interval slope;
    struct fit_line fit;

    printf("%-16s %-34s", row->function, row->what);
    for (unsigned step = 0; step < STEPS; step++) {
        x[step] = step * (double)STEP;
        for (unsigned round = 0; round < rounds; round++)
            of_step[round] = times[round][step];
        printf(" %8.0f", stats_median(of_step, rounds));
    }
    for (unsigned round = 0; round < rounds; round++) {
        fit_line(x, times[round], STEPS, 0.95, &fit);
        slopes[round] = exp(fit.slope);
        ones[round] = 1;
    }
    stats_ratio(slopes, ones, rounds, 0.95, &slope);
    printf("  %7.3f (%.3f to %.3f)\n", log(slope.estimate), log(slope.low), log(slope.high));
}

static const struct option_row option_rows[] = {
    {"program", OPTION_PATH, OPTION_AT(struct settings, program), "linked with burden.c"},
    {"input", OPTION_PATH, OPTION_AT(struct settings, input), "the records"},
    {"rounds", OPTION_NUMBER, OPTION_AT(struct settings, rounds), "of all steps", .low = 6,
     .high = ROUNDS_MAX, .unit = "rounds", .preset = "10", .called = "ROUNDS"},
    {"seed", OPTION_NUMBER, OPTION_AT(struct settings, seed), "of their order", .high = 1u << 30,
     .preset = "1", .called = "SEED"},
};

static const struct option_table table = {
    .command = "amdahl",
    .help = "amdahl --help",
    .rows = option_rows,
    .count = sizeof option_rows / sizeof *option_rows,
    .about = "amdahl - instructions added to a function, and the slope of the time over them"};

int main(int argc, char **argv)
{
    static double times[ROWS][ROUNDS_MAX][STEPS];
    struct settings settings = {.program = NULL};
    int status = option_rows_parse_all(&table, argc, argv, &settings);

    if (status != 0)
        return status < 0 ? 2 : 0;
    if (settings.program == NULL || settings.input == NULL) {
        fprintf(stderr, "amdahl: --program and --input are needed\n");
        return 2;
    }
    if (measure(&settings, times) != 0)
        return 1;
    printf("ns a record with so many instructions more in each, medians of %u rounds of fresh "
           "processes;\nand the slope, in ns an instruction, with its 95%% interval\n%-51s",
           settings.rounds, "");
    for (unsigned step = 0; step < STEPS; step++)
        printf(" %8u", step * STEP);
    printf("    slope\n");
    for (unsigned row = 0; row < ROWS; row++)
        print_row(&rows[row], times[row], settings.rounds);
    return 0;
}
