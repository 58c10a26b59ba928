#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/load/load.h"
#include "common/thread.h"

static void print_head(FILE *file)
{
    fprintf(file, "  conn  build      records/s (low to high)       p50      p99    p99.9   threads"
                  "      RSS MiB\n"
                  "                                                  ms       ms       ms\n");
}

/* A latency with three digits. */
static void print_ms(FILE *file, double ms)
{
    if (isnan(ms))
        fprintf(file, " %8s", "-");
    else
        fprintf(file, " %8.*f", ms < 10 ? 2 : ms < 100 ? 1 : 0, ms);
}

static void print_cell(FILE *file, const struct cell *cell)
{
    struct spread speed = cell_records_per_s(cell);
    struct target_state before = cell_state(cell, 0), after = cell_state(cell, 1);

    fprintf(file, "  %4u  %s  %9.0f (%7.0f to %7.0f)", cell->connections, cell->variant,
            speed.median, speed.low, speed.high);
    print_ms(file, cell_latency_ms(cell, 0.5));
    print_ms(file, cell_latency_ms(cell, 0.99));
    print_ms(file, cell_latency_ms(cell, 0.999));
    fprintf(file, "  %3" PRIu64 "->%4" PRIu64 "  %4.0f ->%4.0f", before.worker_threads,
            after.worker_threads, (double)before.resident_bytes / 1048576,
            (double)after.resident_bytes / 1048576);
    if (cell_error_count(cell) > 0)
        fprintf(file, "  %" PRIu64 " errors", cell_error_count(cell));
    fprintf(file, "\n");
}

/* What the reader must know of a cell beyond its numbers. */
static void print_notes(FILE *file, const struct cell *cell)
{
    uint64_t answers = cell_ok_count(cell), refused = cell_refused_count(cell);

    if (refused > 0)
        fprintf(file,
                "  * %s, %u connections: in %" PRIu64 " of %u rounds it reached its cap of threads "
                "and refused the rest (503);\n    figures are up to there.\n",
                cell->variant, cell->connections, refused, cell->round_count);
    if (answers < 1000)
        fprintf(file,
                "  * %s, %u connections: %" PRIu64 " answers in all, so p99.9%s the slowest "
                "one.\n",
                cell->variant, cell->connections, answers, answers < 100 ? " and p99 are" : " is");
}

static void print_block(FILE *file, const struct load *load, const char *db_latency,
                        const char *title)
{
    fprintf(file, "\n%s\n", title);
    print_head(file);
    for (unsigned i = 0; i < load->cell_count; i++)
        if (strcmp(load->cells[i].db_latency, db_latency) == 0)
            print_cell(file, &load->cells[i]);
    for (unsigned i = 0; i < load->cell_count; i++)
        if (strcmp(load->cells[i].db_latency, db_latency) == 0)
            print_notes(file, &load->cells[i]);
}

/* An estimate with its interval, scaled: by 100 for percent. */
static void print_interval(FILE *file, int status, const struct stats_interval *interval,
                           double scale, const char *unit)
{
    if (status < 0)
        fprintf(file, "not measured");
    else if (status == STATS_TOO_FEW)
        fprintf(file, "%.*f%s (too few rounds for an interval)", scale > 1 ? 0 : 1,
                scale * interval->estimate, unit);
    else
        fprintf(file, "%.*f%s (%.*f to %.*f)", scale > 1 ? 0 : 1, scale * interval->estimate, unit,
                scale > 1 ? 0 : 1, scale * interval->low, scale > 1 ? 0 : 1,
                scale * interval->high);
}

static void print_targets(FILE *file, const struct load *load)
{
    struct stats_interval interval;
    struct spread batch = spread_of(load->batch_records_per_s, load->plan.rounds);

    fprintf(file, "\n%s from a file (batch): %.0f records/s (%.0f to %.0f)\n", CODE_FIXED,
            batch.median, batch.low, batch.high);
    int status = load_batch_share(load, 4, &interval);
    fprintf(file, "  over HTTP, 4 connections:  ");
    print_interval(file, status, &interval, 100, "%");
    status = load_batch_share(load, 16, &interval);
    if (status >= 0) {
        fprintf(file, "\n  over HTTP, 16 connections: ");
        print_interval(file, status, &interval, 100, "%");
    }
    status = load_p99_ratio(load, "50us", 4, &interval);
    fprintf(file, "\n%s's p99 is %s's, 4 connections, database 50us, times: ", CODE_NAIVE,
            CODE_FIXED);
    print_interval(file, status, &interval, 1, "");
    fprintf(file, "\n");
}

static void print_soak(FILE *file, const struct soak *soak)
{
    struct soak_memory memory;

    soak_memory(soak, &memory);
    fprintf(file,
            "\nThe long load, %s, %u s, %u connections: %" PRIu64 " answers, %" PRIu64 " errors, "
            "%.0f records/s\n",
            CODE_FIXED, soak->seconds, SOAK_CONNECTIONS, soak->ok_count,
            soak->error_count + soak->refused_count, soak->records_per_s);
    fprintf(file,
            "  RSS %.2f MiB after a tenth of it, %.2f at the end (%.2f to %.2f), %+.1f KiB a "
            "minute\n  threads %" PRIu64 " to %" PRIu64 "\n",
            (double)memory.settled / 1048576, (double)memory.last / 1048576,
            (double)memory.low / 1048576, (double)memory.high / 1048576,
            memory.bytes_per_minute / 1024, memory.threads_low, memory.threads_high);
}

void load_print(const struct load *load, FILE *file)
{
    fprintf(file,
            "Load: bodies of %d records (%.0f KiB) by wrk, %u rounds of %u s, each with a fresh "
            "service, %u CPUs.\n"
            "Latencies are of whole bodies, over all rounds; threads (the workers') and RSS before "
            "-> after.\n",
            BODY_RECORDS, (double)load->body_bytes / 1024, load->plan.rounds, load->plan.seconds,
            thread_cpu_count());
    print_block(file, load, "0", "Without a database wait");
    print_block(file, load, "50us", "With a database of 50 us a record");
    print_targets(file, load);
    if (load->soak.count > 0)
        print_soak(file, &load->soak);
}
