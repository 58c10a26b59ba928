/*
 * threads.c - what is left after requests: threads, stacks, memory; over a growing number of them.
 */
#include <stdio.h>

#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"

static const unsigned request_counts[] = {1, 2, 5, 10, 20};

enum { SERIES = sizeof request_counts / sizeof *request_counts, LAST = SERIES - 1 };

enum { FIELD_THREADS, FIELD_MAPPED, FIELD_RESIDENT, FIELD_RSS, FIELD_COUNT };

static const struct run_field fields[FIELD_COUNT] = {{"threads_alive", NULL},
                                                 {"stack_mapped_bytes", NULL},
                                                 {"stack_resident_bytes", NULL},
                                                 {"rss_kb", NULL}};

/* What was run, in one group: both sides at each number of requests. */
struct runs {
    struct group group;
    struct neighbours neighbours;
};

static unsigned case_of(unsigned side, unsigned point)
{
    return side * SERIES + point;
}

static void add_series(struct comparison *comparison, int lesson, const struct runs *runs,
                       const char *name, const char *y, const char *unit, unsigned field,
                       double scale)
{
    const struct curve curve = {name, "requests", "1", y, unit, "process", 0};
    double x[SERIES], values[2][SERIES];

    for (unsigned point = 0; point < SERIES; point++) {
        x[point] = request_counts[point];
        for (unsigned side = 0; side < 2; side++)
            values[side][point] = scale * neighbours_median(&runs->neighbours, &runs->group,
                                                            case_of(side, point), field);
    }
    model_add_curve(&comparison->model, lesson, &curve, x, values[0], values[1], SERIES);
}

/* What each further request leaves behind: the slope from the first number of requests to the last.
 */
static void per_request(const struct runs *runs, unsigned side, unsigned field, double scale,
                        double values[ROUNDS_MAX])
{
    double few[ROUNDS_MAX];

    neighbours_values(&runs->neighbours, &runs->group, case_of(side, 0), field, few);
    neighbours_values(&runs->neighbours, &runs->group, case_of(side, LAST), field, values);
    for (unsigned round = 0; round < neighbours_rounds(&runs->neighbours, &runs->group); round++)
        values[round] =
            scale * (values[round] - few[round]) / (request_counts[LAST] - request_counts[0]);
}

static void add_metrics(struct comparison *comparison, int lesson, const struct runs *runs)
{
    const unsigned rounds = neighbours_rounds(&runs->neighbours, &runs->group);
    char condition[64], code[BUILD_CODE_SIZE];
    const struct quantity exact[] = {
        [FIELD_THREADS] = {"threads_alive", "threads alive at the end", "threads", "process"},
        [FIELD_MAPPED] = {"stack_mapped", "stacks mapped at the end", "B", "process"},
    };
    struct metric metric = {.naive = CODE_NAIVE, .fixed = code, .condition = condition};
    double values[2][ROUNDS_MAX];

    build_code(build_alone(lesson), code);
    snprintf(condition, sizeof condition, "after %u requests", request_counts[LAST]);
    for (unsigned field = 0; field < sizeof exact / sizeof *exact; field++) {
        metric.what = exact[field];
        model_add_exact(&comparison->model, lesson, &metric,
                        neighbours_first(&runs->neighbours, &runs->group, case_of(0, LAST), field),
                        neighbours_first(&runs->neighbours, &runs->group, case_of(1, LAST), field));
    }
    metric.what =
        (struct quantity){"stack_resident", "stacks in memory at the end", "B", "process"};
    for (unsigned side = 0; side < 2; side++)
        neighbours_values(&runs->neighbours, &runs->group, case_of(side, LAST), FIELD_RESIDENT,
                          values[side]);
    model_add_rounds(&comparison->model, lesson, &metric, values[0], values[1], rounds);
    metric.what =
        (struct quantity){"retained", "memory kept for each request", "B/request", "process"};
    for (unsigned side = 0; side < 2; side++)
        per_request(runs, side, FIELD_RSS, 1024, values[side]);
    model_add_rounds(&comparison->model, lesson, &metric, values[0], values[1], rounds);
}

/* One run of each build, for the table of all. */
static int set_variants(struct comparison *comparison)
{
    const struct quantity threads = {"threads_alive", "threads alive at the end", "threads",
                                     "process"};
    const struct quantity stacks = {"stack_resident", "stacks in memory at the end", "B",
                                    "process"};
    const struct run_setup setup = {.input = &comparison->counted, .request_records = 50};
    unsigned builds[BUILD_COUNT], count = plan_builds(&comparison->plan, builds);

    for (unsigned i = 0; i < count; i++) {
        struct rundoc doc;
        double stack_bytes = 0;
        if (program_run(comparison, builds[i], &setup, &doc) != 0)
            return -1;
        rundoc_number(&doc, "stack_resident_bytes", &stack_bytes);
        model_set_build(&comparison->model, builds[i], &threads, true, (double)doc.threads_alive);
        model_set_build(&comparison->model, builds[i], &stacks, false, stack_bytes);
        rundoc_free(&doc);
    }
    return 0;
}

/* One request holds the whole small input; repeating the input makes more of the same. */
static int measure_lesson(struct comparison *comparison, int lesson)
{
    const unsigned sides[2] = {BUILD_NAIVE, build_alone(lesson)};
    const struct input_file *input = &comparison->counted;
    struct run_case cases[2 * SERIES];

    for (unsigned side = 0; side < 2; side++)
        for (unsigned point = 0; point < SERIES; point++)
            cases[case_of(side, point)] =
                (struct run_case){.build = sides[side],
                                  .setup = {.input = input,
                                            .request_records = (unsigned)input->records,
                                            .repeat = request_counts[point]}};
    struct runs runs = {.group = {.cases = cases,
                                  .case_count = 2 * SERIES,
                                  .blocks = comparison->plan.thread_blocks}};
    runs.neighbours = (struct neighbours){
        .groups = &runs.group, .group_count = 1, .fields = fields, .field_count = FIELD_COUNT};
    int status = neighbours_run(comparison, &runs.neighbours, comparison->seed + 3);
    if (status == 0) {
        add_metrics(comparison, lesson, &runs);
        add_series(comparison, lesson, &runs, "threads", "threads alive", "threads", FIELD_THREADS,
                   1);
        add_series(comparison, lesson, &runs, "stacks", "stacks mapped", "B", FIELD_MAPPED, 1);
        add_series(comparison, lesson, &runs, "rss", "resident memory", "B", FIELD_RSS, 1024);
    }
    neighbours_free(&runs.neighbours);
    return status;
}

int measure_threads(struct comparison *comparison)
{
    int status;

    comparison_announce(comparison, comparison->plan.thread_blocks * 0.3,
                        "threads: what %u to %u requests leave behind", request_counts[0],
                        request_counts[LAST]);
    status = set_variants(comparison);
    for (int lesson = 0; lesson < LESSON_COUNT && status == 0; lesson++)
        if (plan_measures(&comparison->plan, lesson, LESSON_OF_THREADS))
            status = measure_lesson(comparison, lesson);
    return status;
}
