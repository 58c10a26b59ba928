/*
 * catalog.h - the profiles that there are: what each is called, what it says, and how it is
 * collected.
 */
#ifndef PPROF_CATALOG_H
#define PPROF_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "hooked.h"
#include "profile.h"

enum { CATALOG_CPU_HZ = 100, CATALOG_REMARK_SIZE = 512 };

/* Asked now and then while a profile is collected: true ends it. */
struct catalog_wish {
    unsigned seconds; /* for how long, where that is a part of collecting it */
    bool (*is_cancelled)(void *closure);
    void *closure;
};

struct catalog_entry {
    const char *name, *title, *meaning;
    const char *type;    /* what a client is to show first; NULL: the last */
    bool is_without_own; /* what this listener does by itself is left out */
    bool is_timed; /* it is collected for some seconds; others show what is, or was up to now */
    /*
     * The caller deletes the profile. NULL with errno set: ENOTSUP (not in this build), EBUSY
     * (another one is being collected), ECANCELED, ENOMEM.
     */
    struct profile *(*collect)(const struct catalog_wish *wish);
    /* How many there are, for the index; NULL: the number of the profile's stacks. */
    int64_t (*count)(void);
    /* With less than that of `type`, in all, it is inexact; NULL: it never is for that. */
    int64_t (*exact_from)(void);
    /* Samples of what is in use that found no room; NULL: there is always room. */
    uint64_t (*unfollowed_count)(void);
    enum hooked hook; /* what it comes by */
    const char *none; /* what it means that it is empty, if the hook took; NULL: not to be said */
};

/* Ends with an entry whose name is NULL. */
extern const struct catalog_entry catalog[];

/* The entry of that name; goroutine is threads. NULL: there is none. */
const struct catalog_entry *catalog_find(const char *name);

/* What is to be known of the numbers of a profile that was just collected: "", if nothing is. */
void catalog_remark(const struct catalog_entry *entry, const struct profile *profile,
                    char remark[CATALOG_REMARK_SIZE]);

/* Why a profile is not in this build. */
const char *catalog_missing(const struct catalog_entry *entry);

/*
 * Switches on what is collected all the time: "heap" (heap, allocs), "locks" (mutex, block) and
 * "threadcreate", by a list with commas; NULL: all. "heap-all" is "heap" without chance: each
 * allocation is in it, at the price of a walk of its stack. What is not in this build stays off.
 */
void catalog_start(const char *collected);
void catalog_stop(void);
/* The same in a forked child that serves nothing: collects no more, and leaves all as it is. */
void catalog_leave(void);

#endif
