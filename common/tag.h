/*
 * tag.h - a tag, and the one order that tags have.
 *
 * Both trees sort with tag_sort() and compare with tag_compare(): lesson 2 is about *when*
 * to sort, not how, so the algorithm is shared and each of its comparisons is counted.
 */
#ifndef TAG_H
#define TAG_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/counts.h"

enum { TAGS_MAX = 64 };

/*
 * The first TAG_PREFIX bytes of a text as one number, zero-padded: two tags stand in the order of
 * their prefixes, unless these are equal. The number is big-endian and stands 7 bits up, so that
 * the difference of two of them fits too, and an index fits into the lowest bits (see tag.c).
 */
typedef __int128 tag_prefix;

enum { TAG_PREFIX = 15, TAG_PREFIX_SHIFT = 7 };

/*
 * `text` is NUL-terminated, has no NUL inside, and belongs to the record's parse: it cannot outlive
 * the arena that the record was parsed into.
 */
struct tag {
    const char *text;
    uint32_t length; /* bytes, without the NUL */
    tag_prefix prefix;
};

/* A record's tags. `tags` belongs to the worker; is_sorted is set only by sort.c. */
struct tag_list {
    struct tag *tags;
    uint32_t count;
    bool is_sorted;
};

/* Of the first 16 bytes, as two words in memory order. */
static inline tag_prefix tag_prefix_of(uint64_t first, uint64_t second)
{
    unsigned __int128 bytes =
        (unsigned __int128)__builtin_bswap64(first) << 64 | __builtin_bswap64(second);
    return (tag_prefix)(bytes >> 8 << TAG_PREFIX_SHIFT);
}

/* Fills in a tag; `text` needs `length` bytes and a NUL behind them. */
static inline struct tag tag_make(const char *text, uint32_t length)
{
    uint64_t words[2] = {0, 0};
    memcpy(words, text, length < sizeof words ? length : sizeof words);
    return (struct tag){text, length, tag_prefix_of(words[0], words[1])};
}

/* strcmp() of the texts: <0, 0 or >0 by unsigned bytes. Counts itself in thread_counts. */
static inline int tag_compare(const struct tag *a, const struct tag *b)
{
    thread_counts.comparisons++;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    if (a->length <= TAG_PREFIX || b->length <= TAG_PREFIX)
        return (a->length > b->length) - (a->length < b->length);
    return strcmp(a->text + TAG_PREFIX, b->text + TAG_PREFIX);
}

/* True if no tag is smaller than the one before it: at most count-1 comparisons. */
bool tag_is_sorted(const struct tag *tags, uint32_t count);

/* Sorts in place, O(count log count) comparisons; count is at most TAGS_MAX. */
void tag_sort(struct tag *tags, uint32_t count);

#endif
