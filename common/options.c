#include "common/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int options_number(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') /* strtoull takes signs and white space */
        return -1;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *number >= low && *number <= high ? 0 : -1;
}

struct unit {
    const char *name;
    uint64_t factor;
};

/* A whole number with one of the units behind it; the list ends with a NULL name. */
static int parse_with_unit(const char *text, const struct unit *units, uint64_t *value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return -1;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0)
        return -1;
    for (; units->name != NULL; units++)
        if (strcmp(end, units->name) == 0)
            return __builtin_mul_overflow(number, units->factor, value) ? -1 : 0;
    return -1;
}

int options_duration(const char *text, uint64_t *ns)
{
    static const struct unit units[] = {
        {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {NULL, 0},
    };
    if (strcmp(text, "0") == 0) {
        *ns = 0;
        return 0;
    }
    return parse_with_unit(text, units, ns);
}

int options_size(const char *text, size_t *bytes)
{
    static const struct unit units[] = {
        {"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0},
    };
    uint64_t value;
    if (parse_with_unit(text, units, &value) != 0)
        return -1;
    *bytes = (size_t)value;
    return 0;
}

static int refuse(const char *command, const char *option, const char *value, const char *wanted)
{
    fprintf(stderr,
            "fastenough %s: %s takes %s, not '%s'. 'fastenough --help' lists the options.\n",
            command, option, wanted, value);
    return -1;
}

static int unknown(const char *command, char **argv)
{
    const char *word = argv[optind - 1];

    /* getopt is behind the word of a long option, but within that of a cluster of short ones */
    for (int i = 1; optopt > 0 && optopt < 256 && argv[i] != NULL; i++)
        if (argv[i][0] == '-' && strchr(argv[i], optopt) != NULL)
            word = argv[i];

    fprintf(stderr,
            "fastenough %s: '%s' is unknown or lacks its value. 'fastenough --help' lists the "
            "options.\n",
            command, word);
    return -1;
}

enum {
    OPTION_DB = 256,
    OPTION_DB_LATENCY,
    OPTION_WORKERS,
    OPTION_QUEUE,
    OPTION_REQUEST,
    OPTION_REPEAT,
    OPTION_MAX_LINE,
    OPTION_MAX_THREADS,
    OPTION_MAX_MEMORY,
    OPTION_JSON,
    OPTION_STRICT,
    OPTION_QUIET,
    OPTION_CPU_PROFILE,
    OPTION_SEED,
};

static const struct option run_table[] = {
    {"db", required_argument, NULL, OPTION_DB},
    {"db-latency", required_argument, NULL, OPTION_DB_LATENCY},
    {"workers", required_argument, NULL, OPTION_WORKERS},
    {"queue", required_argument, NULL, OPTION_QUEUE},
    {"request", required_argument, NULL, OPTION_REQUEST},
    {"repeat", required_argument, NULL, OPTION_REPEAT},
    {"max-line", required_argument, NULL, OPTION_MAX_LINE},
    {"max-threads", required_argument, NULL, OPTION_MAX_THREADS},
    {"max-memory", required_argument, NULL, OPTION_MAX_MEMORY},
    {"json", no_argument, NULL, OPTION_JSON},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"cpu-profile", required_argument, NULL, OPTION_CPU_PROFILE},
    {NULL, 0, NULL, 0},
};

/* Takes one option of `run`. Returns what it should have been where it is not, NULL if all is well.
 */
static const char *set_run_option(int code, const char *value, struct run_options *options)
{
    uint64_t number = 0;

    switch (code) {
    case OPTION_DB:
        return database_parse(value, &options->database) == 0 ? NULL : "sim or sqlite:FILE";
    case OPTION_DB_LATENCY:
        if (options_duration(value, &options->database.latency_ns) != 0 ||
            options->database.latency_ns > 10000000000u)
            return "a duration like 50us or 2ms, at most 10s";
        options->workers.wait_ns = options->database.latency_ns;
        return NULL;
    case OPTION_WORKERS:
        if (options_number(value, 1, 4096, &number) != 0)
            return "a number of threads from 1 to 4096";
        options->workers.thread_count = (unsigned)number;
        return NULL;
    case OPTION_QUEUE:
        if (options_number(value, 1, 1000000, &number) != 0)
            return "a number of requests from 1 to 1000000";
        options->workers.queue_count = (unsigned)number;
        return NULL;
    case OPTION_REQUEST:
        if (options_number(value, 1, 1000000, &number) != 0)
            return "a number of records from 1 to 1000000";
        options->request_records = (uint32_t)number;
        return NULL;
    case OPTION_REPEAT:
        if (options_number(value, 1, 1000000000, &options->repeat_count) != 0)
            return "a number of times from 1 to 1000000000";
        return NULL;
    case OPTION_MAX_LINE:
        if (options_size(value, &options->line_length_max) != 0 || options->line_length_max < 1 ||
            options->line_length_max > (size_t)1 << 30)
            return "a size like 64KiB or 1MiB, at most 1GiB";
        return NULL;
    case OPTION_MAX_THREADS:
        if (options_number(value, 1, 1000000, &number) != 0)
            return "a number of threads from 1 to 1000000";
        options->limits.threads_max = (uint32_t)number;
        return NULL;
    case OPTION_MAX_MEMORY:
        if (options_size(value, &options->limits.bytes_max) != 0 || options->limits.bytes_max == 0)
            return "a size like 512MiB or 2GiB";
        return NULL;
    case OPTION_JSON:
        options->is_json = true;
        return NULL;
    case OPTION_CPU_PROFILE:
        if (value[0] == '\0')
            return "a file to write to";
        options->cpu_profile = value;
        return NULL;
    case OPTION_STRICT:
        options->is_strict = true;
        return NULL;
    default:
        options->is_quiet = true;
        return NULL;
    }
}

int options_parse_run(int argc, char **argv, struct run_options *options)
{
    int code, index = 0;

    *options = (struct run_options){
        .limits = {.threads_max = 4000, .bytes_max = (size_t)2 << 30},
        .request_records = 1000,
        .repeat_count = 1,
        .line_length_max = 1 << 20,
    };
    opterr = 0;
    optind = 0; /* from the start, whatever was parsed before in this process */
    while ((code = getopt_long(argc, argv, ":", run_table, &index)) != -1) {
        if (code == '?' || code == ':')
            return unknown("run", argv);
        const char *wanted = set_run_option(code, optarg, options);
        if (wanted != NULL)
            return refuse("run", run_table[index].name, optarg, wanted);
    }
    if (options->database.sqlite_path != NULL && options->database.latency_ns > 0) {
        fprintf(stderr, "fastenough run: --db-latency is for the simulated database alone.\n");
        return -1;
    }
    if (argc - optind != 1) {
        fprintf(stderr,
                "fastenough run: name one file, or - for standard input. 'fastenough --help' "
                "shows how.\n");
        return -1;
    }
    options->path = argv[optind];
    if (strcmp(options->path, "-") == 0 && options->repeat_count > 1) {
        fprintf(stderr,
                "fastenough run: --repeat reads the input again, which standard input can't: "
                "name a file.\n");
        return -1;
    }
    return 0;
}

int options_parse_generate(int argc, char **argv, struct generate_options *options)
{
    static const struct option table[] = {
        {"seed", required_argument, NULL, OPTION_SEED},
        {NULL, 0, NULL, 0},
    };
    int code;

    *options = (struct generate_options){.seed = 1};
    opterr = 0;
    optind = 0; /* from the start, whatever was parsed before in this process */
    while ((code = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        if (code != OPTION_SEED)
            return unknown("generate", argv);
        if (options_number(optarg, 0, UINT64_MAX, &options->seed) != 0)
            return refuse("generate", "seed", optarg, "a whole number from 0 to 2^64-1");
    }
    if (argc - optind != 1 ||
        options_number(argv[optind], 0, (uint64_t)1 << 53, &options->count) != 0) {
        fprintf(stderr,
                "fastenough generate: say how many records, e.g. 'fastenough generate 10000 "
                "--seed 1'.\n");
        return -1;
    }
    return 0;
}
