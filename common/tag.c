#include "common/tag.h"

#include <assert.h>
#include <stddef.h>

bool tag_is_sorted(const struct tag *tags, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (tag_compare(&tags[i - 1], &tags[i]) > 0)
            return false;
    return true;
}

/*
 * What is sorted: a tag's prefix with its index in the lowest bits. It tells nearly all pairs
 * apart, and no two are equal. Numbers can be put in order and moved without a branch, by their
 * difference; a branch on the order of random tags would be mispredicted every other time, for the
 * price of some twenty instructions.
 */
typedef tag_prefix packed_tag;

enum { INDEX_MASK = (1 << TAG_PREFIX_SHIFT) - 1 };

_Static_assert(TAGS_MAX <= INDEX_MASK + 1, "an index has to fit below the prefix");

/* What is moved along with it. */
struct body {
    const char *text;
    uint32_t length;
};

/* n if it is negative, else 0. */
static inline packed_tag negative(packed_tag n)
{
    return n & n >> 127;
}

/* -1 if n is negative, else 0. */
static inline ptrdiff_t sign(packed_tag n)
{
    return (ptrdiff_t)(n >> 127);
}

static inline void put_in_order(packed_tag *a, packed_tag *b)
{
    packed_tag change = negative(*b - *a);
    *a += change;
    *b -= change;
}

/* Sorts up to four with the smallest network that there is (Knuth 5.3.4). Returns the number of
 * comparisons. */
static inline uint32_t sort_few(packed_tag *few, uint32_t count)
{
    if (count < 2)
        return 0;
    put_in_order(&few[0], &few[1]);
    if (count == 2)
        return 1;
    if (count == 3) {
        put_in_order(&few[1], &few[2]);
        put_in_order(&few[0], &few[1]);
        return 3;
    }
    put_in_order(&few[2], &few[3]);
    put_in_order(&few[0], &few[2]);
    put_in_order(&few[1], &few[3]);
    put_in_order(&few[1], &few[2]);
    return 5;
}

/*
 * Merges the sorted runs [from, middle) and [middle, to) of `in` into `out`; returns the number of
 * comparisons, which is one less than there are tags.
 *
 * It goes from both ends to the middle at once: two chains of loads and compares that do not wait
 * for each other. The runs' lengths differ by one at most, so half of the tags can be taken at
 * either end before a run is used up: nothing has to be checked, no branch depends on the tags.
 */
static inline uint32_t merge(const packed_tag *in, packed_tag *out, uint32_t from, uint32_t middle,
                             uint32_t to)
{
    const packed_tag *left = in + from, *left_last = in + middle - 1;
    const packed_tag *right = in + middle, *right_last = in + to - 1;
    packed_tag *next = out + from, *last = out + to - 1;

    for (uint32_t pairs = (to - from - 1) / 2; pairs > 0; pairs--) {
        packed_tag first = *right - *left, final = *right_last - *left_last; /* < 0: out of order */
        *next++ = *left + negative(first);
        *last-- = *right_last - negative(final);
        right -= sign(first);
        left += 1 + sign(first);
        left_last += sign(final);
        right_last -= 1 + sign(final);
    }
    if ((to - from) % 2 == 0) {
        packed_tag first = *right - *left;
        *next++ = *left + negative(first);
        right -= sign(first);
        left += 1 + sign(first);
    }
    /* One is left over: both ends of its run are at it, those of the other run have crossed. */
    ptrdiff_t is_right = left_last - left; /* -1 or 0 */
    *next = *left + ((*right_last - *left) & is_right);
    return to - from - 1;
}

/* Sorts by packed tags in `first`, with `second` as scratch; returns which of them it ended in. */
static packed_tag *sort_packed(packed_tag *first, packed_tag *second, uint32_t count)
{
    packed_tag *in = first, *out = second;
    uint32_t halvings = 0, comparisons = 0;

    /* Run i of 2^halvings starts at i*count / 2^halvings: as even as it can be. */
    while (count >> halvings >= 4)
        halvings++;
    for (uint32_t run = 0; run < 1u << halvings; run++) {
        uint32_t from = run * count >> halvings, to = (run + 1) * count >> halvings;
        comparisons += sort_few(in + from, to - from);
    }
    for (; halvings > 0; halvings--) {
        for (uint32_t run = 0; run < 1u << halvings; run += 2)
            comparisons += merge(in, out, run * count >> halvings, (run + 1) * count >> halvings,
                                 (run + 2) * count >> halvings);
        packed_tag *swapped = in;
        in = out;
        out = swapped;
    }
    thread_counts.comparisons += comparisons;
    return in;
}

/* Moves the last of the tags to where it belongs among the others, which are in order. */
static void insert_last(struct tag *tags, uint32_t count)
{
    struct tag tag = tags[count - 1];
    uint32_t low = 0, high = count - 1;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (tag_compare(&tags[middle], &tag) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    memmove(&tags[low + 1], &tags[low], (count - 1 - low) * sizeof *tags);
    tags[low] = tag;
}

/* Puts tags with equal prefixes in order: they are neighbours by now. */
static void settle_ties(struct tag *tags, uint32_t count)
{
    uint32_t first = 0; /* of those with the same prefix */
    for (uint32_t i = 1; i < count; i++) {
        if (tags[i].prefix != tags[first].prefix)
            first = i;
        else
            insert_last(&tags[first], i + 1 - first);
    }
}

/*
 * A bottom-up merge sort: few comparisons, no recursion (which a call graph would show as a cycle)
 * and no allocation. It does not look whether the tags are in order already: that is the caller's
 * decision, and the lesson.
 */
void tag_sort(struct tag *tags, uint32_t count)
{
    packed_tag first[TAGS_MAX], second[TAGS_MAX];
    struct body bodies[TAGS_MAX];
    tag_prefix previous = -1;
    bool has_ties = false;

    assert(count <= TAGS_MAX);
    thread_counts.sorts++;
    for (uint32_t i = 0; i < count; i++) {
        first[i] = tags[i].prefix | i;
        bodies[i] = (struct body){tags[i].text, tags[i].length};
    }
    const packed_tag *sorted = sort_packed(first, second, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct body *body = &bodies[(uint32_t)sorted[i] & INDEX_MASK];
        tag_prefix prefix = sorted[i] & ~(packed_tag)INDEX_MASK;
        tags[i] = (struct tag){body->text, body->length, prefix};
        has_ties |= prefix == previous;
        previous = prefix;
    }
    if (has_ties)
        settle_ties(tags, count);
}
