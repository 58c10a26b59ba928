#include "bench/compare/witnesses.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "bench/readers/drd.h"
#include "bench/readers/massif.h"
#include "bench/readers/memcheck.h"

/* Memcheck looks for pointers in all stacks of all threads that are left: 4 s for each 100 of them.
 */
enum {
    REQUESTS = 10,
    MEMCHECK_REQUESTS = 4,
    DRD_LATENCY_US = 1000,
    DRD_WORKERS = 4,
    DRD_RECORDS = 60
};

static const struct {
    const char *id, *label, *number_label, *unit, *tool, *condition;
    enum lesson_subject subject; /* of the lessons that it is called for */
} witnesses[WITNESS_COUNT] = {
    [WITNESS_MASSIF] = {"massif", "massif (heap)", "heap at the peak", "B", "massif", "10 requests",
                        LESSON_OF_THREADS},
    [WITNESS_MASSIF_PAGES] = {"massif-pages", "massif (pages as heap)", "address space at the peak",
                              "B", "massif", "10 requests, pages as heap", LESSON_OF_THREADS},
    [WITNESS_MEMCHECK] = {"memcheck", "memcheck", "definitely lost", "B", "memcheck", "4 requests",
                          LESSON_OF_THREADS},
    [WITNESS_DRD] = {"drd", "DRD", "holds of the store's lock over 1 ms", "1", "DRD",
                     "database 1 ms, 4 threads, Valgrind's slowed time", LESSON_OF_LOCK},
};

const char *witness_id(enum witness witness)
{
    return witnesses[witness].id;
}

const char *witness_label(enum witness witness)
{
    return witnesses[witness].label;
}

const char *witness_unit(enum witness witness)
{
    return witnesses[witness].unit;
}

/* Column 0 is nnnn, column 1 + lesson that lesson alone. */
static unsigned build_of(unsigned column)
{
    return column == 0 ? BUILD_NAIVE : build_alone((int)column - 1);
}

static const char *raw_path(const struct comparison *comparison, enum witness witness,
                            unsigned column, char path[PATH_SIZE])
{
    char code[BUILD_CODE_SIZE], name[64];
    build_code(build_of(column), code);
    snprintf(name, sizeof name, "raw/%s.out.%s", witnesses[witness].id, code);
    return results_path(&comparison->results, name, path);
}

/* A quick or single lesson has the witnesses that it is about; the whole matrix needs all. */
static bool is_heard(const struct comparison *comparison, enum witness witness, unsigned column)
{
    const struct plan *plan = &comparison->plan;
    const enum lesson_subject subject = witnesses[witness].subject;
    if (plan->has_all_witnesses)
        return true;
    return column == 0 ? plan_measures_any(plan, subject)
                       : plan_measures(plan, (int)column - 1, subject);
}

static void add_run(struct comparison *comparison, struct valgrind_run *run, enum witness witness,
                    unsigned column, const struct input_file *few)
{
    const struct input_file *input = witness == WITNESS_DRD ? few : &comparison->counted;
    const unsigned requests = witness == WITNESS_MEMCHECK ? MEMCHECK_REQUESTS : REQUESTS;
    struct run_setup setup = {
        .input = input, .request_records = (unsigned)((input->records + requests - 1) / requests)};
    char path[PATH_SIZE];

    if (witness == WITNESS_DRD)
        setup = (struct run_setup){.input = input,
                                   .workers = DRD_WORKERS,
                                   .request_records = (unsigned)input->records,
                                   .latency_us = DRD_LATENCY_US};
    valgrind_run_init(run, comparison,
                      strcmp(witnesses[witness].tool, "DRD") == 0 ? "drd" : witnesses[witness].tool,
                      build_of(column));
    command_add(&run->command, "--max-threads=2000");
    run->is_one_arena = true;
    raw_path(comparison, witness, column, path);
    switch (witness) {
    case WITNESS_MASSIF_PAGES:
        command_add(&run->command, "--pages-as-heap=yes");
        command_add_file(&run->command, "--massif-out-file", path);
        break;
    case WITNESS_MASSIF:
        command_add_file(&run->command, "--massif-out-file", path);
        break;
    case WITNESS_MEMCHECK:
        command_add(&run->command, "--leak-check=summary");
        command_add_file(&run->command, "--log-file", path);
        break;
    default:
        command_add(&run->command, "--exclusive-threshold=1");
        command_add(&run->command, "--xml=yes");
        command_add_file(&run->command, "--xml-file", path);
        break;
    }
    command_add_run(&run->command, comparison, build_of(column), &setup);
}

