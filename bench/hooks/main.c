/*
 * hooks - what the hooks of common/pprof/ cost: a malloc and free, a lock and unlock, a thread, and
 * a record in all.
 *
 *     hooks [ROUNDS]
 *
 * A round is a process of its own, as processes differ by more than repetitions do. In it the modes
 * (past the hook, off, on) take turns in slices, in an order that is drawn anew for each slice. The
 * ratios are those of a round's own times; their interval, by the sign test, holds over the rounds.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/hooks/operations.h"
#include "bench/statistics/stats.h"
#include "common/quantity.h"

enum { SLICES = 101, ROUNDS = 9, ROUNDS_MAX = 201, OPERATIONS_MAX = 8 };

struct times {
    double ns[OPERATIONS_MAX][OPERATION_MODES];
};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static void shuffle(unsigned order[OPERATION_MODES])
{
    for (unsigned i = 0; i < OPERATION_MODES; i++)
        order[i] = i;
    for (unsigned i = OPERATION_MODES; i > 1; i--) {
        unsigned j = (unsigned)(drand48() * i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* In the round's own process: writes the times, each the median of its slices, to stdout. */
static int run_round(long seed)
{
    struct times times = {0};
    unsigned order[OPERATION_MODES];

    srand48(seed);
    for (unsigned i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        double slices[OPERATION_MODES][SLICES];
        for (unsigned slice = 0; slice < SLICES; slice++) {
            shuffle(order);
            for (unsigned m = 0; m < OPERATION_MODES; m++) {
                operations_switch((enum operation_mode)order[m]);
                operation->run(operation->count / 10, (enum operation_mode)order[m]); /* warm */
                slices[order[m]][slice] =
                    operation->run(operation->count, (enum operation_mode)order[m]);
            }
        }
        for (unsigned m = 0; m < OPERATION_MODES; m++)
            times.ns[i][m] = median(slices[m], SLICES);
    }
    return fwrite(&times, sizeof times, 1, stdout) == 1 && fflush(stdout) == 0 ? 0 : 1;
}

static int start_round(const char *program, long seed, struct times *times)
{
    char command[4200];

    snprintf(command, sizeof command, "exec '%s' --round %ld", program, seed);
    FILE *round = popen(command, "r");
    if (round == NULL)
        return -1;
    size_t count = fread(times, sizeof *times, 1, round);
    return pclose(round) == 0 && count == 1 ? 0 : -1;
}

static void print_ratio(const struct times *rounds, unsigned count, unsigned operation,
                        enum operation_mode mode, enum operation_mode base)
{
    double cost[ROUNDS_MAX], base_cost[ROUNDS_MAX];
    struct stats_interval ratio;

    for (unsigned i = 0; i < count; i++) {
        cost[i] = rounds[i].ns[operation][mode];
        base_cost[i] = rounds[i].ns[operation][base];
    }
    if (stats_ratio(cost, base_cost, count, 0.95, &ratio) != 0)
        printf("  %22s", "too few rounds");
    else
        printf("  %6.3f (%5.3f-%5.3f)", ratio.estimate, ratio.low, ratio.high);
}

static void print(const struct times *rounds, unsigned count)
{
    double values[ROUNDS_MAX];

    printf("%-30s %9s %9s %9s  %-21s  %-21s\n", "nanoseconds, median", "past", "off", "on",
           "off / past", "on / past");
    for (unsigned i = 0; i < operation_count; i++) {
        printf("%-30s", operations[i].name);
        for (unsigned m = 0; m < OPERATION_MODES; m++) {
            for (unsigned r = 0; r < count; r++)
                values[r] = rounds[r].ns[i][m];
            printf(" %9.1f", median(values, count));
        }
        print_ratio(rounds, count, i, OPERATION_OFF, OPERATION_PAST);
        print_ratio(rounds, count, i, OPERATION_ON, OPERATION_PAST);
        printf("\n");
    }
    printf("%u rounds, a process each; intervals of 95%%. The last two have no way past the hooks: "
           "their past is off.\n",
           count);
}

int main(int argc, char **argv)
{
    static struct times rounds[ROUNDS_MAX];
    char program[4096];

    if (argc == 3 && strcmp(argv[1], "--round") == 0)
        return run_round(atol(argv[2]));
    uint64_t count = ROUNDS;
    if (argc > 2 ||
        (argc == 2 && quantity_read(QUANTITY_NUMBER, argv[1], 1, ROUNDS_MAX, &count) != 0)) {
        fprintf(stderr, "hooks: say how many rounds, 1 to %d (6 for an interval)\n", ROUNDS_MAX);
        return 2;
    }
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0) {
        perror("hooks: /proc/self/exe");
        return 1;
    }
    program[length] = '\0';
    for (unsigned i = 0; i < count; i++) {
        if (start_round(program, i + 1, &rounds[i]) != 0) {
            fprintf(stderr, "hooks: round %u failed\n", i + 1);
            return 1;
        }
    }
    print(rounds, (unsigned)count);
    return 0;
}
