/*
 * model_judge.c - what may be claimed of what was measured.
 *
 * It is said last, when all is there: an interval has to be the wider the more of them there are,
 * and where a control shows a difference of a build and itself, none as small may be claimed.
 */
#include <math.h>

#include "bench/model/model.h"

/* What all intervals with a verdict hold with, together. */
static const double together = 0.95;

static unsigned count_intervals(const struct section *section)
{
    unsigned count = 0;
    for (unsigned i = 0; i < section->measurement_count; i++)
        count += section->measurements[i].how == MEASURED_ROUNDS;
    return count;
}

static unsigned count_all_intervals(const struct model *model)
{
    unsigned count = count_intervals(&model->whole);
    for (unsigned i = 0; i < model->lesson_count; i++)
        count += count_intervals(&model->lessons[i]);
    return count;
}

/* Shown at the confidence that it has by itself; what may be claimed rests on the corrected one. */
static void judge_control(struct model *model, struct control *control)
{
    if (control->rounds == 0)
        return;
    stats_ratio(control->samples[0], control->samples[1], control->rounds, together,
                &control->shown);
    stats_ratio(control->samples[0], control->samples[1], control->rounds, model->confidence,
                &control->corrected);
    control->smallest_effect = stats_smallest_effect(&control->corrected);
    if (control->corrected.low > 1 || control->corrected.high < 1)
        model->noise.bias = fmax(model->noise.bias, control->smallest_effect);
}

/* What remains of the scatter between link orders without that of the noise, for each of two. */
static double layout_share(const struct control *noise, const struct control *layout)
{
    double blocks[2], variance[2];
    const struct control *const controls[2] = {noise, layout};

    if (noise->rounds == 0 || layout->rounds == 0)
        return NAN;
    for (unsigned i = 0; i < 2; i++) {
        const struct control *control = controls[i];
        double scatter = stats_scatter(control->samples[0], control->samples[1], control->rounds);
        blocks[i] = (double)control->blocks / control->rounds;
        variance[i] = scatter * scatter;
    }
    return sqrt(fmax(0, variance[1] - variance[0] * blocks[0] / blocks[1]) / 2);
}

/*
 * Where a value is 0 there is no ratio to take the logarithm of ("nobody waited at all"). The sign
 * test still tells whether one side is larger round after round.
 */
static enum verdict verdict_by_sign(const struct measurement *one, double confidence)
{
    double p = stats_sign_p(one->samples[0], one->samples[1], one->rounds);

    if (!(p <= 1 - confidence) || one->naive == one->fixed)
        return VERDICT_NO_DIFFERENCE;
    return one->naive > one->fixed ? VERDICT_BETTER : VERDICT_WORSE;
}

static void judge_rounds(const struct model *model, struct measurement *one)
{
    struct stats_interval ratio;

    one->confidence = model->confidence;
    one->judgement = (struct judgement){.is_judged = true, .low = NAN, .high = NAN};
    if (stats_ratio(one->samples[0], one->samples[1], one->rounds, model->confidence, &ratio) < 0) {
        one->judgement.ratio = stats_ratio_exact(one->naive, one->fixed);
        one->judgement.verdict = verdict_by_sign(one, model->confidence);
        return;
    }
    one->confidence = ratio.confidence;
    one->judgement.ratio = ratio.estimate;
    one->judgement.verdict = stats_verdict(&ratio, model->noise.bias);
    if (isfinite(ratio.high)) { /* an interval without its end is none */
        one->smallest_effect = sqrt(ratio.high / ratio.low) * (1 + model->noise.bias) - 1;
        one->judgement.low = ratio.low;
        one->judgement.high = ratio.high;
    }
}

static void judge_measurement(const struct model *model, struct measurement *one)
{
    double ratio = stats_ratio_exact(one->naive, one->fixed);

    if (one->how == MEASURED_ROUNDS)
        judge_rounds(model, one);
    else if (one->how == MEASURED_EXACTLY)
        one->judgement = (struct judgement){.ratio = ratio,
                                            .low = ratio,
                                            .high = ratio,
                                            .is_judged = true,
                                            .verdict = stats_verdict_exact(one->naive, one->fixed)};
    else
        one->judgement = (struct judgement){.ratio = ratio, .low = NAN, .high = NAN};
}

static void judge_section(const struct model *model, struct section *section)
{
    for (unsigned i = 0; i < section->measurement_count; i++)
        judge_measurement(model, &section->measurements[i]);
    if (section->headline == NULL)
        return;
    const struct measurement *headline = section_find(section, section->headline);
    if (headline != NULL && headline->judgement.is_judged)
        section->verdict = headline->judgement.verdict;
}

/* A section is about its headline, or the first that could be measured; without any it goes. */
static void drop_empty(struct model *model)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < model->lesson_count; i++) {
        struct section section = model->lessons[i];
        if (section.measurement_count == 0)
            continue;
        if (section.headline == NULL || section_find(&section, section.headline) == NULL)
            section.headline = section.measurements[0].metric.what.name;
        model->lessons[kept++] = section;
    }
    model->lesson_count = kept;
}

int model_judge(struct model *model)
{
    unsigned intervals = count_all_intervals(model);

    if (model->is_failed)
        return -1;
    if (model->subject != NULL)
        drop_empty(model);
    model->confidence = stats_correct(together, intervals > 0 ? intervals : 1);
    model->noise.bias = 0;
    for (unsigned kind = 0; kind < CONTROLS; kind++)
        judge_control(model, &model->noise.controls[kind]);
    model->noise.layout_share =
        layout_share(&model->noise.controls[CONTROL_CPU], &model->noise.controls[CONTROL_LAYOUT]);
    judge_section(model, &model->whole);
    for (unsigned i = 0; i < model->lesson_count; i++)
        judge_section(model, &model->lessons[i]);
    return 0;
}
