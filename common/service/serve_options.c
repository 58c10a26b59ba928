/*
 * What `serve` can be told. Each option is a row of the table: its kind, its range, and where its
 * value goes.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/options.h"
#include "common/service/serve.h"

enum kind {
    KIND_TEXT,
    KIND_FLAG, /* takes no value: it is there or it isn't */
    KIND_DATABASE,
    KIND_DURATION,
    KIND_SIZE,
    KIND_SIZE64,
    KIND_UINT,
    KIND_UINT64
};

struct setting {
    const char *name;
    enum kind kind;
    uint64_t low, high;
    size_t offset; /* of the value, in struct service_options */
    const char *preset, *meaning;
};

#define AT(field) offsetof(struct service_options, field)
#define SECOND 1000000000u
#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)

static const struct setting settings[] = {
    {"listen", KIND_TEXT, 0, 0, AT(listen), "127.0.0.1:8080", "where; port 0: any that is free"},
    {"admin", KIND_TEXT, 0, 0, AT(admin.listen), "off",
     "where to serve profiles, as 127.0.0.1:6060 or unix:PATH"},
    {"admin-token", KIND_TEXT, 0, 0, AT(admin.token), "none",
     "password for them, or file:PATH with it"},
    {"admin-anywhere", KIND_FLAG, 0, 1, AT(admin.is_any_address_allowed), "off",
     "let --admin be other than a loopback address"},
    {"admin-collects", KIND_TEXT, 0, 0, AT(admin.collected), "heap,locks,threadcreate",
     "what is collected all the time"},
    {"db", KIND_DATABASE, 0, 0, AT(database), "sim", "or sqlite:FILE"},
    {"db-latency", KIND_DURATION, 0, 10ull * SECOND, AT(database.latency_ns), "0",
     "round trip of the simulated database"},
    {"workers", KIND_UINT, 0, 4096, AT(workers.thread_count), "0",
     "threads: of the pool, of each request (naive); 0: their choice"},
    {"request", KIND_UINT, 1, 1000000, AT(intake.request_records), "100",
     "records that the workers get as one request"},
    {"request-bytes", KIND_SIZE, 1, GIB, AT(intake.request_bytes), "1MiB",
     "or so many bytes, whichever comes first"},
    {"queue", KIND_UINT, 0, 1000000, AT(workers.queue_count), "0",
     "requests that may wait for a worker; 0: their choice"},
    {"queue-wait", KIND_DURATION, 0, 600ull * SECOND, AT(intake.wait_ns), "2s",
     "for room in that queue, then it's 503"},
    {"max-line", KIND_SIZE, 1, GIB, AT(intake.line_length_max), "1MiB",
     "longer records are rejected"},
    {"max-body", KIND_SIZE64, 1, 1024 * GIB, AT(body.bytes_max), "1GiB",
     "larger ones are refused with 413, compressed or not"},
    {"max-expansion", KIND_UINT, 1, 1000000, AT(body.expansion_max), "100",
     "times that gzip may expand a body beyond 1 MiB"},
    {"max-buffers", KIND_SIZE, MIB, 1024 * GIB, AT(intake.buffers_bytes_max), "256MiB",
     "memory of all bodies in work, then it's 503"},
    {"max-generate", KIND_UINT64, 1, 1000000000, AT(generate_max), "100000",
     "records of one GET /process"},
    {"max-connections", KIND_UINT, 1, 20000, AT(connections_max), "1024", "at a time"},
    {"max-per-client", KIND_UINT, 1, 20000, AT(uploads_max), "256",
     "requests at a time from one address, then it's 429"},
    {"max-threads", KIND_UINT, 1, 1000000, AT(limits.threads_max), "4000",
     "of the workers, then it's 503 (naive)"},
    {"max-memory", KIND_SIZE, 1, 1024 * GIB, AT(limits.bytes_max), "2GiB",
     "RSS at which no worker is started, then it's 503 (naive)"},
    {"max-leak", KIND_SIZE, 0, 1024 * GIB, AT(leak_bytes_max), "512MiB", "that /leak may hold"},
    {"timeout", KIND_DURATION, SECOND / 10, 3600ull * SECOND, AT(timeout_ns), "10s",
     "for slow or idle clients"},
    {"drain", KIND_DURATION, 0, 3600ull * SECOND, AT(drain_ns), "30s",
     "for requests in flight when it is to end"},
};

