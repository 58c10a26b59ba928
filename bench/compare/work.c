/*
 * work.c - what the program counts of itself: allocations, bytes, sorts, comparisons; a record,
 * exactly.
 *
 * One worker, over an input and over one that begins with it and has three times as many records,
 * and the slope between the two, as with callgrind: start-up drops out.
 */
#include <assert.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"

enum { ONE_REQUEST = 1000000 };
enum { COUNT_ALLOCATIONS, COUNT_BYTES, COUNT_SORTS, COUNT_COMPARISONS, COUNTS };

static const char *const paths[COUNTS] = {"work.allocations", "work.allocated_bytes", "work.sorts",
                                          "work.comparisons"};

static const struct quantity quantities[COUNTS] = {
    {"allocations", "allocations", "1/record", "counters"},
    {"allocated_bytes", "bytes allocated", "B/record", "counters"},
    {"sorts", "sorts", "1/record", "counters"},
    {"comparisons", "tag comparisons", "1/record", "counters"},
};

static int count_build(struct comparison *comparison, unsigned build, double counts[COUNTS])
{
    double of[2][COUNTS], accepted = 0;

    for (int i = 0; i < 2; i++) {
        const struct run_setup setup = {.input =
                                            i == 0 ? &comparison->counted : &comparison->thrice,
                                        .workers = 1,
                                        .request_records = ONE_REQUEST};
        struct rundoc doc;
        if (program_run(comparison, build, &setup, &doc) != 0)
            return -1;
        for (int c = 0; c < COUNTS; c++) {
            of[i][c] = 0;
            rundoc_number(&doc, paths[c], &of[i][c]);
        }
        accepted = (i == 0 ? -1 : 1) * (double)doc.accepted + accepted;
        rundoc_free(&doc);
    }
    for (int c = 0; c < COUNTS; c++)
        counts[c] = accepted > 0 ? (of[1][c] - of[0][c]) / accepted : 0;
    return 0;
}

/* The count of that name, which a lesson's row has. */
static int count_of(const char *name)
{
    int count = 0;
    while (count < COUNTS && strcmp(quantities[count].name, name) != 0)
        count++;
    assert(count < COUNTS);
    return count;
}

static void add_metric(struct comparison *comparison, int lesson, int count,
                       double counts[BUILD_COUNT][COUNTS])
{
    const unsigned fixed = lesson == LESSON_ALL ? BUILD_FIXED : build_alone(lesson);
    char code[BUILD_CODE_SIZE];

    build_code(fixed, code);
    const struct metric metric = {quantities[count], CODE_NAIVE, code,
                                  "one worker, an accepted record"};
    model_add_exact(&comparison->model, lesson, &metric, counts[BUILD_NAIVE][count],
                    counts[fixed][count]);
}

int count_work(struct comparison *comparison)
{
    static const int of_the_whole[] = {COUNT_BYTES, COUNT_ALLOCATIONS, COUNT_COMPARISONS};
    double counts[BUILD_COUNT][COUNTS];
    unsigned builds[BUILD_COUNT], count = plan_builds(&comparison->plan, builds);

    comparison_announce(comparison, 0, "counters: allocations, sorts, comparisons of %u builds",
                        count);
    for (unsigned i = 0; i < count; i++) {
        if (count_build(comparison, builds[i], counts[builds[i]]) != 0)
            return -1;
        for (int c = 0; c < COUNTS; c++)
            model_set_build(&comparison->model, builds[i], &quantities[c], true,
                            counts[builds[i]][c]);
    }
    /* A lesson shows those that it is about; the others are in the table of all builds. */
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const char *const *names = lesson_rows[lesson].measures.counts;
        for (int i = 0; i < LESSON_COUNTS && names[i] != NULL; i++)
            if (plan_wants(&comparison->plan, lesson))
                add_metric(comparison, lesson, count_of(names[i]), counts);
    }
    for (unsigned i = 0; i < sizeof of_the_whole / sizeof *of_the_whole; i++)
        add_metric(comparison, LESSON_ALL, of_the_whole[i], counts);
    return 0;
}
