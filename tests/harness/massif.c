/* massif.c - the reader of Massif's files, held against what the recorded programs do. */
#include "massif.h"

#include "reading.h"

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

static uint64_t bytes_of(const struct massif *result, uint32_t snapshot, const char *function)
{
    uint64_t bytes;
    cr_assert_eq(massif_bytes_of(result, snapshot, function, &bytes), 0);
    return bytes;
}

static int try_file(const char *path, char *error, size_t error_size)
{
    struct massif result;

    if (massif_read(path, &result, error, error_size) != 0)
        return -1;
    cr_expect_geq(result.snapshot_count, 1);
    cr_expect_lt(result.peak, result.snapshot_count);
    for (uint32_t i = 0; i < result.snapshot_count; i++) {
        uint64_t bytes;
        if (massif_bytes_of(&result, i, "main", &bytes) == 0)
            cr_expect_leq(bytes, result.snapshots[i].heap_bytes);
    }
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

Test(massif, attributes_the_heap_to_functions)
{
    struct massif result = load(HEAP);
    uint64_t unnamed;

    /* Recorded in full detail: each snapshot has a tree, and nothing is below the threshold. */
    for (uint32_t i = 0; i < result.snapshot_count; i++) {
        cr_expect_eq(bytes_of(&result, i, "main"), result.snapshots[i].heap_bytes);
        cr_expect_eq(massif_unnamed_bytes(&result, i, &unnamed), 0);
        cr_expect_eq(unnamed, 0);
    }
    /* At the peak all that is never freed is there: two calls of lose(), and the key of 40 bytes.
     */
    cr_expect_eq(bytes_of(&result, result.peak, "lose"), 1024);
    cr_expect_eq(bytes_of(&result, result.peak, "lose_chain"), 108);
    cr_expect_eq(bytes_of(&result, result.peak, "key_build"), 41);
    cr_expect_eq(bytes_of(&result, result.peak, "no_such_function"), 0);
    massif_free(&result);
}

Test(massif, tells_thread_stacks_from_arenas_among_pages)
{
    struct massif result = load(PAGES);
    uint32_t peak = result.peak;
    uint64_t stacks = bytes_of(&result, peak, "pthread_create");
    uint64_t arenas = bytes_of(&result, peak, "thread_main");
    uint64_t unnamed;

    /* Four threads with stacks of one size, whatever the limit was when it was recorded. */
    cr_expect_gt(stacks, 0);
    cr_expect_eq(stacks % (4 * 4096), 0);
    cr_expect_eq(bytes_of(&result, peak, "allocate_stack"), stacks);
    /* The arenas come from the threads' first malloc(), by two places in glibc. */
    cr_expect_gt(arenas, 0);
    cr_expect_eq(bytes_of(&result, peak, "alloc_new_heap"), arenas);
    cr_expect_eq(massif_unnamed_bytes(&result, peak, &unnamed), 0);
    cr_expect_gt(unnamed, 0);
    cr_expect_leq(stacks + arenas + unnamed, result.snapshots[peak].heap_bytes);
    massif_free(&result);
}

Test(massif, has_no_answer_for_a_snapshot_without_a_tree)
{
    struct massif result = load(PAGES);
    uint64_t bytes = 7;

    cr_assert_eq(result.snapshots[0].node_count, 0);
    cr_expect_eq(massif_bytes_of(&result, 0, "main", &bytes), -1);
    cr_expect_eq(massif_unnamed_bytes(&result, 0, &bytes), -1);
    cr_expect_eq(bytes, 7);
    massif_free(&result);
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

Test(massif, counts_recursion_once)
{
    static const char text[] =
        "desc: x\ncmd: x\ntime_unit: i\n#--\nsnapshot=0\n#--\ntime=1\nmem_heap_B=10\n"
        "mem_heap_extra_B=2\nmem_stacks_B=3\nheap_tree=detailed\n"
        "n2: 10 (heap allocation functions) malloc\n"
        " n1: 6 0x1: f (a.c:1)\n"
        "  n1: 6 0x2: f (a.c:2)\n"
        "   n0: 6 0x3: g (a.c:3)\n"
        " n0: 4 in 2 places, all below massif's threshold (1.00%)\n";
    const char *path = reading_temporary();
    struct massif result;
    char error[TEXT_ERROR_SIZE];
    uint64_t unnamed;

    reading_write(path, text, sizeof text - 1);
    cr_assert_eq(massif_read(path, &result, error, sizeof error), 0, "%s", error);
    cr_expect_eq(result.peak, 0, "the largest, where none is marked");
    cr_expect_eq(bytes_of(&result, 0, "f"), 6);
    cr_expect_eq(bytes_of(&result, 0, "g"), 6);
    cr_expect_eq(massif_unnamed_bytes(&result, 0, &unnamed), 0);
    cr_expect_eq(unnamed, 4);
    massif_free(&result);
    unlink(path);
}

/* A snapshot whose tree is wrong, in one way each. */
Test(massif, refuses_trees_that_do_not_sum)
{
    static const char *const trees[] = {
        "n1: 10 (heap allocation functions) malloc\n n0: 9 0x1: f (a.c:1)\n",
        "n1: 9 (heap allocation functions) malloc\n n0: 9 0x1: f (a.c:1)\n",
        "n1: 10 (heap allocation functions) malloc\n  n0: 10 0x1: f (a.c:1)\n",
        "n1: 10 (heap allocation functions) malloc\n n0: 10 somewhere\n",
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
