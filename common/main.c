/*
 * main.c - the command fastenough: run, serve, generate, digest, and help.
 *
 * Exit status: 0; 1 if the work could not be done, or with --strict if a record was rejected; 2 for
 * a command line that makes no sense; 130 after SIGINT.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/generate.h"
#include "common/options.h"
#include "common/run.h"
#include "common/run_profile.h"
#include "common/service/serve.h"
#include "common/summary.h"
#include "common/variant.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

static const char help[] =
    "fastenough - takes JSON records through eight stages into a database\n"
    "\n"
    "  fastenough run FILE|- [options]        process NDJSON, or a JSON array, of records\n"
    "      --db sim|sqlite:FILE  the database that the rows go to (sim)\n"
    "      --db-latency 50us     round trip of the simulated database (0)\n"
    "      --workers N           threads: of the pool (fixed), of each request (naive);\n"
    "                            by default each implementation chooses\n"
    "      --request N           records that the workers get as one request (1000)\n"
    "      --queue N             requests that may wait for a worker (fixed); by default it\n"
    "                            goes by its number of threads\n"
    "      --repeat R            process the file R times over (1)\n"
    "      --max-line SIZE       longer lines are rejected (1MiB)\n"
    "      --max-threads N       stop rather than have more threads alive (4000)\n"
    "      --max-memory SIZE     stop rather than start a thread beyond this RSS (2GiB)\n"
    "      --json                the result as one JSON object\n"
    "      --strict              exit 1 if any record was rejected\n"
    "      --quiet               no progress line\n"
    "      --cpu-profile FILE    where the CPU time went, for go tool pprof\n"
    "  fastenough serve [options]             the same over HTTP; its options stand below\n"
    "  fastenough generate N [--seed S]       write N records as NDJSON (seed 1)\n"
    "  fastenough digest sqlite:FILE [--json] digest, score sum and count of the rows in FILE\n"
    "  fastenough --help | --version\n"
    "\n"
    "Exit status: 0; 1 failed, or rejected records with --strict; 2 usage; 130 interrupted.\n";

static volatile sig_atomic_t is_stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    is_stopped = 1;
}

/* SIGINT and SIGTERM end the work at the next chance, a second one ends it at once. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is a write error like any other */
}

/* Makes sure that what was printed has arrived; a full disk shows up here at the latest. */
static int finish_output(int status)
{
    int is_bad = ferror(stdout);
    if (fflush(stdout) != 0 || is_bad) {
        fprintf(stderr, "fastenough: cannot write the output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return status;
}

static int command_run(int argc, char **argv)
{
    struct run_options options;
    static struct run_result result; /* large, and written once */

    if (options_parse_run(argc, argv, &options) != 0)
        return EXIT_USAGE;
    struct run_profile *profile = NULL;
    if (options.cpu_profile != NULL && (profile = run_profile_start(options.cpu_profile)) == NULL)
        return EXIT_FAILURE;
    int status = run(&options, &is_stopped, &result) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    bool is_profiled = run_profile_end(profile) == 0;
    if (options.is_json) {
        if (summary_print_json(stdout, variant_code, &result) != 0) {
            fprintf(stderr, "fastenough: out of memory for the result\n");
            status = EXIT_FAILURE;
        }
    } else if (status == EXIT_SUCCESS || result.request_count > 0) {
        summary_print_text(stdout, variant_code, &options, &result);
    }
    if (result.error[0] != '\0')
        fprintf(stderr, "fastenough: %s\n", result.error);
    else if (result.is_interrupted)
        status = EXIT_INTERRUPTED;
    else if (options.is_strict && tally_rejected(&result.tally) > 0)
        status = EXIT_FAILURE;
    return finish_output(is_profiled ? status : EXIT_FAILURE);
}

static int command_generate(int argc, char **argv)
{
    struct generate_options options;
    char line[GENERATE_LINE_MAX];

    if (options_parse_generate(argc, argv, &options) != 0)
        return EXIT_USAGE;
    for (uint64_t i = 0; i < options.count && !is_stopped; i++) {
        size_t length = generate_line(options.seed, i, line);
        if (fwrite(line, 1, length, stdout) != length)
            break;
    }
    return finish_output(is_stopped ? EXIT_INTERRUPTED : EXIT_SUCCESS);
}

static int print_help(void)
{
    fputs(help, stdout);
    printf("\nOptions of fastenough serve, and what holds without them:\n");
    serve_options_print(stdout);
    return finish_output(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    arena_install_cjson_hooks();
    catch_signals();
    if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0 ||
        (argc == 3 && strcmp(argv[2], "--help") == 0))
        return print_help();
    if (strcmp(command, "run") == 0)
        return command_run(argc - 1, argv + 1);
    if (strcmp(command, "generate") == 0)
        return command_generate(argc - 1, argv + 1);
    if (strcmp(command, "serve") == 0)
        return finish_output(serve_command(argc - 1, argv + 1, &is_stopped));
    if (strcmp(command, "digest") == 0)
        return finish_output(digest_command(argc - 1, argv + 1));
    if (strcmp(command, "--version") == 0) {
        printf("fastenough 1.0 (%s)\n", variant_code);
        return finish_output(EXIT_SUCCESS);
    }
    fprintf(stderr, "fastenough: %s%s. 'fastenough --help' shows what there is.\n",
            argc > 1 ? "unknown command " : "say what to do", command);
    return EXIT_USAGE;
}
