/*
 * store.h - contract of lesson 3: how long a record's lock is held.
 *
 * A record is written between store_begin() and store_commit(), or given up with store_abort().
 * What is locked, when, and for how long lives behind this contract. Implemented by naive/store.c
 * and fixed/store.c; the linker chooses. Thread-safe: any number of threads, each with a batch of
 * its own.
 */
#ifndef STORE_H
#define STORE_H

#include "common/database.h"
#include "common/lock.h"

struct store; /* holds the locks; the rows are the database's */

/* The database must outlive the store. NULL if memory ran out. */
struct store *store_new(struct database *database);

/* No thread may be between begin and commit. NULL is allowed. */
void store_delete(struct store *store);

/* Opens a record's write, before the record is validated. */
void store_begin(struct store *store);

/*
 * Waits for the database and writes the row; the record's write is over, whatever is returned.
 * Returns 0, or -1 with errno set if the database could not take the row (then it is not there).
 */
int store_commit(struct store *store, struct database_batch *batch, const struct row *row);

/* Gives the record's write up: nothing was written. */
void store_abort(struct store *store);

/*
 * Ends the batch: rows committed with it are durable, if the database can do that, when this
 * returns 0. On -1 (errno set) none of the rows that the batch still held was written.
 */
int store_sync(struct store *store, struct database_batch *batch);

/* Adds up what the store's locks have seen so far. Not while a record is being written. */
void store_lock_stats(struct store *store, struct lock_stats *stats);

#endif
