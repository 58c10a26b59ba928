/*
 * machine.c - where this was measured: what moves the numbers, what is missing, and what that
 * costs.
 *
 * Nothing of the machine is changed; what could disturb a measurement becomes a warning.
 */
#include <errno.h>
#include <gnu/libc-version.h>
#include <linux/perf_event.h>
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

/* What stands behind the `separator` in the first line that starts with `key`. */
static bool read_value(const char *path, const char *key, char separator, char *value, size_t size)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    bool is_found = false;

    while (!is_found && file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *at = strchr(line, separator);
        if (strncmp(line, key, strlen(key)) != 0 || at == NULL)
            continue;
        at += 1 + strspn(at + 1, " \t\"");
        at[strcspn(at, "\"\n")] = '\0';
        snprintf(value, size, "%s", at);
        is_found = true;
    }
    if (file != NULL)
        fclose(file);
    return is_found;
}

/* The first line that a program prints, into the object under `name`; null if it can't be run. */
static void add_version(cJSON *object, const char *name, const char *const *argv)
{
    struct child_job job = {
        .argv = argv, .output = {.sink = CHILD_CAPTURE}, .timeout_ms = VERSION_TIMEOUT_MS};
    struct child_result result;

    if (child_run(&job, &result) == 0 && result.output != NULL) {
        result.output[strcspn(result.output, "\n")] = '\0';
        cJSON_AddStringToObject(object, name, result.output);
    } else {
        cJSON_AddNullToObject(object, name);
    }
    child_result_free(&result);
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

static void add_missing(cJSON *missing, const char *what, const char *why, const char *lost)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(missing, object);
    cJSON_AddStringToObject(object, "what", what);
    cJSON_AddStringToObject(object, "why", why);
    cJSON_AddStringToObject(object, "lost", lost);
}

void machine_add_missing(struct comparison *comparison, const char *what, const char *why,
                         const char *lost)
{
    cJSON *machine = cJSON_GetObjectItemCaseSensitive(comparison->model.facts, "machine");
    add_missing(cJSON_GetObjectItemCaseSensitive(machine, "missing"), what, why, lost);
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

static void add_processor(struct comparison *comparison, cJSON *machine)
{
    char text[256];
    double load[3];

    cJSON_AddStringToObject(
        machine, "cpu",
        read_value("/proc/cpuinfo", "model name", ':', text, sizeof text) ? text : "unknown");
    cJSON_AddNumberToObject(machine, "cores", comparison->cpu_count);
    cJSON_AddNumberToObject(machine, "memory_bytes",
                            (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE));
    if (read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", text, sizeof text)) {
        cJSON_AddStringToObject(machine, "governor", text);
        if (strcmp(text, "performance") != 0)
            comparison_warn(
                comparison,
                "the CPU's governor is '%s': times move with its frequency, counts do not", text);
    } else {
        cJSON_AddNullToObject(machine, "governor");
    }
    cJSON_AddStringToObject(
        machine, "clocksource",
        read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", text,
                  sizeof text)
            ? text
            : "unknown");
    if (getloadavg(load, 3) == 3) {
        cJSON_AddItemToObject(machine, "load", cJSON_CreateDoubleArray(load, 3));
        if (load[0] > 0.5 * comparison->cpu_count)
            comparison_warn(comparison,
                            "the machine is busy (load %.1f on %u CPUs): wall times will scatter, "
                            "counts stand",
                            load[0], comparison->cpu_count);
    }
}

/*
 * How many tasks there may be in the control groups that this process is in, as containers limit
 * it: the least `pids.max` of a group and of those around it. 0 if there is no such limit.
 */
static double group_limit(void)
{
    char line[1024], file[1200], text[64];
    FILE *groups = fopen("/proc/self/cgroup", "r"); /* NUMBER:CONTROLLERS:PATH */
    double least = 0;

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
            if (limit > 0 && (least == 0 || limit < least)) /* "max" is 0 */
                least = limit;
        }
    }
    if (groups != NULL)
        fclose(groups);
    return least;
}

/* How many threads the kernel lets there be: of lesson 4 they end before memory does. */
static void add_limits(cJSON *machine)
{
    static const struct {
        const char *name, *path;
    } limits[] = {{"threads_max", "/proc/sys/kernel/threads-max"},
                  {"pid_max", "/proc/sys/kernel/pid_max"},
                  {"max_map_count", "/proc/sys/vm/max_map_count"}};
    cJSON *object = cJSON_AddObjectToObject(machine, "limits");
    char text[64];
    double tasks = group_limit();

    if (tasks > 0)
        cJSON_AddNumberToObject(object, "pids_max", tasks);
    else
        cJSON_AddNullToObject(object, "pids_max");
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (read_line(limits[i].path, text, sizeof text))
            cJSON_AddNumberToObject(object, limits[i].name, strtod(text, NULL));
        else
            cJSON_AddNullToObject(object, limits[i].name);
}

int describe_machine(struct comparison *comparison)
{
    cJSON *machine = cJSON_AddObjectToObject(comparison->model.facts, "machine");
    struct utsname kernel;
    char text[256];

    add_processor(comparison, machine);
    add_limits(machine);
    uname(&kernel);
    snprintf(text, sizeof text, "%s %s", kernel.sysname, kernel.release);
    cJSON_AddStringToObject(machine, "kernel", text);
    cJSON_AddStringToObject(
        machine, "os",
        read_value("/etc/os-release", "PRETTY_NAME", '=', text, sizeof text) ? text : "unknown");
    cJSON_AddStringToObject(machine, "compiler", COMPARE_COMPILER);
    cJSON_AddStringToObject(machine, "flags", COMPARE_FLAGS);
    cJSON *tools = cJSON_AddObjectToObject(machine, "tools");
    add_version(tools, "valgrind", (const char *const[]){"valgrind", "--version", NULL});
    cJSON_AddStringToObject(tools, "cJSON", cJSON_Version());
    cJSON_AddStringToObject(tools, "glibc", gnu_get_libc_version());
    cJSON *missing = cJSON_AddArrayToObject(machine, "missing");
    const char *why = why_no_hardware_counters();
    if (why != NULL)
        add_missing(missing, "hardware counters", why,
                    "cycles, branch and cache misses; instructions come from callgrind instead");
    if (!has_fixed_layout())
        add_missing(missing, "fixed layout",
                    "personality() is refused, as containers do by default",
                    "that instructions are the same on each run: some hundred in all may differ");
    if (comparison->cpu_count < 2)
        add_missing(missing, "second CPU", "only one may be used", "scaling over workers");
    return 0;
}
