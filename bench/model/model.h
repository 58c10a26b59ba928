/*
 * model.h - a comparison as it is measured, judged, written and read back: metrics of two builds,
 * how they grow, and what every build costs.
 *
 * Phases append to it, in any order: model_add_exact() and its like. Once all is there,
 * model_judge() says what may be claimed, with intervals widened for as many of them as there
 * turned out to be. What is computed from others (shares, visibility, what changed since an earlier
 * run) reads the model; model_json.c makes compare.json of it, and a model of compare.json.
 *
 * All texts are copied, or are of the JSON that the model was read from: they live as long as the
 * model, or as that JSON. Memory that runs out sets is_failed; from then on what is added is
 * dropped. Check it once: model_judge() does. Not thread-safe for one model.
 */
#ifndef MODEL_H
#define MODEL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/lesson.h"
#include "bench/statistics/promise.h"
#include "bench/statistics/stats.h"

/* What is measured. */
struct quantity {
    const char *name, *label, *unit, *tool;
};

/* A quantity of two builds. */
struct metric {
    struct quantity what;
    const char *naive, *fixed; /* codes of the two builds */
    const char *condition;     /* how they were run */
};

/* What may be said of a ratio naive / fixed. */
struct judgement {
    double ratio;     /* INFINITY: without bound */
    double low, high; /* its interval; NAN: none. Of an exact count both are the ratio */
    bool is_judged;   /* false: measured once, nothing can be claimed */
    enum verdict verdict;
};

enum measured_how {
    MEASURED_EXACTLY, /* a count that is the same on each run */
    MEASURED_ROUNDS,  /* values that scatter, in pairs, round by round */
    MEASURED_ONCE,
};

struct yours_value {
    double value;
    struct judgement judgement; /* of naive / yours */
};

/* A metric, what was measured of it, and what it comes to. */
struct measurement {
    struct metric metric;
    enum measured_how how;
    double naive, fixed;      /* of rounds the medians */
    unsigned rounds;          /* 0 of an exact count */
    const double *samples[2]; /* of rounds, naive's and fixed's, until they are judged */
    double confidence;        /* of the interval; NAN if there is none */
    /* A change that this row would have shown: 0.02 is one of 2%. NAN: none, or an exact count */
    double smallest_effect;
    struct judgement judgement;
    struct yours_value *yours; /* somebody's own file in the place of fixed (yours.h); or NULL */
};

/* Something over x, ascending. */
struct curve {
    const char *name, *x, *x_unit, *y, *y_unit, *tool;
    double fit_from; /* a power is fitted to each side from this x on; 0: none, NAN: nobody says */
};

enum side { SIDE_NAIVE, SIDE_FIXED, SIDE_YOURS, SIDE_COUNT };

const char *side_name(enum side side); /* "naive", "fixed", "yours": in compare.json */

struct series {
    const double *x, *y;
    unsigned count;                               /* 0: there is none */
    double exponent, exponent_low, exponent_high; /* y grows as x to that power; NAN: no fit */
};

struct measured_curve {
    struct curve curve;
    struct series sides[SIDE_COUNT];
};

/* A lesson, or the whole: nothing fixed against all fixed, which has metrics and no more. */
struct section {
    const char *id, *title, *words, *naive_file, *fixed_file;
    const char *headline; /* the name of the metric that it is about */
    unsigned number;      /* from 1 */
    enum verdict verdict; /* the headline's */
    struct lesson_picture pictures[LESSON_PICTURES];
    struct measurement *measurements;
    struct measured_curve *curves;
    unsigned measurement_count, measurement_room;
    unsigned curve_count, curve_room;
};

/* A number that each build has. */
struct build_metric {
    struct quantity what;
    bool is_exact;
};

enum { MODEL_BUILD_METRICS = 32 };

struct build {
    const char *code;                   /* "nfnn" */
    double values[MODEL_BUILD_METRICS]; /* by build metric; NAN: not measured */
};

/* One build against itself: what shows between the two is noise. */
enum control_kind {
    CONTROL_WALL,   /* wall time of the same link order */
    CONTROL_CPU,    /* CPU time of the same link order */
    CONTROL_LAYOUT, /* CPU time of other link orders: noise, and the luck of the layout */
    CONTROLS_OF_BUILDS,
    CONTROL_BEFORE_WALL = CONTROLS_OF_BUILDS, /* of the other side of a pair, which has both */
    CONTROL_BEFORE_CPU,
    CONTROLS
};

