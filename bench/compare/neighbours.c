#include "bench/compare/neighbours.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

#include "common/clock.h"

enum { TURNS = 2 }; /* there and back */

/* The values of one run, a field each. */
static double *run_values(const struct neighbours *neighbours, const struct group *group,
                          unsigned block, unsigned case_index, unsigned turn)
{
    return group->values + (((size_t)block * group->case_count + case_index) * TURNS + turn) *
                               neighbours->field_count;
}

unsigned neighbours_rounds(const struct neighbours *neighbours, const struct group *group)
{
    unsigned most = neighbours->layout_count > 0 ? neighbours->layout_count : ROUNDS_MAX;
    return group->block_count < most ? group->block_count : most;
}

/* The mean of a case's two runs in a block: of their logarithms, or where one is 0 of themselves.
 */
static double block_value(const struct neighbours *neighbours, const struct group *group,
                          unsigned block, unsigned case_index, unsigned field, bool is_log)
{
    double sum = 0;

    for (unsigned turn = 0; turn < TURNS; turn++) {
        double value = run_values(neighbours, group, block, case_index, turn)[field];
        sum += is_log ? log(value) : value;
    }
    return sum / TURNS;
}

/* Over the blocks of a round, the median of a case's value, or of what it is above another case's.
 */
static double round_value(const struct neighbours *neighbours, const struct group *group,
                          unsigned round, unsigned case_index, int other, unsigned field,
                          bool is_log)
{
    const unsigned rounds = neighbours_rounds(neighbours, group);
    double values[BLOCKS_MAX];
    unsigned count = 0;

    for (unsigned block = round; block < group->block_count; block += rounds) {
        double value = block_value(neighbours, group, block, case_index, field, is_log);
        if (other >= 0)
            value -= block_value(neighbours, group, block, (unsigned)other, field, is_log);
        values[count++] = value;
    }
    return stats_median(values, count);
}

/* Whether logarithms can be taken of all its values. */
static bool is_above_zero(const struct neighbours *neighbours, const struct group *group,
                          unsigned field)
{
    const unsigned runs = group->block_count * group->case_count * TURNS;

    for (unsigned i = 0; i < runs; i++)
        if (!(group->values[(size_t)i * neighbours->field_count + field] > 0))
            return false;
    return true;
}

void neighbours_values(const struct neighbours *neighbours, const struct group *group,
                       unsigned case_index, unsigned field, double values[ROUNDS_MAX])
{
    const bool is_log = is_above_zero(neighbours, group, field);

    for (unsigned round = 0; round < neighbours_rounds(neighbours, group); round++) {
        double value = round_value(neighbours, group, round, 0, -1, field, is_log);
        if (is_log && case_index > 0)
            value += round_value(neighbours, group, round, case_index, 0, field, is_log);
        else if (case_index > 0)
            value = round_value(neighbours, group, round, case_index, -1, field, is_log);
        values[round] = is_log ? exp(value) : value;
    }
}

double neighbours_median(const struct neighbours *neighbours, const struct group *group,
                         unsigned case_index, unsigned field)
{
    double values[BLOCKS_MAX * TURNS];
    unsigned count = 0;

    for (unsigned block = 0; block < group->block_count; block++)
        for (unsigned turn = 0; turn < TURNS; turn++)
            values[count++] = run_values(neighbours, group, block, case_index, turn)[field];
    return stats_median(values, count);
}

double neighbours_first(const struct neighbours *neighbours, const struct group *group,
                        unsigned case_index, unsigned field)
{
    return run_values(neighbours, group, 0, case_index, 0)[field];
}

bool neighbours_is_same(const struct neighbours *neighbours, const struct group *group,
                        unsigned field)
{
    const unsigned runs = group->block_count * group->case_count * TURNS;

    for (unsigned i = 1; i < runs; i++)
        if (group->values[(size_t)i * neighbours->field_count + field] != group->values[field])
            return false;
    return true;
}

bool neighbours_is_steady(const struct neighbours *neighbours, const struct group *group,
                          unsigned case_index, unsigned field)
{
    const double first = neighbours_first(neighbours, group, case_index, field);

    for (unsigned block = 0; block < group->block_count; block++)
        for (unsigned turn = 0; turn < TURNS; turn++)
            if (run_values(neighbours, group, block, case_index, turn)[field] != first)
                return false;
    return true;
}

int neighbours_ratio(const struct neighbours *neighbours, const struct group *group, unsigned first,
                     unsigned second, unsigned field, double confidence,
                     struct stats_interval *ratio)
{
    double values[2][ROUNDS_MAX];

