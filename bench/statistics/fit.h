/*
 * fit.h - how a cost grows: straight lines, and powers y = factor * x^exponent.
 *
 * Pure functions of their arguments, thread-safe. The interval is Student's for least squares: it
 * assumes noise of one size around the line, and is a single point for counts that lie on it
 * exactly.
 */
#ifndef FIT_H
#define FIT_H

#include <stddef.h>

enum fit_result {
    FIT_OK = 0,
    FIT_NO_INTERVAL,  /* two points: the fit goes through them, its interval is unbounded */
    FIT_TOO_FEW,      /* fewer than two points */
    FIT_SAME_X,       /* nothing to tell a growth from */
    FIT_NOT_POSITIVE, /* a power needs x > 0 and y > 0 */
    FIT_NOT_FINITE,   /* a value is infinite or NAN, or the fit overflowed */
    FIT_NO_MEMORY,
};

/*
 * In both: the interval is unbounded (-INFINITY, INFINITY) where there is none, all other numbers
 * are NAN after a result other than FIT_OK and FIT_NO_INTERVAL; JSON has null for both. r2 is the
 * share of the variance of y (of log y) that the fit explains, 0 to 1; NAN if y does not vary.
 */
struct fit_line {
    double intercept; /* y at x = 0: what is paid once, start-up say */
    double slope;     /* y per x: instructions a record, say */
    double slope_low, slope_high;
    double r2;
    double confidence; /* of the interval; as asked for */
    size_t count;      /* points */
};

struct fit_power {
    double factor;   /* y at x = 1 */
    double exponent; /* 1: linear, 2: quadratic */
    double exponent_low, exponent_high;
    double r2;
    double confidence;
    size_t count;
};

/*
 * Least squares through `count` points, at least 3 for an interval. confidence lies between 0 and
 * 1, neither included (an assertion).
 */
enum fit_result fit_line(const double *x, const double *y, size_t count, double confidence,
                         struct fit_line *fit);

/* The same for log y over log x, so that each point's relative error counts alike. */
enum fit_result fit_power(const double *x, const double *y, size_t count, double confidence,
                          struct fit_power *fit);

#endif
