/* massif.c - the reader of Massif's files, held against what the recorded programs do. */
#include "bench/readers/massif.h"

#include "tests/harness/reading.h"

static const char *const files[] = {
    HARNESS_DATA "massif.heap.out",
    HARNESS_DATA "massif.pages.out",
    HARNESS_DATA "massif.stacks.out",
};
enum { HEAP, PAGES, STACKS, FILE_COUNT };

static struct massif load(int file)
{
    char error[TEXT_ERROR_SIZE];
    struct massif result;
    cr_assert_eq(massif_read(files[file], &result, error, sizeof error), 0, "%s", error);
    return result;
}

static int try_file(const char *path, char *error, size_t error_size)
{
    struct massif result;

    if (massif_read(path, &result, error, error_size) != 0)
        return -1;
    cr_expect_geq(result.snapshot_count, 1);
    cr_expect_lt(result.peak, result.snapshot_count);
    massif_free(&result);
    return 0;
}

Test(massif, reads_the_units_of_time)
{
    struct massif heap = load(HEAP), stacks = load(STACKS);
    cr_expect_str_eq(heap.time_unit, "i");
    cr_expect_str_eq(stacks.time_unit, "B");
    massif_free(&heap);
    massif_free(&stacks);
}

Test(massif, time_goes_forward_and_peaks_once)
{
    for (int file = 0; file < FILE_COUNT; file++) {
        struct massif result = load(file);
        unsigned peak_count = 0;
        for (uint32_t i = 0; i < result.snapshot_count; i++) {
            peak_count += result.snapshots[i].is_peak;
            if (i > 0)
                cr_expect_geq(result.snapshots[i].time, result.snapshots[i - 1].time);
        }
        cr_expect_eq(peak_count, 1, "%s", files[file]);
        cr_expect(result.snapshots[result.peak].is_peak);
        massif_free(&result);
    }
}

Test(massif, reads_stacks)
{
    struct massif heap = load(HEAP), stacks = load(STACKS);
    uint64_t most = 0;

    for (uint32_t i = 0; i < heap.snapshot_count; i++)
        cr_expect_eq(heap.snapshots[i].stack_bytes, 0);
    for (uint32_t i = 0; i < stacks.snapshot_count; i++)
        if (stacks.snapshots[i].stack_bytes > most)
            most = stacks.snapshots[i].stack_bytes;
    cr_expect_gt(most, 0);
    massif_free(&heap);
    massif_free(&stacks);
}

static void read_snapshot(const char *kind, const char *tree, struct massif *result)
{
    const char *path = reading_temporary();
    char text[400], error[TEXT_ERROR_SIZE];

    snprintf(text, sizeof text,
             "desc: x\ncmd: x\ntime_unit: i\n#--\nsnapshot=0\n#--\ntime=1\nmem_heap_B=10\n"
             "mem_heap_extra_B=2\nmem_stacks_B=3\nheap_tree=%s\n%s",
             kind, tree);
    reading_write(path, text, strlen(text));
    cr_assert_eq(massif_read(path, result, error, sizeof error), 0, "%s", error);
    unlink(path);
}

Test(massif, passes_over_trees)
{
    struct massif result;

    read_snapshot("detailed",
                  "n2: 10 (heap allocation functions) malloc\n"
                  " n1: 6 0x1: f (a.c:1)\n"
                  "  n0: 6 0x2: g (a.c:2)\n"
                  " n0: 4 in 2 places, all below massif's threshold (1.00%)\n",
                  &result);
    cr_expect_eq(result.snapshot_count, 1);
    cr_expect_eq(result.peak, 0, "the largest, where none is marked");
    cr_expect_eq(result.snapshots[0].heap_bytes, 10);
    massif_free(&result);
}

Test(massif, refuses_a_tree_that_ends_early_or_late)
{
    static const char *const trees[] = {
        "n1: 10 (heap allocation functions) malloc\n",
        "n0: 10 (heap allocation functions) malloc\n n0: 10 0x1: f (a.c:1)\n",
        "n1: 10 (heap allocation functions) malloc\n somewhere\n",
    };
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "time_unit: i\n#--\nsnapshot=0\n#--\ntime=1\nmem_heap_B=10\n"
                 "mem_heap_extra_B=2\nmem_stacks_B=3\nheap_tree=detailed\n%s",
                 trees[i]);
        reading_expect_refusal(text, strlen(text), try_file);
    }
}

Test(massif, survives_broken_files)
{
    /* Cut between two snapshots, a file is a shorter one; the checks are in try_file(). */
    for (int file = 0; file < FILE_COUNT; file++) {
        struct massif result = load(file);
        cr_expect_lt(reading_try_cuts(files[file], try_file), result.snapshot_count);
        massif_free(&result);
        reading_try_changes(files[file], try_file);
    }
    reading_try_garbage(try_file);
}
