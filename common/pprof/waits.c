#define _GNU_SOURCE /* gettid, pthread_getattr_np */
#include "waits.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "waits_hook.h"

enum { CHUNK_BYTES = 64 << 10 };

/* Process-wide, as threads are. */
static struct {
    _Atomic(struct waits_record *) first; /* of all; more are added in front */
    atomic_flag is_locked;
    /* guarded by is_locked: */
    struct waits_record *free;
} waits = {.is_locked = ATOMIC_FLAG_INIT};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t end_of_thread; /* calls leave() */
static bool is_ready;

static _Thread_local struct waits_record *mine;

static void acquire(void)
{
    while (atomic_flag_test_and_set_explicit(&waits.is_locked, memory_order_acquire))
        sched_yield();
}

static void release(void)
{
    atomic_flag_clear_explicit(&waits.is_locked, memory_order_release);
}

static void put(struct waits_record *record)
{
    atomic_store(&record->thread_id, 0);
    acquire();
    record->next_free = waits.free;
    waits.free = record;
    release();
}

static void leave(void *argument)
{
    mine = NULL;
    put(argument);
}

/* In a forked child only the thread that forked goes on, under another id. */
static void keep_mine(void)
{
    waits.free = NULL;
    for (struct waits_record *record = atomic_load(&waits.first); record != NULL;
         record = record->next) {
        if (record == mine) {
            atomic_store(&record->thread_id, gettid());
            continue;
        }
        atomic_store(&record->thread_id, 0);
        atomic_store(&record->sequence, 0);
        record->next_free = waits.free;
        waits.free = record;
    }
    release();
}

static void prepare(void)
{
    is_ready = pthread_key_create(&end_of_thread, leave) == 0 &&
               pthread_atfork(acquire, release, keep_mine) == 0;
}

/* More records, all but the first of them free. Called with the lock held. */
static struct waits_record *grow(void)
{
    struct waits_record *chunk =
        mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == MAP_FAILED)
        return NULL;
    size_t count = CHUNK_BYTES / sizeof *chunk;
    for (size_t i = 0; i < count; i++) {
        chunk[i].next = i + 1 < count ? &chunk[i + 1] : atomic_load(&waits.first);
        chunk[i].next_free = i + 1 < count ? &chunk[i + 1] : NULL;
    }
    waits.free = chunk[0].next_free;
    atomic_store_explicit(&waits.first, chunk, memory_order_release);
    return chunk;
}

static void set_label(struct waits_record *record, const struct waits_label *label)
{
    atomic_fetch_add(&record->sequence, 1);
    atomic_store_explicit(&record->request_id, label->request_id, memory_order_relaxed);
    atomic_store_explicit(&record->name, label->name, memory_order_relaxed);
    atomic_store_explicit(&record->held_bytes, label->held_bytes, memory_order_relaxed);
    atomic_fetch_add(&record->sequence, 1);
}

struct waits_record *waits_record_new(const struct waits_label *label)
{
    pthread_once(&once, prepare);
    if (!is_ready)
        return NULL;
    acquire();
    struct waits_record *record = waits.free;
    if (record != NULL)
        waits.free = record->next_free;
    else
        record = grow();
    release();
    if (record == NULL)
        return NULL;
    set_label(record, label);
    atomic_store_explicit(&record->object, NULL, memory_order_relaxed);
    atomic_store_explicit(&record->stack_low, 0, memory_order_relaxed);
    atomic_store_explicit(&record->stack_high, 0, memory_order_relaxed);
    return record;
}

void waits_record_delete(struct waits_record *record)
{
    put(record);
}

void waits_record_adopt(struct waits_record *record)
{
    pthread_attr_t attributes;
    void *stack_low;
    size_t stack_bytes;

    if (pthread_setspecific(end_of_thread, record) != 0) {
        put(record); /* no memory: this thread stays unknown */
        return;
    }
    mine = record;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &stack_low, &stack_bytes);
        pthread_attr_destroy(&attributes);
        atomic_store_explicit(&record->stack_low, (uintptr_t)stack_low, memory_order_relaxed);
        atomic_store_explicit(&record->stack_high, (uintptr_t)stack_low + stack_bytes,
                              memory_order_relaxed);
    }
    atomic_store_explicit(&record->thread_id, gettid(), memory_order_release);
}

struct waits_record *waits_mine(void)
{
    if (mine == NULL) {
        int error = errno;
        struct waits_record *record = waits_record_new(&(struct waits_label){0});
        if (record != NULL)
            waits_record_adopt(record);
        errno = error;
    }
    return mine;
}

void waits_begin(const void *object, int64_t since_ns)
{
    struct waits_record *record = waits_mine();
    if (record == NULL)
        return;
    atomic_fetch_add(&record->sequence, 1);
    atomic_store_explicit(&record->object, object, memory_order_relaxed);
    atomic_store_explicit(&record->since_ns, since_ns, memory_order_relaxed);
    atomic_fetch_add(&record->sequence, 1);
}

void waits_end(void)
{
    if (mine != NULL)
        atomic_store_explicit(&mine->object, NULL, memory_order_relaxed);
}

struct waits_label waits_label(void)
{
    if (mine == NULL)
        return (struct waits_label){0};
    return (struct waits_label){
        .request_id = mine->request_id, .name = mine->name, .held_bytes = mine->held_bytes};
}

void pprof_started_for(uint64_t request_id, const char *name, uint64_t held_bytes)
{
    struct waits_record *record = waits_mine();
    if (record != NULL)
        set_label(record, &(struct waits_label){request_id, name, held_bytes});
}

/*
 * A copy of what stands in the record; false if it has no owner. Each load is an acquiring one, so
 * that the last, of the sequence, comes behind the others (TSan knows no fences).
 */
static bool read_record(struct waits_record *record, struct wait *wait)
{
    uint32_t before, after;

    do {
        before = atomic_load(&record->sequence) & ~1u;
        *wait = (struct wait){
            .thread_id = atomic_load_explicit(&record->thread_id, memory_order_acquire),
            .object = atomic_load_explicit(&record->object, memory_order_acquire),
            .since_ns = atomic_load_explicit(&record->since_ns, memory_order_acquire),
            .started_for = atomic_load_explicit(&record->request_id, memory_order_acquire),
            .started_for_name = atomic_load_explicit(&record->name, memory_order_acquire),
            .held_bytes = atomic_load_explicit(&record->held_bytes, memory_order_acquire),
            .stack_low = atomic_load_explicit(&record->stack_low, memory_order_acquire),
            .stack_high = atomic_load_explicit(&record->stack_high, memory_order_acquire),
        };
        after = atomic_load(&record->sequence);
    } while (before != after);
    return wait->thread_id != 0;
}

void waits_each(void (*visit)(void *closure, const struct wait *wait), void *closure)
{
    struct wait wait;

    for (struct waits_record *record = atomic_load_explicit(&waits.first, memory_order_acquire);
         record != NULL; record = record->next) {
        if (read_record(record, &wait))
            visit(closure, &wait);
    }
}
