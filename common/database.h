/*
 * database.h - where the rows go.
 *
 * `sim`, the default, simulates a database in another process: a round trip of a set latency, and
 * a table of fixed size that overwrites its oldest rows, so that memory stays constant. It
 * has DATABASE_PARTITIONS independent partitions; a row belongs to one by its fingerprint.
 *
 * Locking is not done here, because it is what lesson 3 is about: store.c does it. Thread-safety
 * is stated for each function.
 */
#ifndef DATABASE_H
#define DATABASE_H

#include <stddef.h>
#include <stdint.h>

#include "common/row.h"

enum { DATABASE_PARTITIONS = 16 };

struct database_options {
    const char *sqlite_path; /* NULL: the simulated database */
    /* of the simulated one: */
    uint64_t latency_ns; /* of a round trip; 0: none is made */
    size_t table_bytes;  /* for rows, all partitions together; 0: the default of 1 MiB */
};

struct row_list;

/* One worker's writes of one request. Belongs to one thread at a time; all zero is an empty one. */
struct database_batch {
    struct row_list *rows;  /* what sqlite:FILE has yet to write; owned until database_sync() */
    uint64_t round_trip_ns; /* the time that its round trips really took, together */
};

struct database;

/*
 * Takes "sim" or "sqlite:FILE", of which the path stays the caller's. 0, or -1 if it is neither.
 */
int database_parse(const char *text, struct database_options *options);

/* NULL with errno set; database_error() then says it in a sentence. Delete it after the last use.
 */
struct database *database_new(const struct database_options *options);

/* Why the calling thread's last database_new() failed, in words; valid until its next one. */
const char *database_error(void);
void database_delete(struct database *database);

/* The partition that a row with this fingerprint belongs to, 0 to DATABASE_PARTITIONS-1. */
static inline unsigned database_partition(uint64_t fingerprint)
{
    return (unsigned)(fingerprint >> 60) % DATABASE_PARTITIONS;
}

/*
 * One round trip to the simulated database: blocks for the latency, and adds to the batch the time
 * that it really took, since a sleep of 50 us takes 60 to 125. Thread-safe; needs no lock.
 */
void database_round_trip(struct database *database, struct database_batch *batch);

/*
 * Puts the row into its partition. The caller sees to it that nobody else is in the same
 * partition. 0, or -1 with errno set.
 */
int database_put(struct database *database, struct database_batch *batch, const struct row *row);

/*
 * Ends the batch (see store_sync()), which is empty then, whatever is returned. The simulated
 * database keeps nothing and has nothing to do; sqlite:FILE writes the batch's rows in one
 * transaction, under a mutex of its own, so callers need not keep out of each other's way. 0, or -1
 * with errno set.
 */
int database_sync(struct database *database, struct database_batch *batch);

/* The rows in the simulated database's table now, 0 with another. Not while somebody puts. */
uint64_t database_row_count(const struct database *database);

#endif
