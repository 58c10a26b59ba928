#include "bench/compare/programs.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/layouts.h"

/* A native run takes a second or two and one under Valgrind some ten: what takes so long has hung.
 */
enum { TIMEOUT_MS = 60000, VALGRIND_TIMEOUT_MS = 600000 };

/*
 * What a program under Valgrind sees: symbols bound at the start, so that the first call costs no
 * more; and for each thread an arena of malloc's own, so that what a worker's malloc() costs does
 * not depend on what the main thread happens to do in the same heap at that moment.
 */
static const char *const counted_environment[] = {
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "LD_BIND_NOW=1",
    "MALLOC_ARENA_MAX=64",
    NULL,
};

/* Where address space is looked at, one arena: each one more reserves 64 MiB that nobody uses. */
static const char *const one_arena_environment[] = {
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "LD_BIND_NOW=1",
    "MALLOC_ARENA_MAX=1",
    NULL,
};

void command_add_run(struct command *command, const struct comparison *comparison, unsigned build,
                     const struct run_setup *setup)
{
    char code[BUILD_CODE_SIZE];

    build_code(build, code);
    if (setup->layout > 0 && comparison->has_layouts[build])
        command_addf(command, LAYOUTS_PATH, comparison->programs, code, setup->layout);
    else
        command_addf(command, "%s/fastenough-%s", comparison->programs, code);
    command_add(command, "run");
    command_add(command, setup->input->path);
    command_add(command, "--json");
    command_add(command, "--quiet");
    if (setup->workers > 0)
        command_addf(command, "--workers=%u", setup->workers);
    if (setup->request_records > 0)
        command_addf(command, "--request=%u", setup->request_records);
    if (setup->repeat > 0)
        command_addf(command, "--repeat=%u", setup->repeat);
    if (setup->latency_us > 0)
        command_addf(command, "--db-latency=%uus", setup->latency_us);
    if (setup->cpu_profile != NULL)
        command_addf(command, "--cpu-profile=%s", setup->cpu_profile);
    if (setup->database != NULL)
        command_addf(command, "--db=%s", setup->database);
}

int program_failed(struct comparison *comparison, const struct child_job *job,
                   const struct child_result *result)
{
    char text[ERROR_SIZE];
    child_describe(job, result, text, sizeof text);
    return comparison_fail(comparison, "%s", text);
}

struct outcome outcome_of(const struct rundoc *doc)
{
    return (struct outcome){
        .accepted = doc->accepted,
        .rejected = doc->rejected,
        .digest = strtoull(doc->digest, NULL, 16),
        .score_sum = doc->score_sum,
    };
}

bool outcome_is_equal(const struct outcome *a, const struct outcome *b)
{
    return a->accepted == b->accepted && a->rejected == b->rejected && a->digest == b->digest &&
           a->score_sum == b->score_sum;
}

/* What is timed has to compute what was proved, in each single run, and to wait where it should. */
static int check_outcome(struct comparison *comparison, const char *label,
                         const struct run_setup *setup, const struct rundoc *doc)
{
    const struct outcome *proved = &setup->input->outcome, actual = outcome_of(doc);
    uint64_t repeat = setup->repeat > 0 ? setup->repeat : 1;
    const struct outcome expected = {
        .accepted = proved->accepted * repeat,
        .rejected = proved->rejected * repeat,
        .digest = proved->digest * repeat,
        .score_sum = proved->score_sum * (double)repeat,
    };
    double waits = 0;

    if (setup->input->is_proved && !outcome_is_equal(&actual, &expected))
        return comparison_fail(
            comparison,
            "%s does not compute in this run what the proof found: digest %016llx, %llu accepted, "
            "instead of %016llx, %llu. It is not the same on each run, or for requests of another "
            "size",
            label, (unsigned long long)actual.digest, (unsigned long long)actual.accepted,
            (unsigned long long)expected.digest, (unsigned long long)expected.accepted);
    if (setup->latency_us > 0 && rundoc_number(doc, "round_trips", &waits) == 0 &&
        waits != (double)actual.accepted)
        return comparison_fail(comparison,
                               "%s waited for the database %.0f times for %llu accepted records: "
                               "its store leaves waits out, or adds some",
                               label, waits, (unsigned long long)actual.accepted);
    return 0;
}

