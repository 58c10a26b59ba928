/*
 * profile_samples.h - what a profile holds, for those who write it out, and for the tests.
 *
 * Everything is valid until the profile is changed or deleted.
 */
#ifndef PPROF_PROFILE_SAMPLES_H
#define PPROF_PROFILE_SAMPLES_H

#include <stddef.h>

#include "profile.h"

/* One block of memory: this, then the stack, the labels, and the labels' texts. */
struct profile_sample {
    uint64_t hash; /* of all but the values and what is passing */
    int64_t values[PROFILE_TYPES_MAX];
    const uintptr_t *stack; /* leaf first */
    const struct profile_label *labels;
    unsigned depth;
    unsigned label_count;
    bool is_leaf_exact;
};

struct profile {
    unsigned type_count;
    struct profile_type types[PROFILE_TYPES_MAX];
    struct profile_type period_type; /* {NULL, NULL}: not set */
    int64_t period;
    int64_t start_ns, duration_ns;
    size_t sample_count;
    struct profile_sample **samples; /* in the order in which they came */
    size_t sample_capacity;
    size_t *slots; /* a hash table of the samples: index + 1, 0 is free; a power of two of them */
    size_t slot_count;
};

/* The number of the type of that name; the last one's where there is none, or it is NULL. */
unsigned profile_type_index(const struct profile *profile, const char *type);

/*
 * The address to look up for stack[index]: within the call, where that is a return address, so that
 * a call at the very end of a function is not taken for the function behind it.
 */
uintptr_t profile_sample_address(const struct profile_sample *sample, unsigned index);

/* Drops the stacks with an address from `start` to `limit`, exclusive. */
void profile_drop_within(struct profile *profile, uintptr_t start, uintptr_t limit);

#endif
