#include "common/command/summary.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/arena.h"
#include "common/tally_json.h"

static uint64_t record_count(const struct run_result *result)
{
    return result->tally.accepted + tally_rejected(&result->tally);
}

/* a / b, and 0 where nothing was measured. */
static double per(double a, double b)
{
    return b > 0 ? a / b : 0;
}

/* Digits in groups of three. */
static const char *grouped(uint64_t number, char text[32])
{
    char *at = text + 31;
    *at = '\0';
    for (int digits = 0; digits == 0 || number > 0; digits++) {
        if (digits > 0 && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + number % 10);
        number /= 10;
    }
    return at;
}

static void print_count(FILE *file, const char *label, uint64_t number, const char *unit)
{
    char text[32];
    fprintf(file, "  %-16s %18s%s\n", label, grouped(number, text), unit);
}

static void print_rejected(FILE *file, const struct tally *tally)
{
    for (int reason = 0; reason < REJECT_COUNT; reason++) {
        uint64_t count = tally->rejected[reason];
        if (count == 0)
            continue;
        fprintf(file, "    %-14s %18" PRIu64 "  %s: line%s ", reject_name(reason), count,
                reject_meaning(reason), count > 1 ? "s" : "");
        for (unsigned i = 0; i < count && i < TALLY_LINES_KEPT; i++) {
            const struct tally_line *line = &tally->first[reason][i];
            fprintf(file, "%s%" PRIu64, i > 0 ? ", " : "", line->number);
            if (line->offset != REJECT_OFFSET_UNKNOWN)
                fprintf(file, " (byte %" PRIu32 ")", line->offset);
        }
        fputs(count > TALLY_LINES_KEPT ? ", ...\n" : "\n", file);
    }
}

static void print_lock(FILE *file, const struct lock_stats *lock)
{
    print_count(file, "lock taken", lock->acquisitions, " times");
    print_count(file, "  contended", lock->contended, " times");
    print_count(file, "  wait time", lock->wait_ns / 1000, " us in all threads");
    print_count(file, "  hold time", lock->hold_ns / 1000, " us in all threads");
    print_count(file, "  longest hold", lock->hold_ns_max / 1000, " us");
}

void summary_print_text(FILE *file, const char *variant, const struct run_options *options,
                        const struct run_result *result)
{
    const struct tally *tally = &result->tally;
    double records = (double)record_count(result), seconds = (double)result->elapsed_ns / 1e9;

    fprintf(file, "fastenough-%s: %s%s\n", variant, options->path,
            result->is_interrupted ? " (interrupted: counts so far)" : "");
    print_count(file, "accepted", tally->accepted, "");
    print_count(file, "rejected", tally_rejected(tally), "");
    print_rejected(file, tally);
    fprintf(file, "  %-16s   %016" PRIx64 "\n", "digest", tally->digest);
    fprintf(file, "  %-16s %18" PRId64 "\n", "score sum", tally->score_sum);
    print_count(file, "throughput", (uint64_t)per(records, seconds), " records/s");
    fprintf(file, "  %-16s %18.1f MB/s\n", "", per((double)result->byte_count / 1e6, seconds));
    print_count(file, "time", (uint64_t)per((double)result->elapsed_ns, records), " ns/record");
    print_count(file, "cpu time", (uint64_t)per((double)result->cpu_ns, records), " ns/record");
    print_count(file, "peak RSS", result->resident_bytes_max / 1024, " kB");
    print_count(file, "threads alive", result->threads_alive, " at the end");
    print_count(file, "  their stacks", result->threads.stack_mapped_bytes / 1024, " kB mapped");
    print_count(file, "", result->threads.stack_resident_bytes / 1024, " kB resident");
    print_lock(file, &result->lock);
    print_count(file, "allocations", tally->counts.allocations, "");
    print_count(file, "  bytes", tally->counts.allocated_bytes, "");
    print_count(file, "sorts", tally->counts.sorts, "");
    print_count(file, "  comparisons", tally->counts.comparisons, "");
    if (tally->counts.round_trips > 0)
        fprintf(file, "  %-16s %18.1f us each, %" PRIu64 " of them\n", "database waits",
                per((double)tally->round_trip_ns, (double)tally->counts.round_trips) / 1e3,
                tally->counts.round_trips);
}

static void add_number(cJSON *object, const char *name, double number)
{
    cJSON_AddNumberToObject(object, name, number);
}

static void add_counts(cJSON *object, const struct counts *counts)
{
    add_number(object, "allocations", (double)counts->allocations);
    add_number(object, "allocated_bytes", (double)counts->allocated_bytes);
    add_number(object, "sort_calls", (double)counts->sort_calls);
    add_number(object, "sorts", (double)counts->sorts);
    add_number(object, "comparisons", (double)counts->comparisons);
    add_number(object, "round_trips", (double)counts->round_trips);
}

static void add_lock(cJSON *object, const struct lock_stats *stats)
{
    cJSON *lock = cJSON_AddObjectToObject(object, "lock");
    add_number(lock, "acquisitions", (double)stats->acquisitions);
    add_number(lock, "contended", (double)stats->contended);
    add_number(lock, "wait_ns", (double)stats->wait_ns);
    add_number(lock, "hold_ns", (double)stats->hold_ns);
    add_number(lock, "hold_ns_max", (double)stats->hold_ns_max);
    add_counts(cJSON_AddObjectToObject(lock, "inside"), &stats->inside);
}

int summary_print_json(FILE *file, const char *variant, const struct run_result *result)
{
    const struct tally *tally = &result->tally;
    double records = (double)record_count(result), seconds = (double)result->elapsed_ns / 1e9;
    arena_cjson_has_failed(); /* whatever was before is not ours */
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "variant", variant);
    tally_json_add(object, tally);
    tally_json_add_lines(object, tally);
    add_number(object, "requests", (double)result->request_count);
    add_number(object, "bytes", (double)result->byte_count);
    add_number(object, "elapsed_ns", (double)result->elapsed_ns);
    add_number(object, "cpu_ns", (double)result->cpu_ns);
    add_number(object, "records_per_s", per(records, seconds));
    add_number(object, "mb_per_s", per((double)result->byte_count / 1e6, seconds));
    add_number(object, "ns_per_record", per((double)result->elapsed_ns, records));
    add_number(object, "peak_rss_kb", (double)(result->resident_bytes_max / 1024));
    add_number(object, "rss_kb", (double)(result->resident_bytes / 1024));
    add_number(object, "threads_alive", result->threads_alive);
    add_number(object, "threads_alive_max", result->threads.alive_count_max + 1);
    add_number(object, "threads_started", (double)result->threads.started_count);
    add_number(object, "stack_mapped_bytes", (double)result->threads.stack_mapped_bytes);
    add_number(object, "stack_resident_bytes", (double)result->threads.stack_resident_bytes);
    add_number(object, "round_trip_ns", (double)tally->round_trip_ns);
    add_counts(object, &tally->counts);
    add_counts(cJSON_AddObjectToObject(object, "work"), &result->work);
    add_lock(object, &result->lock);
    cJSON_AddBoolToObject(object, "interrupted", result->is_interrupted);
    if (result->error[0] != '\0')
        cJSON_AddStringToObject(object, "error", result->error);

    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    if (arena_cjson_has_failed() || text == NULL) {
        cJSON_free(text);
        return -1;
    }
    fprintf(file, "%s\n", text);
    cJSON_free(text);
    return 0;
}
