/*
 * races.h - reads the XML of `valgrind --tool=drd` and `--tool=helgrind`: data races, and the locks
 * that DRD saw held for longer than --exclusive-threshold=MS.
 *
 * Run with --xml=yes --xml-file=F. Valgrind's format is protocol 4
 * (docs/internals/xml-output-protocol4.txt in its sources). Both tools report the same place once
 * and count how often it came up again; times are those of the first time, in Valgrind's
 * slowed-down time: they tell where a lock is held long, and not how long it is without Valgrind.
 *
 * Everything in a result belongs to it. Not thread-safe for one result.
 */
#ifndef RACES_H
#define RACES_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "names.h"

enum races_kind {
    RACES_RACE,  /* two threads at the same data, one of them writing, with no order between them */
    RACES_HOLD,  /* a lock that was held for too long (DRD) */
    RACES_OTHER, /* wrong use of a lock, lock order, ... */
};

/* One place that the tool complained of. */
struct races_report {
    enum races_kind kind;
    const char *kind_name; /* the tool's own: "ConflictingAccess", "HoldtimeErr", "Race" */
    const char *what;      /* the tool's sentence */
    uint64_t count;        /* times that it came up */
    uint64_t held_ms;      /* RACES_HOLD: the first time */
    uint64_t threshold_ms; /* RACES_HOLD: what it was allowed */
    /* RACES_HOLD: where the lock was acquired; or else where the access was. From the inside out.
     */
    struct frame *frames;
    uint32_t frame_count;
};

struct races {
    const char *tool; /* "drd" or "helgrind" */
    struct races_report *reports;
    uint32_t report_count;
    uint64_t race_count;  /* RACES_RACE, times that they came up */
    uint64_t hold_count;  /* RACES_HOLD, the same */
    uint64_t other_count; /* RACES_OTHER, the same */
    uint64_t held_ms_max; /* of the reports */
    struct names names;   /* holds the texts above */
};

/* 0, or -1 with an error text that names file and line; then there is nothing to free. */
int races_read(const char *path, struct races *result, char *error, size_t error_size);
void races_free(struct races *result);

/*
 * The place of a report in the program's own source: the innermost frame that has a source line
 * and is none of the functions `wrappers` (NULL-terminated; NULL for none), such as "lock_acquire",
 * which is where every lock is acquired and so says nothing. NULL if there is none.
 */
const struct frame *races_place(const struct races_report *report, const char *const *wrappers);

#endif