struct control {
    const char *build;
    const double *samples[2];
    unsigned rounds;                        /* 0: there is no control */
    unsigned blocks;                        /* that the rounds are means of, in all */
    struct stats_interval shown, corrected; /* at 95%, and at the confidence of the others */
    double smallest_effect;                 /* that shows beside it, at that confidence */
};

struct noise {
    struct control controls[CONTROLS];
    /* By how much the CPU time of one link order differs from another's: the standard deviation of
     * its logarithm, without the noise. NAN: not known */
    double layout_share;
    double bias; /* what a control showed beyond its interval, so that no less is claimed; else 0 */
    const char *correction; /* of intervals, in words, where it was read */
};

/* What one tool's number showed of a lesson. */
struct sight {
    const char *tool, *lesson;
    bool is_seen;
    double naive, fixed;
    const char *unit;
    const char *shown; /* in a few words */
};

struct tool {
    const char *id, *label;
};

/* Which tool sees which lesson; of what was not measured there is no cell. */
struct visibility {
    struct tool *tools;
    struct sight *cells;
    unsigned tool_count, tool_room, cell_count, cell_room;
};

/* One lesson's part of what was saved. */
struct share {
    const char *lesson;
    double value;
};

/* What was saved of one build metric, and by whom. */
struct attribution {
    const char *metric, *unit;
    double naive, fixed, saving;
    struct share *shares, *percent; /* NAN percent: nothing was saved */
    unsigned share_count, share_room, percent_count, percent_room;
};

/* Two lessons that are worth more together, or less: what `a` is worth without b and with it. */
struct joint_worth {
    const char *words, *metric, *a, *b;
    double ratio_without, ratio_with, index;
};

/* A guess of a ratio naive / fixed, and how it came out. */
struct judged_guess {
    const char *lesson, *metric;
    double guess;      /* NAN: that nothing is left */
    const char *label; /* the metric's; NULL: it was not measured, and nothing below is known */
    double measured;   /* NAN: nothing was left */
    double low, high;  /* its interval; NAN for a count */
    bool is_exact, is_right;
    const char *verdict; /* the metric's */
    double off;          /* how many times too high or too low, 1 or more; NAN: without bound */
    double points;       /* 0 to 100: 100 / off */
    const char *belief;  /* what was wrong about it, or empty */
};

struct judged_guesses {
    struct judged_guess *list;
    unsigned guess_count, guess_room;
    const char *committed, *order;
    double points; /* NAN: none could be judged */
};

struct tool_version {
    const char *name, *version; /* NULL: it cannot be run */
};

struct lack {
    const char *what, *why, *lost;
};

/* Where it was measured. Numbers that nobody knows are NAN, texts NULL. */
struct machine {
    const char *cpu, *governor, *clocksource, *kernel, *os, *compiler, *flags;
    double cpu_count, memory_bytes, load[3];
    double pids_max, threads_max, pid_max, max_map_count; /* limits */
    struct tool_version *tools;
    struct lack *missing;
    unsigned tool_count, tool_room, lack_count, lack_room;
};

/* An exact count that is not what it was in the base. */
struct count_change {
    struct quantity what;
    const char *build, *verdict;
    double then, now, ratio; /* now / then; NAN: there was none */
};

/* A ratio naive / fixed whose intervals in the two runs do not overlap. */
struct ratio_change {
    const char *lesson, *name, *label, *tool;
    struct judgement then, now; /* ratio and interval */
    const char *verdict;
};

/* What only one of the two measured, and which did not. */
struct one_sided {
    const char *label, *tool, *in;
};

/* What changed since an earlier comparison. */
struct base_changes {
    const char *path, *created, *mode;
    const struct machine *machine;
    bool is_same_input; /* otherwise counts are not compared */
    bool is_same_machine, is_same_cpu_count, is_same_compiler, is_same_instructions;
    const char **remarks;
    struct count_change *counts;
    struct ratio_change *ratios;
    struct one_sided *missing;
    unsigned remark_count, remark_room, changed_count, changed_room, ratio_count, ratio_room;
    unsigned missing_count, missing_room;
    unsigned counts_compared, ratios_judged;
    double tolerance_instructions;
};

