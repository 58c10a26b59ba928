/* fit.c - see fit.h. */
#include "bench/statistics/fit.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static enum fit_result check_points(const double *x, const double *y, size_t count)
{
    if (count < 2)
        return FIT_TOO_FEW;
    bool is_same_x = true;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            return FIT_NOT_FINITE;
        is_same_x = is_same_x && x[i] == x[0];
    }
    return is_same_x ? FIT_SAME_X : FIT_OK;
}

enum fit_result fit_line(const double *x, const double *y, size_t count, double confidence,
                         struct fit_line *fit)
{
    assert(confidence > 0 && confidence < 1);
    *fit = (struct fit_line){NAN, NAN, -INFINITY, INFINITY, NAN, confidence, count};
    enum fit_result result = check_points(x, y, count);
    if (result != FIT_OK)
        return result;

    double intercept, slope, variance_intercept, covariance, variance_slope, residuals;
    gsl_fit_linear(x, 1, y, 1, count, &intercept, &slope, &variance_intercept, &covariance,
                   &variance_slope, &residuals);
    double total = gsl_stats_tss(y, 1, count);
    if (!isfinite(slope) || !isfinite(total) || !isfinite(gsl_stats_tss(x, 1, count)))
        return FIT_NOT_FINITE;
    fit->intercept = intercept;
    fit->slope = slope;
    if (total > 0)
        fit->r2 = fmax(0, 1 - residuals / total);
    if (count == 2)
        return FIT_NO_INTERVAL;
    double t = gsl_cdf_tdist_Pinv(0.5 + confidence / 2, (double)count - 2);
    double half_width = t * sqrt(variance_slope);
    fit->slope_low = slope - half_width;
    fit->slope_high = slope + half_width;
    return FIT_OK;
}

/* Puts the logs into `logs`. */
static enum fit_result take_logs(const double *values, size_t count, double *logs)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            return FIT_NOT_FINITE;
        if (values[i] <= 0)
            return FIT_NOT_POSITIVE;
        logs[i] = log(values[i]);
    }
    return FIT_OK;
}

enum fit_result fit_power(const double *x, const double *y, size_t count, double confidence,
                          struct fit_power *fit)
{
    *fit = (struct fit_power){NAN, NAN, -INFINITY, INFINITY, NAN, confidence, count};
    if (count < 2)
        return FIT_TOO_FEW;
    if (count > SIZE_MAX / (2 * sizeof(double)))
        return FIT_NO_MEMORY;
    double *logs = malloc(2 * count * sizeof *logs);
    if (logs == NULL)
        return FIT_NO_MEMORY;

    struct fit_line line = {0};
    enum fit_result result = take_logs(x, count, logs);
    if (result == FIT_OK)
        result = take_logs(y, count, logs + count);
    if (result == FIT_OK)
        result = fit_line(logs, logs + count, count, confidence, &line);
    if (result == FIT_OK || result == FIT_NO_INTERVAL)
        *fit = (struct fit_power){
            exp(line.intercept), line.slope, line.slope_low, line.slope_high, line.r2,
            confidence,          count};
    free(logs);
    return result;
}
