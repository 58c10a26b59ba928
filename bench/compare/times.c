/*
 * times.c - wall time without a database: all builds, round by round, with the A/A control in each.
 *
 * The control is nnnn once more: whatever difference shows between the two is none, so no smaller
 * one can be claimed of any fix in this run.
 */
#include "bench/compare/document.h"
#include "bench/compare/rounds.h"

enum { FIELD_NS_PER_RECORD, FIELD_CPU_NS, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {"ns_per_record", "cpu_ns"};

static void add_noise(struct comparison *comparison, const struct rounds *rounds, unsigned control)
{
    const double *first = rounds_values(rounds, 0, FIELD_NS_PER_RECORD);
    const double *second = rounds_values(rounds, control, FIELD_NS_PER_RECORD);
    struct stats_interval shown;

    /* Shown, and judged, at 95%; what may be claimed of others rests on the corrected one. */
    stats_ratio(first, second, rounds->round_count, 0.95, &shown);
    stats_ratio(first, second, rounds->round_count, comparison->confidence, &comparison->noise);
    comparison->smallest_effect = stats_smallest_effect(&comparison->noise);

    cJSON *noise = cJSON_AddObjectToObject(comparison->document, "noise");
    cJSON_AddStringToObject(noise, "build", CODE_NAIVE);
    cJSON_AddNumberToObject(noise, "rounds", rounds->round_count);
    document_number(noise, "ratio", shown.estimate);
    document_number(noise, "ci_low", shown.low);
    document_number(noise, "ci_high", shown.high);
    document_number(noise, "confidence", shown.confidence);
    cJSON_AddStringToObject(noise, "verdict", verdict_name(stats_verdict(&shown, 0)));
    document_number(noise, "smallest_effect", comparison->smallest_effect);
    cJSON_AddStringToObject(noise, "correction",
                            "those of a verdict are widened so that all of a run's hold together "
                            "with 95% (Bonferroni); each of the others (A/A control, floor, "
                            "scaling, growth, load, profiling) holds with 95% by itself");
}

static void add_pair(struct comparison *comparison, const struct rounds *rounds, int lesson,
                     const char *name, const char *label, unsigned naive, unsigned fixed)
{
    char naive_code[BUILD_CODE_SIZE], fixed_code[BUILD_CODE_SIZE];
    int naive_case = rounds_find(rounds, naive), fixed_case = rounds_find(rounds, fixed);

    if (naive_case < 0 || fixed_case < 0)
        return;
    build_code(naive, naive_code);
    build_code(fixed, fixed_code);
    struct metric metric = {
        .what = {name, label, "ns/record", "wall time"},
        .naive = naive_code,
        .fixed = fixed_code,
        .condition = "no database wait, each build's own number of threads",
    };
    document_add_rounds(comparison, lesson, &metric,
                        rounds_values(rounds, (unsigned)naive_case, FIELD_NS_PER_RECORD),
                        rounds_values(rounds, (unsigned)fixed_case, FIELD_NS_PER_RECORD),
                        rounds->round_count);
}

int measure_times(struct comparison *comparison)
{
    const struct plan *plan = &comparison->plan;
    unsigned builds[BUILD_COUNT];
    struct rounds_case cases[BUILD_COUNT + 1];
    unsigned count = plan_builds(plan, builds);

    for (unsigned i = 0; i < count; i++)
        cases[i] = (struct rounds_case){.build = builds[i], .setup = {.input = &comparison->whole}};
    cases[count] = cases[0];
    struct rounds rounds = {
        .cases = cases,
        .case_count = count + 1,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .round_count = plan->time_rounds,
    };
    comparison_announce(comparison,
                        plan->time_rounds * (count + 1) *
                            (0.02 + 6e-6 * (double)comparison->whole.records),
                        "wall time: %u builds and the A/A control, %u rounds of fresh processes",
                        count, plan->time_rounds);
    int status = rounds_run(comparison, &rounds, comparison->seed);
    if (status == 0) {
        add_noise(comparison, &rounds, count);
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            add_pair(comparison, &rounds, lesson, "time_alone", "time, this fix alone", BUILD_NAIVE,
                     build_alone(lesson));
            add_pair(comparison, &rounds, lesson, "time_last", "time, the others fixed too",
                     build_without(lesson), BUILD_FIXED);
        }
        add_pair(comparison, &rounds, LESSON_ALL, "time", "time", BUILD_NAIVE, BUILD_FIXED);
        const struct quantity time = {"time", "time", "ns/record", "wall time"};
        for (unsigned i = 0; i < count; i++)
            document_set_variant(
                comparison, builds[i], &time, false,
                stats_median(rounds_values(&rounds, i, FIELD_NS_PER_RECORD), rounds.round_count));
    }
    rounds_free(&rounds);
    return status;
}
