/*
 * sqlite.h - the real database: rows in an SQLite file, upserted by key.
 *
 * The rows of a batch are gathered in memory (sqlite_add) and written in one transaction at its end
 * (sqlite_write). When that returns 0 they are acknowledged: they are in the file's write-ahead
 * log, with fsync, so they survive kill -9 of this process and, if the disk keeps what it said it
 * wrote when it was told to flush (a drive with a volatile cache that lies does not), a power loss
 * too. kill -9 alone would need no fsync: what was written is the kernel's by then.
 *
 * The table: rows(key TEXT PRIMARY KEY, id, fingerprint, score, ntags, ts). SQLite has signed
 * integers only: a fingerprint is stored as the signed one with the same 64 bits. A key that comes
 * again replaces its row, so writing a batch twice does no harm.
 */
#ifndef SQLITE_H
#define SQLITE_H

#include <stddef.h>
#include <stdint.h>

#include "common/row.h"

struct sqlite; /* an open file */
struct row_list;

enum { SQLITE_ERROR_SIZE = 512 };

/*
 * Opens or creates the file. NULL with a sentence in `error` and errno set: the file cannot be
 * written, is no SQLite database, or holds something else than rows of this program.
 */
struct sqlite *sqlite_new(const char *path, char error[SQLITE_ERROR_SIZE]);

/* Folds the log into the file and closes it. No batch may be open. NULL is allowed. */
void sqlite_delete(struct sqlite *sqlite);

/*
 * Copies a row to the batch *rows, which is NULL before its first row. Thread-safe for different
 * batches. 0, or -1 with errno set if memory ran out: the batch is then as it was.
 */
int sqlite_add(struct sqlite *sqlite, struct row_list **rows, const struct row *row);

/*
 * Writes the batch in one transaction and makes it empty (NULL) again. Thread-safe: one batch at a
 * time, under a mutex of the file's own. 0, or -1 with errno set: then none of its rows was
 * written.
 */
int sqlite_write(struct sqlite *sqlite, struct row_list **rows);

/* What a file comes to, as a run or the service would report it. */
struct sqlite_summary {
    uint64_t row_count;
    uint64_t digest;
    int64_t score_sum;
};

/*
 * Adds up the rows of a file, which may be in use by a running service. 0, or -1 with a sentence in
 * `error`.
 */
int sqlite_summarize(const char *path, struct sqlite_summary *summary,
                     char error[SQLITE_ERROR_SIZE]);

#endif
