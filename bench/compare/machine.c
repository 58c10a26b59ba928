/*
 * machine.c - where this was measured: what moves the numbers, what is missing, and what that
 * costs.
 *
 * Nothing of the machine is changed; what could disturb a measurement becomes a warning.
 */
#define _GNU_SOURCE
#include <gnu/libc-version.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "document.h"
#include "programs.h"

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
    cJSON *machine = cJSON_GetObjectItemCaseSensitive(comparison->document, "machine");
    add_missing(cJSON_GetObjectItemCaseSensitive(machine, "missing"), what, why, lost);
}

static bool has_hardware_counters(void)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attributes,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .exclude_kernel = 1,
    };
    long fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
    if (fd < 0)
        return false;
    close((int)fd);
    return true;
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

/* How many threads the kernel lets there be: of problem 4 they end before memory does. */
static void add_limits(cJSON *machine)
{
    static const struct {
        const char *name, *path;
    } limits[] = {{"threads_max", "/proc/sys/kernel/threads-max"},
                  {"pid_max", "/proc/sys/kernel/pid_max"},
                  {"max_map_count", "/proc/sys/vm/max_map_count"}};
    cJSON *object = cJSON_AddObjectToObject(machine, "limits");
    char text[64];

    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (read_line(limits[i].path, text, sizeof text))
            cJSON_AddNumberToObject(object, limits[i].name, strtod(text, NULL));
        else
            cJSON_AddNullToObject(object, limits[i].name);
}

int describe_machine(struct comparison *comparison)
{
    cJSON *machine = cJSON_AddObjectToObject(comparison->document, "machine");
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
    if (!has_hardware_counters())
        add_missing(missing, "hardware counters", "the kernel or the virtual machine has none",
                    "cycles, branch and cache misses; instructions come from callgrind instead");
    if (comparison->cpu_count < 2)
        add_missing(missing, "a second CPU", "only one may be used", "scaling over workers");
    return 0;
}
