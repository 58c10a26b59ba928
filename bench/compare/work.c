/*
 * work.c - what the program counts of itself: allocations, bytes, sorts, comparisons; a record,
 * exactly.
 *
 * One worker, over an input and over one that begins with it and has three times as many records,
 * and the slope between the two, as with callgrind: start-up drops out.
 */
#include "bench/compare/document.h"
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

static int count_build(struct comparison *comparison, unsigned mask, double counts[COUNTS])
{
    double of[2][COUNTS], accepted = 0;

    for (int i = 0; i < 2; i++) {
        const struct run_setup setup = {.input =
                                            i == 0 ? &comparison->counted : &comparison->thrice,
                                        .workers = 1,
                                        .request_records = ONE_REQUEST};
        struct rundoc doc;
        if (program_run(comparison, mask, &setup, &doc) != 0)
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

int count_work(struct comparison *comparison)
{
    /* Which counts a chapter shows; the others are in the table of the sixteen. */
    static const struct {
        int lesson;
        int count;
    } shown[] = {
        {LESSON_KEY, COUNT_BYTES},        {LESSON_KEY, COUNT_ALLOCATIONS},
        {LESSON_SORT, COUNT_COMPARISONS}, {LESSON_SORT, COUNT_SORTS},
        {LESSON_SORT, COUNT_BYTES},       {LESSON_ALL, COUNT_BYTES},
        {LESSON_ALL, COUNT_ALLOCATIONS},  {LESSON_ALL, COUNT_COMPARISONS},
    };
    double counts[ATTRIBUTION_VARIANTS][COUNTS];
    unsigned masks[ATTRIBUTION_VARIANTS], count = plan_builds(&comparison->plan, masks);

    comparison_announce(comparison, 0, "counters: allocations, sorts, comparisons of %u builds",
                        count);
    for (unsigned i = 0; i < count; i++) {
        if (count_build(comparison, masks[i], counts[masks[i]]) != 0)
            return -1;
        for (int c = 0; c < COUNTS; c++)
            document_set_variant(comparison, masks[i], &quantities[c], true, counts[masks[i]][c]);
    }
    for (unsigned i = 0; i < sizeof shown / sizeof *shown; i++) {
        unsigned fixed =
            shown[i].lesson == LESSON_ALL ? ATTRIBUTION_VARIANTS - 1 : 1u << shown[i].lesson;
        char code[5];
        if (shown[i].lesson != LESSON_ALL && !plan_wants(&comparison->plan, shown[i].lesson))
            continue;
        attribution_code(fixed, code);
        const struct metric metric = {quantities[shown[i].count], "nnnn", code,
                                      "one worker, an accepted record"};
        document_add_exact(comparison, shown[i].lesson, &metric, counts[0][shown[i].count],
                           counts[fixed][shown[i].count]);
    }
    return 0;
}
