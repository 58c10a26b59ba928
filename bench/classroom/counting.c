#include "bench/classroom/counting.h"

#include "bench/classroom/compilation.h"
#include "bench/classroom/execution.h"
#include "bench/process/command.h"
#include "bench/readers/callgrind.h"
#include "bench/readers/dhat.h"
#include "bench/readers/text.h"

/* Of a stack, as many as Valgrind keeps. */
enum { CALLERS = 200 };

/* The program's own counters, and what the kernel says of it. */
static void read_result(const struct rundoc *result, struct count_values *counts)
{
    static const struct {
        enum count count;
        const char *name;
    } counters[] = {
        {COUNT_ALLOCATIONS, "work.allocations"},
        {COUNT_ALLOCATED_BYTES, "work.allocated_bytes"},
        {COUNT_COMPARISONS, "work.comparisons"},
    };

    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        double sum = 0;
        rundoc_number(result, counters[i].name, &sum);
        counts->of[counters[i].count] = sum / (double)result->accepted;
    }
    counts->of[COUNT_THREADS_ALIVE] = (double)result->threads_alive;
}

/*
 * What was allocated for the records is what was below worker_process(): the reader makes one
 * request of 16 MB or two, as the worker gives the first back in time or not.
 */
static int read_dhat(const char *path, double records, struct count_values *counts)
{
    struct dhat dhat;
    struct dhat_sum below;
    char error[TEXT_ERROR_SIZE];

    if (dhat_read(path, &dhat, error, sizeof error) != 0)
        return -1;
    dhat_sum_by_function(&dhat, "worker_process", &below);
    /* a stack that is cut may have been below it, too */
    for (uint32_t i = 0; i < dhat.point_count; i++)
        if (dhat.points[i].frame_count >= CALLERS) {
            below.bytes += dhat.points[i].sum.bytes;
            below.blocks += dhat.points[i].sum.blocks;
        }
    counts->of[COUNT_HEAP_BLOCKS] = (double)below.blocks / records;
    counts->of[COUNT_HEAP_BYTES] = (double)below.bytes / records;
    counts->of[COUNT_BYTES_RETAINED] = (double)dhat.sum.end_bytes;
    dhat_free(&dhat);
    return 0;
}

/* shield_compare() is what stands for tag_compare() in a submission: kit/shield.h. */
static int read_callgrind(const char *path, double records, struct count_values *counts)
{
    struct callgrind callgrind;
    struct callgrind_cost sorting, comparing;
    char error[TEXT_ERROR_SIZE];

    if (callgrind_read(path, &callgrind, error, sizeof error) != 0)
        return -1;
    callgrind_sum_function(&callgrind, "tag_sort", &sorting);
    callgrind_sum_function(&callgrind, "shield_compare", &comparing);
    counts->of[COUNT_INSTRUCTIONS] = (double)callgrind.total_ir / records;
    counts->of[COUNT_INSTRUCTIONS_SORTING] = (double)sorting.inclusive_ir / records;
    counts->of[COUNT_CALLS_OF_COMPARE] = (double)comparing.call_count / records;
    callgrind_free(&callgrind);
    return 0;
}

/*
 * What happens inside of locks. Where the monitor saw nothing of it there, two threads must have
 * been at it at once: or else something that is no lock of lock.h keeps them apart.
 */
static int read_monitor(const struct execution *execution, struct grade *grade)
{
    static const struct {
        enum count count;
        const char *inside, *at_once;
    } monitored[] = {
        {COUNT_WAITS_INSIDE, "inside_round_trips", "waiting_most"},
        {COUNT_COMPARISONS_INSIDE, "inside_comparisons", "working_most"},
    };
    double records = (double)execution->result.accepted;
    int status = execution_check_threads(execution, grade);

    for (size_t i = 0; status == 0 && i < sizeof monitored / sizeof *monitored; i++) {
        double inside = execution_monitored(execution, monitored[i].inside) / records;
        grade->yours.of[monitored[i].count] = inside;
        if (inside < 0.5 && execution_monitored(execution, monitored[i].at_once) < 2)
            status = grade_end(grade, GRADE_UNCOUNTED,
                               "no lock of lock.h was held, but never were two threads at it at "
                               "once: something else keeps them apart");
    }
    return status;
}

/* The program on the counted records, as the lesson's row wants it to be run. */
static void add_program(struct command *command, const struct jail *jail, const char *program,
                        int lesson)
{
    command_add(command, program);
    command_add_all(command, (const char *const[]){"run", jail->grading->counted, "--json",
                                                   "--quiet", "--max-threads=200", NULL});
    command_add_all(command, lesson_rows[lesson].grading.run);
}

/* Under a tool of Valgrind's, whose file `read` takes the counts from. */
static int measure_under(const char *tool, const struct jail *jail,
                         int (*read)(const char *path, double records, struct count_values *counts),
                         struct grade *grade)
{
    char program[JAIL_PATH_SIZE], file[JAIL_PATH_SIZE];
    struct command command = {.count = 0};
    struct execution execution;

    jail_path(jail, "out/counts", file);
    command_add_all(&command, (const char *const[]){"valgrind", "-q", "--vgdb=no", NULL});
    command_addf(&command, "--tool=%s", tool);
    command_addf(&command, "--%s-out-file=%s", tool, file);
    command_addf(&command, "--num-callers=%d", CALLERS);
    add_program(&command, jail, jail_path(jail, COMPILATION_COUNTED, program), grade->lesson);
    if (execution_run(&execution, jail, EXECUTION_UNDER_VALGRIND, command.argv, grade) != 0)
        return -1;
    int status = execution_check_result(&execution, &jail->grading->counted_answer, grade);
    if (status == 0) {
        read_result(&execution.result, &grade->yours);
        if (read(file, (double)execution.result.accepted, &grade->yours) != 0)
            status = grade_end(grade, GRADE_CRASHED, "Valgrind could not finish its account of it");
    }
    execution_free(&execution);
    return status;
}

static int measure_monitored(const struct jail *jail, struct grade *grade)
{
    char program[JAIL_PATH_SIZE];
    struct command command = {.count = 0};
    struct execution execution;

    add_program(&command, jail, jail_path(jail, COMPILATION_CHECKED, program), grade->lesson);
    if (execution_run(&execution, jail, EXECUTION_CHECKED, command.argv, grade) != 0)
        return -1;
    int status = execution_check_result(&execution, &jail->grading->counted_answer, grade);
    if (status == 0)
        status = read_monitor(&execution, grade);
    execution_free(&execution);
    return status;
}

int counting_measure(const struct jail *jail, struct grade *grade)
{
    const int lesson = grade->lesson;
    bool is_under_callgrind = count_needs(lesson, COUNT_BY_CALLGRIND);
    /* the program's own counts are read from whichever run there is, and one there must be */
    bool is_under_dhat = count_needs(lesson, COUNT_BY_DHAT) ||
                         (!is_under_callgrind && (count_needs(lesson, COUNT_BY_PROGRAM) ||
                                                  count_needs(lesson, COUNT_BY_PROCESS)));

    if (count_needs(lesson, COUNT_BY_MONITOR) && measure_monitored(jail, grade) != 0)
        return -1;
    if (is_under_callgrind && measure_under("callgrind", jail, read_callgrind, grade) != 0)
        return -1;
    if (is_under_dhat && measure_under("dhat", jail, read_dhat, grade) != 0)
        return -1;
    return 0;
}
