/*
 * answer.h - what an endpoint says: a status, a few headers, a text.
 *
 * The text is the answer's own (from malloc) until it is sent or freed.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct answer {
    unsigned status;
    const char *type;       /* Content-Type */
    const char *allow;      /* of a 405, or NULL */
    unsigned retry_after_s; /* 0: none */
    char *text;             /* NULL: memory ran out, send the status alone */
    size_t length;
};

/* Takes the object over. Where memory ran out while this thread made it (arena_cjson_has_failed()),
 * the status is 503. */
struct answer answer_json(unsigned status, cJSON *object);

/* {"error": "..."}; the message may be anything, and is made valid UTF-8. */
__attribute__((format(printf, 2, 3))) struct answer answer_error(unsigned status,
                                                                 const char *format, ...);

void answer_free(struct answer *answer);

#endif
