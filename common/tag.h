/*
 * tag.h - a tag, and the one order that tags have.
 *
 * Both trees sort with tag_sort() and compare with tag_compare(): the lesson of problem 2 is *when*
 * to sort, not how, so the algorithm is shared and each of its comparisons is counted.
 */
#ifndef TAG_H
#define TAG_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "counts.h"

enum { TAGS_MAX = 64 };

/*
 * `text` is NUL-terminated, has no NUL inside, and belongs to the record's parse: it cannot outlive
 * the arena that the record was parsed into.
 */
struct tag {
    const char *text;
    uint32_t length;    /* bytes, without the NUL */
    uint64_t prefix[2]; /* the first 16 bytes, big-endian, zero-padded: orders nearly all pairs */
};

/* A record's tags. `tags` belongs to the worker; is_sorted is set only by sort.c. */
struct tag_list {
    struct tag *tags;
    uint32_t count;
    bool is_sorted;
};

/* Fills in a tag; `text` needs `length` bytes and a NUL behind them. */
static inline struct tag tag_make(const char *text, uint32_t length)
{
    uint64_t words[2] = {0, 0};
    memcpy(words, text, length < sizeof words ? length : sizeof words);
    return (struct tag){text, length, {__builtin_bswap64(words[0]), __builtin_bswap64(words[1])}};
}

/* strcmp() of the texts: <0, 0 or >0 by unsigned bytes. Counts itself in thread_counts. */
static inline int tag_compare(const struct tag *a, const struct tag *b)
{
    thread_counts.comparisons++;
    if (a->prefix[0] != b->prefix[0])
        return a->prefix[0] < b->prefix[0] ? -1 : 1;
    if (a->prefix[1] != b->prefix[1])
        return a->prefix[1] < b->prefix[1] ? -1 : 1;
    if (a->length <= sizeof a->prefix || b->length <= sizeof b->prefix)
        return (a->length > b->length) - (a->length < b->length);
    return strcmp(a->text + sizeof a->prefix, b->text + sizeof b->prefix);
}

/* True if no tag is smaller than the one before it: at most count-1 comparisons. */
bool tag_is_sorted(const struct tag *tags, uint32_t count);

/* Sorts in place, O(count log count) comparisons; count is at most TAGS_MAX. */
void tag_sort(struct tag *tags, uint32_t count);

#endif
