/*
 * profile.h - a profile: stacks, each with up to four values, and labels that tell equal stacks
 * apart.
 *
 * What collectors fill and writers (proto.h, text.h, legacy.h) read. Made and used by one thread,
 * which may hand it on. Everything passed in is copied. Not for signal handlers: it allocates.
 */
#ifndef PPROF_PROFILE_H
#define PPROF_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

enum { PROFILE_TYPES_MAX = 4 };

/* What a value counts: {"samples", "count"}, {"cpu", "nanoseconds"}. */
struct profile_type {
    const char *type, *unit;
};

/* Says more of a stack: a thread's state, the bytes it holds. `unit` is of a number, or NULL. */
struct profile_label {
    const char *key;
    const char *text; /* NULL: it is a number */
    const char *unit;
    int64_t number;
    bool
        is_passing; /* it changes with time, as how long a thread has waited: tells nothing apart */
};

struct profile; /* owned by one thread */

/* `type_count` is 1 to PROFILE_TYPES_MAX: the number of values of each stack. NULL: no memory. */
struct profile *profile_new(const struct profile_type *types, unsigned type_count);
void profile_delete(struct profile *profile); /* NULL is allowed */

/*
 * Adds one stack, leaf first, of return addresses as they stand on the stack; is_leaf_exact:
 * stack[0] is no return address but where a signal stopped the thread. `values` holds one for each
 * type. Stacks that are equal, labels and all but what is passing, are summed under the first one's
 * labels. 0, or -1 without memory: the profile is as it was.
 */
int profile_add(struct profile *profile, const uintptr_t *stack, unsigned depth, bool is_leaf_exact,
                const int64_t *values, const struct profile_label *labels, unsigned label_count);

/* One sample stands for so much: {"cpu", "nanoseconds"}, 10000000. */
void profile_set_period(struct profile *profile, struct profile_type type, int64_t period);

/* When the collection began, in Unix time, and for how long it went on. */
void profile_set_time(struct profile *profile, int64_t start_ns, int64_t duration_ns);

/*
 * Leaves in `later` what came after `earlier`, which is of the same types; stacks whose values are
 * all zero then are dropped. 0, or -1 without memory: `later` is only fit to be deleted.
 */
int profile_subtract(struct profile *later, const struct profile *earlier);

#endif
