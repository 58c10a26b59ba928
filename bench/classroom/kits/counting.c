#include "bench/classroom/kits/counting.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/grading.h"
#include "bench/process/child.h"
#include "bench/readers/callgrind.h"
#include "bench/readers/dhat.h"
#include "bench/readers/strace.h"
#include "bench/readers/text.h"

enum {
    SLOWER = 50,
    WALL_FACTOR = 4,
    FILE_BYTES = 64 << 20,
    TASKS = 300,
    OUTPUT_BYTES = 64 << 20,
    EXIT_BY_SIGNAL = 128
};

__attribute__((format(printf, 2, 3))) static int fail(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, KIT_ERROR_SIZE, format, arguments);
    va_end(arguments);
    return -1;
}

/*
 * The events of callgrind's that make a metric. The caches are the same on each machine, or else a
 * class would be graded by what the grading machine has.
 */
static int read_callgrind(const char *path, const char *metric, double *count, char *error)
{
    static const struct {
        const char *metric, *events[3];
    } sums[] = {
        {"instructions", {"Ir"}},
        {"d1_misses", {"D1mr", "D1mw"}},
        {"ll_misses", {"DLmr", "DLmw"}},
        {"branch_misses", {"Bcm", "Bim"}},
    };
    struct callgrind profile;

    if (callgrind_read(path, &profile, error, KIT_ERROR_SIZE) != 0)
        return -1;
    *count = 0;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        for (uint32_t j = 0; strcmp(sums[i].metric, metric) == 0 && j < profile.event_count; j++)
            for (const char *const *event = sums[i].events; *event != NULL; event++)
                if (strcmp(profile.events[j], *event) == 0)
                    *count += (double)profile.totals[j];
    callgrind_free(&profile);
    return 0;
}

static int read_dhat(const char *path, const char *metric, double *count, char *error)
{
    struct dhat profile;

    if (dhat_read(path, &profile, error, KIT_ERROR_SIZE) != 0)
        return -1;
    *count = (double)(strcmp(metric, "heap_bytes") == 0 ? profile.sum.bytes : profile.sum.blocks);
    dhat_free(&profile);
    return 0;
}

static int read_strace(const char *path, const char *metric, double *count, char *error)
{
    struct strace table;

    (void)metric;
    if (strace_read(path, &table, error, KIT_ERROR_SIZE) != 0)
        return -1;
    *count = (double)table.total;
    strace_free(&table);
    return 0;
}

/* NAME=VALUE, a line each. */
static int read_own(const char *path, const char *metric, double *count, char *error)
{
    const char *name = metric + strlen(KIT_OWN);
    struct text text;
    struct text_lines lines;
    bool is_there = false;

    if (text_read(path, &text, error, KIT_ERROR_SIZE) != 0)
        return -1;
    text_lines_init(&lines, &text);
    for (const char *line; (line = text_next_line(&lines)) != NULL;)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == '=') {
            *count = strtod(line + strlen(name) + 1, NULL);
            is_there = true;
        }
    text_free(&text);
    return is_there ? 0 : fail(error, "the program says nothing of '%s'", name);
}

/* What stands before the command, and who reads what it wrote. */
static const struct tool {
    const char *name; /* as kit.c has it */
    const char *words;
    int (*read)(const char *path, const char *metric, double *count, char *error);
} tools[] = {
    {"callgrind",
     "valgrind --tool=callgrind --quiet --vgdb=no --callgrind-out-file=", read_callgrind},
    {"callgrind, simulated",
     "valgrind --tool=callgrind --quiet --vgdb=no --cache-sim=yes --branch-sim=yes "
     "--I1=32768,8,64 --D1=32768,8,64 --LL=8388608,16,64 --callgrind-out-file=",
     read_callgrind},
    {"DHAT", "valgrind --tool=dhat --quiet --vgdb=no --dhat-out-file=", read_dhat},
    {"strace", "strace -f -c -o ", read_strace},
    {"the program", "", read_own},
};

static const struct tool *tool_of(const struct kit_metric *metric)
{
    size_t i = 0;
    while (i + 1 < sizeof tools / sizeof *tools && strcmp(tools[i].name, metric->tool) != 0)
        i++;
    return &tools[i];
}

