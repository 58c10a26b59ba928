/*
 * trace.c - build/bin/timeline-nnnn and -nnfn: the programs of these names, that also write down
 * when each of their threads waited for a lock, held one, waited for the database, or worked.
 *
 * The linker puts these functions before those of common/ (ld's --wrap), so that neither the trees
 * nor what they share know of it, and what is measured elsewhere is not slowed down by it. Here
 * each span takes two more readings of the clock, some 70 ns: the picture is true, its times are
 * not to be compared with others.
 *
 * The spans are written to the file that TIMELINE names when the program exits. Each thread writes
 * its own spans and nobody else's; `count` says how many of them are whole. Where there were more
 * threads or spans than there is room for, that is said on standard error.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/database.h"
#include "common/lock.h"
#include "common/worker.h"

enum { THREADS_MAX = 64, SPANS_MAX = 2048 };

enum kind { KIND_RUNS, KIND_WAITS, KIND_HOLDS, KIND_DATABASE };

static const char *const names[] = {"runs", "waits", "holds", "database"};

struct trace {
    struct {
        uint64_t start_ns, end_ns;
        enum kind kind;
    } spans[SPANS_MAX];
    _Atomic unsigned count;
    _Atomic unsigned dropped_count; /* of spans that had no room */
};

/* The threads' own traces, in the order of their first span. */
static struct trace traces[THREADS_MAX];
static _Atomic unsigned trace_count;
static _Thread_local struct trace *mine;
static _Thread_local bool is_left_out; /* there were THREADS_MAX before it */
static _Thread_local uint64_t acquired_ns;

static void add_span(enum kind kind, uint64_t start_ns, uint64_t end_ns)
{
    if (is_left_out)
        return;
    if (mine == NULL) {
        unsigned index = atomic_fetch_add(&trace_count, 1);
        is_left_out = index >= THREADS_MAX; /* more than anybody could look at */
        if (is_left_out)
            return;
        mine = &traces[index];
    }
    unsigned count = atomic_load_explicit(&mine->count, memory_order_relaxed);
    if (count == SPANS_MAX) {
        atomic_fetch_add_explicit(&mine->dropped_count, 1, memory_order_relaxed);
        return;
    }
    mine->spans[count].start_ns = start_ns;
    mine->spans[count].end_ns = end_ns;
    mine->spans[count].kind = kind;
    atomic_store_explicit(&mine->count, count + 1, memory_order_release);
}

void __real_lock_acquire(struct lock *lock);
void __wrap_lock_acquire(struct lock *lock);
void __real_lock_release(struct lock *lock);
void __wrap_lock_release(struct lock *lock);
void __real_database_round_trip(struct database *database, struct database_batch *batch);
void __wrap_database_round_trip(struct database *database, struct database_batch *batch);
void __real_worker_process(struct worker *worker, const struct request *request, uint32_t index);
void __wrap_worker_process(struct worker *worker, const struct request *request, uint32_t index);

void __wrap_lock_acquire(struct lock *lock)
{
    uint64_t start_ns = clock_ns();
    __real_lock_acquire(lock);
    acquired_ns = clock_ns();
    add_span(KIND_WAITS, start_ns, acquired_ns);
}

void __wrap_lock_release(struct lock *lock)
{
    uint64_t start_ns = acquired_ns, end_ns = clock_ns();
    __real_lock_release(lock);
    add_span(KIND_HOLDS, start_ns, end_ns);
}

void __wrap_database_round_trip(struct database *database, struct database_batch *batch)
{
    uint64_t start_ns = clock_ns();
    __real_database_round_trip(database, batch);
    add_span(KIND_DATABASE, start_ns, clock_ns());
}

void __wrap_worker_process(struct worker *worker, const struct request *request, uint32_t index)
{
    uint64_t start_ns = clock_ns();
    __real_worker_process(worker, request, index);
    add_span(KIND_RUNS, start_ns, clock_ns());
}

static void write_trace(FILE *file, const struct trace *trace)
{
    unsigned count = atomic_load_explicit(&trace->count, memory_order_acquire);

    fputs("[", file);
    for (unsigned i = 0; i < count; i++)
        fprintf(file, "%s[\"%s\", %llu, %llu]", i > 0 ? ", " : "", names[trace->spans[i].kind],
                (unsigned long long)trace->spans[i].start_ns,
                (unsigned long long)trace->spans[i].end_ns);
    fputs("]", file);
}

/* What the file lacks, if it lacks something. */
static void say_what_is_missing(unsigned thread_count)
{
    unsigned dropped_count = 0;

    for (unsigned i = 0; i < thread_count && i < THREADS_MAX; i++)
        dropped_count += atomic_load(&traces[i].dropped_count);
    if (thread_count > THREADS_MAX)
        fprintf(stderr, "timeline: only %d of %u threads are in it\n", THREADS_MAX, thread_count);
    if (dropped_count > 0)
        fprintf(stderr, "timeline: only the first %d spans of a thread are in it, %u are not\n",
                SPANS_MAX, dropped_count);
}

/* At the program's exit: naive's threads are still there then, and wait. */
__attribute__((destructor)) static void write_traces(void)
{
    const char *path = getenv("TIMELINE");
    unsigned count = atomic_load(&trace_count);
    FILE *file = path != NULL ? fopen(path, "w") : NULL;

    if (file == NULL)
        return;
    fputs("{\"schema\": \"fastenough-timeline\", \"unit\": \"ns\", \"threads\": [\n", file);
    for (unsigned i = 0; i < count && i < THREADS_MAX; i++) {
        write_trace(file, &traces[i]);
        fputs(i + 1 < count && i + 1 < THREADS_MAX ? ",\n" : "\n", file);
    }
    fputs("]}\n", file);
    fclose(file);
    say_what_is_missing(count);
}
