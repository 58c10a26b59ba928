/* witnesses.c - who is asked about a pair: what tool each needs, and what is lost without it. */
#include "bench/pair/witnesses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * In this order, so that what costs least and says most comes before the time runs out. `tool` is
 * looked for in PATH; `package` is Debian's.
 */
static const struct witness {
    int (*ask)(struct pair *pair);
    const char *tool, *package, *lost;
} witnesses[] = {
    {pair_count_system_calls, "strace", "strace", "system calls"},
    {pair_count_instructions, "valgrind", "valgrind", "instructions, by function and in all"},
    {pair_count_heap, "valgrind", "valgrind",
     "blocks and bytes of the heap, its peak, lost blocks"},
    {pair_hear_locks, "valgrind", "valgrind", "locks held long"},
};

enum { WITNESSES = sizeof witnesses / sizeof *witnesses };

static bool is_there(const char *tool)
{
    const char *path = getenv("PATH");
    char file[PATH_SIZE];

    for (const char *at = path != NULL ? path : "/usr/bin:/bin"; *at != '\0';) {
        int length = (int)strcspn(at, ":");
        snprintf(file, sizeof file, "%.*s/%s", length, at, tool);
        if (length > 0 && access(file, X_OK) == 0)
            return true;
        at += length + (at[length] == ':');
    }
    return false;
}

int pair_witness(struct pair *pair)
{
    for (unsigned i = 0; i < WITNESSES; i++) {
        const struct witness *witness = &witnesses[i];
        if (witness->tool != NULL && !is_there(witness->tool)) {
            pair_lacks(pair, witness->tool, witness->lost,
                       "it is not installed: apt-get install %s", witness->package);
            continue;
        }
        if (witness->ask(pair) != 0)
            return -1;
        if (child_is_interrupted())
            return comparison_fail(pair->comparison, "interrupted");
    }
    return 0;
}
