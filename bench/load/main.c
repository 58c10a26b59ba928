/*
 * main.c - `make load`: measures, prints the table, and writes load.json and load.txt.
 *
 * Exit status: 0; 1 if it could not be measured or written; 2 for bad usage; 130 after SIGINT.
 */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/load/load.h"
#include "bench/process/child.h"
#include "bench/readers/json.h"
#include "bench/readers/whole_file.h"
#include "bench/report/render_text.h"
#include "common/option_rows.h"
#include "common/signals.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

struct arguments {
    struct load_plan plan;
    const char *results; /* the folder for load.json and load.txt, or NULL */
};

static const char *name_mode(int mode)
{
    static const char *const names[] = {"quick", "default", "full"};
    return names[mode - LOAD_QUICK];
}

#define AT(field) OPTION_AT(struct arguments, field)

static const struct option_row rows[] = {
    {"programs", OPTION_PATH, AT(plan.programs), "the built programs", .value = "DIR",
     .preset = "build/bin"},
    {"script", OPTION_PATH, AT(plan.script), "what wrk runs", .preset = "bench/load/post.lua"},
    {"mode", OPTION_CHOICE, AT(plan.mode), "how long it takes", .value = "MODE", .low = LOAD_QUICK,
     .high = LOAD_FULL, .word = name_mode, .preset = "default"},
    {"rounds", OPTION_NUMBER, AT(plan.rounds), "of fresh processes", .low = 1,
     .high = LOAD_ROUNDS_MAX, .unit = "rounds", .otherwise = "the mode's"},
    {"seconds", OPTION_NUMBER, AT(plan.seconds), "of each load", .low = 1, .high = 600,
     .unit = "seconds", .otherwise = "the mode's"},
    {"soak", OPTION_NUMBER, AT(plan.soak_seconds), "of one more load, on the fixed service",
     .low = 20, .high = 86400, .unit = "seconds", .otherwise = "none"},
    {"seed", OPTION_NUMBER, AT(plan.seed), "of the records", .high = UINT64_MAX, .preset = "1"},
    {"results", OPTION_PATH, AT(results), "write load.json and load.txt there", .value = "FOLDER"},
};

static const struct option_table table = {"load", "load --help", rows, sizeof rows / sizeof *rows,
                                          .about =
                                              "drives the service, naive and fixed side by side"};

static int write_table(FILE *file, const void *report)
{
    return render_text(file, report, false);
}

static int write_results(const char *folder, const cJSON *report)
{
    char json_path[4096], table_path[4096];

    snprintf(json_path, sizeof json_path, "%s/load.json", folder);
    snprintf(table_path, sizeof table_path, "%s/load.txt", folder);
    mkdir(folder, 0777); /* or it is there */
    int status = json_write(json_path, json_member(report, "load"));
    if (status == 0)
        status = whole_file_write(table_path, write_table, report);
    if (status != 0)
        fprintf(stderr, "load: cannot write into %s: %s\n", folder, strerror(errno));
    else
        printf("\nIn %s: load.json, load.txt\n", folder);
    return status;
}

/* As the chapter of a comparison. */
static int show(const struct load *load, const char *results)
{
    cJSON *report = cJSON_CreateObject();

    cJSON_AddItemToObject(report, "load", load_document(load));
    int status = render_text(stdout, report, false);
    if (status == 0 && results != NULL)
        status = write_results(results, report);
    cJSON_Delete(report);
    return status;
}

int main(int argc, char **argv)
{
    static struct load load; /* large */
    struct arguments arguments = {.results = NULL};
    char error[LOAD_ERROR_SIZE];

    int parsed = option_rows_parse_all(&table, argc, argv, &arguments);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    setlocale(LC_CTYPE, "");
    signals_call(child_interrupt);
    printf("Measuring under load, which takes about %.0f s. A quiet machine helps.\n",
           load_plan_complete(&arguments.plan));
    fflush(stdout);
    int status = load_measure(&load, &arguments.plan, stderr, error);
    if (status == 0)
        status = show(&load, arguments.results);
    else
        fprintf(stderr, "load: %s\n", child_is_interrupted() ? "interrupted" : error);
    load_free(&load);
    if (child_is_interrupted())
        return EXIT_INTERRUPTED;
    return status == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
