/*
 * machine.c - where this was measured: what moves the numbers, what is missing, and what that
 * costs.
 *
 * Nothing of the machine is changed; what could disturb a measurement becomes a warning.
 */
#include <errno.h>
#include <gnu/libc-version.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"

/* What takes longer to say its version than this never will. */
enum { VERSION_TIMEOUT_MS = 15000 };

/* The first line of a file without its newline; false if there is none. */
static bool read_line(const char *path, char *line, size_t size)
{
    FILE *file = fopen(path, "r");
    bool is_read = file != NULL && fgets(line, (int)size, file) != NULL;
    if (file != NULL)
        fclose(file);
    if (is_read)
        line[strcspn(line, "\n")] = '\0';
    return is_read;
}

/* The same, for the model; NULL. */
static const char *line_of(struct model *model, const char *path)
{
    char line[256];
    return read_line(path, line, sizeof line) ? model_text(model, "%s", line) : NULL;
}

/* What stands behind the `separator` in the first line that starts with `key`; or "unknown". */
static const char *value_in(struct model *model, const char *path, const char *key, char separator)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    const char *value = "unknown";

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *at = strchr(line, separator);
        if (strncmp(line, key, strlen(key)) != 0 || at == NULL)
            continue;
        at += 1 + strspn(at + 1, " \t\"");
        value = model_text(model, "%.*s", (int)strcspn(at, "\"\n"), at);
        break;
    }
    if (file != NULL)
        fclose(file);
    return value;
}

/* The first line that a program prints; NULL if it can't be run. */
static const char *version_of(struct model *model, const char *const *argv)
{
    struct child_job job = {
        .argv = argv, .output = {.sink = CHILD_CAPTURE}, .timeout_ms = VERSION_TIMEOUT_MS};
    struct child_result result;
    const char *version = NULL;

    if (child_run(&job, &result) == 0 && result.output != NULL)
        version = model_text(model, "%.*s", (int)strcspn(result.output, "\n"), result.output);
    child_result_free(&result);
    return version;
}

int require_valgrind(struct comparison *comparison)
{
    const struct child_job job = {
        .argv = (const char *const[]){"valgrind", "--version", NULL},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = VERSION_TIMEOUT_MS,
    };
    struct child_result result;
    int status = child_run(&job, &result);

    if (status != 0)
        program_failed(comparison, &job, &result);
    child_result_free(&result);
    return status;
}

void machine_add_missing(struct comparison *comparison, const char *what, const char *why,
                         const char *lost)
{
    struct model *model = &comparison->model;
    MODEL_ADD(model, &model->machine, lack, missing,
              (struct lack){what, model_text(model, "%s", why), lost});
}

/* NULL if there are any; or else why not. */
static const char *why_no_hardware_counters(void)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attributes,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .exclude_kernel = 1,
    };
    long fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
    if (fd < 0)
        return errno == EPERM || errno == EACCES
                   ? "perf_event_open() is refused, as containers do by default"
                   : "the kernel or the virtual machine has none";
    close((int)fd);
    return NULL;
}

/* Whether programs can be run without address randomisation; most containers refuse it. */
static bool has_fixed_layout(void)
{
    const struct child_job job = {.argv = (const char *const[]){"true", NULL},
                                  .is_without_aslr = true};
    struct child_result result;

    child_run(&job, &result);
    bool is_refused = result.is_aslr_refused;
    child_result_free(&result);
    return !is_refused;
}

