#include "bench/load/load.h"

#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/process/child.h"
#include "bench/readers/json.h"

static const char *const codes[] = {CODE_NAIVE, CODE_FIXED};
static const char *const latencies[] = {"50us", "0"};   /* a glimpse has the first one only */
static const unsigned connection_counts[] = {4, 1, 16}; /* and QUICK of these */

enum { CONNECTION_COUNTS = sizeof connection_counts / sizeof connection_counts[0] };
static const double confidence = 0.95;

static unsigned connection_count_of(const struct load_plan *plan)
{
    return plan->mode <= LOAD_QUICK ? 1 : CONNECTION_COUNTS;
}

static unsigned latency_count_of(const struct load_plan *plan)
{
    return plan->mode == LOAD_GLIMPSE ? 1 : sizeof latencies / sizeof latencies[0];
}

static bool has_batch(const struct load_plan *plan)
{
    return plan->mode != LOAD_GLIMPSE;
}

double load_plan_complete(struct load_plan *plan)
{
    static const unsigned rounds[] = {
        [LOAD_GLIMPSE] = 1, [LOAD_QUICK] = 3, [LOAD_DEFAULT] = 6, [LOAD_FULL] = 12};
    static const unsigned seconds[] = {
        [LOAD_GLIMPSE] = 1, [LOAD_QUICK] = 1, [LOAD_DEFAULT] = 2, [LOAD_FULL] = 5};
    const double extra_s = 0.3, batch_s = 1.5; /* starting, ending; a batch run */

    if (plan->rounds == 0)
        plan->rounds = rounds[plan->mode];
    if (plan->seconds == 0)
        plan->seconds = seconds[plan->mode];
    unsigned cells = 2 * latency_count_of(plan) * connection_count_of(plan);
    return plan->rounds * (cells * (plan->seconds + extra_s) + (has_batch(plan) ? batch_s : 0)) +
           plan->soak_seconds;
}

/* ffff takes the same records from a file: what HTTP's throughput is held against. */
static int measure_batch(struct load *load, unsigned round, struct workshop *workshop, char *error)
{
    char program[TARGET_TEXT_SIZE], what[32];
    const char *const argv[] = {program, "run", workshop->batch, "--json", "--quiet", NULL};
    const struct child_job job = {.argv = argv,
                                  .output = {.sink = CHILD_CAPTURE},
                                  .errors = {.sink = CHILD_CAPTURE},
                                  .timeout_ms = 120000};
    struct child_result child;

    snprintf(program, sizeof program, "%s/fastenough-%s", load->plan.programs, CODE_FIXED);
    snprintf(what, sizeof what, "%s, a batch run", CODE_FIXED);
    workshop_say(workshop, what);
    int status = child_run(&job, &child);
    if (status != 0) {
        child_describe(&job, &child, error, LOAD_ERROR_SIZE);
    } else {
        cJSON *json = cJSON_Parse(child.output);
        status = json_number(json, "records_per_s", &load->batch_records_per_s[round]);
        cJSON_Delete(json);
        if (status != 0)
            snprintf(error, LOAD_ERROR_SIZE, "%s run --json printed no records_per_s", program);
    }
    child_result_free(&child);
    return status;
}

/* One round of a cell: a fresh service, looked at, loaded, looked at again, and ended. */
static int measure_round(const struct load_plan *plan, struct cell *cell, struct workshop *workshop,
                         char *error)
{
    struct round *round = &cell->rounds[cell->round_count];
    struct target target;
    char what[128], ignored[TARGET_TEXT_SIZE];
    int status = -1;

    snprintf(what, sizeof what, "%s, %u connections, database %s", cell->variant, cell->connections,
             cell->db_latency);
    workshop_say(workshop, what);
    *round = (struct round){0};
    if (target_start(&target, plan->programs, cell->variant, cell->db_latency, error) != 0)
        return -1;
    if (target_look(&target, &round->before, error) == 0 &&
        wrk_run(plan->script, workshop->body, target.url, cell->connections, plan->seconds,
                &round->load, error, LOAD_ERROR_SIZE) == 0) {
        cell->round_count++;
        status = target_look(&target, &round->after, error);
    }
    return target_stop(&target, status == 0 ? error : ignored) == 0 ? status : -1;
}

