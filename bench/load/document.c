#include <math.h>
#include <stdio.h>

#include "bench/lesson.h"
#include "bench/load/load.h"
#include "common/thread.h"

/* cJSON's adders return NULL where memory ran out: `is_short` keeps that for the end. */
struct writer {
    bool is_short;
};

static void number(struct writer *writer, cJSON *object, const char *name, double value)
{
    const cJSON *added = isfinite(value) ? cJSON_AddNumberToObject(object, name, value)
                                         : cJSON_AddNullToObject(object, name);
    writer->is_short |= added == NULL;
}

static void text(struct writer *writer, cJSON *object, const char *name, const char *value)
{
    writer->is_short |= cJSON_AddStringToObject(object, name, value) == NULL;
}

static cJSON *section(struct writer *writer, cJSON *object, const char *name)
{
    cJSON *added = cJSON_AddObjectToObject(object, name);
    writer->is_short |= added == NULL;
    return added;
}

static void add_spread(struct writer *writer, cJSON *object, const char *name, struct spread spread)
{
    cJSON *added = section(writer, object, name);
    number(writer, added, "median", spread.median);
    number(writer, added, "low", spread.low);
    number(writer, added, "high", spread.high);
}

static void add_state(struct writer *writer, cJSON *object, const char *name,
                      const struct target_state *state)
{
    cJSON *added = section(writer, object, name);
    number(writer, added, "resident_bytes", (double)state->resident_bytes);
    number(writer, added, "worker_threads", (double)state->worker_threads);
    number(writer, added, "process_threads", (double)state->process_threads);
    number(writer, added, "stack_resident_bytes", (double)state->stack_resident_bytes);
    number(writer, added, "retained_bytes", (double)state->retained_bytes);
    number(writer, added, "lock_wait_ns", (double)state->lock_wait_ns);
}

static void add_cell(struct writer *writer, cJSON *list, const struct cell *cell)
{
    cJSON *object = cJSON_CreateObject();
    struct target_state before = cell_state(cell, 0), after = cell_state(cell, 1);

    if (!cJSON_AddItemToArray(list, object)) {
        writer->is_short = true;
        cJSON_Delete(object);
        return;
    }
    text(writer, object, "build", cell->variant);
    text(writer, object, "db_latency", cell->db_latency);
    number(writer, object, "connections", cell->connections);
    number(writer, object, "rounds", cell->round_count);
    number(writer, object, "answers", (double)cell_ok_count(cell));
    number(writer, object, "rounds_ended_by_refusal", (double)cell_refused_count(cell));
    number(writer, object, "errors", (double)cell_error_count(cell));
    add_spread(writer, object, "records_per_s", cell_records_per_s(cell));
    cJSON *latency = section(writer, object, "latency_ms");
    add_spread(writer, latency, "p50", cell_latency_spread(cell, 0.5));
    add_spread(writer, latency, "p99", cell_latency_spread(cell, 0.99));
    add_spread(writer, latency, "p99_9", cell_latency_spread(cell, 0.999));
    add_state(writer, object, "before", &before);
    add_state(writer, object, "after", &after);
}

/* `bound` is what the estimate is to reach; is_met says whether the whole interval does. */
static void add_target(struct writer *writer, cJSON *list, const char *name, const char *label,
                       int status, const struct stats_interval *interval, double bound)
{
    cJSON *object = cJSON_CreateObject();

    if (status < 0 || !cJSON_AddItemToArray(list, object)) {
        cJSON_Delete(object);
        return;
    }
    text(writer, object, "name", name);
    text(writer, object, "label", label);
    number(writer, object, "value", interval->estimate);
    number(writer, object, "ci_low", status == 0 ? interval->low : NAN);
    number(writer, object, "ci_high", status == 0 ? interval->high : NAN);
    number(writer, object, "at_least", bound);
    cJSON_AddBoolToObject(object, "is_met", interval->estimate >= bound);
}

