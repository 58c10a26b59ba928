/*
 * splitter.h - cuts a stream of bytes into records, as it comes.
 *
 * The stream is NDJSON (a record a line) or, if its first byte that is not white space is `[`, one
 * JSON array of records. Bytes are fed in pieces of any size, from a file or from the network, and
 * the records go into requests. A record's bytes are kept only while it is being put together, so
 * memory depends on the longest line allowed and not on the stream.
 *
 * Not thread-safe.
 */
#ifndef SPLITTER_H
#define SPLITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/request.h"

enum splitter_format { SPLITTER_UNDECIDED, SPLITTER_LINES, SPLITTER_ARRAY };

enum splitter_place { /* where in an array the stream is */
                      SPLITTER_BEFORE_ELEMENT,
                      SPLITTER_IN_ELEMENT,
                      SPLITTER_BEHIND_ELEMENT,
                      SPLITTER_AFTER_ARRAY,
};

struct splitter {
    size_t length_max; /* bytes of a record; longer ones become LINE_TOO_LONG */
    enum splitter_format format;
    uint64_t line_number; /* of the byte that comes next, from 1 */
    uint64_t byte_count;  /* that have come so far */
    size_t pending;       /* bytes of the unfinished record, at the end of the request's text */
    bool is_too_long;     /* the unfinished record is: its bytes are not kept */
    uint8_t bom_length;   /* bytes of a byte order mark that the stream started with */
    /* of an array: */
    enum splitter_place place;
    uint64_t start_line; /* where the unfinished element starts */
    uint32_t depth;      /* brackets open within the element */
    bool is_in_string, is_escaped;
    bool has_comma;   /* a comma came, and no element behind it yet */
    bool has_trailer; /* something that is not white space came behind the array */
};

/* length_max: 1 byte to 1 GiB. */
void splitter_init(struct splitter *splitter, size_t length_max);

/*
 * Takes bytes until they are used up or the request is full (request_is_full), and returns how many
 * it took. Go on with the rest, and an empty request, after that; as long as the request is not
 * full, go on with the same. Returns -1 with errno set if memory ran out.
 */
ptrdiff_t splitter_feed(struct splitter *splitter, const char *bytes, size_t count,
                        struct request *request);

/*
 * The stream is over: a last line without a newline becomes a record, an array that is not closed
 * a reject. The request must not be full. 0, or -1 with errno set.
 */
int splitter_end(struct splitter *splitter, struct request *request);

/* Whether the stream may end here: splitter_end() would make no record. */
bool splitter_is_whole(const struct splitter *splitter);

#endif
