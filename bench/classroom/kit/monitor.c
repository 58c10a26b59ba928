/*
 * monitor.c - linked into a student's program when it is graded: sees what locks and threads do.
 *
 * The linker (--wrap) routes the calls below through here. Two pauses are put in, one into each
 * record's own work and one into its write, so that what may happen at the same time does happen at
 * the same time, however few CPUs there are. Two more, before sorted tags are used, let another
 * thread spoil what is not the caller's own (a static array, say). Then these can be told by
 * counting:
 *
 * - how many threads were at once in a record's work, and in a wait for the database: one, if a
 *   lock of whatever kind was held there;
 * - whether two threads were ever in the same partition, or one was without a lock (a data race);
 * - what was done between lock_acquire() and lock_release(), whatever store_lock_stats() says.
 *
 * The account is one line on standard error when the program ends: "monitor: {...}".
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "common/database.h"
#include "common/key.h"
#include "common/lock.h"
#include "common/record.h"

enum { WORK_PAUSE_NS = 50000, WRITE_PAUSE_NS = 5000, USE_PAUSE_NS = 5000 };

/* Threads that are somewhere now, and the most that ever were. */
struct crowd {
    atomic_uint now, most;
};

static struct crowd working, waiting, writing[DATABASE_PARTITIONS];
static atomic_ulong puts_together, puts_lockless;
static atomic_ulong inside_comparisons, inside_round_trips;

/* The lock that this thread holds, and its counts when it took it. */
static _Thread_local struct {
    const struct lock *lock;
    struct counts counts;
} held;

void __real_record_normalise(struct record *record);
void __wrap_record_normalise(struct record *record);
int __real_key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                     uint32_t tag_count);
int __wrap_key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                     uint32_t tag_count);
int64_t __real_record_score(const struct record *record, const struct tag *tags);
int64_t __wrap_record_score(const struct record *record, const struct tag *tags);
void __real_database_round_trip(struct database *database, struct database_batch *batch);
void __wrap_database_round_trip(struct database *database, struct database_batch *batch);
int __real_database_put(struct database *database, struct database_batch *batch,
                        const struct row *row);
int __wrap_database_put(struct database *database, struct database_batch *batch,
                        const struct row *row);
void __real_lock_acquire(struct lock *lock);
void __wrap_lock_acquire(struct lock *lock);
void __real_lock_release(struct lock *lock);
void __wrap_lock_release(struct lock *lock);

static unsigned enter(struct crowd *crowd)
{
    unsigned now = atomic_fetch_add(&crowd->now, 1) + 1, most = atomic_load(&crowd->most);
    while (now > most && !atomic_compare_exchange_weak(&crowd->most, &most, now))
        ;
    return now;
}

static void leave(struct crowd *crowd)
{
    atomic_fetch_sub(&crowd->now, 1);
}

static void pause_ns(long ns)
{
    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

void __wrap_record_normalise(struct record *record)
{
    enter(&working);
    __real_record_normalise(record);
    pause_ns(WORK_PAUSE_NS);
    leave(&working);
}

int __wrap_key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                     uint32_t tag_count)
{
    pause_ns(USE_PAUSE_NS);
    return __real_key_build(key, id, name, tags, tag_count);
}

int64_t __wrap_record_score(const struct record *record, const struct tag *tags)
{
    pause_ns(USE_PAUSE_NS);
    return __real_record_score(record, tags);
}

void __wrap_database_round_trip(struct database *database, struct database_batch *batch)
{
    enter(&waiting);
    __real_database_round_trip(database, batch);
    leave(&waiting);
}

int __wrap_database_put(struct database *database, struct database_batch *batch,
                        const struct row *row)
{
    struct crowd *partition = &writing[database_partition(row->fingerprint)];

    if (held.lock == NULL)
        atomic_fetch_add(&puts_lockless, 1);
    if (enter(partition) > 1)
        atomic_fetch_add(&puts_together, 1);
    pause_ns(WRITE_PAUSE_NS);
    int status = __real_database_put(database, batch, row);
    leave(partition);
    return status;
}

void __wrap_lock_acquire(struct lock *lock)
{
    __real_lock_acquire(lock);
    held.lock = lock;
    held.counts = thread_counts;
}

void __wrap_lock_release(struct lock *lock)
{
    struct counts inside = {0};

    counts_add_since(&inside, &held.counts, &thread_counts);
    held.lock = NULL;
    atomic_fetch_add(&inside_comparisons, inside.comparisons);
    atomic_fetch_add(&inside_round_trips, inside.round_trips);
    __real_lock_release(lock);
}

__attribute__((destructor)) static void report(void)
{
    fprintf(stderr,
            "monitor: {\"working_most\":%u,\"waiting_most\":%u,\"puts_together\":%lu,"
            "\"puts_lockless\":%lu,\"inside_comparisons\":%lu,\"inside_round_trips\":%lu}\n",
            atomic_load(&working.most), atomic_load(&waiting.most), atomic_load(&puts_together),
            atomic_load(&puts_lockless), atomic_load(&inside_comparisons),
            atomic_load(&inside_round_trips));
}