static int measure_cells(struct load *load, struct workshop *workshop, char *error)
{
    for (unsigned round = 0; round < load->plan.rounds; round++) {
        if (has_batch(&load->plan) && measure_batch(load, round, workshop, error) != 0)
            return -1;
        for (unsigned i = 0; i < load->cell_count; i++) {
            /* of each pair nnnn goes first, or ffff, in turn: ABBA */
            unsigned which = i ^ ((round + i / 2) & 1);
            if (measure_round(&load->plan, &load->cells[which], workshop, error) != 0)
                return -1;
        }
    }
    return 0;
}

static void lay_out_cells(struct load *load)
{
    for (unsigned latency = 0; latency < latency_count_of(&load->plan); latency++)
        for (unsigned i = 0; i < connection_count_of(&load->plan); i++)
            for (unsigned variant = 0; variant < 2; variant++)
                load->cells[load->cell_count++] = (struct cell){
                    .variant = codes[variant],
                    .db_latency = latencies[latency],
                    .connections = connection_counts[i],
                    .records = BODY_RECORDS,
                };
}

int load_measure(struct load *load, const struct load_plan *plan, FILE *progress,
                 char error[LOAD_ERROR_SIZE])
{
    struct workshop workshop = {.progress = progress};
    int status = -1;

    *load = (struct load){.plan = *plan};
    load_plan_complete(&load->plan);
    lay_out_cells(load);
    workshop.steps = load->plan.rounds * (load->cell_count + 1) + load->plan.soak_seconds;
    error[0] = '\0';
    workshop.batch_bodies = has_batch(plan) ? BATCH_BODIES : 0;
    if (workshop_open(&workshop, plan->seed, error, LOAD_ERROR_SIZE) == 0) {
        load->body_bytes = workshop.body_bytes;
        status = measure_cells(load, &workshop, error);
        if (status == 0 && plan->soak_seconds > 0)
            status = soak_run(&load->soak, plan->programs, plan->script, plan->soak_seconds,
                              &workshop, error, LOAD_ERROR_SIZE);
    }
    workshop_close(&workshop);
    return status;
}

void load_free(struct load *load)
{
    for (unsigned i = 0; i < load->cell_count; i++)
        cell_free(&load->cells[i]);
    soak_free(&load->soak);
}

/* The cell, or NULL if it was not measured. */
static const struct cell *find_cell(const struct load *load, const char *variant,
                                    const char *db_latency, unsigned connections)
{
    for (unsigned i = 0; i < load->cell_count; i++) {
        const struct cell *cell = &load->cells[i];
        if (strcmp(cell->variant, variant) == 0 && strcmp(cell->db_latency, db_latency) == 0 &&
            cell->connections == connections)
            return cell;
    }
    return NULL;
}

int load_batch_share(const struct load *load, unsigned connections, struct stats_interval *share)
{
    const struct cell *cell = find_cell(load, CODE_FIXED, "0", connections);
    double http[LOAD_ROUNDS_MAX];

    if (cell == NULL || !has_batch(&load->plan))
        return -1;
    for (unsigned i = 0; i < cell->round_count; i++)
        http[i] = round_records_per_s(cell, i);
    return stats_ratio(http, load->batch_records_per_s, cell->round_count, confidence, share);
}

int load_p99_ratio(const struct load *load, const char *db_latency, unsigned connections,
                   struct stats_interval *ratio)
{
    const struct cell *naive = find_cell(load, CODE_NAIVE, db_latency, connections);
    const struct cell *fixed = find_cell(load, CODE_FIXED, db_latency, connections);
    double naive_ms[LOAD_ROUNDS_MAX], fixed_ms[LOAD_ROUNDS_MAX];
    unsigned count = 0;

    if (naive == NULL || fixed == NULL)
        return -1;
    for (unsigned i = 0; i < naive->round_count && i < fixed->round_count; i++) {
        naive_ms[count] = round_latency_ms(&naive->rounds[i], 0.99);
        fixed_ms[count] = round_latency_ms(&fixed->rounds[i], 0.99);
        count += !isnan(naive_ms[count]) && !isnan(fixed_ms[count]);
    }
    return stats_ratio(naive_ms, fixed_ms, count, confidence, ratio);
}
