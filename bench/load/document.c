#include <math.h>
#include <stdio.h>

#include "bench/lesson.h"
#include "bench/load/load.h"
#include "bench/readers/json.h"
#include "common/thread.h"

static void add_spread(cJSON *object, const char *name, struct spread spread)
{
    cJSON *added = cJSON_AddObjectToObject(object, name);
    json_add_number(added, "median", spread.median);
    json_add_number(added, "low", spread.low);
    json_add_number(added, "high", spread.high);
}

static void add_state(cJSON *object, const char *name, const struct target_state *state)
{
    cJSON *added = cJSON_AddObjectToObject(object, name);
    json_add_number(added, "resident_bytes", (double)state->resident_bytes);
    json_add_number(added, "worker_threads", (double)state->worker_threads);
    json_add_number(added, "process_threads", (double)state->process_threads);
    json_add_number(added, "stack_resident_bytes", (double)state->stack_resident_bytes);
    json_add_number(added, "retained_bytes", (double)state->retained_bytes);
    json_add_number(added, "lock_wait_ns", (double)state->lock_wait_ns);
}

static void add_cell(cJSON *list, const struct cell *cell)
{
    cJSON *object = cJSON_CreateObject();
    struct target_state before = cell_state(cell, 0), after = cell_state(cell, 1);

    cJSON_AddItemToArray(list, object);
    cJSON_AddStringToObject(object, "build", cell->variant);
    cJSON_AddStringToObject(object, "db_latency", cell->db_latency);
    json_add_number(object, "connections", cell->connections);
    json_add_number(object, "rounds", cell->round_count);
    json_add_number(object, "answers", (double)cell_ok_count(cell));
    json_add_number(object, "rounds_ended_by_refusal", (double)cell_refused_count(cell));
    json_add_number(object, "errors", (double)cell_error_count(cell));
    add_spread(object, "records_per_s", cell_records_per_s(cell));
    cJSON *latency = cJSON_AddObjectToObject(object, "latency_ms");
    add_spread(latency, "p50", cell_latency_spread(cell, 0.5));
    add_spread(latency, "p99", cell_latency_spread(cell, 0.99));
    add_spread(latency, "p99_9", cell_latency_spread(cell, 0.999));
    add_state(object, "before", &before);
    add_state(object, "after", &after);
}

/* `bound` is what the estimate is to reach; is_met says whether the whole interval does. */
static void add_target(cJSON *list, const char *name, const char *label, int status,
                       const struct stats_interval *interval, double bound)
{
    if (status < 0)
        return;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(list, object);
    cJSON_AddStringToObject(object, "name", name);
    cJSON_AddStringToObject(object, "label", label);
    json_add_number(object, "value", interval->estimate);
    json_add_number(object, "ci_low", status == 0 ? interval->low : NAN);
    json_add_number(object, "ci_high", status == 0 ? interval->high : NAN);
    json_add_number(object, "at_least", bound);
    cJSON_AddBoolToObject(object, "is_met", interval->estimate >= bound);
}

static void add_targets(cJSON *object, const struct load *load)
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
        add_target(list, id, label, status, &interval, 0.85);
    }
    int status = load_p99_ratio(load, "50us", 4, &interval);
    snprintf(label, sizeof label, "%s's p99 over %s's, 4 clients, database 50us", CODE_NAIVE,
             CODE_FIXED);
    add_target(list, "p99_naive_over_fixed:4:50us", label, status, &interval, 10);
}

static void add_soak(cJSON *object, const struct soak *soak)
{
    struct soak_memory memory;
    cJSON *added = cJSON_AddObjectToObject(object, "soak");

    soak_memory(soak, &memory);
    json_add_number(added, "seconds", soak->seconds);
    json_add_number(added, "connections", SOAK_CONNECTIONS);
    json_add_number(added, "answers", (double)soak->ok_count);
    json_add_number(added, "errors", (double)(soak->error_count + soak->refused_count));
    json_add_number(added, "records_per_s", soak->records_per_s);
    json_add_number(added, "resident_bytes_settled", (double)memory.settled);
    json_add_number(added, "resident_bytes_last", (double)memory.last);
    json_add_number(added, "resident_bytes_low", (double)memory.low);
    json_add_number(added, "resident_bytes_high", (double)memory.high);
    json_add_number(added, "resident_bytes_per_minute", memory.bytes_per_minute);
    json_add_number(added, "threads_low", (double)memory.threads_low);
    json_add_number(added, "threads_high", (double)memory.threads_high);
    cJSON *series = cJSON_AddArrayToObject(added, "resident_kb");
    for (unsigned i = 0; i < soak->count; i++)
        cJSON_AddItemToArray(series,
                             cJSON_CreateNumber((double)(soak->states[i].resident_bytes / 1024)));
}

cJSON *load_document(const struct load *load)
{
    static const char *const modes[] = {[LOAD_GLIMPSE] = "glimpse",
                                        [LOAD_QUICK] = "quick",
                                        [LOAD_DEFAULT] = "default",
                                        [LOAD_FULL] = "full"};
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "schema", "fastenough-load");
    json_add_number(object, "schema_version", 1);
    cJSON_AddStringToObject(object, "mode", modes[load->plan.mode]);
    json_add_number(object, "rounds", load->plan.rounds);
    json_add_number(object, "seconds", load->plan.seconds);
    json_add_number(object, "cpus", thread_cpu_count());
    json_add_number(object, "body_records", BODY_RECORDS);
    json_add_number(object, "body_bytes", (double)load->body_bytes);
    if (load->plan.mode != LOAD_GLIMPSE)
        add_spread(object, "batch_records_per_s",
                   spread_of(load->batch_records_per_s, load->plan.rounds));
    cJSON *cells = cJSON_AddArrayToObject(object, "cells");
    for (unsigned i = 0; i < load->cell_count; i++)
        add_cell(cells, &load->cells[i]);
    add_targets(object, load);
    if (load->soak.count > 0)
        add_soak(object, &load->soak);
    return object;
}
