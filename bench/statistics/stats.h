/*
 * stats.h - what may be claimed from measurements that scatter, and from counts that do not.
 *
 * Wall time is compared over rounds. A round starts a fresh process of each build, so naive[i] and
 * fixed[i] are one round's pair, and what disturbed the whole round is in both and cancels. The
 * rounds are the sample: repetitions within one process are not, as processes differ by more
 * than repetitions do.
 *
 * A ratio is always naive/fixed of a cost (time, bytes, instructions), so above 1 means that the
 * fix is worth something. For a metric of which more is better (records/s), swap the two.
 *
 * All functions are pure: the input is not disturbed, there is no state and no I/O, and they are
 * thread-safe. Values out of range are turned away before the GNU Scientific Library sees them,
 * whose error handler would end the process. Memory taken is given back before the return.
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>

/* An interval for a ratio. Unbounded is (0, INFINITY); JSON has no such number: write null. */
struct stats_interval {
    double estimate;   /* NAN where there is none */
    double low, high;  /* 0 to INFINITY, low <= estimate <= high */
    double confidence; /* that the interval attains, not that was asked for; 1 if unbounded */
    unsigned count;    /* rounds that it rests on */
};

/* Below, a confidence lies between 0 and 1, neither included. */

/*
 * The quantile `level` (0 to 1, both included) of unsorted values: linear between the order
 * statistics around (count - 1) * level, which is type 7 of Hyndman and Fan, Sample Quantiles in
 * Statistical Packages, The American Statistician 50 (1996). The median is that of level 0.5.
 * NAN with errno EINVAL if count is 0, a value is NAN or level is out of range; ENOMEM.
 */
double stats_quantile(const double *values, size_t count, double level);
double stats_median(const double *values, size_t count);

enum { STATS_TOO_FEW = 1 };

/*
 * The ratio naive/fixed: of the rounds' log-ratios the median of all means of two (the Walsh
 * averages), exponentiated: the estimate of Hodges and Lehmann. The interval lies between two of
 * these means, chosen by the distribution of Wilcoxon's signed ranks (the test turned round:
 * Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., 3.2 and 3.3): counted
 * out up to 64 rounds, by the normal approximation beyond. It assumes independent rounds and that
 * a log-ratio is as likely to lie above its middle as below by the same; nothing else of the
 * noise's shape. Where both sides scatter alike that holds by itself; it is a fifth narrower than
 * the sign test's, which does without. Swapping naive and fixed inverts it: high becomes 1/low.
 *
 * 0: bounded. STATS_TOO_FEW: the estimate is good, but so few rounds cannot bound it at that
 * confidence, so it is unbounded. -1, unbounded and without estimate: errno EINVAL if count is 0, a
 * value is not finite and above 0, or confidence is out of range; ENOMEM.
 */
int stats_ratio(const double *naive, const double *fixed, size_t count, double confidence,
                struct stats_interval *ratio);

/*
 * How far the rounds' log-ratios scatter around their median: 1.4826 times the median of their
 * distances to it, which is the standard deviation where they are normal, and does not mind a few
 * wild ones. NAN, with errno, as stats_ratio() ends with -1.
 */
double stats_scatter(const double *naive, const double *fixed, size_t count);

/*
 * The confidence that each of `comparisons` (at least 1) intervals needs, so that all of them
 * together hold with `confidence`: Bonferroni's, 1 - (1 - confidence) / comparisons.
 */
double stats_correct(double confidence, unsigned comparisons);

/*
 * The sign test's two-sided p of "the ratio's median is 1", for values of which no logarithm can be
 * taken: they may be 0 or infinite. A tie speaks for the 1. 1 if count is 0, NAN if a value is NAN.
 */
double stats_sign_p(const double *naive, const double *fixed, size_t count);

enum verdict {
    VERDICT_NO_DIFFERENCE, /* none has been shown, which does not say that there is none */
    VERDICT_BETTER,        /* fixed costs less */
    VERDICT_WORSE,         /* fixed costs more */
};

/* "no difference", "better" or "worse", as they stand in the report. */
const char *verdict_name(enum verdict verdict);

/*
 * Better if the whole interval lies above 1 + smallest_effect, worse if wholly below its inverse.
 * Take the interval at stats_correct()'s confidence for as many comparisons as the report makes.
 * smallest_effect: 0 to INFINITY (nothing can be claimed); NAN counts as INFINITY.
 */
enum verdict stats_verdict(const struct stats_interval *corrected, double smallest_effect);

/*
 * The smallest effect that shows beside an A/A control (a build measured against itself): how far
 * from 1 the control's interval reaches on either side, as a ratio - 1. 0.03: what shows less than
 * 3% is noise here. INFINITY if unbounded.
 */
double stats_smallest_effect(const struct stats_interval *aa);

/*
 * For counts that are the same on each run, where any difference is a difference. The ratio is 1 if
 * both are 0, INFINITY if only fixed is: in JSON null, next to its verdict `better`. A count that
 * is negative, infinite or NAN gives NAN and no difference.
 */
double stats_ratio_exact(double naive, double fixed);
enum verdict stats_verdict_exact(double naive, double fixed);

#endif
