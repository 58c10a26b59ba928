/* stats.c - see stats.h. Logs are taken before the difference, so that swapping only flips the
 * sign. */
#include "bench/statistics/stats.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Room for `count` values, or NULL with errno set. */
static double *new_values(size_t count)
{
    if (count > SIZE_MAX / sizeof(double)) {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(count * sizeof(double));
}

static bool is_confidence(double confidence)
{
    return confidence > 0 && confidence < 1;
}

double stats_quantile(const double *values, size_t count, double level)
{
    bool is_valid = count > 0 && level >= 0 && level <= 1;
    for (size_t i = 0; is_valid && i < count; i++)
        is_valid = !isnan(values[i]);
    if (!is_valid) {
        errno = EINVAL;
        return NAN;
    }
    double *sorted = new_values(count);
    if (sorted == NULL)
        return NAN;
    memcpy(sorted, values, count * sizeof *sorted);
    gsl_sort(sorted, 1, count);
    double quantile = gsl_stats_quantile_from_sorted_data(sorted, 1, count, level);
    free(sorted);
    return quantile;
}

double stats_median(const double *values, size_t count)
{
    return stats_quantile(values, count, 0.5);
}

static struct stats_interval unbounded(double estimate, size_t count)
{
    return (struct stats_interval){estimate, 0, INFINITY, 1, (unsigned)count};
}

/* exp(), but with exp(-x) exactly 1/exp(x): libm's own may differ in the last digit. */
static double ratio_of_log(double log_ratio)
{
    return log_ratio < 0 ? 1 / exp(-log_ratio) : exp(log_ratio);
}

static bool is_cost(double value)
{
    return value > 0 && isfinite(value);
}

/* The rounds' log-ratios in the order of the rounds, to be freed; NULL with errno set. */
static double *new_log_ratios(const double *naive, const double *fixed, size_t count,
                              double confidence)
{
    bool is_valid = count > 0 && count <= UINT_MAX && is_confidence(confidence);
    for (size_t i = 0; is_valid && i < count; i++)
        is_valid = is_cost(naive[i]) && is_cost(fixed[i]);
    if (!is_valid) {
        errno = EINVAL;
        return NULL;
    }
    double *logs = new_values(count);
    if (logs == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        logs[i] = log(naive[i]) - log(fixed[i]);
    return logs;
}

/* Two-sided: that fewer than k of `count` signs are of one kind. */
static double sign_probability(unsigned k, unsigned count)
{
    return 2 * gsl_cdf_binomial_P(k - 1, 0.5, count);
}

/* Up to so many rounds the distribution of the signed ranks is counted out. */
enum { COUNTED_OUT = 64 };

/*
 * How many of the smallest Walsh averages lie below an interval of at least that confidence; -1:
 * even the smallest is within. *attained is the confidence that it has. Among all 2^count ways to
 * give the ranks 1 to count a sign, those are counted of which the positive ones sum to s: it is
 * the number of sets of different ranks with that sum.
 */
static long count_out(unsigned count, double allowed, double *attained)
{
    double ways[COUNTED_OUT * (COUNTED_OUT + 1) / 2 + 1] = {1};
    unsigned most = count * (count + 1) / 2;
    double probability = 0;
    long below = -1;

    for (unsigned rank = 1; rank <= count; rank++)
        for (unsigned sum = most; sum >= rank; sum--)
            ways[sum] += ways[sum - rank];
    for (unsigned sum = 0; sum <= most / 2; sum++) {
        probability += 2 * ldexp(ways[sum], -(int)count);
        if (probability > allowed)
            break;
        below = sum;
        *attained = 1 - probability;
    }
    return below;
}

/* Of more rounds the normal approximation of the same. */
static long approximate(double count, double allowed, double *attained)
{
    double mean = count * (count + 1) / 4;
    double deviation = sqrt(count * (count + 1) * (2 * count + 1) / 24);
    long below = (long)floor(mean - 0.5 + deviation * gsl_cdf_ugaussian_Pinv(allowed / 2));

    *attained = 1 - 2 * gsl_cdf_ugaussian_P(((double)below + 0.5 - mean) / deviation);
    return below;
}

/* The means of all pairs, each value with itself too, ascending: count * (count + 1) / 2 of them.
 * To be freed; NULL with errno. */
static double *new_walsh_averages(const double *values, size_t count)
{
    double *averages = new_values(count * (count + 1) / 2);
    size_t k = 0;

    if (averages == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i; j < count; j++)
            averages[k++] = (values[i] + values[j]) / 2;
    gsl_sort(averages, 1, k);
    return averages;
}

int stats_ratio(const double *naive, const double *fixed, size_t count, double confidence,
                struct stats_interval *ratio)
{
    *ratio = unbounded(NAN, count);
    double *logs = new_log_ratios(naive, fixed, count, confidence);
    double *averages = logs != NULL ? new_walsh_averages(logs, count) : NULL;
    free(logs);
    if (averages == NULL)
        return -1;
    size_t average_count = count * (count + 1) / 2;
    ratio->estimate = ratio_of_log(gsl_stats_median_from_sorted_data(averages, 1, average_count));
    /* what is allowed is rounded: 6 rounds are to attain exactly 1 - 2/64 */
    double allowed = (1 - confidence) * (1 + 1e-9), attained;
    long below = count <= COUNTED_OUT ? count_out(ratio->count, allowed, &attained)
                                      : approximate((double)count, allowed, &attained);
    if (below >= 0) {
        ratio->low = ratio_of_log(averages[below]);
        ratio->high = ratio_of_log(averages[average_count - 1 - (size_t)below]);
        ratio->confidence = attained;
    }
    free(averages);
    return below >= 0 ? 0 : STATS_TOO_FEW;
}

double stats_scatter(const double *naive, const double *fixed, size_t count)
{
    double *logs = new_log_ratios(naive, fixed, count, 0.5);

    if (logs == NULL)
        return NAN;
    double middle = stats_median(logs, count);
    for (size_t i = 0; i < count; i++)
        logs[i] = fabs(logs[i] - middle);
    double scatter = 1.4826 * stats_median(logs, count);
    free(logs);
    return scatter;
}

double stats_correct(double confidence, unsigned comparisons)
{
    assert(comparisons > 0);
    return 1 - (1 - confidence) / comparisons;
}

double stats_sign_p(const double *naive, const double *fixed, size_t count)
{
    size_t above = 0, below = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(naive[i]) || isnan(fixed[i]))
            return NAN;
        above += naive[i] > fixed[i];
        below += naive[i] < fixed[i];
    }
    assert(count <= UINT_MAX);
    unsigned against = (unsigned)(count - (above > below ? above : below));
    return fmin(1, sign_probability(against + 1, (unsigned)count));
}

