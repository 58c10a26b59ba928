/* system_calls.c - strace: how often each system call was made, by all processes of a command. */
#include <stdio.h>

#include "bench/pair/tool.h"
#include "bench/pair/witnesses.h"
#include "bench/readers/strace.h"

enum { CALLS_SHOWN = 8 };

struct found {
    struct tool_found run;
    struct tally *calls;
    double total;
};

static int read_table(const char *path, struct tool_found *run, double *weight, char *error,
                      size_t error_size)
{
    struct found *found = (struct found *)run;
    struct strace table;
    int status = 0;

    if (strace_read(path, &table, error, error_size) != 0)
        return -1;
    for (uint32_t i = 0; status == 0 && i < table.call_count; i++)
        status = tally_add(found->calls, table.calls[i].name, run->side, run->turn,
                           (double)table.calls[i].calls);
    *weight = found->total = (double)table.total;
    strace_free(&table);
    return status == 0 ? 0 : text_error(error, error_size, path, 0, "out of memory");
}

int pair_count_system_calls(struct pair *pair)
{
    static const char *const command[] = {"strace", "-f", "-c", NULL};
    static const struct pair_tool strace = {
        .name = "strace",
        .what = "system calls",
        .lost = "system calls, in all and by name",
        .command = command,
        .file_option = "-o",
        .slowdown = 10,
        .turns = TALLY_TURNS,
        .read = read_table,
    };
    const struct quantity in_all = {"system_calls", "system calls, in all", "1", "strace"};
    const struct quantity by_name = {"system_calls_by_name", "system calls:", "1", "strace"};
    struct tally calls = {.rows = NULL};
    struct found found[PAIR_SIDES][TALLY_TURNS] = {{{.calls = &calls}, {.calls = &calls}},
                                                   {{.calls = &calls}, {.calls = &calls}}};
    int status =
        tool_ask(pair, &strace,
                 (struct tool_found *[PAIR_SIDES][TALLY_TURNS]){
                     {&found[0][0].run, &found[0][1].run}, {&found[1][0].run, &found[1][1].run}});

    if (status == 0) {
        pair_add_count(pair, PAIR_SYSTEM, &in_all, (double[]){found[0][0].total, found[0][1].total},
                       (double[]){found[1][0].total, found[1][1].total});
        tally_report(&calls, pair, PAIR_SYSTEM, &by_name, "", 1, CALLS_SHOWN);
    }
    tally_free(&calls);
    return status < 0 ? -1 : 0;
}
