/*
 * sort.c - benchmark of lesson 2: the two sorted views that each record asks for.
 *
 * sort/unsorted/tags:N   an iteration is a record with N tags in the order in which they came: its
 *                        list is written anew, then a view is opened and closed for the key, and
 *                        once more for the score
 * sort/sorted/tags:N     the same with tags that came in order
 * sort/restore/tags:N    only the writing of the list, which stands for the stage before: what both
 *                        trees pay in the two above, and no part of the claim
 *
 * Counters, a record: `sorts`, `comparisons`, `allocations` and `allocated_bytes`, all exact.
 *
 * The top of its profile: tag_sort(), which the trees share, and for tags that came in order in the
 * fixed tree tag_is_sorted(). The lesson is how often.
 */
#include "bench/benchmarks.h"
#include "common/counts.h"
#include "common/sort.h"

static const int64_t tag_counts[] = {8, 20, 32};

static bool is_same(const struct tag *a, const struct tag *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i].length != b[i].length || memcmp(a[i].text, b[i].text, a[i].length) != 0)
            return false;
    return true;
}

/* The list as the stage before would hand it over: in `tags`, which is the same for each record. */
static inline struct tag_list restore(const struct tag_list *list, struct tag *tags)
{
    memcpy(tags, list->tags, list->count * sizeof *tags);
    return (struct tag_list){tags, list->count, false};
}

/* Opens and closes a view. */
static inline void ask(struct tag_list *list)
{
    struct sort_view view;

    if (sort_tags(list, &view) != 0)
        return;
    bench_sink(view.tags);
    sort_release(&view);
}

/* Whether both views of each record are in order. `sorted` are the same records, sorted. */
static bool is_right(const struct samples *samples, const struct samples *sorted)
{
    struct tag tags[TAGS_MAX];

    for (unsigned i = 0; i < SAMPLES_COUNT; i++) {
        struct tag_list list = restore(&samples->each[i].record.tags, tags);
        for (int view_count = 0; view_count < 2; view_count++) {
            struct sort_view view;
            if (sort_tags(&list, &view) != 0)
                return false;
            bool is_right = view.count == list.count &&
                            is_same(view.tags, sorted->each[i].record.tags.tags, view.count);
            sort_release(&view);
            if (!is_right)
                return false;
        }
    }
    return true;
}

static void sort_all(const struct samples *samples)
{
    struct tag tags[TAGS_MAX];

    for (unsigned i = 0; i < SAMPLES_COUNT; i++) {
        struct tag_list list = restore(&samples->each[i].record.tags, tags);
        ask(&list); /* the key */
        ask(&list); /* the score */
    }
}

static void restore_all(const struct samples *samples)
{
    struct tag tags[TAGS_MAX];

    for (unsigned i = 0; i < SAMPLES_COUNT; i++) {
        struct tag_list list = restore(&samples->each[i].record.tags, tags);
        bench_sink(list.tags);
    }
}

static void report(struct bench_state *state, const struct counts *before)
{
    struct counts counts = {0};

    counts_add_since(&counts, before, &thread_counts);
    bench_set_counter(state, "sorts", (double)counts.sorts, BENCH_PER_ITERATION);
    bench_set_counter(state, "comparisons", (double)counts.comparisons, BENCH_PER_ITERATION);
    bench_set_counter(state, "allocations", (double)counts.allocations, BENCH_PER_ITERATION);
    bench_set_counter(state, "allocated_bytes", (double)counts.allocated_bytes,
                      BENCH_PER_ITERATION);
}

static void sort(struct bench_state *state, const struct bench_input *input, bool comes_sorted)
{
    uint32_t tag_count = (uint32_t)bench_value(state, 0);
    struct samples *samples = samples_new(input->material, tag_count, comes_sorted);
    struct samples *sorted = samples_new(input->material, tag_count, true);

    if (samples == NULL || sorted == NULL)
        bench_skip(state, "out of memory");
    else if (!is_right(samples, sorted))
        bench_fail(state, "sort_tags() did not give a view in order");
    samples_delete(sorted);
    const struct samples *records = bench_opaque(samples);
    const struct counts before = thread_counts;
    while (bench_keep_running(state, SAMPLES_COUNT))
        sort_all(records);
    report(state, &before);
    samples_delete(samples);
}

static void sort_unsorted(struct bench_state *state, void *context)
{
    sort(state, context, false);
}

static void sort_sorted(struct bench_state *state, void *context)
{
    sort(state, context, true);
}

static void restore_only(struct bench_state *state, void *context)
{
    const struct bench_input *input = context;
    struct samples *samples = samples_new(input->material, (uint32_t)bench_value(state, 0), false);

    if (samples == NULL)
        bench_skip(state, "out of memory");
    const struct samples *records = bench_opaque(samples);
    while (bench_keep_running(state, SAMPLES_COUNT))
        restore_all(records);
    samples_delete(samples);
}

int bench_add_sort(struct bench_input *input)
{
    static const struct {
        const char *name;
        void (*run)(struct bench_state *state, void *context);
    } benches[] = {
        {"sort/unsorted", sort_unsorted},
        {"sort/sorted", sort_sorted},
        {"sort/restore", restore_only},
    };
    int status = 0;

    for (unsigned i = 0; i < sizeof benches / sizeof *benches; i++) {
        struct bench bench = {
            .name = benches[i].name,
            .run = benches[i].run,
            .context = input,
            .arguments = {{.name = "tags", .value_count = sizeof tag_counts / sizeof *tag_counts}},
        };
        memcpy(bench.arguments[0].values, tag_counts, sizeof tag_counts);
        status |= bench_register(input->suite, &bench);
    }
    return status;
}