const char *verdict_name(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_NO_DIFFERENCE:
        return "no difference";
    case VERDICT_BETTER:
        return "better";
    case VERDICT_WORSE:
        return "worse";
    }
    assert(!"a verdict");
    return "";
}

/* Comparisons with NAN are false, so whatever is not known is never claimed. */
enum verdict stats_verdict(const struct stats_interval *corrected, double smallest_effect)
{
    assert(!(smallest_effect < 0));
    if (corrected->low > 1 + smallest_effect)
        return VERDICT_BETTER;
    if (corrected->high < 1 / (1 + smallest_effect))
        return VERDICT_WORSE;
    return VERDICT_NO_DIFFERENCE;
}

double stats_smallest_effect(const struct stats_interval *aa)
{
    if (!(aa->low > 0 && isfinite(aa->high)))
        return INFINITY;
    return fmax(0, fmax(aa->high, 1 / aa->low) - 1);
}

static bool is_count(double value)
{
    return value >= 0 && isfinite(value);
}

double stats_ratio_exact(double naive, double fixed)
{
    if (!is_count(naive) || !is_count(fixed))
        return NAN;
    return naive == fixed ? 1 : naive / fixed;
}

enum verdict stats_verdict_exact(double naive, double fixed)
{
    double ratio = stats_ratio_exact(naive, fixed);
    if (ratio > 1)
        return VERDICT_BETTER;
    if (ratio < 1)
        return VERDICT_WORSE;
    return VERDICT_NO_DIFFERENCE;
}