/* The run that compared naive/ with somebody's own files. */
struct yours_run {
    const char *folder, *created;
    const struct noise *noise;
    const char **warnings;
    unsigned warning_count, warning_room;
};

/* The records, and what they come to. */
struct input {
    const char *source, *digest;
    double seed, records, bytes, accepted, rejected, score_sum;
};

struct proof {
    double builds;
    bool is_equal;
};

/* All fixed against parsing alone, and two workers against one. */
struct floor_cost {
    double floor_ns, fixed_ns;
    double ratio, low, high;
    double scaling, scaling_low, scaling_high;
    unsigned rounds;
};

struct sweep_point {
    const char *build;
    double workers, records_per_s;
};

/* How large a pool. */
struct sweep {
    double latency_ns, chosen;
    struct sweep_point *points;
    unsigned point_count, point_room;
    const char *words;
};

struct cpu_profile {
    const char *build, *raw; /* the file */
    double records, samples, cpu_ns;
};

/* A live profile and what is known, of one build in one condition. */
struct calibration_row {
    const char *profile, *truth, *unit, *build, *condition;
    double known;            /* the median, of what is true; NAN: the profile could not be had */
    double ratio, low, high; /* profile / truth over fresh services, and its interval; or NAN */
    bool is_exact;           /* each has to be equal: there is no ratio */
    bool is_too_little;      /* known is less than it takes to say so: neither */
    bool is_true;            /* equal, or within the tolerance */
};

/* How true the live profiles are. */
struct calibration {
    struct calibration_row *rows;
    unsigned row_count, row_room;
    double runs, seconds, at_once, confidence, tolerance;
};

struct result_file {
    const char *path, *what, *open_with;
};

/* A tool that promises (promise.h), without a database or with it. */
struct promise_tool {
    const char *id, *label;
    const char *assumes; /* what its promises rest on, in a sentence */
    bool has_database;
    const char *place; /* the first in its list, "appended (key.c)"; NULL: it names none */
    const char *names; /* the id of the lesson in whose file that is; or NULL */
    double order;      /* of its promises: promise_order() */
    unsigned told;
    const char *absent; /* why it was not run; or NULL */
};

/* What one of them promised of a lesson, and what came. */
struct promise {
    const char *tool, *lesson; /* ids */
    bool has_database;
    double share, gain;        /* of the tool's total; promise_gain() */
    struct judgement measured; /* of the time; not judged: the ratio has no interval */
    enum promise_outcome outcome;
};

struct promises {
    struct promise_tool *tools;
    struct promise *cells;
    unsigned tool_count, tool_room, cell_count, cell_room;
};

/* Of a service of nothing fixed that has answered one client, without a database or with one. */
struct live_profile {
    bool has_database;
    double worker_threads, elapsed_ns, held_ns; /* its locks, in all */
    const char *block, *mutex, *threads;        /* the files */
};

/* What was compared, where it is no lesson. Its sections stand in the place of lessons, one a
 * witness. */
struct subject {
    const char *kind;               /* "commands" or "kit" */
    const char *name;               /* of what was changed */
    const char *sides[2];           /* what naive and fixed are called: "before", "after" */
    const char *commands[2];        /* as a shell takes them */
    const char *input, *directory;  /* NULL: none, where it was called */
    const char *proof;              /* what was held equal, in words */
    const char *asked; /* PROOF=, as it was given */
    double exit_status, output_bytes; /* of both; NAN: not the same */
};

struct model_memory; /* a piece of memory, and the next one */

struct model {
    struct section *lessons; /* those that were wanted, in their order */
    struct section whole;
    struct build_metric build_metrics[MODEL_BUILD_METRICS];
    struct build *builds;
    struct sight *sights;
    struct noise noise;
    unsigned lesson_count, lesson_room;
    unsigned build_metric_count;
    unsigned build_count, build_room;
    unsigned sight_count, sight_room;
    double confidence; /* of each interval that has a verdict */

    struct subject *subject; /* NULL: lessons */

    /* The run. NULL, NAN, none: it was not measured. */
    const char *created, *mode, *only_lesson, *command;
    double duration_s, round_trip_ns;
    const char **order; /* ids of all lessons */
    const char **warnings;
    struct machine machine;
    struct input input;
    struct proof proof;
    struct floor_cost *floor;
    struct sweep *sweep;
    struct cpu_profile *cpu_profiles;
    struct live_profile *live_profiles;
    struct result_file *files;
    struct calibration *calibration;
    cJSON *load, *profiling,
        *observer; /* documents of their own: bench/load/schema.md, bench/cost/cost.h */
    unsigned order_count, order_room, warning_count, warning_room;
    unsigned cpu_profile_count, cpu_profile_room, file_count, file_room;
    unsigned live_profile_count, live_profile_room;

