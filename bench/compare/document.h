/*
 * document.h - the comparison's document while it is built up: metrics, curves, chapters.
 *
 * Its form is described in schema.md. cJSON has no infinity: document_number() writes null for it.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "bench/compare/comparison.h"
#include "bench/statistics/fit.h"

/* What is measured. All texts are copied. */
struct quantity {
    const char *name, *label, *unit, *tool;
};

/* A quantity of two builds. */
struct metric {
    struct quantity what;
    const char *naive, *fixed; /* codes of the two builds */
    const char *condition;     /* how they were run */
};

/* Makes the empty document with its chapters. 0, or -1 if memory ran out. */
int document_init(struct comparison *comparison);

/* Adds a number, or null if it is not finite. */
void document_number(cJSON *object, const char *name, double number);

/* Adds a metric from counts that are the same on each run. */
void document_add_exact(struct comparison *comparison, int lesson, const struct metric *metric,
                        double naive, double fixed);

/*
 * Adds a metric from rounds: values of which less is better, paired by round. Where some are 0, and
 * so have no ratio, the verdict rests on the sign test alone, and the interval is null.
 */
void document_add_rounds(struct comparison *comparison, int lesson, const struct metric *metric,
                         const double *naive, const double *fixed, unsigned rounds);

/* Adds one measurement a side: no interval, and so no verdict (null). */
void document_add_single(struct comparison *comparison, int lesson, const struct metric *metric,
                         double naive, double fixed);

/* A curve of both sides over the same x, ascending. */
struct curve {
    const char *name, *x, *x_unit, *y, *y_unit, *tool;
    double fit_from; /* a power is fitted to each side from this x on; 0: none */
};
void document_add_curve(struct comparison *comparison, int lesson, const struct curve *curve,
                        const double *x, const double *naive, const double *fixed, unsigned count);

/* Sets a number of a build's row in `variants`, and remembers what the number is. */
void document_set_variant(struct comparison *comparison, unsigned mask, const struct quantity *what,
                          bool is_exact, double value);

/* Takes each chapter's verdict from its headline metric. */
void document_finish(struct comparison *comparison);

/* The metric of this name in a chapter, or NULL. */
const cJSON *document_find_metric(const struct comparison *comparison, int lesson,
                                  const char *name);

#endif
