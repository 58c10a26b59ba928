/*
 * neighbours.h - runs cases next to each other, each time in a fresh process, and keeps what they
 * said.
 *
 * The noise of a shared machine is slow: two runs that are milliseconds apart have the same of it,
 * runs that are seconds apart have not. So a ratio is formed within a block, which runs the cases
 * of a group in an order drawn anew, and then once more in the reverse order (A B B A): what drifts
 * meanwhile falls on all alike. (Bulej et al., Duet Benchmarking, ICPE 2020, has the idea of
 * neighbours in time.)
 *
 * Two programs also differ by where the linker and the kernel happened to put them (Mytkowicz et
 * al., Producing Wrong Data Without Doing Anything Obviously Wrong!, ASPLOS 2009). So each case of
 * a round has another link order of the same objects (layouts.h), and each process an environment
 * of another size, and the kernel's own random addresses. A round is all blocks with one draw of
 * link orders, and the sample of a ratio is the rounds: where there are more blocks than link
 * orders, those of a round are taken together first, as they share its luck (Kalibera and Jones,
 * Rigorous Benchmarking in Reasonable Time, ISMM 2013: repeat where the variation arises).
 */
#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include "bench/compare/programs.h"

enum { BLOCKS_MAX = 1001, ROUNDS_MAX = 64, GROUP_CASES_MAX = BUILD_COUNT + 16, FIELDS_MAX = 28 };

struct run_case {
    unsigned build;
    struct run_setup setup;
    const struct command *other; /* or another program that prints a JSON object, if not NULL */
    bool is_twin; /* has the link order and the environment of the case before it: a control */
};

/* A number of a run's JSON, by its path: "lock.wait_ns"; and one that it is divided by, or NULL. */
struct run_field {
    const char *path, *per;
};

struct group {
    const struct run_case *cases;
    unsigned case_count;
    unsigned blocks; /* at least */
    /* While the interval of the first case over the second, of this field, is wider than the goal
     * (a half-width, 0.01 for 1%), more blocks are worth their time. 0: the least are enough. */
    double goal;
    unsigned goal_field;

    unsigned block_count, block_room; /* what was run, from here on */
    unsigned *layouts;                /* a shuffled row of the link orders for each case */
    double *values;
};

/*
 * Runs a case that is no program of ours, with so many bytes more in its environment, and fills in
 * all fields. 0, or -1 with the comparison's error set.
 */
typedef int neighbour_run(void *context, const struct run_case *one, unsigned padding,
                          double *values);

struct neighbours {
    struct group *groups;
    unsigned group_count;
    const struct run_field *fields; /* not needed where `run` fills them in */
    unsigned field_count;
    neighbour_run *run; /* NULL: the case's program is run, and its JSON read */
    void *context;
    double seconds; /* that all may take together, where a goal is not reached; 0: no more blocks */
    unsigned layout_count; /* set by neighbours_run() */
};

/*
 * Runs them: first the least blocks of each group, then, while there is time, one more of each
 * group whose interval is too wide, in an order drawn anew each time. `seed` draws the orders. 0,
 * or -1 with the comparison's error set; either way call neighbours_free().
 */
int neighbours_run(struct comparison *comparison, struct neighbours *neighbours, uint64_t seed);
void neighbours_free(struct neighbours *neighbours);

/* How many rounds a group has, ROUNDS_MAX at most. */
unsigned neighbours_rounds(const struct neighbours *neighbours, const struct group *group);

/*
 * A field of a case, round by round: the median over the blocks of the round, which does not mind a
 * wild run; where no value is 0, of the first case, and of how many times as much as that the
 * others are within their block.
 */
void neighbours_values(const struct neighbours *neighbours, const struct group *group,
                       unsigned case_index, unsigned field, double values[ROUNDS_MAX]);

/* Over all runs of a case: the median; and the first, of what is the same each time. */
double neighbours_median(const struct neighbours *neighbours, const struct group *group,
                         unsigned case_index, unsigned field);
double neighbours_first(const struct neighbours *neighbours, const struct group *group,
                        unsigned case_index, unsigned field);

/* Whether a field was the same in all runs of a case. */
bool neighbours_is_steady(const struct neighbours *neighbours, const struct group *group,
                          unsigned case_index, unsigned field);

/* Whether a field, a count, was the same in all runs of the group. */
bool neighbours_is_same(const struct neighbours *neighbours, const struct group *group,
                        unsigned field);

/* The ratio of two cases, first over second, with its interval (stats_ratio(), whose status this
 * returns). */
int neighbours_ratio(const struct neighbours *neighbours, const struct group *group, unsigned first,
                     unsigned second, unsigned field, double confidence,
                     struct stats_interval *ratio);

/*
 * What each build takes by a field, from the groups given: nothing fixed as it was measured, and
 * the others by the ratios of neighbours that lead from there to them, as they were not all
 * measured at one time. NAN of a build that is in no group; where a value is 0, so that there is no
 * ratio, the median of its own.
 */
void neighbours_costs(const struct neighbours *neighbours, const struct group *groups,
                      unsigned count, unsigned field, double costs[BUILD_COUNT]);

#endif
