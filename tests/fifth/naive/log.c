/*
 * log.c - the problem: a line is composed for each record, and then nobody wants it.
 *
 * Whether it is written is asked where it is written, which is last. An allocation and a good
 * thousand instructions a record go into a text that is freed unread. Callgrind shows log_row(),
 * and DHAT blocks that are never read.
 */
#include "log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBERS_SIZE = 160 };

/* For free(); NULL if memory ran out. */
static char *compose(const struct row *row)
{
    size_t size = row->key_length + NUMBERS_SIZE;
    char *line = malloc(size);

    if (line != NULL)
        snprintf(line, size, "%.*s id=%" PRIu64 " fingerprint=%016" PRIx64 " score=%" PRId64 "\n",
                 (int)row->key_length, row->key, row->id, row->fingerprint, row->score);
    return line;
}

void log_row(enum log_level level, const struct row *row)
{
    char *line = compose(row);

    if (line != NULL && level >= LOG_RECORDS)
        fputs(line, stderr);
    free(line);
}
