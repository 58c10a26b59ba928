/* reject.h - why a record is not accepted. */
#ifndef REJECT_H
#define REJECT_H

#include <stdint.h>

/* In the order in which they are looked for: a record is counted under the first that applies. */
enum reject_reason {
    REJECT_TOO_LONG, /* longer than the longest line allowed */
    REJECT_PARSE,    /* not JSON as RFC 8259 has it */
    REJECT_UTF8,     /* a string that is not UTF-8 */
    REJECT_NUL,      /* a NUL inside a string, raw or as \u0000 */
    REJECT_OBJECT,   /* JSON, but not an object */
    REJECT_ID,
    REJECT_NAME,
    REJECT_VALUE,
    REJECT_TAGS,
    REJECT_TS,
    REJECT_COUNT,
    REJECT_NONE = -1,
};

enum { REJECT_OFFSET_UNKNOWN = UINT32_MAX };

struct reject {
    enum reject_reason reason;
    uint32_t offset; /* bytes from the record's start, or REJECT_OFFSET_UNKNOWN */
};

/* The reason's short name, as in the output ("too_long"), and what it means in a few words. */
const char *reject_name(enum reject_reason reason);
const char *reject_meaning(enum reject_reason reason);

#endif
