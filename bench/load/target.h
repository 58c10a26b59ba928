/*
 * target.h - a fastenough service for the load to be driven against.
 *
 * Not thread-safe.
 */
#ifndef LOAD_TARGET_H
#define LOAD_TARGET_H

#include <stdint.h>

#include "bench/process/local_service.h"

enum { TARGET_TEXT_SIZE = 512 };

struct target {
    struct local_service service;
    char url[64]; /* of POST /process */
};

/* What its /metrics says at a moment. */
struct target_state {
    uint64_t resident_bytes, worker_threads, process_threads, retained_bytes, stack_resident_bytes;
    uint64_t lock_wait_ns, accepted;
};

/* 0 once it listens, or -1 with a sentence in `error`. db_latency is as --db-latency takes it. */
int target_start(struct target *target, const char *programs, const char *variant,
                 const char *db_latency, char error[TARGET_TEXT_SIZE]);

/* 0, or -1 with a sentence in `error`. */
int target_look(const struct target *target, struct target_state *state,
                char error[TARGET_TEXT_SIZE]);

/* Ends it with SIGTERM, and with SIGKILL if it does not end. 0, or -1 if it did not exit with 0. */
int target_stop(struct target *target, char error[TARGET_TEXT_SIZE]);

#endif
