/*
 * splitter_text.h - what a splitter makes of a stream, as text, so that tests can write it down.
 *
 * A record is its line number, a colon, its bytes and a newline; one that was too long has its
 * bytes as "(too long)". Between two requests stands "--\n".
 */
#ifndef SPLITTER_TEXT_H
#define SPLITTER_TEXT_H

#include "common/splitter.h"
#include "tests/sample.h"

/* How the stream is fed. */
struct splitter_feeding {
    size_t length_max;  /* of a record */
    uint32_t limit;     /* records of a request; 0: so many that one request takes all */
    size_t first, step; /* bytes of the first piece, and of those behind it; 0: all the rest */
};

/* The whole stream, from the first byte to splitter_end(). To be freed. */
char *splitter_text(const char *bytes, size_t count, const struct splitter_feeding *feeding);

/* Expects this result with the stream fed at once, byte by byte, and in each two pieces. */
void splitter_expect(const char *bytes, size_t count, size_t length_max, const char *expected);

#define SPLITTER_EXPECT(literal, expected)                                                         \
    splitter_expect(literal, sizeof(literal) - 1, 1000, expected)

#endif
