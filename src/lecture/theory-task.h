/* SPDX-License-Identifier: MIT */
/* Sampling theory on the data of a run, as a task beside the training: one draw of N frames in full, the share of bad draws
 * by simulation for several N, and the trade-off over |H|. See lecture/theory.h. */
#ifndef SADDLE_LECTURE_THEORY_TASK_H
#define SADDLE_LECTURE_THEORY_TASK_H

#include "lecture/theory.h"
#include "trainer/task.h"

enum { THEORY_POINTS = 512, THEORY_ROWS = 16, THEORY_SHOWN_DRAWS = 1000 };
#define THEORY_MOST_HYPOTHESES 1000000000000LL

struct theory_settings {
    int64_t hypotheses, samples;
    double epsilon, delta;
    uint64_t draw; /* which draw is shown in full */
};

/* One N, or one |H|. */
struct theory_row {
    double x;           /* the N, or the |H| */
    int distinct;       /* hypotheses */
    double bound;
    double bad_share;
    double best;        /* least loss on all frames */
    double gap;         /* mean over the draws: L(h_train, all) − L(h_train, draw) */
};

struct theory_result {
    int distinct;             /* of the hypotheses */
    int64_t frames;           /* of the data */
    double bound, needed, bad_share;
    int points;               /* of the curves; where the thresholds are more, as many of them evenly */
    double threshold[THEORY_POINTS];
    float all[THEORY_POINTS], drawn[THEORY_POINTS]; /* L on all frames, and on the draw */
    double best, best_loss;   /* threshold, L on all */
    double trained, trained_drawn, trained_all;
    double worst;             /* largest |L(h, draw) − L(h, all)| of this draw; more than ε: it is bad */
    struct theory_row by_samples[THEORY_ROWS], by_hypotheses[THEORY_ROWS];
};

struct theory_task {
    struct task task;
    struct theory_settings settings;
    struct theory_result result;
    atomic_int drawn;                           /* 1: all but the rows is known, … */
    atomic_int samples_rows, hypotheses_rows;   /* … and so many of these */
};

/* Errors: ERR_RUNTIME. */
int theory_task_new(struct theory_task **t, const struct theory_settings *s, struct err *e);

#endif
