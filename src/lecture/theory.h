/* SPDX-License-Identifier: MIT */
/* Why a training set can be bad: how far the loss on a sample may be from the loss on all data, for finitely many
 * hypotheses. L(h, D) is the error rate of hypothesis h on the examples D. A sample is bad when |L(h, sample) −
 * L(h, all)| > ε for at least one h. By Hoeffding (1963) and the union bound, for a sample of N drawn independently,
 *     P(bad) ≤ |H| · 2 exp(−2 N ε²).
 * The bound knows nothing of the hypotheses but their number. To see how far it is from the truth, samples are drawn
 * from a data set, with the threshold classifiers of one feature as hypotheses. */
#ifndef SADDLE_LECTURE_THEORY_H
#define SADDLE_LECTURE_THEORY_H

#include "data/dataset.h"

/* The bound as it stands. Above 1 it is vacuous: every probability is below. */
double theory_bound(double hypotheses, double epsilon, double samples);
/* N from which on the bound is at most delta: ln(2 |H| / δ) / (2 ε²), or 0 where it is below. Not rounded. */
double theory_samples_needed(double hypotheses, double epsilon, double delta);

/* Threshold classifiers h(x) = [x ≥ t]: frames whose feature reaches t are said not to be of the class. Of |H|
 * thresholds t_j = lowest + j/(|H| − 1) · (highest − lowest), j from 0 on, spread evenly over the feature's range (one
 * alone stands in its middle), those between the same two values of the feature decide alike: they are one distinct
 * hypothesis, whose threshold is the smallest value not below it. */
struct thresholds {
    int64_t frames;
    int count;        /* distinct hypotheses, at least 1 */
    float *threshold; /* [count], ascending */
    double *loss;     /* [count] L(h, all) */
    uint32_t *frame;  /* [frames] 2 × the number of thresholds that the frame reaches, + 1 if it is of the class */
};

/* Of all frames of the data. hypotheses ≥ 1; feature in [0, dims). Errors: ERR_RUNTIME, memory; ERR_INPUT, data that is
 * gone or a feature that is not finite. Free accepts what a failed init left. */
int thresholds_init(struct thresholds *t, const struct dataset *d, int feature, int class, int64_t hypotheses,
                    struct err *e);
void thresholds_free(struct thresholds *t);

struct theory_draws {
    int64_t samples; /* of a draw, each frame equally likely each time */
    int draws;
    double epsilon;
    uint64_t seed;
};

struct theory_report {
    double bad_share;     /* of the draws */
    double worst;         /* largest |L(h, draw) − L(h, all)| of all draws and hypotheses */
    float best, trained;  /* thresholds of the least loss: on all data (the first of several), on the first draw */
    double best_loss;     /* L(best, all) */
    double trained_draw, trained_all; /* L(trained, first draw), L(trained, all) */
    double mean_trained_draw, mean_trained_all; /* means over the draws, each with its own trained hypothesis */
};

enum { THEORY_MOST_DRAWS = 1000000 };
/* samples × draws is at most this. */
#define THEORY_MOST_WORK 2000000000LL

/* The draws are a function of the seed. Errors: ERR_USAGE, more than THEORY_MOST_WORK; ERR_RUNTIME. */
int theory_draw(struct theory_report *r, const struct thresholds *t, const struct theory_draws *plan, struct err *e);

/* L(h, draw) of every hypothesis into loss[count], for the draw with this number of the plan. Errors: ERR_RUNTIME. */
int theory_losses(double *loss, const struct thresholds *t, const struct theory_draws *plan, uint64_t number, struct err *e);

#endif
