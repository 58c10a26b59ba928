/*
 * guards.h - the pages below stacks that must not be touched, where /proc/self/maps does not show
 * them.
 *
 * glibc 2.42 and later makes them by madvise(MADV_GUARD_INSTALL), as of Linux 6.13: a thread's
 * stack is one mapping with its guard then, and with its neighbours. /proc/self/pagemap tells, as
 * of Linux 6.15. Async-signal-safe, for a forked child that must not call malloc.
 */
#ifndef PPROF_GUARDS_H
#define PPROF_GUARDS_H

#include <stdbool.h>
#include <stdint.h>

/* In an entry of /proc/self/pagemap. */
#define GUARDS_PAGE (UINT64_C(1) << 58)

struct guards {
    int pages;       /* /proc/self/pagemap */
    bool are_shown;  /* there may be such pages, and they can be found */
    bool are_hidden; /* there may be, and this kernel does not tell where */
};

/* 0, or -1: there is no /proc/self/pagemap. It tries what it says of the kernel. */
int guards_init(struct guards *guards);
void guards_free(struct guards *guards);

/* Is it in a guard? Then it must not be read. */
bool guards_has(const struct guards *guards, uintptr_t address);

/*
 * Narrows `low` to `high`, a part of one mapping, to what lies between the guards on both sides of
 * `address`.
 */
void guards_narrow(const struct guards *guards, uintptr_t address, uintptr_t *low, uintptr_t *high);

#endif
