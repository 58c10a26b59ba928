#include "common/command/options.h"

#include <string.h>

#include "common/option_rows.h"
#include "common/quantity.h"

static int parse_database(const char *text, void *options)
{
    return database_parse(text, options);
}

#define AT(field) OPTION_AT(struct run_options, field)

static const struct option_row run_rows[] = {
    {"db", OPTION_PARSED, AT(database), "where the rows go: sim or sqlite:FILE", .value = "DB",
     .parse = parse_database, .wanted = "sim or sqlite:FILE", .preset = "sim"},
    {"db-latency", OPTION_DURATION, AT(database.latency_ns), "round trip of the simulated database",
     .high = 10000000000u, .preset = "0"},
    {"workers", OPTION_NUMBER, AT(workers.thread_count),
     "in all (fixed), of each request (naive)", .low = 1, .high = 4096, .unit = "threads",
     .otherwise = "each implementation chooses"},
    {"request", OPTION_NUMBER, AT(request_records), "that the workers get as one request", .low = 1,
     .high = 1000000, .unit = "records", .preset = "1000"},
    {"queue", OPTION_NUMBER, AT(workers.queue_count), "that may wait for a worker (fixed)",
     .low = 1, .high = 1000000, .unit = "requests", .otherwise = "by the number of threads"},
    {"repeat", OPTION_NUMBER, AT(repeat_count), "that the file is processed", .low = 1,
     .high = 1000000000, .unit = "times", .preset = "1"},
    {"max-line", OPTION_SIZE, AT(line_length_max), "longer lines are rejected", .low = 1,
     .high = (uint64_t)1 << 30, .preset = "1MiB"},
    {"max-threads", OPTION_NUMBER, AT(limits.threads_max), "alive; it stops rather than have more",
     .low = 1, .high = 1000000, .unit = "threads", .preset = "4000"},
    {"max-memory", OPTION_SIZE, AT(limits.bytes_max),
     "stop rather than start a thread beyond this RSS", .low = 1, .high = UINT64_MAX,
     .preset = "2GiB"},
    {"json", OPTION_FLAG, AT(is_json), "the result as one JSON object"},
    {"strict", OPTION_FLAG, AT(is_strict), "exit 1 if any record was rejected"},
    {"quiet", OPTION_FLAG, AT(is_quiet), "no progress line"},
    {"cpu-profile", OPTION_PATH, AT(cpu_profile), "where the CPU time went, for go tool pprof"},
};

static const struct option_row generate_rows[] = {
    {"seed", OPTION_NUMBER, OPTION_AT(struct generate_options, seed), "other records for each",
     .high = UINT64_MAX, .preset = "1"},
};

static const struct option_table run_table = {.command = "fastenough run",
                                              .help = "fastenough --help",
                                              .rows = run_rows,
                                              .count = sizeof run_rows / sizeof *run_rows};
static const struct option_table generate_table = {.command = "fastenough generate",
                                                   .help = "fastenough --help",
                                                   .rows = generate_rows,
                                                   .count = 1};

/* -1 after a message. */
static int check_run(const struct run_options *options)
{
    const char *wrong = NULL;

    if (options->database.sqlite_path != NULL && options->database.latency_ns > 0)
        wrong = "--db-latency is for the simulated database alone.";
    else if (strcmp(options->path, "-") == 0 && options->repeat_count > 1)
        wrong = "--repeat reads the input again, which standard input can't: name a file.";
    if (wrong != NULL)
        fprintf(stderr, "fastenough run: %s\n", wrong);
    return wrong == NULL ? 0 : -1;
}

int options_parse_run(int argc, char **argv, struct run_options *options)
{
    *options = (struct run_options){.path = NULL};
    int next = option_rows_parse(&run_table, argc, argv, options);
    if (next < 0)
        return -1;
    if (argc - next != 1) {
        fprintf(stderr,
                "fastenough run: name one file, or - for standard input. 'fastenough --help' "
                "shows how.\n");
        return -1;
    }
    options->path = argv[next];
    options->workers.wait_ns = options->database.latency_ns;
    return check_run(options);
}

int options_parse_generate(int argc, char **argv, struct generate_options *options)
{
    *options = (struct generate_options){.count = 0};
    int next = option_rows_parse(&generate_table, argc, argv, options);
    if (next < 0)
        return -1;
    if (argc - next != 1 ||
        quantity_read(QUANTITY_NUMBER, argv[next], 0, (uint64_t)1 << 53, &options->count) != 0) {
        fprintf(stderr,
                "fastenough generate: say how many records, e.g. 'fastenough generate 10000 "
                "--seed 1'.\n");
        return -1;
    }
    return 0;
}

void options_print_run(FILE *file)
{
    option_rows_print(&run_table, 6, file);
}

void options_print_generate(FILE *file)
{
    option_rows_print(&generate_table, 6, file);
}
