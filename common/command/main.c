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
#include "common/command/options.h"
#include "common/command/run.h"
#include "common/command/run_profile.h"
#include "common/service/serve.h"
#include "common/signals.h"
#include "common/command/summary.h"
#include "common/variant.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

static const volatile sig_atomic_t *is_stopped;

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
    int status = run(&options, is_stopped, &result) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
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
    for (uint64_t i = 0; i < options.count && !*is_stopped; i++) {
        size_t length = generate_line(options.seed, i, line);
        if (fwrite(line, 1, length, stdout) != length)
            break;
    }
    return finish_output(*is_stopped ? EXIT_INTERRUPTED : EXIT_SUCCESS);
}

static int print_help(void)
{
    printf(
        "fastenough - takes JSON records through eight stages into a database\n"
        "\n"
        "  fastenough run FILE|- [options]        process NDJSON, or a JSON array, of records\n");
    options_print_run(stdout);
    printf("  fastenough serve [options]             the same over HTTP; its options stand below\n"
           "  fastenough generate N [options]        write N records as NDJSON\n");
    options_print_generate(stdout);
    printf(
        "  fastenough digest sqlite:FILE [--json] digest, score sum and count of the rows in FILE\n"
        "  fastenough --help | --version\n"
        "\n"
        "In brackets: what is taken, and what holds without the option.\n"
        "Exit status: 0; 1 failed, or rejected records with --strict; 2 usage; 130 interrupted.\n"
        "\nOptions of fastenough serve:\n");
    serve_options_print(stdout);
    return finish_output(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    arena_install_cjson_hooks();
    is_stopped = signals_set_flag();
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is a write error like any other */
    if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0 ||
        (argc == 3 && strcmp(argv[2], "--help") == 0))
        return print_help();
    if (strcmp(command, "run") == 0)
        return command_run(argc - 1, argv + 1);
    if (strcmp(command, "generate") == 0)
        return command_generate(argc - 1, argv + 1);
    if (strcmp(command, "serve") == 0)
        return finish_output(serve_command(argc - 1, argv + 1, is_stopped));
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