/* Runs the command, under a tool that writes to `file`, or by itself. */
static int run(const struct kit_bench *bench, const char *command, const struct tool *tool,
               const char *file, struct child_result *result, char *error)
{
    const struct kit *kit = &bench->kit;
    char out[300], line[KIT_COMMAND_SIZE + 1024], own[400], text[1200];
    const char *const readable[] = {bench->folder, NULL};
    bool is_own = tool != NULL && tool->words[0] == '\0';
    const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", is_own ? own : NULL, NULL};
    const struct sandbox_limits limits = {.cpu_s = bench->cpu_s * (tool != NULL ? SLOWER : 1),
                                          .file_bytes = FILE_BYTES,
                                          .tasks = TASKS};
    struct command words;

    snprintf(out, sizeof out, "%s/out", bench->folder);
    snprintf(own, sizeof own, "FASTENOUGH_COUNTERS=%s", file != NULL ? file : "");
    /* the shell becomes what it runs, and is not counted itself */
    snprintf(line, sizeof line, "exec %s%s %s", tool != NULL ? tool->words : "",
             tool != NULL && !is_own ? file : "", command);
    sandbox_begin(&words, &bench->sandbox, 0, &limits, readable, out);
    command_add_all(&words, (const char *const[]){"sh", "-c", NULL});
    if (kit->input != NULL)
        command_add_all(&words,
                        (const char *const[]){"exec <\"$0\"; eval \"$1\"", kit->input, NULL});
    command_add(&words, line);
    const struct child_job job = {
        .label = tool != NULL ? tool->name : "the program",
        .argv = words.argv,
        .environment = environment,
        .directory = kit->folder,
        .output = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .errors = {.sink = CHILD_CAPTURE, .limit_bytes = 1 << 16},
        .is_without_aslr = true,
        .timeout_ms = (uint64_t)WALL_FACTOR * limits.cpu_s * 1000,
        .grace_ms = 500,
    };
    child_run(&job, result);
    if (result->end == CHILD_EXITED && result->output != NULL)
        return 0;
    child_describe(&job, result, text, sizeof text);
    child_result_free(result);
    return fail(error, "%s", text);
}

/* The naive side is whom the others are held against. */
static int prove(struct kit_bench *bench, const struct child_result *result, char *error)
{
    if (bench->answer == NULL) {
        bench->answer = strdup(result->output);
        bench->answer_status = result->exit_status;
        return bench->answer != NULL ? 0 : fail(error, "out of memory");
    }
    int signal = result->exit_status - EXIT_BY_SIGNAL; /* by bubblewrap's way of saying it */
    if (signal > 0 && result->exit_status != bench->answer_status)
        return fail(error, "it was ended by signal %d (%s)", signal, strsignal(signal));
    if (result->exit_status != bench->answer_status)
        return fail(error, "it ends with status %d, and naive with %d%s%.200s", result->exit_status,
                    bench->answer_status, result->errors[0] != '\0' ? ": " : "", result->errors);
    if (strcmp(bench->kit.proof, "output") != 0 || strcmp(result->output, bench->answer) == 0)
        return 0;
    unsigned line = 1;
    size_t at = 0;
    for (; result->output[at] == bench->answer[at]; at++)
        line += result->output[at] == '\n';
    return fail(error, "it says something else than naive, from line %u of its output on", line);
}

/* Runs and holds against the answer. */
static int run_and_prove(struct kit_bench *bench, const char *command, const struct tool *tool,
                         const char *file, char *error)
{
    struct child_result result;

    if (run(bench, command, tool, file, &result, error) != 0)
        return -1;
    int status = prove(bench, &result, error);
    child_result_free(&result);
    return status;
}

/* Twice: what is not the same is none to grade by. Threads, whose turns are others each time, move
 * a count by some hundredths of a percent, which moves no grade (count_share). */
static int count_one(struct kit_bench *bench, const char *command, const struct kit_metric *metric,
                     double *count, char *error)
{
    const struct tool *tool = tool_of(metric);
    char file[300];
    double again = 0;

    snprintf(file, sizeof file, "%s/out/counted", bench->folder);
    for (int i = 0; i < 2; i++) {
        unlink(file);
        if (run_and_prove(bench, command, tool, file, error) != 0)
            return -1;
        if (access(file, R_OK) != 0)
            return fail(error, "%s wrote nothing", i == 0 && tool->words[0] ? tool->name : "it");
        if (tool->read(file, metric->name, i == 0 ? count : &again, error) != 0)
            return -1;
    }
    return fabs(*count - again) <= *count / 100
               ? 0
               : fail(error, "%s is %.0f, and the next time %.0f: it cannot be graded",
                      metric->name, *count, again);
}

