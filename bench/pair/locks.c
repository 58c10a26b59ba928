/*
 * locks.c - DRD: how often a lock was held for more than a millisecond, of Valgrind's slowed time.
 * Only where a command starts threads; once, as it depends on how they take turns.
 */
#include "bench/pair/tool.h"
#include "bench/pair/witnesses.h"
#include "bench/readers/drd.h"
#include "bench/readers/text.h"

struct found {
    struct tool_found run;
    double holds;
};

static int read_drd(const char *path, struct tool_found *run, double *weight, char *error,
                    size_t error_size)
{
    struct found *found = (struct found *)run;
    uint64_t holds;

    if (drd_count_holds(path, NULL, &holds, error, error_size) != 0)
        return -1;
    *weight = (double)holds;
    found->holds += (double)holds;
    return 0;
}

int pair_hear_locks(struct pair *pair)
{
    static const char *const command[] = {TOOL_VALGRIND("drd"), "--child-silent-after-fork=yes",
                                          "--exclusive-threshold=1", "--xml=yes", NULL};
    static const struct pair_tool drd = {
        .name = "drd",
        .what = "locks held long",
        .lost = "how often a lock is held for more than a millisecond",
        .command = command,
        .file_option = "--xml-file",
        .slowdown = 60,
        .turns = 1,
        .read = read_drd,
    };
    const struct metric metric = {
        {"long_holds", "locks held for more than 1 ms", "1", "DRD"},
        pair->side[PAIR_BEFORE].name,
        pair->side[PAIR_AFTER].name,
        "Valgrind's slowed time",
    };
    struct found found[PAIR_SIDES] = {{.holds = 0}, {.holds = 0}};

    if (!pair->has_threads)
        return 0;
    int status =
        tool_ask(pair, &drd,
                 (struct tool_found *[PAIR_SIDES][TALLY_TURNS]){{&found[0].run}, {&found[1].run}});
    if (status == 0)
        model_add_single(&pair->comparison->model, PAIR_LOCKS, &metric, found[0].holds,
                         found[1].holds);
    return status < 0 ? -1 : 0;
}
