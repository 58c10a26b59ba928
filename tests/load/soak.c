#include "bench/load/soak.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void fill(struct soak *soak, unsigned count, uint64_t start, uint64_t step)
{
    *soak = (struct soak){.seconds = count, .count = count};
    soak->states = calloc(count, sizeof *soak->states);
    for (unsigned i = 0; i < count; i++) {
        soak->states[i].resident_bytes = start + i * step;
        soak->states[i].process_threads = 7;
    }
}

Test(soak, sees_a_steady_growth)
{
    struct soak_memory memory;
    struct soak soak;

    fill(&soak, 100, 1000, 10);
    soak_memory(&soak, &memory);
    cr_assert_eq(memory.settled, 1100);
    cr_assert_eq(memory.last, 1990);
    cr_assert_eq(memory.low, 1100);
    cr_assert_eq(memory.high, 1990);
    cr_assert_float_eq(memory.bytes_per_minute, 600, 1e-6);
    cr_assert_eq(memory.threads_low, 7);
    cr_assert_eq(memory.threads_high, 7);
    soak_free(&soak);
}

Test(soak, leaves_the_start_out)
{
    struct soak_memory memory;
    struct soak soak;

    fill(&soak, 50, 5000, 0);
    soak.states[0].resident_bytes = 100;
    soak_memory(&soak, &memory);
    cr_assert_eq(memory.low, 5000);
    cr_assert_float_eq(memory.bytes_per_minute, 0, 1e-9);
    soak_free(&soak);
}