enum { SETTING_COUNT = sizeof settings / sizeof settings[0] };

/* 0, or -1 if the text is no such value. A flag's is NULL where it was given. */
static int set(const struct setting *setting, const char *text, struct service_options *options)
{
    char *target = (char *)options + setting->offset;
    uint64_t value = 0;
    size_t size = 0;
    int status = 0;

    switch (setting->kind) {
    case KIND_TEXT:
        memcpy(target, &text, sizeof text);
        return 0;
    case KIND_FLAG:
        memcpy(target, &(bool){text == NULL}, sizeof(bool));
        return 0;
    case KIND_DATABASE:
        return database_parse(text, &options->database);
    case KIND_DURATION:
        status = options_duration(text, &value);
        break;
    case KIND_SIZE:
    case KIND_SIZE64:
        status = options_size(text, &size);
        value = size;
        break;
    default:
        status = options_number(text, 0, UINT64_MAX, &value);
    }
    if (status != 0 || value < setting->low || value > setting->high)
        return -1;
    if (setting->kind == KIND_UINT)
        memcpy(target, &(unsigned){(unsigned)value}, sizeof(unsigned));
    else if (setting->kind == KIND_SIZE)
        memcpy(target, &size, sizeof size);
    else
        memcpy(target, &value, sizeof value);
    return 0;
}

static int refuse(const struct setting *setting, const char *text)
{
    const char *kind = "a number";

    if (setting->kind == KIND_DATABASE)
        kind = "sim or sqlite:FILE";
    else if (setting->kind == KIND_DURATION)
        kind = "a duration like 50us or 2s, within reason";
    else if (setting->kind == KIND_SIZE || setting->kind == KIND_SIZE64)
        kind = "a size like 64KiB or 2GiB, within reason";
    fprintf(stderr, "fastenough serve: --%s takes %s", setting->name, kind);
    if (setting->kind == KIND_UINT || setting->kind == KIND_UINT64)
        fprintf(stderr, " from %" PRIu64 " to %" PRIu64, setting->low, setting->high);
    fprintf(stderr, ", not '%s'. 'fastenough --help' lists the options.\n", text);
    return -1;
}

int serve_options_parse(int argc, char **argv, struct service_options *options)
{
    struct option table[SETTING_COUNT + 1] = {0};
    int code;

    *options = (struct service_options){0};
    for (int i = 0; i < SETTING_COUNT; i++) {
        int takes = settings[i].kind == KIND_FLAG ? no_argument : required_argument;
        table[i] = (struct option){settings[i].name, takes, NULL, 256 + i};
        set(&settings[i], settings[i].preset, options);
    }
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        if (code < 256) {
            fprintf(stderr,
                    "fastenough serve: '%s' is unknown or lacks its value. 'fastenough "
                    "--help' lists the options.\n",
                    argv[optind - 1]);
            return -1;
        }
        if (set(&settings[code - 256], optarg, options) != 0)
            return refuse(&settings[code - 256], optarg);
    }
    if (optind < argc) {
        fprintf(stderr, "fastenough serve: '%s' is too much: there are options only.\n",
                argv[optind]);
        return -1;
    }
    if (options->database.sqlite_path != NULL && options->database.latency_ns > 0) {
        fprintf(stderr, "fastenough serve: --db-latency is for the simulated database alone.\n");
        return -1;
    }
    options->workers.wait_ns = options->database.latency_ns;
    options->admin.timeout_ns = options->timeout_ns;
    return 0;
}

void serve_options_print(FILE *file)
{
    static const char *const values[] = {
        [KIND_TEXT] = "TEXT",     [KIND_FLAG] = "",     [KIND_DATABASE] = "DB",
        [KIND_DURATION] = "TIME", [KIND_SIZE] = "SIZE", [KIND_SIZE64] = "SIZE",
        [KIND_UINT] = "N",        [KIND_UINT64] = "N",
    };
    char name[48];

    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &settings[i];
        snprintf(name, sizeof name, "--%s %s", setting->name, values[setting->kind]);
        fprintf(file, "      %-21s %s (%s)\n", name, setting->meaning, setting->preset);
    }
}
