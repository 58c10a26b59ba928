/* arena.c - memory of one record: aligned, apart, given back at once; and cJSON in it. */
#include "common/arena.h"

#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/counts.h"
#include "common/memory.h"
#include "tests/sample.h"

Test(arena, gives_memory_that_is_aligned_and_apart)
{
    enum { PIECES = 500 };
    struct arena arena = {0};
    unsigned char *pieces[PIECES];
    size_t sizes[PIECES];
    uint64_t state = 1;

    for (int i = 0; i < PIECES; i++) {
        sizes[i] = 1 + sample_random(&state) % (i % 50 == 0 ? 100000 : 100);
        pieces[i] = arena_take(&arena, sizes[i]);
        cr_assert_not_null(pieces[i]);
        cr_expect_eq((uintptr_t)pieces[i] % ARENA_ALIGNMENT, 0);
        memset(pieces[i], i, sizes[i]);
    }
    for (int i = 0; i < PIECES; i++)
        for (size_t at = 0; at < sizes[i]; at++)
            cr_assert_eq(pieces[i][at], (unsigned char)i, "piece %d", i);
    arena_free(&arena);
}

/* Written up to the next multiple of the alignment, read a whole vector behind that: ASan watches.
 */
Test(arena, lets_the_end_of_a_piece_be_used_in_vectors)
{
    struct arena arena = {0};
    for (size_t size = 1; size < 40000; size = size * 3 / 2 + 1) {
        char *piece = arena_take(&arena, size);
        size_t end = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
        char vector[ARENA_ALIGNMENT];
        cr_assert_not_null(piece);
        memset(piece, 1, end);
        memcpy(vector, piece + end, sizeof vector);
        __asm__ volatile("" : : "r"(vector) : "memory");
    }
    arena_free(&arena);
}

Test(arena, costs_no_allocation_once_it_is_warm)
{
    struct arena arena = {0};
    for (int record = 0; record < 100; record++) {
        uint64_t before = thread_counts.allocations;
        arena_reset(&arena);
        for (int i = 0; i < 100; i++)
            cr_assert_not_null(arena_take(&arena, 64));
        cr_expect_eq(thread_counts.allocations - before, record == 0 ? 1 : 0);
    }
    arena_free(&arena);
}

Test(arena, gives_back_what_a_large_record_needed)
{
    struct arena arena = {0};
    cr_assert_not_null(arena_take(&arena, 100));
    for (int i = 0; i < 10; i++)
        cr_assert_not_null(arena_take(&arena, 1 << 20));
    arena_reset(&arena);
    cr_expect_lt((size_t)(arena.limit - arena.next), 1 << 20);
    arena_free(&arena);
    cr_expect_null(arena.blocks);
}

Test(arena, needs_few_blocks_for_many_pieces)
{
    struct arena arena = {0};
    uint64_t before = thread_counts.allocations;
    for (int i = 0; i < 100000; i++)
        cr_assert_not_null(arena_take(&arena, 100));
    cr_expect_leq(thread_counts.allocations - before, 16, "it doubles");
    arena_free(&arena);
}

Test(arena, can_be_reset_and_freed_empty)
{
    struct arena arena = {0};
    arena_reset(&arena);
    arena_free(&arena);
    arena_free(&arena);
    cr_assert_not_null(arena_take(&arena, 10));
    arena_free(&arena);
}

Test(arena, says_that_memory_ran_out)
{
    struct arena arena = {0};
    memory_fail_at(1);
    cr_expect_null(arena_take(&arena, 10));
    cr_expect(arena.is_failed);
    memory_fail_at(0);
    arena_reset(&arena);
    cr_expect_not(arena.is_failed);
    cr_expect_not_null(arena_take(&arena, 10));
    memory_fail_at(1);
    cr_expect_null(arena_take(&arena, 1 << 20));
    memory_fail_at(0);
    cr_expect_not_null(arena_take(&arena, 10), "what is there can still be used");
    arena_free(&arena);
}

Test(arena, has_no_room_for_all_of_memory)
{
    struct arena arena = {0};
    cr_expect_null(arena_take(&arena, SIZE_MAX));
    cr_expect_null(arena_take(&arena, SIZE_MAX - 8));
    cr_expect_null(arena_take(&arena, SIZE_MAX / 2));
    cr_expect(arena.is_failed);
    arena_free(&arena);
}

Test(arena, is_used_by_cjson_while_it_is_bound, .init = arena_install_cjson_hooks)
{
    struct arena arena = {0};
    cJSON *json;

    cr_assert_not_null(arena_take(&arena, 1));
    uint64_t before = thread_counts.allocations;
    arena_bind(&arena);
    json = cJSON_Parse("{\"a\":[1,2,\"text\"],\"b\":{}}");
    arena_bind(NULL);
    cr_assert_not_null(json);
    cr_expect_eq(thread_counts.allocations - before, 0);
    cr_expect_str_eq(json->child->child->next->next->valuestring, "text");
    arena_free(&arena);

    json = cJSON_Parse("{\"a\":1}");
    cr_assert_not_null(json);
    cr_expect_gt(thread_counts.allocations - before, 0, "from malloc again");
    cJSON_Delete(json);
}
