#include "bench/pair/pair.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"

/* What is kept of an output that is only held against the proof, and of what is said beside it. */
enum { OUTPUT_KEPT = 4096, ERRORS_KEPT = 64 * 1024 };
/* How much longer than in the proof a run may take until it counts as one that never ends. */
enum { SLOWER_THAN_PROVED = 20, SLOWER_BY_TOOL = 200, LEAST_TIMEOUT_S = 10 };

/* What a tool needs for itself, however short the run is. */
static const double TOOL_START_S = 1;

static char said[1024];

const char *pair_said(const struct pair *pair)
{
    (void)pair;
    return said;
}

static unsigned count_environment(void)
{
    unsigned count = 0;
    while (environ[count] != NULL)
        count++;
    return count;
}

/* "NAME=VALUE" of an environment that has to have ours instead of the caller's. */
static bool is_ours(const char *variable)
{
    return strncmp(variable, "FASTENOUGH_COUNTERS=", 20) == 0 ||
           strncmp(variable, "FASTENOUGH_PADDING=", 19) == 0;
}

int pair_run_init(struct pair_run *run, struct pair *pair, unsigned side, const char *const *tool)
{
    *run = (struct pair_run){.side = &pair->side[side]};
    run->environment = calloc(count_environment() + 3, sizeof *run->environment);
    if (run->environment == NULL ||
        asprintf(&run->own[0], "FASTENOUGH_COUNTERS=%s", pair->counters) < 0)
        return comparison_fail(pair->comparison, "out of memory");
    unsigned count = 0;
    run->environment[count++] = run->own[0];
    for (char **variable = environ; *variable != NULL; variable++)
        if (!is_ours(*variable))
            run->environment[count++] = *variable;
    if (tool != NULL)
        command_add_all(&run->command, tool);
    double seconds = run->side->seconds * (tool != NULL ? SLOWER_BY_TOOL : SLOWER_THAN_PROVED);
    run->job = (struct child_job){
        .label = run->side->name,
        .environment = (const char *const *)run->environment,
        .directory = pair->directory,
        .input = pair->input,
        .output = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_KEPT, .is_digested = true},
        .errors = {.sink = CHILD_CAPTURE, .limit_bytes = ERRORS_KEPT},
        .timeout_ms = (uint64_t)(1e3 * fmax(seconds, LEAST_TIMEOUT_S)),
    };
    return 0;
}

void pair_run_seal(struct pair_run *run)
{
    if (run->job.argv != NULL)
        return;
    run->job.argv = run->side->argv;
    if (run->command.count == 0)
        return;
    command_add_all(&run->command, run->side->argv);
    run->job.argv = run->command.argv;
}

void pair_run_pad(struct pair_run *run, unsigned padding)
{
    unsigned count = 0;

    if (asprintf(&run->own[1], "FASTENOUGH_PADDING=%0*d", (int)padding + 1, 0) < 0) {
        run->own[1] = NULL; /* it runs without */
        return;
    }
    while (run->environment[count] != NULL)
        count++;
    run->environment[count] = run->own[1];
}

void pair_run_free(struct pair_run *run)
{
    free(run->environment);
    free(run->own[0]);
    free(run->own[1]);
    *run = (struct pair_run){.side = NULL};
}

/* The parent of a process; 0 if it is not known. */
static pid_t parent_of(const char *pid)
{
    char path[64], text[512];

    snprintf(path, sizeof path, "/proc/%.16s/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *at = strrchr(text, ')'); /* a name may have any character in it */
    int parent = 0;
    if (at == NULL || sscanf(at, ") %*c %d", &parent) != 1)
        return 0;
    return parent;
}

/* Ends those children of ours that are left, now that none of ours runs. Returns how many. */
static unsigned end_children(void)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    unsigned count = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
            parent_of(entry->d_name) != getpid())
            continue;
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        count++;
    }
    if (folder != NULL)
        closedir(folder);
    return count;
}

