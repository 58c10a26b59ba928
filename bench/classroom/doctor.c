/*
 * doctor.c - `make doctor`: what this machine is, how noisy it is now, and what will be missing.
 *
 * The noise is a short A/A run: one build measured against itself, as `make compare` does for
 * longer. Nothing of the machine is changed. Exit status: 0; 1 if it could not be found out.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bench/classroom/record_file.h"
#include "bench/classroom/sandbox.h"
#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"
#include "bench/process/child.h"
#include "bench/report/render_number.h"
#include "common/signals.h"
#include "common/thread.h"

enum { BLOCKS = 15, RECORDS = 3000 };
/* `make compare` lets 20 requests pile up, of 10 naive workers a CPU each */
enum { NAIVE_WORKERS_PER_CPU = 200, OTHER_TASKS = 100 };

static const double DISK_NEEDED = 500e6;

static void print_machine(const struct machine *machine)
{
    char text[RENDER_NUMBER_SIZE];

    printf("\nThis machine\n");
    printf("  cpu          %s, %.0f CPUs, %s\n", machine->cpu, machine->cpu_count,
           render_value(text, machine->memory_bytes, "B"));
    printf("  system       %s, %s\n", machine->os, machine->kernel);
    printf("  clock        %s\n", machine->clocksource);
    printf("  governor     %s\n", machine->governor != NULL ? machine->governor : "unknown");
    if (isfinite(machine->load[0]))
        printf("  load         %.1f in the last minute\n", machine->load[0]);
}

/* One build next to itself, and whether its counts were the same each time. */
static int measure_noise(struct comparison *comparison)
{
    enum { TIME, ALLOCATIONS, COMPARISONS, FIELDS };
    static const struct run_field fields[FIELDS] = {
        {"ns_per_record", NULL}, {"allocations", NULL}, {"comparisons", NULL}};
    const struct run_setup setup = {.input = &comparison->whole, .workers = 1};
    const struct run_case cases[2] = {{.setup = setup}, {.setup = setup, .is_twin = true}};
    struct group group = {.cases = cases, .case_count = 2, .blocks = BLOCKS};
    struct neighbours neighbours = {
        .groups = &group, .group_count = 1, .fields = fields, .field_count = FIELDS};
    struct stats_interval noise;
    char interval[RENDER_NUMBER_SIZE], ratio[RENDER_NUMBER_SIZE], share[RENDER_NUMBER_SIZE];
    bool is_same = true;

    if (neighbours_run(comparison, &neighbours, 1) != 0)
        return -1;
    int status = neighbours_ratio(&neighbours, &group, 0, 1, TIME, 0.95, &noise);
    for (unsigned field = ALLOCATIONS; field < FIELDS; field++)
        is_same &= neighbours_is_same(&neighbours, &group, field);
    neighbours_free(&neighbours);
    if (status != 0)
        return comparison_fail(comparison, "the runs say nothing");
    double smallest_effect = stats_smallest_effect(&noise);
    printf("\nHow noisy it is now\n");
    printf("  A/A          one build against itself, %d blocks: %s (%s)\n", (int)BLOCKS,
           render_ratio(ratio, noise.estimate), render_interval(interval, noise.low, noise.high));
    printf("  so           changes of a time below %s cannot be claimed with so few runs\n",
           render_share(share, smallest_effect));
    printf("  counts       %s in all %d runs\n",
           is_same ? "allocations and comparisons were the same"
                   : "allocations or comparisons differed, which should not be",
           4 * (int)BLOCKS);
    if (smallest_effect > 0.1)
        printf("  to mend it   close what else is running; take ROUNDS=61 or FULL=1; trust the "
               "counts, which stand\n");
    return 0;
}