static void describe_processor(struct comparison *comparison, struct machine *machine)
{
    struct model *model = &comparison->model;

    machine->cpu = value_in(model, "/proc/cpuinfo", "model name", ':');
    machine->cpu_count = comparison->cpu_count;
    machine->memory_bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    machine->governor = line_of(model, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if (machine->governor != NULL && strcmp(machine->governor, "performance") != 0)
        comparison_warn(comparison,
                        "the CPU's governor is '%s': times move with its frequency, counts do not",
                        machine->governor);
    machine->clocksource =
        line_of(model, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    if (machine->clocksource == NULL)
        machine->clocksource = "unknown";
    if (getloadavg(machine->load, 3) != 3)
        machine->load[0] = NAN;
    else if (machine->load[0] > 0.5 * comparison->cpu_count)
        comparison_warn(comparison,
                        "the machine is busy (load %.1f on %u CPUs): wall times will scatter, "
                        "counts stand",
                        machine->load[0], comparison->cpu_count);
}

/*
 * How many tasks there may be in the control groups that this process is in, as containers limit
 * it: the least `pids.max` of a group and of those around it. NAN if there is no such limit.
 */
static double group_limit(void)
{
    char line[1024], file[1200], text[64];
    FILE *groups = fopen("/proc/self/cgroup", "r"); /* NUMBER:CONTROLLERS:PATH */
    double least = NAN;

    while (groups != NULL && fgets(line, sizeof line, groups) != NULL) {
        char *controllers = strchr(line, ':');
        char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (path == NULL)
            continue;
        bool is_first_version = strncmp(controllers, ":pids:", 6) == 0;
        if (!is_first_version && path != controllers + 1)
            continue;
        path++;
        path[strcspn(path, "\n")] = '\0';
        for (char *end = path + strlen(path); end != NULL; end = strrchr(path, '/')) {
            *end = '\0';
            snprintf(file, sizeof file, "/sys/fs/cgroup%s%s/pids.max",
                     is_first_version ? "/pids" : "", path);
            double limit = read_line(file, text, sizeof text) ? strtod(text, NULL) : 0;
            if (limit > 0) /* "max" is 0 */
                least = fmin(least, limit);
        }
    }
    if (groups != NULL)
        fclose(groups);
    return least;
}

static double number_in(const char *path)
{
    char text[64];
    return read_line(path, text, sizeof text) ? strtod(text, NULL) : NAN;
}

int describe_machine(struct comparison *comparison)
{
    struct model *model = &comparison->model;
    struct machine *machine = &model->machine;
    const struct tool_version tools[] = {
        {"valgrind", version_of(model, (const char *const[]){"valgrind", "--version", NULL})},
        {"cJSON", cJSON_Version()},
        {"glibc", gnu_get_libc_version()}};
    struct utsname kernel;

    describe_processor(comparison, machine);
    /* How many threads the kernel lets there be: of lesson 4 they end before memory does. */
    machine->pids_max = group_limit();
    machine->threads_max = number_in("/proc/sys/kernel/threads-max");
    machine->pid_max = number_in("/proc/sys/kernel/pid_max");
    machine->max_map_count = number_in("/proc/sys/vm/max_map_count");
    uname(&kernel);
    machine->kernel = model_text(model, "%s %s", kernel.sysname, kernel.release);
    machine->os = value_in(model, "/etc/os-release", "PRETTY_NAME", '=');
    machine->compiler = COMPARE_COMPILER;
    machine->flags = COMPARE_FLAGS;
    /* in an edition for students the reference is objects, which somebody else's compiler made */
    if (COMPARE_REFERENCE[0] != '\0' && strcmp(COMPARE_REFERENCE, COMPARE_COMPILER) != 0)
        comparison_warn(comparison,
                        "The fixed files were compiled by %s: instructions and times are of two "
                        "compilers.",
                        COMPARE_REFERENCE);
    for (unsigned i = 0; i < sizeof tools / sizeof *tools; i++)
        MODEL_ADD(model, machine, tool, tools, tools[i]);
    const char *why = why_no_hardware_counters();
    if (why != NULL)
        machine_add_missing(
            comparison, "hardware counters", why,
            "cycles, branch and cache misses; instructions come from callgrind instead");
    if (!has_fixed_layout())
        machine_add_missing(
            comparison, "fixed layout", "personality() is refused, as containers do by default",
            "that instructions are the same on each run: some hundred in all may differ");
    if (comparison->cpu_count < 2)
        machine_add_missing(comparison, "second CPU", "only one may be used",
                            "scaling over workers");
    return 0;
}
