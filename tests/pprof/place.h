/* place.h - what a profile says of a function of the test that is known by its address. */
#ifndef PLACE_H
#define PLACE_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <string.h>

#include "common/pprof/profile_samples.h"

/* A function to be found in stacks: at most so long, and among nothing but its like. */
enum { PLACE_BYTES = 512 };
#define PLACE __attribute__((noinline, aligned(PLACE_BYTES), section(".text.place")))

/* Was this return address pushed by `function`? */
static inline bool place_has(const void *function, uintptr_t address)
{
    return address > (uintptr_t)function && address <= (uintptr_t)function + PLACE_BYTES;
}

/* The sums of the stacks whose leaf is `function`. Deletes the profile. */
static inline void place_sums(struct profile *profile, const void *function, int64_t *values)
{
    cr_assert_not_null(profile);
    memset(values, 0, profile->type_count * sizeof *values);
    for (size_t i = 0; i < profile->sample_count; i++) {
        if (profile->samples[i]->depth > 0 && place_has(function, profile->samples[i]->stack[0]))
            for (unsigned v = 0; v < profile->type_count; v++)
                values[v] += profile->samples[i]->values[v];
    }
    profile_delete(profile);
}

#endif