    /* What is computed from all that, once it is judged. */
    struct visibility *visibility;
    struct promises *promises;
    struct attribution *attribution;
    struct joint_worth *interactions;
    unsigned attribution_count, attribution_room, interaction_count, interaction_room;
    struct base_changes *base;      /* what an earlier run is held against it, */
    struct judged_guesses *guesses; /* what was guessed before, */
    struct yours_run *yours;        /* and somebody's own files */

    cJSON *json; /* that goes with it: documents of its own, or what it was read from; or NULL */
    bool is_failed;
    struct model_memory *memory;
};

/* All lessons, or one of them. 0, or -1 if memory ran out, and nothing to free. */
int model_init(struct model *model, int only);
/* Or something else, whose sections (id, title, words, headline) are numbered as they stand there;
 * those in which nothing was measured are dropped when it is judged. */
int model_init_subject(struct model *model, const struct subject *subject,
                       const struct section *sections, unsigned count);
void model_free(struct model *model);

/* LESSON_ALL is the whole; NULL if the lesson is not wanted. Of another subject than lessons, the
 * number is that of a section. */
struct section *model_section(struct model *model, int lesson);

/* Counts that are the same on each run. Of what is not wanted nothing is added, here and below. */
void model_add_exact(struct model *model, int lesson, const struct metric *metric, double naive,
                     double fixed);

/* Values of which less is better, paired by round. */
void model_add_rounds(struct model *model, int lesson, const struct metric *metric,
                      const double *naive, const double *fixed, unsigned rounds);

/* One measurement a side: no interval, and so no verdict. */
void model_add_single(struct model *model, int lesson, const struct metric *metric, double naive,
                      double fixed);

void model_add_curve(struct model *model, int lesson, const struct curve *curve, const double *x,
                     const double *naive, const double *fixed, unsigned count);

/* Sets a number of a build, and remembers what the number is. */
void model_set_build(struct model *model, unsigned build, const struct quantity *what,
                     bool is_exact, double value);

void model_set_control(struct model *model, enum control_kind kind, const char *build,
                       const double *first, const double *second, unsigned rounds, unsigned blocks);

void model_add_sight(struct model *model, const struct sight *sight);

/*
 * Says what may be claimed of each metric, and takes each lesson's verdict from its headline. The
 * intervals of rounds are widened so that all of them hold together with 95%. 0, or -1 if memory
 * ran out since model_init().
 */
int model_judge(struct model *model);

/* What a side is called for people. */
const char *model_side(const struct model *model, enum side side);

/* NULL if there is none. */
const struct section *model_find_lesson(const struct model *model, const char *id);
const struct measurement *section_find(const struct section *section, const char *name);
const struct measured_curve *section_find_curve(const struct section *section, const char *name);
/* -1 if there is none. */
int model_find_build_metric(const struct model *model, const char *name);
/* NAN if it was not measured. */
double model_build_value(const struct model *model, const char *code, const char *name);

/*
 * Zeroed memory of the model's own, a text in it, and room for one more in a list of its. NULL, or
 * the list as it was, once memory ran out.
 */
void *model_allocate(struct model *model, size_t size);
const char *model_text(struct model *model, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *model_now(struct model *model); /* "2026-01-31T12:00:00Z" */
/* Takes a document into the model's care; NULL is memory that ran out. Returns it. */
cJSON *model_own(struct model *model, cJSON *json);
void *model_more(struct model *model, void *list, unsigned count, unsigned *room, size_t size);

/* Appends to a list of the model's, or of a part of it: MODEL_ADD(model, model, file, files,
 * {.path = "x"}). */
#define MODEL_ADD(model, owner, one, list, ...)                                                    \
    do {                                                                                           \
        (owner)->list = model_more(model, (owner)->list, (owner)->one##_count,                     \
                                   &(owner)->one##_room, sizeof *(owner)->list);                   \
        if (!(model)->is_failed)                                                                   \
            (owner)->list[(owner)->one##_count++] = __VA_ARGS__;                                   \
    } while (0)

#endif
