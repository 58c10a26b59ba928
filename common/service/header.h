/*
 * header.h - the request headers that the service acts on, taken apart (RFC 9110).
 *
 * Each function takes the header's value, or NULL where the request has no such header. They are
 * pure: no state, thread-safe.
 */
#ifndef HEADER_H
#define HEADER_H

#include <stdbool.h>
#include <stdint.h>

enum header_coding { CODING_IDENTITY, CODING_GZIP, CODING_UNKNOWN };

/*
 * Content-Type: whether a body of it can be records. Taken are the JSON and NDJSON types, plain
 * text, octet-stream, the form type (which curl sends unless told otherwise), and none at all; with
 * a charset only if that is UTF-8 or ASCII.
 */
bool header_is_records(const char *content_type);

/* Content-Encoding: one coding at most. gzip in gzip is CODING_UNKNOWN: nobody sends that in
 * earnest. */
enum header_coding header_coding(const char *content_encoding);

/* Accept: whether JSON is wanted more than plain text, which is the default. */
bool header_prefers_json(const char *accept);

/* How the end of a request's body is told. */
enum header_framing {
    FRAMING_NONE,    /* there is no body */
    FRAMING_LENGTH,  /* Content-Length */
    FRAMING_CHUNKED, /* Transfer-Encoding: chunked */
    FRAMING_WRONG,   /* both, or another transfer coding, or a length that is no number */
};

/* *length is set for FRAMING_LENGTH, to 1 or more. */
enum header_framing header_framing(const char *transfer_encoding, const char *content_length,
                                   uint64_t *length);

#endif