static void add_targets(struct writer *writer, cJSON *object, const struct load *load)
{
    cJSON *list = cJSON_AddArrayToObject(object, "targets");
    struct stats_interval interval;
    static const unsigned connections[] = {4, 16};
    char id[32], label[128];

    for (unsigned i = 0; i < sizeof connections / sizeof *connections; i++) {
        int status = load_batch_share(load, connections[i], &interval);
        snprintf(id, sizeof id, "http_share_of_batch:%u", connections[i]);
        snprintf(label, sizeof label,
                 "%s's throughput over HTTP, %u clients, as a share of its batch throughput",
                 CODE_FIXED, connections[i]);
        add_target(writer, list, id, label, status, &interval, 0.85);
    }
    int status = load_p99_ratio(load, "50us", 4, &interval);
    snprintf(label, sizeof label, "%s's p99 over %s's, 4 clients, database 50us", CODE_NAIVE,
             CODE_FIXED);
    add_target(writer, list, "p99_naive_over_fixed:4:50us", label, status, &interval, 10);
}

static void add_soak(struct writer *writer, cJSON *object, const struct soak *soak)
{
    struct soak_memory memory;
    cJSON *added = section(writer, object, "soak");

    soak_memory(soak, &memory);
    number(writer, added, "seconds", soak->seconds);
    number(writer, added, "connections", SOAK_CONNECTIONS);
    number(writer, added, "answers", (double)soak->ok_count);
    number(writer, added, "errors", (double)(soak->error_count + soak->refused_count));
    number(writer, added, "records_per_s", soak->records_per_s);
    number(writer, added, "resident_bytes_settled", (double)memory.settled);
    number(writer, added, "resident_bytes_last", (double)memory.last);
    number(writer, added, "resident_bytes_low", (double)memory.low);
    number(writer, added, "resident_bytes_high", (double)memory.high);
    number(writer, added, "resident_bytes_per_minute", memory.bytes_per_minute);
    number(writer, added, "threads_low", (double)memory.threads_low);
    number(writer, added, "threads_high", (double)memory.threads_high);
    cJSON *series = cJSON_AddArrayToObject(added, "resident_kb");
    for (unsigned i = 0; i < soak->count; i++) {
        cJSON *value = cJSON_CreateNumber((double)(soak->states[i].resident_bytes / 1024));
        if (!cJSON_AddItemToArray(series, value)) {
            cJSON_Delete(value);
            writer->is_short = true;
        }
    }
}

cJSON *load_document(const struct load *load)
{
    static const char *const modes[] = {[LOAD_GLIMPSE] = "glimpse",
                                        [LOAD_QUICK] = "quick",
                                        [LOAD_DEFAULT] = "default",
                                        [LOAD_FULL] = "full"};
    struct writer writer = {0};
    cJSON *object = cJSON_CreateObject();

    text(&writer, object, "schema", "fastenough-load");
    number(&writer, object, "schema_version", 1);
    text(&writer, object, "mode", modes[load->plan.mode]);
    number(&writer, object, "rounds", load->plan.rounds);
    number(&writer, object, "seconds", load->plan.seconds);
    number(&writer, object, "cpus", thread_cpu_count());
    number(&writer, object, "body_records", BODY_RECORDS);
    number(&writer, object, "body_bytes", (double)load->body_bytes);
    if (load->plan.mode != LOAD_GLIMPSE)
        add_spread(&writer, object, "batch_records_per_s",
                   spread_of(load->batch_records_per_s, load->plan.rounds));
    cJSON *cells = cJSON_AddArrayToObject(object, "cells");
    for (unsigned i = 0; i < load->cell_count; i++)
        add_cell(&writer, cells, &load->cells[i]);
    add_targets(&writer, object, load);
    if (load->soak.count > 0)
        add_soak(&writer, object, &load->soak);
    if (!writer.is_short)
        return object;
    cJSON_Delete(object);
    return NULL;
}