static int read_massif(const char *path, double *number, char *error, size_t error_size)
{
    struct massif massif;
    if (massif_read(path, &massif, error, error_size) != 0)
        return -1;
    const struct massif_snapshot *peak = &massif.snapshots[massif.peak];
    *number = (double)(peak->heap_bytes + peak->extra_bytes);
    massif_free(&massif);
    return 0;
}

static int read_memcheck(const char *path, double *number, char *error, size_t error_size)
{
    struct memcheck leaks;
    if (memcheck_read(path, &leaks, error, error_size) != 0)
        return -1;
    *number = (double)leaks.lost_bytes;
    return 0;
}

/* Of the store's lock; DRD also sees itself start a thread, say. */
static int read_drd(const char *path, double *number, char *error, size_t error_size)
{
    uint64_t count;
    if (drd_count_holds(path, "lock_acquire", &count, error, error_size) != 0)
        return -1;
    *number = (double)count;
    return 0;
}

static int read_number(struct comparison *comparison, enum witness witness, unsigned column,
                       double *number)
{
    char path[PATH_SIZE], error[TEXT_ERROR_SIZE];
    int status;

    raw_path(comparison, witness, column, path);
    if (witness == WITNESS_MEMCHECK)
        status = read_memcheck(path, number, error, sizeof error);
    else if (witness == WITNESS_DRD)
        status = read_drd(path, number, error, sizeof error);
    else
        status = read_massif(path, number, error, sizeof error);
    return status == 0 ? 0
                       : comparison_fail(comparison, "the output of %s cannot be read: %s",
                                         witnesses[witness].tool, error);
}

/* DRD needs few records: each waits a millisecond, and one thread at a time. */
static int cut_few(struct comparison *comparison, struct input_file *few)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;

    results_path(&comparison->results, "work/few.ndjson", few->path);
    FILE *from = fopen(comparison->counted.path, "r"), *to = fopen(few->path, "w");
    for (few->records = 0; from != NULL && to != NULL && few->records < DRD_RECORDS &&
                           (length = getline(&line, &size, from)) > 0;
         few->records++)
        fwrite(line, 1, (size_t)length, to);
    int status = from != NULL && to != NULL ? 0 : -1;
    free(line);
    if (from != NULL)
        fclose(from);
    if (to != NULL && fclose(to) != 0)
        status = -1;
    return status == 0
               ? 0
               : comparison_fail(comparison, "cannot write %s: %s", few->path, strerror(errno));
}

/* A lesson's own pair, among its metrics. */
static void add_metric(struct comparison *comparison, enum witness witness, int lesson,
                       const struct witness_numbers *numbers)
{
    const double *values = numbers->values[witness];
    char code[BUILD_CODE_SIZE];

    build_code(build_alone(lesson), code);
    const struct metric metric = {{witnesses[witness].id, witnesses[witness].number_label,
                                   witnesses[witness].unit, witnesses[witness].tool},
                                  CODE_NAIVE,
                                  code,
                                  witnesses[witness].condition};
    if (witness == WITNESS_MEMCHECK)
        model_add_exact(&comparison->model, lesson, &metric, values[0], values[1 + lesson]);
    else
        model_add_single(&comparison->model, lesson, &metric, values[0], values[1 + lesson]);
}

int hear_witnesses(struct comparison *comparison, struct witness_numbers *numbers)
{
    static struct valgrind_run runs[WITNESS_COUNT * (1 + LESSON_COUNT)];
    struct input_file few;
    unsigned run_count = 0;

    if (cut_few(comparison, &few) != 0)
        return -1;
    for (int witness = 0; witness < WITNESS_COUNT; witness++)
        for (unsigned column = 0; column <= LESSON_COUNT; column++)
            if (is_heard(comparison, (enum witness)witness, column))
                add_run(comparison, &runs[run_count++], (enum witness)witness, column, &few);
    if (run_count == 0)
        return 0;
    comparison_announce(comparison, 1.2 * run_count / comparison->cpu_count,
                        "massif, memcheck, DRD: what each sees of each problem");
    if (valgrind_run_all(comparison, runs, run_count, false) != 0)
        return -1;
    for (int witness = 0; witness < WITNESS_COUNT; witness++) {
        for (unsigned column = 0; column <= LESSON_COUNT; column++) {
            double *number = &numbers->values[witness][column];
            *number = NAN;
            if (is_heard(comparison, (enum witness)witness, column) &&
                read_number(comparison, (enum witness)witness, column, number) != 0)
                return -1;
        }
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            if (plan_measures(&comparison->plan, lesson, witnesses[witness].subject))
                add_metric(comparison, (enum witness)witness, lesson, numbers);
    }
    return 0;
}
