/*
 * What `serve` can be told.
 */
#include "common/option_rows.h"
#include "common/service/serve.h"

static int parse_database(const char *text, void *options)
{
    return database_parse(text, options);
}

#define AT(field) OPTION_AT(struct service_options, field)
#define SECOND 1000000000u
#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)

static const struct option_row rows[] = {
    {"listen", OPTION_TEXT, AT(listen), "where; port 0: any that is free",
     .preset = "127.0.0.1:8080"},
    {"admin", OPTION_TEXT, AT(admin.listen),
     "where to serve profiles, as 127.0.0.1:6060 or unix:PATH", .preset = "off"},
    {"admin-token", OPTION_TEXT, AT(admin.token), "password for them, or file:PATH with it",
     .preset = "none"},
    {"admin-anywhere", OPTION_FLAG, AT(admin.is_any_address_allowed),
     "let --admin be other than a loopback address", .otherwise = "off"},
    {"admin-collects", OPTION_TEXT, AT(admin.collected), "what is collected all the time",
     .preset = "heap,locks,threadcreate"},
    {"db", OPTION_PARSED, AT(database), "where the rows go: sim or sqlite:FILE", .value = "DB",
     .parse = parse_database, .wanted = "sim or sqlite:FILE", .preset = "sim"},
    {"db-latency", OPTION_DURATION, AT(database.latency_ns), "round trip of the simulated database",
     .high = 10ull * SECOND, .preset = "0"},
    {"workers", OPTION_NUMBER, AT(workers.thread_count),
     "in all, of each request (naive); 0: their choice", .high = 4096, .unit = "threads",
     .preset = "0"},
    {"request", OPTION_NUMBER, AT(intake.request_records), "that the workers get as one request",
     .low = 1, .high = 1000000, .unit = "records", .preset = "100"},
    {"request-bytes", OPTION_SIZE, AT(intake.request_bytes),
     "or so many bytes, whichever comes first", .low = 1, .high = GIB, .preset = "1MiB"},
    {"queue", OPTION_NUMBER, AT(workers.queue_count), "that may wait for a worker; 0: their choice",
     .high = 1000000, .unit = "requests", .preset = "0"},
    {"queue-wait", OPTION_DURATION, AT(intake.wait_ns), "for room in that queue, then it's 503",
     .high = 600ull * SECOND, .preset = "2s"},
    {"max-line", OPTION_SIZE, AT(intake.line_length_max), "longer records are rejected", .low = 1,
     .high = GIB, .preset = "1MiB"},
    {"max-body", OPTION_SIZE, AT(body.bytes_max),
     "larger ones are refused with 413, compressed or not", .low = 1, .high = 1024 * GIB,
     .preset = "1GiB"},
    {"max-expansion", OPTION_NUMBER, AT(body.expansion_max),
     "that gzip may expand a body beyond 1 MiB", .low = 1, .high = 1000000, .unit = "times",
     .preset = "100"},
    {"max-buffers", OPTION_SIZE, AT(intake.buffers_bytes_max),
     "memory of all bodies in work, then it's 503", .low = MIB, .high = 1024 * GIB,
     .preset = "256MiB"},
    {"max-generate", OPTION_NUMBER, AT(generate_max), "of one GET /process", .low = 1,
     .high = 1000000000, .unit = "records", .preset = "100000"},
    {"max-connections", OPTION_NUMBER, AT(connections_max), "at a time", .low = 1, .high = 20000,
     .unit = "connections", .preset = "1024"},
    {"max-per-client", OPTION_NUMBER, AT(uploads_max), "at a time from one address, then it's 429",
     .low = 1, .high = 20000, .unit = "requests", .preset = "256"},
    {"max-threads", OPTION_NUMBER, AT(limits.threads_max), "of the workers, then it's 503 (naive)",
     .low = 1, .high = 1000000, .unit = "threads", .preset = "4000"},
    {"max-memory", OPTION_SIZE, AT(limits.bytes_max),
     "RSS at which no worker is started, then it's 503 (naive)", .low = 1, .high = 1024 * GIB,
     .preset = "2GiB"},
    {"max-leak", OPTION_SIZE, AT(leak_bytes_max), "what /leak may hold", .high = 1024 * GIB,
     .preset = "512MiB"},
    {"timeout", OPTION_DURATION, AT(timeout_ns), "for slow or idle clients", .low = SECOND / 10,
     .high = 3600ull * SECOND, .preset = "10s"},
    {"drain", OPTION_DURATION, AT(drain_ns), "for requests in flight when it is to end",
     .high = 3600ull * SECOND, .preset = "30s"},
};

static const struct option_table table = {.command = "fastenough serve",
                                          .help = "fastenough --help",
                                          .rows = rows,
                                          .count = sizeof rows / sizeof *rows};

int serve_options_parse(int argc, char **argv, struct service_options *options)
{
    *options = (struct service_options){.listen = NULL};
    if (option_rows_parse_all(&table, argc, argv, options) != 0)
        return -1;
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
    option_rows_print(&table, 6, file);
}
