#include "common/tally.h"

void tally_accept(struct tally *tally, uint64_t digest, int64_t score)
{
    tally->accepted++;
    tally->digest += digest;
    tally->score_sum += score;
}

/* Keeps the lowest line numbers, in order; `count` lines have been put in before. */
static void keep_line(struct tally_line *lines, uint64_t count, struct tally_line line)
{
    unsigned kept = count < TALLY_LINES_KEPT ? (unsigned)count : TALLY_LINES_KEPT;
    unsigned at = kept;
    while (at > 0 && lines[at - 1].number > line.number)
        at--;
    if (at == TALLY_LINES_KEPT)
        return;
    for (unsigned i = kept < TALLY_LINES_KEPT ? kept : kept - 1; i > at; i--)
        lines[i] = lines[i - 1];
    lines[at] = line;
}

void tally_reject(struct tally *tally, const struct reject *reject, uint64_t line_number)
{
    keep_line(tally->first[reject->reason], tally->rejected[reject->reason],
              (struct tally_line){line_number, reject->offset});
    tally->rejected[reject->reason]++;
}

void tally_add(struct tally *sum, const struct tally *part)
{
    static const struct counts nothing;
    static const struct lock_times never;

    sum->accepted += part->accepted;
    sum->digest += part->digest;
    sum->score_sum += part->score_sum;
    sum->round_trip_ns += part->round_trip_ns;
    counts_add_since(&sum->counts, &nothing, &part->counts);
    lock_times_add_since(&sum->lock_times, &never, &part->lock_times);
    for (int reason = 0; reason < REJECT_COUNT; reason++) {
        uint64_t count = part->rejected[reason];
        for (unsigned i = 0; i < count && i < TALLY_LINES_KEPT; i++)
            keep_line(sum->first[reason], sum->rejected[reason] + i, part->first[reason][i]);
        sum->rejected[reason] += count;
    }
}

uint64_t tally_rejected(const struct tally *tally)
{
    uint64_t sum = 0;
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        sum += tally->rejected[reason];
    return sum;
}