static void print_missing(const struct machine *machine)
{
    printf("\nWhat will be missing\n");
    for (unsigned i = 0; i < machine->lack_count; i++) {
        const struct lack *lack = &machine->missing[i];
        printf("  %s: %s\n      lost: %s\n", lack->what, lack->why, lack->lost);
        if (strcmp(lack->what, "hardware counters") == 0)
            printf(
                "      to mend it: on a machine of your own, sysctl kernel.perf_event_paranoid=1; "
                "in a virtual one, nothing\n");
    }
    if (machine->lack_count == 0)
        printf("  nothing\n");
}

static void print_threads(const struct machine *machine, unsigned cpu_count)
{
    unsigned naive = NAIVE_WORKERS_PER_CPU * cpu_count;
    const char *mend = "ulimit -u";
    struct rlimit tasks;
    double limit = INFINITY;

    if (getrlimit(RLIMIT_NPROC, &tasks) == 0 && tasks.rlim_cur != RLIM_INFINITY)
        limit = (double)tasks.rlim_cur;
    if (machine->pids_max < limit) {
        limit = machine->pids_max;
        mend = "docker run --pids-limit";
    }
    if (limit < naive + OTHER_TASKS)
        printf("  threads      %.0f may be started, and the naive workers start %u on %u CPUs. To "
               "mend it: %s %u\n",
               limit, naive, cpu_count, mend, 2 * naive + OTHER_TASKS);
    else
        printf("  threads      enough may be started\n");
}

static void print_limits(const struct machine *machine, unsigned cpu_count, const char *results)
{
    struct statvfs disk;
    struct sandbox sandbox;
    char text[RENDER_NUMBER_SIZE];

    printf("\nLimits\n");
    print_threads(machine, cpu_count);
    if (statvfs(results, &disk) == 0 || statvfs(".", &disk) == 0) {
        double free_bytes = (double)disk.f_bavail * (double)disk.f_frsize;
        printf("  disk         %s free%s\n", render_value(text, free_bytes, "B"),
               free_bytes < DISK_NEEDED ? ": less than the 500 MB that results may take" : "");
    }
    sandbox_init(&sandbox, false);
    printf("  grading      sandbox: %s\n", sandbox_name(&sandbox));
    if (sandbox_lacks(&sandbox)[0] != '\0')
        printf("               %s\n", sandbox_lacks(&sandbox));
}

static int examine(struct comparison *comparison, const char *results)
{
    char folder[] = "/tmp/fastenough-doctor-XXXXXX";
    int status = -1;

    if (comparison_begin(comparison) != 0 || describe_machine(comparison) != 0)
        return -1;
    const struct machine *machine = &comparison->model.machine;
    print_machine(machine);
    if (mkdtemp(folder) == NULL)
        return comparison_fail(comparison, "no folder can be made at %s: %s", folder,
                               strerror(errno));
    snprintf(comparison->whole.path, sizeof comparison->whole.path, "%s/records.ndjson", folder);
    comparison->whole.records = RECORDS;
    if (record_file_generate(comparison->whole.path, 1, RECORDS, 0) != 0)
        comparison_fail(comparison, "%s cannot be written: %s", comparison->whole.path,
                        strerror(errno));
    else
        status = measure_noise(comparison);
    unlink(comparison->whole.path);
    rmdir(folder);
    if (status != 0)
        return -1;
    print_missing(machine);
    print_limits(machine, comparison->cpu_count, results);
    return 0;
}

int main(int argc, char **argv)
{
    static struct comparison comparison;

    if (argc != 3) {
        fprintf(stderr, "doctor: takes the folders of the programs and of the results, as in: "
                        "doctor build/bin bench/results\n");
        return 2;
    }
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off();
    signals_call(child_interrupt);
    snprintf(comparison.programs, sizeof comparison.programs, "%s", argv[1]);
    comparison.cpu_count = thread_cpu_count();
    int status = examine(&comparison, argv[2]) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    if (status != EXIT_SUCCESS)
        fprintf(stderr, "doctor: %s\n", comparison.error);
    model_free(&comparison.model);
    return fflush(stdout) == 0 ? status : EXIT_FAILURE;
}
