#include "bench/pair/tool.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/readers/text.h"

enum { KEPT = 8 }; /* files of a side; the others are read, and go */

enum { TIMEOUT_LEAST_S = 10 };

/* What a tool says that matters, beside what the run came to. */
static const char *const telling[] = {"unhandled instruction", "setuid/setgid", "impossible",
                                      "Permission denied",     "cannot",        "not supported",
                                      "not permitted",         "Fatal",         "out of memory"};

/* The part of a file's name that is the same of all processes of a run. */
static void run_name(const struct pair_tool *tool, const struct tool_found *found, const char *kind,
                     char *name, size_t size)
{
    snprintf(name, size, "%s.%s.%u.%u.", tool->name, kind, found->side, found->turn);
}

/* The first line of a text that tells why, without "==123== ". 0 if there is none. */
static int find_telling(const char *text, char *line, size_t size)
{
    for (const char *at = text; at != NULL && *at != '\0';) {
        int length = (int)strcspn(at, "\n");
        snprintf(line, size, "%.*s", length, at);
        for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
            if (strcasestr(line, telling[i]) != NULL) {
                memmove(line, line + strspn(line, "=-0123456789 "),
                        strlen(line + strspn(line, "=-0123456789 ")) + 1);
                return 1;
            }
        at += length + (at[length] == '\n');
    }
    return 0;
}

/* Calls `each` for every file in work/ whose name begins with the prefix. 0, or what it returned.
 */
static int for_each(const struct pair *pair, const char *prefix,
                    int (*each)(void *context, const char *path), void *context)
{
    char folder[PATH_SIZE], path[PATH_SIZE + 256];
    const struct dirent *entry;
    int status = 0;

    results_path(&pair->comparison->results, "work", folder);
    DIR *list = opendir(folder);
    while (status == 0 && list != NULL && (entry = readdir(list)) != NULL) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        status = each(context, path);
    }
    if (list != NULL)
        closedir(list);
    return status;
}

struct telling_search {
    char line[256];
};

static int search_log(void *context, const char *path)
{
    struct telling_search *search = context;
    char error[TEXT_ERROR_SIZE];
    struct text text;

    if (text_read(path, &text, error, sizeof error) != 0)
        return 0;
    int is_found = find_telling(text.bytes, search->line, sizeof search->line);
    text_free(&text);
    return is_found;
}

static void say_lack(struct pair *pair, const struct pair_tool *tool,
                     const struct tool_found *found, const char *why,
                     const struct child_result *result)
{
    struct telling_search search = {""};
    char prefix[64];

    run_name(tool, found, "log", prefix, sizeof prefix);
    if (find_telling(result->errors, search.line, sizeof search.line) == 0)
        for_each(pair, prefix, search_log, &search);
    pair_lacks(pair, tool->what, tool->lost, "behind %s, %s%s%s", tool->command[0], why,
               search.line[0] != '\0' ? ": " : "", search.line);
}

/* The files of one run while they are read. */
struct reading {
    const struct pair_tool *tool;
    struct tool_found *found;
    struct kept {
        char path[PATH_SIZE + 256];
        double weight;
    } kept[KEPT]; /* the largest, descending */
    unsigned kept_count;
    char error[TEXT_ERROR_SIZE];
};

static int read_file(void *context, const char *path)
{
    struct reading *reading = context;
    double weight = 0;

    if (reading->tool->read(path, reading->found, &weight, reading->error, sizeof reading->error) !=
        0)
        return -1;
    reading->found->process_count++;
    unsigned at = reading->kept_count;
    while (at > 0 && reading->kept[at - 1].weight < weight)
        at--;
    if (at == KEPT)
        return 0;
    if (reading->kept_count < KEPT)
        reading->kept_count++;
    memmove(&reading->kept[at + 1], &reading->kept[at],
            (reading->kept_count - 1 - at) * sizeof *reading->kept);
    snprintf(reading->kept[at].path, sizeof reading->kept[at].path, "%s", path);
    reading->kept[at].weight = weight;
    return 0;
}