int program_try(struct comparison *comparison, unsigned build, const struct run_setup *setup,
                uint64_t timeout_ms, struct rundoc *doc)
{
    struct command command = {.count = 0};
    struct child_result result;
    char label[32] = "fastenough-", error[512], padding[sizeof "PADDING=" + RUN_PADDING_MAX];
    const char *const environment[] = {padding, NULL};
    int status = -1;

    command_add_run(&command, comparison, build, setup);
    build_code(build, label + 11);
    assert(setup->padding < RUN_PADDING_MAX);
    snprintf(padding, sizeof padding, "PADDING=%*s", (int)setup->padding, "");
    struct child_job job = {
        .label = label,
        .argv = command.argv,
        .environment = setup->padding > 0 ? environment : NULL,
        .output = {.sink = CHILD_CAPTURE},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = timeout_ms,
    };
    if (child_run(&job, &result) != 0) {
        program_failed(comparison, &job, &result);
        status = result.is_interrupted || result.end == CHILD_NOT_STARTED ? -1 : 1;
    } else if (rundoc_parse(label, result.output, result.output_length, doc, error, sizeof error) !=
               0) {
        comparison_fail(comparison, "%s", error);
    } else if (strcmp(doc->variant, label + 11) != 0) {
        comparison_fail(comparison, "%s is another build: it says that it is %s. Build anew: make",
                        label, doc->variant);
        rundoc_free(doc);
    } else if (check_outcome(comparison, label, setup, doc) != 0) {
        rundoc_free(doc);
    } else {
        status = 0;
    }
    child_result_free(&result);
    return status;
}

int program_run(struct comparison *comparison, unsigned build, const struct run_setup *setup,
                struct rundoc *doc)
{
    return program_try(comparison, build, setup, TIMEOUT_MS, doc) == 0 ? 0 : -1;
}

void valgrind_run_init(struct valgrind_run *run, const struct comparison *comparison,
                       const char *tool, unsigned build)
{
    char code[BUILD_CODE_SIZE];

    (void)comparison;
    *run = (struct valgrind_run){0};
    build_code(build, code);
    snprintf(run->label, sizeof run->label, "%s on %s", tool, code);
    command_add(&run->command, "valgrind");
    command_addf(&run->command, "--tool=%s", tool);
    /* its files for gdb in /tmp may be there, of another one that had its number and was killed */
    command_add(&run->command, "--vgdb=no");
}

struct progress {
    struct comparison *comparison;
    unsigned done, count;
};

static void on_done(void *context, size_t index, const struct child_result *result)
{
    struct progress *progress = context;
    (void)index;
    (void)result;
    progress->done++;
    comparison_progress(progress->comparison, progress->done, progress->count, "run");
}

int valgrind_run_all(struct comparison *comparison, struct valgrind_run *runs, unsigned count,
                     bool is_alone)
{
    struct child_job *jobs = calloc(count, sizeof *jobs);
    struct child_result *results = calloc(count, sizeof *results);
    struct progress progress = {comparison, 0, count};
    int status = 0;

    if (jobs == NULL || results == NULL) {
        free(jobs);
        free(results);
        return comparison_fail(comparison, "out of memory");
    }
    for (unsigned i = 0; i < count; i++)
        jobs[i] = (struct child_job){
            .label = runs[i].label,
            .argv = runs[i].command.argv,
            .environment = runs[i].is_one_arena ? one_arena_environment : counted_environment,
            .errors = {.sink = CHILD_CAPTURE},
            .is_without_aslr = true,
            .timeout_ms = VALGRIND_TIMEOUT_MS,
        };
    comparison_progress(comparison, 0, count, "run");
    child_run_all(jobs, count, is_alone ? 1 : comparison->cpu_count, on_done, &progress, results);
    for (unsigned i = 0; i < count; i++) {
        bool is_good = results[i].end == CHILD_EXITED && results[i].exit_status == 0;
        if (!is_good && status == 0)
            status = program_failed(comparison, &jobs[i], &results[i]);
        child_result_free(&results[i]);
    }
    free(jobs);
    free(results);
    return status;
}
