/*
 * promise.h - what a profile promises, held against what came.
 *
 * Whoever trusts a tool alone expects that the whole program takes 1 - p of its time if the place
 * with a share p of the tool's total cost nothing: a gain of 1 / (1 - p). That is Amdahl's law with
 * a part that becomes infinitely fast (G. M. Amdahl, Validity of the single processor approach to
 * achieving large scale computing capabilities, AFIPS Spring Joint Computer Conference 1967, pp.
 * 483-485). It takes the tool's total for the program's time, the parts for running one after the
 * other, and the fix for removing all of the place. Where one of these is wrong, so is the promise;
 * which one, stands with each tool.
 *
 * How true a profile is cannot be had from a profile: there is no ground truth to hold it against
 * (H. Burchell and S. Marr, Divining Profiler Accuracy, OOPSLA 2025, doi 10.1145/3763180, who slow
 * places down by known amounts instead). Here there is one, the program without the problem.
 *
 * Pure functions, thread-safe.
 */
#ifndef PROMISE_H
#define PROMISE_H

/* A smaller share is in no list that anybody reads. */
#define PROMISE_SEEN 0.01

/* 1 / (1 - share): INFINITY of all there is; NAN if the share is NAN, or not from 0 to 1. */
double promise_gain(double share);

enum promise_outcome {
    PROMISE_UNJUDGED, /* one of the two is not known, or the gain has no interval */
    PROMISE_KEPT,     /* it lies in the interval of what was measured */
    PROMISE_OVER,     /* less came */
    PROMISE_UNDER,    /* more came */
    PROMISE_BLIND,    /* more came, and the share is below PROMISE_SEEN */
};

/* "kept", "over", "under", "blind"; "" of PROMISE_UNJUDGED. */
const char *promise_outcome_name(enum promise_outcome outcome);

/* low, high: the interval of the measured gain. */
enum promise_outcome promise_judge(double share, double low, double high);

/* A gain that was promised, and the one that was measured; low and high NAN: without interval. */
struct promise_pair {
    double promised, ratio, low, high;
};

/*
 * How well the promises rank what was measured, from -1 (the wrong way round) to 1: Kendall's
 * rank correlation over those pairs whose measured gains can be told apart, that is, where an
 * interval is known and the other gain lies outside of it with all of its own. A tie of promises
 * counts 0. `told` is the number of such pairs; NAN if there are none.
 */
double promise_order(const struct promise_pair *pairs, unsigned count, unsigned *told);

#endif