static int keep_files(struct pair *pair, const struct reading *reading)
{
    char name[96], path[PATH_SIZE];

    for (unsigned i = 0; i < reading->kept_count; i++) {
        int length = snprintf(name, sizeof name, "raw/%s.out.%s", reading->tool->name,
                              pair->side[reading->found->side].name);
        if (i > 0)
            snprintf(name + length, sizeof name - (size_t)length, ".%u", i + 1);
        if (rename(reading->kept[i].path, results_path(&pair->comparison->results, name, path)) !=
            0)
            return comparison_fail(pair->comparison, "cannot write %s: %s", path, strerror(errno));
    }
    return 0;
}

/* What a run of these left in work/: 0, 1 (said), -1. */
static int read_run(struct pair *pair, const struct pair_tool *tool, struct tool_found *found,
                    const struct child_result *result)
{
    static struct reading reading; /* large */
    char prefix[64];
    int status = 0;

    reading = (struct reading){.tool = tool, .found = found};
    run_name(tool, found, tool->file_option != NULL ? "out" : "log", prefix, sizeof prefix);
    if (for_each(pair, prefix, read_file, &reading) != 0) {
        say_lack(pair, tool, found, reading.error, result);
        return 1;
    }
    if (found->process_count == 0) {
        say_lack(pair, tool, found, "it wrote nothing", result);
        return 1;
    }
    if (found->turn == 0)
        status = keep_files(pair, &reading);
    return status;
}

/* Where a run's files go: an absolute path, as the command may run elsewhere. */
static void file_path(struct pair *pair, const struct pair_tool *tool,
                      const struct tool_found *found, const char *kind, char path[PATH_SIZE])
{
    char name[64], folder[PATH_SIZE];
    char *whole = realpath(results_path(&pair->comparison->results, "work", folder), NULL);

    run_name(tool, found, kind, name, sizeof name);
    snprintf(path, PATH_SIZE, "%.900s/%s", whole != NULL ? whole : folder, name);
    free(whole);
}

static void add_files(struct pair *pair, const struct pair_tool *tool,
                      const struct tool_found *found, struct command *command)
{
    char path[PATH_SIZE];

    file_path(pair, tool, found, tool->file_option != NULL ? "out" : "log", path);
    if (strcmp(tool->command[0], "valgrind") != 0) { /* one file for all processes */
        command_addf(command, "%s", tool->file_option);
        command_addf(command, "%s", path);
        return;
    }
    if (tool->file_option != NULL)
        command_add_files(command, tool->file_option, path);
    file_path(pair, tool, found, "log", path);
    command_add_files(command, "--log-file", path);
}

/* Not longer than what is left of the budget, and a little, as the estimate was one. */
static uint64_t timeout_ms(const struct pair *pair)
{
    return (uint64_t)(1e3 * (fmax(pair_left_s(pair), 0) + TIMEOUT_LEAST_S));
}

static int run_once(struct pair *pair, const struct pair_tool *tool, struct tool_found *found)
{
    struct child_result result;
    struct pair_run run;

    if (pair_run_init(&run, pair, found->side, tool->command) != 0) {
        pair_run_free(&run);
        return -1;
    }
    add_files(pair, tool, found, &run.command);
    run.job.is_without_aslr = true;
    run.job.timeout_ms = timeout_ms(pair);
    int status = pair_run(pair, &run, &result);
    if (status > 0)
        say_lack(pair, tool, found, pair_said(pair), &result);
    else if (status == 0)
        status = read_run(pair, tool, found, &result);
    child_result_free(&result);
    pair_run_free(&run);
    return status;
}

int tool_ask(struct pair *pair, const struct pair_tool *tool,
             struct tool_found *found[PAIR_SIDES][TALLY_TURNS])
{
    unsigned done = 0;
    int status = 0;

    if (!pair_affords(pair, tool->what, tool->slowdown, tool->turns))
        return 1;
    for (unsigned turn = 0; status == 0 && turn < tool->turns; turn++)
        for (unsigned side = 0; status == 0 && side < PAIR_SIDES; side++) {
            comparison_progress(pair->comparison, done++, PAIR_SIDES * tool->turns, tool->name);
            found[side][turn]->side = side;
            found[side][turn]->turn = turn;
            status = run_once(pair, tool, found[side][turn]);
        }
    comparison_progress(pair->comparison, PAIR_SIDES * tool->turns, PAIR_SIDES * tool->turns,
                        tool->name);
    return status;
}
