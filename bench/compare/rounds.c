#include "bench/compare/rounds.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>

#include "bench/readers/json.h"

static double *cell(const struct rounds *rounds, unsigned case_index, unsigned field)
{
    return rounds->values +
           ((size_t)case_index * rounds->field_count + field) * rounds->round_count;
}

const double *rounds_values(const struct rounds *rounds, unsigned case_index, unsigned field)
{
    return cell(rounds, case_index, field);
}

int rounds_find(const struct rounds *rounds, unsigned build)
{
    for (unsigned i = 0; i < rounds->case_count; i++)
        if (rounds->cases[i].other == NULL && rounds->cases[i].build == build)
            return (int)i;
    return -1;
}

void rounds_free(struct rounds *rounds)
{
    free(rounds->values);
    rounds->values = NULL;
}

/* Runs a program that is none of ours and takes the fields from the JSON object that it prints. */
static int run_other(struct comparison *comparison, struct rounds *rounds, unsigned case_index,
                     unsigned round)
{
    struct child_job job = {
        .argv = rounds->cases[case_index].other->argv,
        .output = {.sink = CHILD_CAPTURE},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = 600000,
    };
    struct child_result result;
    cJSON *json = NULL;
    int status = -1;

    if (child_run(&job, &result) != 0) {
        program_failed(comparison, &job, &result);
        goto done;
    }
    json = cJSON_ParseWithLength(result.output, result.output_length);
    for (unsigned field = 0; field < rounds->field_count; field++)
        if (json_number(json, rounds->fields[field], &cell(rounds, case_index, field)[round]) !=
            0) {
            comparison_fail(comparison, "%s did not print %s", job.argv[0], rounds->fields[field]);
            goto done;
        }
    status = 0;

done:
    cJSON_Delete(json);
    child_result_free(&result);
    return status;
}

static int run_case(struct comparison *comparison, struct rounds *rounds, unsigned case_index,
                    unsigned round)
{
    const struct rounds_case *one = &rounds->cases[case_index];
    struct rundoc doc;
    int status = 0;

    if (one->other != NULL)
        return run_other(comparison, rounds, case_index, round);
    if (program_run(comparison, one->build, &one->setup, &doc) != 0)
        return -1;
    for (unsigned field = 0; field < rounds->field_count && status == 0; field++)
        if (rundoc_number(&doc, rounds->fields[field], &cell(rounds, case_index, field)[round]) !=
            0)
            status = comparison_fail(comparison, "fastenough-%s did not print %s", doc.variant,
                                     rounds->fields[field]);
    rundoc_free(&doc);
    return status;
}

int rounds_run(struct comparison *comparison, struct rounds *rounds, uint64_t seed)
{
    unsigned order[ROUNDS_CASES_MAX];
    int status = 0;

    rounds->values = calloc((size_t)rounds->case_count * rounds->field_count * rounds->round_count,
                            sizeof *rounds->values);
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    if (rounds->values == NULL || random == NULL) {
        gsl_rng_free(random);
        return comparison_fail(comparison, "out of memory");
    }
    gsl_rng_set(random, (unsigned long)seed);
    for (unsigned i = 0; i < rounds->case_count; i++)
        order[i] = i;
    for (unsigned round = 0; round < rounds->round_count && status == 0; round++) {
        comparison_progress(comparison, round, rounds->round_count, "round");
        gsl_ran_shuffle(random, order, rounds->case_count, sizeof *order);
        for (unsigned i = 0; i < rounds->case_count && status == 0; i++)
            status = run_case(comparison, rounds, order[i], round);
    }
    comparison_progress(comparison, rounds->round_count, rounds->round_count, "round");
    gsl_rng_free(random);
    return status;
}