    neighbours_values(neighbours, group, first, field, values[0]);
    neighbours_values(neighbours, group, second, field, values[1]);
    return stats_ratio(values[0], values[1], neighbours_rounds(neighbours, group), confidence,
                       ratio);
}

/* The case of a build that is known already; -1: there is none. */
static int known_case(const struct group *group, const double costs[BUILD_COUNT])
{
    for (unsigned i = 0; i < group->case_count; i++)
        if (!isnan(costs[group->cases[i].build]))
            return (int)i;
    return -1;
}

void neighbours_costs(const struct neighbours *neighbours, const struct group *groups,
                      unsigned count, unsigned field, double costs[BUILD_COUNT])
{
    for (unsigned build = 0; build < BUILD_COUNT; build++)
        costs[build] = NAN;
    for (unsigned i = 0; i < count; i++) {
        const struct group *group = &groups[i];
        if (isnan(costs[BUILD_NAIVE]) && group->cases[0].build == BUILD_NAIVE)
            costs[BUILD_NAIVE] = neighbours_median(neighbours, group, 0, field);
        int known = known_case(group, costs);
        for (unsigned k = 0; k < group->case_count && known >= 0; k++) {
            double *cost = &costs[group->cases[k].build];
            struct stats_interval ratio;
            if (!isnan(*cost))
                continue;
            neighbours_ratio(neighbours, group, k, (unsigned)known, field, 0.95, &ratio);
            *cost = isnan(ratio.estimate) ? neighbours_median(neighbours, group, k, field)
                                          : costs[group->cases[known].build] * ratio.estimate;
        }
    }
}

/* Runs a program that is none of ours, and takes the JSON object that it prints for an account. */
static int run_other(struct comparison *comparison, const struct command *other, struct rundoc *doc)
{
    struct child_job job = {
        .argv = other->argv,
        .output = {.sink = CHILD_CAPTURE},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = 600000,
    };
    struct child_result result;
    int status = -1;

    *doc = (struct rundoc){.variant = other->argv[0]};
    if (child_run(&job, &result) != 0)
        program_failed(comparison, &job, &result);
    else if ((doc->json = cJSON_ParseWithLength(result.output, result.output_length)) == NULL)
        comparison_fail(comparison, "%s did not print a JSON object", doc->variant);
    else
        status = 0;
    child_result_free(&result);
    return status;
}

static int read_field(struct comparison *comparison, const struct rundoc *doc,
                      const struct run_field *field, double *value)
{
    double divisor = 1;

    if (rundoc_number(doc, field->path, value) != 0 ||
        (field->per != NULL && rundoc_number(doc, field->per, &divisor) != 0))
        return comparison_fail(comparison, "%s did not print %s", doc->variant, field->path);
    *value /= divisor > 0 ? divisor : 1;
    return 0;
}

static int run_one(struct comparison *comparison, const struct neighbours *neighbours,
                   const struct run_case *one, unsigned layout, unsigned padding, double *values)
{
    struct run_setup setup = one->setup;
    struct rundoc doc;

    if (neighbours->run != NULL)
        return neighbours->run(neighbours->context, one, padding, values);
    setup.layout = layout;
    setup.padding = padding;
    int status = one->other != NULL ? run_other(comparison, one->other, &doc)
                                    : program_run(comparison, one->build, &setup, &doc);
    if (status != 0)
        return status;
    for (unsigned field = 0; status == 0 && field < neighbours->field_count; field++)
        status = read_field(comparison, &doc, &neighbours->fields[field], &values[field]);
    rundoc_free(&doc);
    return status;
}

/* There and back. */
static int run_block(struct comparison *comparison, const struct neighbours *neighbours,
                     struct group *group, gsl_rng *random)
{
    const unsigned block = group->block_count, count = group->case_count;
    unsigned order[GROUP_CASES_MAX], paddings[GROUP_CASES_MAX][TURNS];
    int status = 0;

    for (unsigned i = 0; i < count; i++) {
        order[i] = i;
        for (unsigned turn = 0; turn < TURNS; turn++)
            paddings[i][turn] = group->cases[i].is_twin
                                    ? paddings[i - 1][turn]
                                    : (unsigned)gsl_rng_uniform_int(random, RUN_PADDING_MAX);
    }
    gsl_ran_shuffle(random, order, count, sizeof *order);
    for (unsigned i = 0; i < TURNS * count && status == 0; i++) {
        unsigned turn = i / count, which = order[turn == 0 ? i : TURNS * count - 1 - i];
        unsigned layout = 0;
        if (neighbours->layout_count > 0)
            layout =
                group->layouts[which * neighbours->layout_count + block % neighbours->layout_count];
        status = run_one(comparison, neighbours, &group->cases[which], layout,
                         paddings[which][turn], run_values(neighbours, group, block, which, turn));
    }
    group->block_count += status == 0;
    return status;
}

