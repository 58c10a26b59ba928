/*
 * threads_list.h - all threads at a moment, each with its stack and what is known of it.
 */
#ifndef PPROF_THREADS_LIST_H
#define PPROF_THREADS_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "reach/reach.h"

enum { THREADS_DEPTH_MAX = 128 };

struct thread_entry {
    pid_t thread_id;
    char name[16];
    char kernel_state; /* as in /proc: R, S, D; before it was stopped */
    bool has_answered; /* else its stack is not known */
    bool is_stuck;     /* nobody can ever signal what it waits for */
    bool is_waited_known;
    int64_t cpu_ms, waiting_ms;
    size_t stack_bytes, stack_resident_bytes; /* 0: not known */
    uint64_t request;                         /* 0: none */
    const char *request_name;                 /* NULL: none */
    uint64_t held_bytes;
    unsigned depth;
    uintptr_t *stack; /* leaf first; stack[0] is exact */
};

struct threads_list {
    struct thread_entry *entries; /* by thread_id */
    size_t count;
    char reach_doubt[REACH_DOUBT_SIZE]; /* why is_stuck says nothing; "": it does */
};

/* 0; or -1 with errno set: EBUSY, ENOMEM, ENOTSUP. */
int threads_list_take(struct threads_list *list);
void threads_list_free(struct threads_list *list);

const char *thread_entry_state(const struct thread_entry *entry);

#endif
