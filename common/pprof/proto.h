/*
 * proto.h - a profile as pprof clients want it: gzipped profile.proto, with all names in it.
 *
 * The format: https://github.com/google/pprof/blob/main/proto/profile.proto. Its message is written
 * directly (wire.h).
 */
#ifndef PPROF_PROTO_H
#define PPROF_PROTO_H

#include <stddef.h>

#include "profile.h"
#include "symbols.h"

/*
 * Writes the profile into a new block, *bytes, to be freed. `default_type`, one of the profile's
 * types by its name, is what a client shows first; NULL: its own choice, the last. `comment`, shown
 * by clients, may be NULL. 0, or -1 without memory.
 */
int proto_write(const struct profile *profile, struct symbols *symbols, const char *default_type,
                const char *comment, char **bytes, size_t *length);

#endif