/* Room for a block more. */
static int make_room(struct comparison *comparison, const struct neighbours *neighbours,
                     struct group *group)
{
    if (group->block_count < group->block_room)
        return 0;
    unsigned room = group->block_room > 0 ? 2 * group->block_room : 16;
    double *more = reallocarray(group->values, (size_t)room * group->case_count * TURNS,
                                neighbours->field_count * sizeof *more);
    if (more == NULL)
        return comparison_fail(comparison, "out of memory");
    group->values = more;
    group->block_room = room;
    return 0;
}

/* Link orders are numbered from 1; 0 is the program as it is. */
static int draw_layouts(struct comparison *comparison, const struct neighbours *neighbours,
                        struct group *group, gsl_rng *random)
{
    const unsigned count = neighbours->layout_count;

    if (count == 0)
        return 0;
    group->layouts = reallocarray(NULL, group->case_count, count * sizeof *group->layouts);
    if (group->layouts == NULL)
        return comparison_fail(comparison, "out of memory");
    for (unsigned i = 0; i < group->case_count; i++) {
        unsigned *row = group->layouts + (size_t)i * count;
        for (unsigned k = 0; k < count; k++)
            row[k] = group->cases[i].is_twin ? row[(int)k - (int)count] : k + 1;
        if (!group->cases[i].is_twin)
            gsl_ran_shuffle(random, row, count, sizeof *row);
    }
    return 0;
}

/* By how much the interval is too wide: 1 is just as wide as it may be. */
static double excess_of(const struct neighbours *neighbours, const struct group *group)
{
    /* about as many as the report will judge: the groups, each by more than one field */
    const double confidence = stats_correct(0.95, 2 * neighbours->group_count);
    struct stats_interval ratio;

    if (!(group->goal > 0) || group->block_count >= BLOCKS_MAX)
        return 0;
    if (neighbours_ratio(neighbours, group, 0, 1, group->goal_field, confidence, &ratio) != 0)
        return INFINITY;
    return log(ratio.high / ratio.low) / 2 / group->goal;
}

/* A block of each of these groups. */
static int sweep(struct comparison *comparison, struct neighbours *neighbours,
                 const unsigned *chosen, unsigned count, gsl_rng *random)
{
    for (unsigned i = 0; i < count; i++) {
        struct group *group = &neighbours->groups[chosen[i]];
        if (make_room(comparison, neighbours, group) != 0 ||
            run_block(comparison, neighbours, group, random) != 0)
            return -1;
    }
    return 0;
}

int neighbours_run(struct comparison *comparison, struct neighbours *neighbours, uint64_t seed)
{
    unsigned *chosen = calloc(neighbours->group_count, sizeof *chosen), least = 0;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    const uint64_t start = clock_ns(), most = (uint64_t)(neighbours->seconds * 1e9);
    int status = chosen != NULL && random != NULL ? 0 : -1;

    if (status != 0)
        comparison_fail(comparison, "out of memory");
    else
        gsl_rng_set(random, (unsigned long)seed);
    neighbours->layout_count =
        comparison->layout_count < ROUNDS_MAX ? comparison->layout_count : ROUNDS_MAX;
    for (unsigned i = 0; i < neighbours->group_count && status == 0; i++)
        status = draw_layouts(comparison, neighbours, &neighbours->groups[i], random);
    for (unsigned i = 0; i < neighbours->group_count; i++)
        if (neighbours->groups[i].blocks > least)
            least = neighbours->groups[i].blocks;
    for (unsigned done = 0; status == 0; done++) {
        bool is_late = clock_ns() - start >= most;
        unsigned count = 0;
        comparison_progress(comparison, done, least, "block");
        for (unsigned i = 0; i < neighbours->group_count; i++) {
            const struct group *group = &neighbours->groups[i];
            if (done < group->blocks || (!is_late && excess_of(neighbours, group) > 1))
                chosen[count++] = i;
        }
        if (count == 0)
            break;
        gsl_ran_shuffle(random, chosen, count, sizeof *chosen);
        status = sweep(comparison, neighbours, chosen, count, random);
    }
    comparison_progress(comparison, 1, 1, "block");
    gsl_rng_free(random);
    free(chosen);
    return status;
}

void neighbours_free(struct neighbours *neighbours)
{
    for (unsigned i = 0; i < neighbours->group_count; i++) {
        free(neighbours->groups[i].values);
        free(neighbours->groups[i].layouts);
        neighbours->groups[i].values = NULL;
        neighbours->groups[i].layouts = NULL;
    }
}
