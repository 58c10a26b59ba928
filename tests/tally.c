/* tally.c - tallies add up to the same, in whatever order their parts come. */
#include "common/tally.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/sample.h"

enum { LINES = 200, PARTS = 7 };

static void reject_line(struct tally *tally, enum reject_reason reason, uint64_t number)
{
    struct reject reject = {reason, (uint32_t)(number * 10)};
    tally_reject(tally, &reject, number);
}

static void expect_lines(const struct tally *tally, enum reject_reason reason,
                         const uint64_t *numbers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        cr_expect_eq(tally->first[reason][i].number, numbers[i], "place %u", i);
        cr_expect_eq(tally->first[reason][i].offset, numbers[i] * 10);
    }
}

Test(tally, counts_what_is_accepted)
{
    struct tally tally = {0};
    tally_accept(&tally, 5, -7);
    tally_accept(&tally, UINT64_MAX, 3);
    cr_expect_eq(tally.accepted, 2);
    cr_expect_eq(tally.digest, 4, "modulo 2^64");
    cr_expect_eq(tally.score_sum, -4);
    cr_expect_eq(tally_rejected(&tally), 0);
}

Test(tally, counts_rejects_by_reason)
{
    struct tally tally = {0};
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        for (int i = 0; i <= reason; i++)
            reject_line(&tally, (enum reject_reason)reason, 1);
    for (uint64_t reason = 0; reason < REJECT_COUNT; reason++)
        cr_expect_eq(tally.rejected[reason], reason + 1);
    cr_expect_eq(tally_rejected(&tally), REJECT_COUNT * (REJECT_COUNT + 1) / 2);
}

Test(tally, keeps_the_five_lowest_line_numbers_in_order)
{
    static const uint64_t numbers[] = {50, 20, 90, 10, 70, 30, 100, 5, 60};
    static const uint64_t lowest[] = {5, 10, 20, 30, 50};
    struct tally tally = {0};
    for (int i = 0; i < 9; i++)
        reject_line(&tally, REJECT_ID, numbers[i]);
    cr_expect_eq(tally.rejected[REJECT_ID], 9);
    expect_lines(&tally, REJECT_ID, lowest, TALLY_LINES_KEPT);
}

Test(tally, keeps_fewer_lines_where_there_are_fewer)
{
    static const uint64_t numbers[] = {3, 8};
    struct tally tally = {0}, sum = {0};
    reject_line(&tally, REJECT_TS, 8);
    reject_line(&tally, REJECT_TS, 3);
    tally_add(&sum, &tally);
    expect_lines(&sum, REJECT_TS, numbers, 2);
}

Test(tally, adds_up_all_of_its_fields)
{
    const struct tally part = {
        .accepted = 1,
        .digest = 2,
        .score_sum = -3,
        .round_trip_ns = 4,
        .counts = {5, 6, 7, 8, 9, 10},
        .lock_times = {.wait_ns = 11, .holds = {[2] = 12}},
    };
    struct tally sum = {0};
    tally_add(&sum, &part);
    tally_add(&sum, &part);
    cr_expect_eq(sum.accepted, 2);
    cr_expect_eq(sum.digest, 4);
    cr_expect_eq(sum.score_sum, -6);
    cr_expect_eq(sum.round_trip_ns, 8);
    cr_expect_eq(sum.counts.allocations, 10);
    cr_expect_eq(sum.counts.allocated_bytes, 12);
    cr_expect_eq(sum.counts.sort_calls, 14);
    cr_expect_eq(sum.counts.sorts, 16);
    cr_expect_eq(sum.counts.comparisons, 18);
    cr_expect_eq(sum.counts.round_trips, 20);
    cr_expect_eq(sum.lock_times.wait_ns, 22);
    cr_expect_eq(sum.lock_times.holds[2], 24);
}

/* The lines of one input, dealt out to tallies at random and added up in any order. */
Test(tally, does_not_depend_on_the_order_of_its_parts)
{
    struct tally whole = {0};
    uint64_t state = 3;

    for (uint64_t number = 1; number <= LINES; number++)
        reject_line(&whole, (enum reject_reason)(number % REJECT_COUNT), number);
    for (int round = 0; round < 200; round++) {
        struct tally parts[PARTS] = {0}, sum = {0};
        for (uint64_t number = 1; number <= LINES; number++)
            reject_line(&parts[sample_random(&state) % PARTS],
                        (enum reject_reason)(number % REJECT_COUNT), number);
        for (unsigned i = 0, from = (unsigned)round; i < PARTS; i++)
            tally_add(&sum, &parts[(from + 3 * i) % PARTS]);
        cr_assert_arr_eq(&sum, &whole, sizeof sum);
    }
}
