/*
 * main.c - `make load`: measures, prints the table, and writes load.json and load.txt.
 *
 * Exit status: 0; 1 if it could not be measured or written; 2 for bad usage; 130 after SIGINT.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/load/load.h"
#include "bench/process/child.h"
#include "common/options.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

struct arguments {
    struct load_plan plan;
    const char *results; /* the folder for load.json and load.txt, or NULL */
};

static const char usage[] =
    "load --programs FOLDER --script post.lua [options]\n"
    "  --mode quick|default|full   how long it takes\n"
    "  --rounds N  --seconds N     instead of the mode's\n"
    "  --soak N                    and a load of N seconds on ffff (20 or more)\n"
    "  --seed S                    of the records\n"
    "  --results FOLDER            write load.json and load.txt there\n";

static void interrupt(int signal_number)
{
    (void)signal_number;
    child_interrupt();
}

static int set_mode(const char *text, enum load_mode *mode)
{
    static const char *const names[] = {"quick", "default", "full"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *mode = (enum load_mode)(LOAD_QUICK + i);
            return 0;
        }
    return -1;
}

static int set_number(const char *text, unsigned low, unsigned high, unsigned *value)
{
    uint64_t number;
    if (options_number(text, low, high, &number) != 0)
        return -1;
    *value = (unsigned)number;
    return 0;
}

static int set(int code, const char *value, struct arguments *arguments)
{
    struct load_plan *plan = &arguments->plan;

    switch (code) {
    case 'p':
        plan->programs = value;
        return 0;
    case 'l':
        plan->script = value;
        return 0;
    case 'm':
        return set_mode(value, &plan->mode);
    case 'r':
        return set_number(value, 1, LOAD_ROUNDS_MAX, &plan->rounds);
    case 's':
        return set_number(value, 1, 600, &plan->seconds);
    case 'k':
        return set_number(value, 20, 86400, &plan->soak_seconds);
    case 'e':
        return options_number(value, 0, UINT64_MAX, &plan->seed);
    case 'o':
        arguments->results = value;
        return 0;
    default:
        return -1;
    }
}

static int parse(int argc, char **argv, struct arguments *arguments)
{
    static const struct option table[] = {
        {"programs", required_argument, NULL, 'p'},
        {"script", required_argument, NULL, 'l'},
        {"mode", required_argument, NULL, 'm'},
        {"rounds", required_argument, NULL, 'r'},
        {"seconds", required_argument, NULL, 's'},
        {"soak", required_argument, NULL, 'k'},
        {"seed", required_argument, NULL, 'e'},
        {"results", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    int code;

    *arguments = (struct arguments){.plan = {.mode = LOAD_DEFAULT, .seed = 1}};
    while ((code = getopt_long(argc, argv, "", table, NULL)) != -1)
        if (set(code, optarg, arguments) != 0)
            return -1;
    return optind == argc && arguments->plan.programs != NULL && arguments->plan.script != NULL
               ? 0
               : -1;
}

/* Writes a file whole or not at all: under another name first. */
static int write_file(const char *folder, const char *name, const struct load *load, bool is_json)
{
    char path[4096], draft[4112];
    char *text = NULL;
    cJSON *document = is_json ? load_document(load) : NULL;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(draft, sizeof draft, "%s.draft", path);
    FILE *file = fopen(draft, "w");
    int status = file != NULL ? 0 : -1;
    if (file != NULL && is_json) {
        text = cJSON_Print(document);
        status = text != NULL && fprintf(file, "%s\n", text) > 0 ? 0 : -1;
        cJSON_free(text);
    } else if (file != NULL) {
        load_print(load, file);
        status = ferror(file) ? -1 : 0;
    }
    cJSON_Delete(document);
    if (file != NULL && fclose(file) != 0)
        status = -1;
    if (status == 0)
        status = rename(draft, path);
    if (status != 0) {
        fprintf(stderr, "load: cannot write %s: %s\n", path, strerror(errno));
        unlink(draft);
    }
    return status;
}

static int write_results(const char *folder, const struct load *load)
{
    mkdir(folder, 0777); /* or it is there */
    if (write_file(folder, "load.json", load, true) != 0 ||
        write_file(folder, "load.txt", load, false) != 0)
        return -1;
    printf("\nIn %s: load.json, load.txt\n", folder);
    return 0;
}

int main(int argc, char **argv)
{
    static struct load load; /* large */
    struct arguments arguments;
    struct sigaction action = {.sa_handler = interrupt};
    char error[LOAD_ERROR_SIZE];

    if (parse(argc, argv, &arguments) != 0) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    printf("Measuring under load, which takes about %.0f s. A quiet machine helps.\n",
           load_plan_complete(&arguments.plan));
    fflush(stdout);
    int status = load_measure(&load, &arguments.plan, stderr, error);
    if (status == 0) {
        load_print(&load, stdout);
        if (arguments.results != NULL)
            status = write_results(arguments.results, &load);
    } else {
        fprintf(stderr, "load: %s\n", child_is_interrupted() ? "interrupted" : error);
    }
    load_free(&load);
    if (child_is_interrupted())
        return EXIT_INTERRUPTED;
    return status == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