/* Copies what is in a folder into another one, of the sandbox's. */
static int copy_folder(const char *from, const char *to, char *error)
{
    char source[KIT_PATH_SIZE + 24], text[1200];
    const char *const argv[] = {"cp", "-R", "--", source, to, NULL};
    const struct child_job job = {.argv = argv, .errors = {.sink = CHILD_CAPTURE}};
    struct child_result result;

    snprintf(source, sizeof source, "%s/.", from);
    int status = child_run(&job, &result);
    child_describe(&job, &result, text, sizeof text);
    child_result_free(&result);
    return status == 0 ? 0 : fail(error, "%s cannot be copied: %s", from, text);
}

/* The files to be counted, alone in the folder `source`. */
static int lay_out(const struct kit_bench *bench, const char *side, const char *source, char *error)
{
    char fixed[KIT_PATH_SIZE + 16];

    grading_remove_tree(source);
    if (mkdir(source, 0755) != 0)
        return fail(error, "%s: %s", source, strerror(errno));
    snprintf(fixed, sizeof fixed, "%s/fixed", bench->original);
    if (strcmp(side, "fixed") == 0) /* which may be objects */
        return copy_folder(fixed, source, error);
    return kit_take(&bench->kit, side, source, error);
}

int kit_count(struct kit_bench *bench, const char *side, double counts[KIT_GRADED],
              char error[KIT_ERROR_SIZE])
{
    const struct kit *kit = &bench->kit;
    char source[300], out[300], program[400], command[KIT_COMMAND_SIZE];
    const struct sandbox_limits limits = {
        .cpu_s = 60, .memory_bytes = (uint64_t)4 << 30, .file_bytes = FILE_BYTES, .tasks = TASKS};
    const char *const readable[] = {bench->folder, NULL};
    struct command runner;

    snprintf(source, sizeof source, "%s/source", bench->folder);
    snprintf(out, sizeof out, "%s/out", bench->folder);
    snprintf(program, sizeof program, "%s/program", out);
    unlink(program);
    if (strcmp(side, "naive") != 0) {
        if (lay_out(bench, side, source, error) != 0)
            return -1;
        side = source;
    }
    sandbox_begin(&runner, &bench->sandbox, 0, &limits, readable, out);
    if (kit_build(kit, side, program, runner.argv, error) != 0)
        return -1;
    if (kit_command(kit, side, program, command) != 0)
        return fail(error, "%s:%u: 'command' is too long", kit->path, kit->command_line);
    if (run_and_prove(bench, command, NULL, NULL, error) != 0)
        return -1;
    for (unsigned i = 0; i < kit->graded_count; i++)
        if (count_one(bench, command, &kit->graded[i].metric, &counts[i], error) != 0)
            return -1;
    return 0;
}

int kit_bench_open(struct kit_bench *bench, const struct kit *kit, unsigned cpu_s,
                   char error[KIT_ERROR_SIZE])
{
    const char *parent = getenv("TMPDIR");
    char path[KIT_PATH_SIZE + 16];

    *bench = (struct kit_bench){.kit = *kit, .original = kit->folder, .cpu_s = cpu_s};
    snprintf(bench->folder, sizeof bench->folder, "%s/fastenough-grade-XXXXXX",
             parent != NULL ? parent : "/tmp");
    if (mkdtemp(bench->folder) == NULL) {
        fail(error, "no folder can be made at %s: %s", bench->folder, strerror(errno));
        bench->folder[0] = '\0';
        return -1;
    }
    sandbox_init(&bench->sandbox, false);
    chmod(bench->folder, 0755);
    snprintf(path, sizeof path, "%s/out", bench->folder);
    if (mkdir(path, 0755) != 0 || sandbox_give(&bench->sandbox, 0, path) != 0)
        return fail(error, "%s: %s", path, strerror(errno));
    /* A submission must not find the solution: it could include it. */
    snprintf(bench->kit.folder, sizeof bench->kit.folder, "%s/kit", bench->folder);
    if (mkdir(bench->kit.folder, 0755) != 0)
        return fail(error, "%s: %s", bench->kit.folder, strerror(errno));
    if (copy_folder(kit->folder, bench->kit.folder, error) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/fixed", bench->kit.folder);
    grading_remove_tree(path);
    return 0;
}

void kit_bench_close(struct kit_bench *bench)
{
    free(bench->answer);
    if (bench->folder[0] != '\0')
        grading_remove_tree(bench->folder);
}
