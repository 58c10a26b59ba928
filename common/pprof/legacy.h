/*
 * legacy.h - the formats of gperftools, for google-pprof: addresses only, which it asks for by
 * name.
 *
 * Described in gperftools' docs/cpuprofile-fileformat.html and docs/pprof_remote_servers.html. The
 * writers write to `file`, and leave its errors to the caller. They take profiles of the catalog.
 */
#ifndef PPROF_LEGACY_H
#define PPROF_LEGACY_H

#include <stdio.h>

#include "profile.h"
#include "symbols.h"

/* The types alloc_objects, alloc_space, inuse_objects, inuse_space. */
void legacy_write_heap(FILE *file, const struct profile *profile);

/* The types contentions and delay, in nanoseconds. */
void legacy_write_contention(FILE *file, const struct profile *profile);

/* The first type counts samples, each of which stands for `period_us`. */
void legacy_write_cpu(FILE *file, const struct profile *profile, unsigned period_us);

/*
 * The names of the addresses in `request`, "0x1234+0x5678", a line each: the address, a tab, and
 * the function, behind "--" what was inlined into it. NULL: that names can be had at all.
 */
void legacy_write_symbols(FILE *file, struct symbols *symbols, const char *request);

#endif
