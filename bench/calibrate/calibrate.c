#include "bench/calibrate/calibrate.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>

#include "bench/calibrate/regime.h"

static const double confidence = 0.95;

/* One service that is looked at, in a thread of its own. */
struct job {
    const struct calibrate_plan *plan;
    const struct regime *regime;
    struct reading readings[CALIBRATE_RUNS_MAX][WITNESS_COUNT];
    unsigned run;
    pthread_t thread;
    int status;
    char error[REGIME_ERROR_SIZE];
};

static unsigned group_count(const struct calibrate_plan *plan)
{
    return (REGIME_COUNT + plan->at_once - 1) / plan->at_once;
}

double calibrate_seconds(const struct calibrate_plan *plan)
{
    return plan->runs * group_count(plan) * (plan->seconds + 0.5 + 0.2 * plan->at_once);
}

static void *read_one(void *argument)
{
    struct job *job = argument;

    job->status = regime_read(job->regime, job->plan->programs, job->plan->seconds,
                              job->readings[job->run], job->error);
    return NULL;
}

/* 0, or -1 with `error`. */
static int read_group(struct job *jobs, unsigned count, char *error, size_t error_size)
{
    unsigned started = 0;
    int status = 0;

    while (started < count &&
           pthread_create(&jobs[started].thread, NULL, read_one, &jobs[started]) == 0)
        started++;
    if (started < count) {
        snprintf(error, error_size, "no thread can be started");
        status = -1;
    }
    for (unsigned i = 0; i < started; i++) {
        pthread_join(jobs[i].thread, NULL);
        if (jobs[i].status != 0 && status == 0) {
            snprintf(error, error_size, "live profiles could not be held against the truth: %s",
                     jobs[i].error);
            status = -1;
        }
    }
    return status;
}

static void add_row(struct model *model, const struct job *job, enum witness witness)
{
    const struct witness_row *what = &witness_rows[witness];
    double profile[CALIBRATE_RUNS_MAX], truth[CALIBRATE_RUNS_MAX], all[CALIBRATE_RUNS_MAX];
    unsigned count = 0, had = 0;
    bool are_equal = true;
    struct stats_interval ratio = {.estimate = NAN};

    for (unsigned run = 0; run < job->plan->runs; run++) {
        const struct reading *reading = &job->readings[run][witness];
        if (isnan(reading->profile) || isnan(reading->truth))
            continue;
        are_equal &= reading_agrees(witness, reading);
        all[had++] = reading->truth;
        if (reading->profile > 0 && reading->truth > 0) { /* what a ratio can be made of */
            profile[count] = reading->profile;
            truth[count++] = reading->truth;
        }
    }
    double known = had > 0 ? stats_median(all, had) : NAN;
    bool is_too_little = known < what->enough;
    bool has_ratio = !what->is_exact && !is_too_little && count > 0 &&
                     stats_ratio(profile, truth, count, confidence, &ratio) >= 0;
    bool has_interval = has_ratio && isfinite(ratio.high); /* without its end it is none */
    MODEL_ADD(model, model->calibration, row, rows,
              (struct calibration_row){
                  .profile = what->profile,
                  .truth = what->truth,
                  .unit = what->unit,
                  .build = job->regime->build,
                  .condition = job->regime->condition,
                  .known = known,
                  .ratio = has_ratio ? ratio.estimate : NAN,
                  .low = has_interval ? ratio.low : NAN,
                  .high = has_interval ? ratio.high : NAN,
                  .is_exact = what->is_exact,
                  .is_too_little = is_too_little,
                  .is_true = what->is_exact ? had == job->plan->runs && are_equal
                                            : fabs(ratio.estimate - 1) <= WITNESS_TOLERANCE});
}

int calibrate_measure(const struct calibrate_plan *plan, struct model *model, char *error,
                      size_t error_size)
{
    static struct job jobs[REGIME_COUNT]; /* large */
    unsigned groups = group_count(plan);

    error[0] = '\0';
    for (unsigned i = 0; i < plan->runs * groups; i++) {
        unsigned first = i % groups * plan->at_once, count = 0;
        for (; count < plan->at_once && first + count < REGIME_COUNT; count++) {
            struct job *job = &jobs[first + count];
            job->plan = plan;
            job->regime = &regimes[first + count];
            job->run = i / groups;
        }
        if (plan->go_on != NULL && !plan->go_on(plan->context, i, plan->runs * groups))
            return -1;
        if (read_group(&jobs[first], count, error, error_size) != 0)
            return -1;
    }
    model->calibration = model_allocate(model, sizeof *model->calibration);
    if (model->calibration == NULL) {
        snprintf(error, error_size, "out of memory");
        return -1;
    }
    *model->calibration = (struct calibration){.runs = plan->runs,
                                               .seconds = plan->seconds,
                                               .at_once = plan->at_once,
                                               .confidence = confidence,
                                               .tolerance = WITNESS_TOLERANCE};
    for (unsigned i = 0; i < REGIME_COUNT; i++)
        for (int witness = 0; witness < WITNESS_COUNT; witness++)
            add_row(model, &jobs[i], (enum witness)witness);
    return 0;
}
