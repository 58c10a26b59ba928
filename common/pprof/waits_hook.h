/*
 * waits_hook.h - the record that each thread has of its waits, for the hooks.
 *
 * A record belongs to one thread, which alone writes it, from its first wait or label to its end;
 * then it goes to another. Records are never unmapped, so any thread may read any of them at any
 * time: `sequence` is odd while the owner writes, and a reader tries again.
 */
#ifndef PPROF_WAITS_HOOK_H
#define PPROF_WAITS_HOOK_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

struct waits_label {
    uint64_t request_id;
    const char *name;
    uint64_t held_bytes;
};

struct waits_record {
    _Alignas(64) _Atomic uint32_t sequence;
    _Atomic pid_t thread_id; /* 0: it has no owner */
    _Atomic(const void *) object;
    _Atomic int64_t since_ns;
    _Atomic uint64_t request_id;
    _Atomic(const char *) name;
    _Atomic uint64_t held_bytes;
    _Atomic uintptr_t stack_low, stack_high;
    struct waits_record *next;      /* of all records; set once */
    struct waits_record *next_free; /* guarded by the lock of waits.c */
    /* of a thread that is being started: */
    void *(*run)(void *);
    void *argument;
};

/* The calling thread's record, made at its first call. NULL: no memory. Keeps errno. */
struct waits_record *waits_mine(void);

/* The calling thread waits for `object`, and does so no longer. */
void waits_begin(const void *object, int64_t since_ns);
void waits_end(void);

/* The calling thread's label; all zero if it has none. */
struct waits_label waits_label(void);

/* A record for a thread that is yet to be started; NULL: no memory. */
struct waits_record *waits_record_new(const struct waits_label *label);
/* Gives back a record whose thread could not be started. */
void waits_record_delete(struct waits_record *record);
/* In the new thread, first of all: the record is its own from here. */
void waits_record_adopt(struct waits_record *record);

#endif
