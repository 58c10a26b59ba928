/*
 * query.h - the part of a URL behind the '?': names and values.
 *
 * It comes from anybody, so it is taken apart strictly: what is not understood is refused with a
 * reason and not guessed at. A query owns a copy of its text; all zero is an empty query.
 * Thread-safe for different queries.
 */
#ifndef QUERY_H
#define QUERY_H

#include <stdint.h>

enum { QUERY_LENGTH_MAX = 1023, QUERY_ITEMS_MAX = 16 };

struct query {
    struct {
        const char *name, *value; /* decoded, NUL-terminated, in text */
    } items[QUERY_ITEMS_MAX];
    unsigned count;
    char text[QUERY_LENGTH_MAX + 1];
};

/*
 * Takes `name=value&name=value` apart; %XX and '+' are decoded, a name without '=' has the value
 * "". Returns NULL, or what is wrong with it: too long, too many, a name twice or empty, a bad %XX,
 * a control character. After a failure the query is empty.
 */
const char *query_parse(struct query *query, const char *text);

/* The value, or NULL if the name is not there. Valid as long as the query. */
const char *query_value(const struct query *query, const char *name);

/* A name that is not among `known` (which ends with NULL), or NULL if all are. */
const char *query_unknown(const struct query *query, const char *const *known);

/*
 * A whole decimal number from low to high; *number stays as it was if the name is not there. 0, or
 * -1 if the value is something else.
 */
int query_number(const struct query *query, const char *name, uint64_t low, uint64_t high,
                 uint64_t *number);

#endif