/*
 * Those that left the group of the run (setsid), so that its end was not theirs, are ours since
 * their parent died; and theirs, when they die.
 */
static unsigned end_leftovers(void)
{
    unsigned count = 0, more;
    siginfo_t info;

    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return 0; /* there is no child, which is soon said */
    do
        count += more = end_children();
    while (more > 0);
    return count;
}

/* NULL: it is what was proved. */
static const char *difference(const struct pair *pair, const struct pair_run *run,
                              const struct child_result *result)
{
    const struct pair_side *side = run->side;
    char text[768];

    if (result->end != CHILD_EXITED && !(result->end == CHILD_SIGNALLED && side->exit_status < 0 &&
                                         result->signal_number == side->signal_number)) {
        child_describe(&run->job, result, text, sizeof text);
        snprintf(said, sizeof said, "%s", text);
    } else if (result->end == CHILD_EXITED && pair->proof != PAIR_PROOF_NONE &&
               result->exit_status != side->exit_status) {
        snprintf(said, sizeof said, "%s ended with exit status %d, and with %d before", side->name,
                 result->exit_status, side->exit_status);
    } else if (pair->proof == PAIR_PROOF_OUTPUT && !run->is_tool_output && side->is_repeatable &&
               (result->output_bytes != side->output_bytes ||
                result->output_digest != side->output_digest)) {
        snprintf(said, sizeof said,
                 "%s printed something else than before (%llu bytes, and %llu before)", side->name,
                 (unsigned long long)result->output_bytes, (unsigned long long)side->output_bytes);
    } else {
        return NULL;
    }
    return said;
}

int pair_run(struct pair *pair, struct pair_run *run, struct child_result *result)
{
    struct pair_side *side = &pair->side[run->side - pair->side];

    pair_run_seal(run);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    unlink(pair->counters);
    child_run(&run->job, result);
    unsigned left = end_leftovers();
    side->leaves_processes |= left > 0;
    if (result->is_interrupted)
        return comparison_fail(pair->comparison, "interrupted");
    return difference(pair, run, result) == NULL ? 0 : 1;
}

double pair_left_s(const struct pair *pair)
{
    return pair->budget_s - (double)(clock_ns() - pair->comparison->start_ns) / 1e9;
}

bool pair_affords(struct pair *pair, const char *what, double slowdown, unsigned runs)
{
    double seconds = 0;

    for (unsigned side = 0; side < PAIR_SIDES; side++)
        seconds += runs * (TOOL_START_S + slowdown * pair->side[side].seconds);
    if (seconds <= pair_left_s(pair))
        return true;
    pair_lacks(pair, what, "its rows",
               "it takes about %.0f s, and of the budget of %.0f s %.0f s are left: BUDGET=%.0fs "
               "would do",
               ceil(seconds), pair->budget_s, fmax(0, pair_left_s(pair)),
               ceil(pair->budget_s - fmin(0, pair_left_s(pair)) + seconds));
    return false;
}

void pair_lacks(struct pair *pair, const char *what, const char *lost, const char *why, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, why);
    vsnprintf(text, sizeof text, why, arguments);
    va_end(arguments);
    machine_add_missing(pair->comparison, what, text, lost);
}

void pair_add_count(struct pair *pair, enum pair_section section, const struct quantity *what,
                    const double before[2], const double after[2])
{
    struct model *model = &pair->comparison->model;
    struct metric metric = {*what, pair->side[PAIR_BEFORE].name, pair->side[PAIR_AFTER].name, ""};

    if (before[0] == before[1] && after[0] == after[1]) {
        model_add_exact(model, (int)section, &metric, before[0], after[0]);
        return;
    }
    metric.condition =
        model_text(model, "counted twice, which differ: %.17g and %.17g, %.17g and %.17g",
                   before[0], before[1], after[0], after[1]);
    model_add_single(model, (int)section, &metric, before[0], after[0]);
}
