/*
 * model.h - a comparison as it is measured, judged, written and read back: metrics of two builds,
 * how they grow, and what every build costs.
 *
 * Phases append to it, in any order: model_add_exact() and its like. Once all is there,
 * model_judge() says what may be claimed, with intervals widened for as many of them as there
 * turned out to be. What is computed from others (shares, visibility, what changed since an earlier
 * run) reads the model; model_write.c makes compare.json of it, and model_read.c a model of
 * compare.json.
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

/* A metric, what was measured of it, and what it comes to. */
struct measurement {
    struct metric metric;
    enum measured_how how;
    double naive, fixed;      /* of rounds the medians */
    unsigned rounds;          /* 0 of an exact count */
    const double *samples[2]; /* of rounds, naive's and fixed's, until they are judged */
    double confidence;        /* of the interval; NAN if there is none */
    struct judgement judgement;
    bool has_yours; /* somebody's own file in the place of fixed (yours.h) */
    double yours;
    struct judgement yours_judgement;
};

/* Something over x, ascending. */
struct curve {
    const char *name, *x, *x_unit, *y, *y_unit, *tool;
    double fit_from; /* a power is fitted to each side from this x on; 0: none, NAN: nobody says */
};

enum side { SIDE_NAIVE, SIDE_FIXED, SIDE_YOURS, SIDE_COUNT };

const char *side_name(enum side side); /* "naive", "fixed", "yours" */

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

/* One build measured twice in the same rounds: what shows between the two is noise. */
struct control {
    const char *build;
    const double *samples[2];
    unsigned rounds;                        /* 0: there is no control */
    struct stats_interval shown, corrected; /* at 95%, and at the confidence of the others */
    double smallest_effect;                 /* what the run can claim */
};

/* What one tool's number showed of a lesson. */
struct sight {
    const char *tool, *unit;
    int lesson;
    double naive, fixed;
    bool is_seen;
};

struct model_memory; /* a piece of memory, and the next one */

struct model {
    struct section *lessons; /* those that were wanted, in their order */
    struct section whole;
    struct build_metric build_metrics[MODEL_BUILD_METRICS];
    struct build *builds;
    struct sight *sights;
    struct control control;
    unsigned lesson_count, lesson_room;
    unsigned build_metric_count;
    unsigned build_count, build_room;
    unsigned sight_count, sight_room;
    double confidence; /* of each interval that has a verdict */
    /*
     * All else that compare.json has: of the machine, the input and so on, as it is shown, and what
     * is computed from the model. Of a model that was read it is the whole document.
     */
    cJSON *facts;
    bool is_view; /* the facts are somebody else's, and stay */
    bool is_failed;
    struct model_memory *memory;
};

/* All lessons, or one of them. 0, or -1 if memory ran out, and nothing to free. */
int model_init(struct model *model, int only);
void model_free(struct model *model);

/* LESSON_ALL is the whole; NULL if the lesson is not wanted. */
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

/* The A/A control. */
void model_set_control(struct model *model, const char *build, const double *first,
                       const double *second, unsigned rounds);

void model_add_sight(struct model *model, const struct sight *sight);

/*
 * Says what may be claimed of each metric, and takes each lesson's verdict from its headline. The
 * intervals of rounds are widened so that all of them hold together with 95%. 0, or -1 if memory
 * ran out since model_init().
 */
int model_judge(struct model *model);

/* NULL if there is none. */
const struct section *model_find_lesson(const struct model *model, const char *id);
const struct measurement *section_find(const struct section *section, const char *name);
const struct measured_curve *section_find_curve(const struct section *section, const char *name);
/* -1 if there is none. */
int model_find_build_metric(const struct model *model, const char *name);
/* NAN if it was not measured. */
double model_build_value(const struct model *model, const char *code, const char *name);

/* For model_read.c: zeroed memory of the model's own, and room for one more in a list of its. */
void *model_allocate(struct model *model, size_t size);
void *model_more(struct model *model, void *list, unsigned count, unsigned *room, size_t size);

#endif
