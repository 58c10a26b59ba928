/*
 * instructions.c - callgrind: instructions in all and by function, and what a model of caches and
 * of branch prediction makes of them.
 *
 * Functions are put together by their name in the source, wherever they are defined, so that one
 * that moved to another file is still beside itself. What has no symbol is "???" of its program or
 * library.
 */
#include <stdio.h>
#include <string.h>

#include "bench/pair/tool.h"
#include "bench/pair/witnesses.h"
#include "bench/readers/callgrind.h"
#include "bench/readers/text.h"

enum { FUNCTIONS_SHOWN = 10 };

/* A function that differs by less than this part of all instructions is not shown. */
static const double least_share = 0.0005;

/* The caches are pinned, so that another machine counts the same. */
static const char *const command[] = {
    TOOL_VALGRIND("callgrind"), "--I1=32768,8,64",  "--D1=32768,8,64",
    "--LL=8388608,16,64",       "--cache-sim=yes",  "--branch-sim=yes",
    "--fair-sched=try",         "--dump-instr=yes", NULL};

/* What is added up of the events: reads and writes, conditional and indirect. */
static const struct {
    struct quantity what;
    const char *events[2];
} sums[] = {
    {{"instructions", "instructions, in all", "Ir", "callgrind"}, {"Ir", NULL}},
    {{"d1_misses", "data cache misses, first level", "1", "callgrind, simulated"},
     {"D1mr", "D1mw"}},
    {{"ll_misses", "data cache misses, last level", "1", "callgrind, simulated"}, {"DLmr", "DLmw"}},
    {{"branch_misses", "branches predicted wrongly", "1", "callgrind, simulated"}, {"Bcm", "Bim"}},
};

enum { SUMS = sizeof sums / sizeof *sums };

struct found {
    struct tool_found run;
    struct tally *functions; /* both sides' and both turns' */
    double sum[SUMS];
    bool has_threads;
};

/* As the source has it, without the compiler's copies and Callgrind's levels of recursion. */
static void plain_name(const struct callgrind_function *function, char *name, size_t size)
{
    const char *slash = strrchr(function->object, '/');
    int length = (int)strcspn(function->name, "'@");

    if (strncmp(function->name, "0x", 2) == 0 || strcmp(function->name, "???") == 0) {
        snprintf(name, size, "??? (in %s)", slash != NULL ? slash + 1 : function->object);
        return;
    }
    const char *copy = length > 0 ? memchr(function->name + 1, '.', (size_t)length - 1) : NULL;
    if (copy != NULL)
        length = (int)(copy - function->name);
    snprintf(name, size, "%.*s", length, function->name);
}

static int read_profile(const char *path, struct tool_found *run, double *weight, char *error,
                        size_t error_size)
{
    struct found *found = (struct found *)run;
    struct callgrind profile;
    char name[512];
    int status = 0;

    if (callgrind_read(path, &profile, error, error_size) != 0)
        return -1;
    for (uint32_t event = 0; event < profile.event_count; event++)
        for (unsigned i = 0; i < 2 * SUMS; i++)
            if (sums[i / 2].events[i % 2] != NULL &&
                strcmp(sums[i / 2].events[i % 2], profile.events[event]) == 0)
                found->sum[i / 2] += (double)profile.totals[event];
    for (uint32_t i = 0; status == 0 && i < profile.function_count; i++) {
        const struct callgrind_function *function = &profile.functions[i];
        plain_name(function, name, sizeof name);
        found->has_threads |= strcmp(name, "pthread_create") == 0;
        status = tally_add(found->functions, name, run->side, run->turn, (double)function->self_ir);
    }
    *weight = (double)profile.total_ir;
    callgrind_free(&profile);
    return status == 0 ? 0 : text_error(error, error_size, path, 0, "out of memory");
}

int pair_count_instructions(struct pair *pair)
{
    static const struct pair_tool callgrind = {
        .name = "callgrind",
        .what = "instructions",
        .lost = "instructions, by function and in all, and simulated misses of caches and branches",
        .command = command,
        .file_option = "--callgrind-out-file",
        .slowdown = 80,
        .turns = TALLY_TURNS,
        .read = read_profile,
    };
    const struct quantity by_function = {"function_instructions", "instructions in", "Ir",
                                         "callgrind"};
    struct tally functions = {.rows = NULL};
    struct found found[PAIR_SIDES][TALLY_TURNS] = {
        {{.functions = &functions}, {.functions = &functions}},
        {{.functions = &functions}, {.functions = &functions}}};
    int status =
        tool_ask(pair, &callgrind,
                 (struct tool_found *[PAIR_SIDES][TALLY_TURNS]){
                     {&found[0][0].run, &found[0][1].run}, {&found[1][0].run, &found[1][1].run}});

    for (unsigned i = 0; status == 0 && i < SUMS; i++)
        pair_add_count(pair, PAIR_INSTRUCTIONS, &sums[i].what,
                       (double[]){found[0][0].sum[i], found[0][1].sum[i]},
                       (double[]){found[1][0].sum[i], found[1][1].sum[i]});
    if (status == 0) {
        tally_report(&functions, pair, PAIR_INSTRUCTIONS, &by_function, ", self",
                     least_share * found[0][0].sum[0], FUNCTIONS_SHOWN);
        pair->has_threads = found[0][0].has_threads || found[1][0].has_threads;
    }
    tally_free(&functions);
    return status < 0 ? -1 : 0;
}
