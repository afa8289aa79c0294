/* SPDX-License-Identifier: MIT */
/* The learning-rate range test (L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017,
 * arXiv:1506.01186): train on a copy of a run while the rate rises exponentially, and look where the loss falls.
 *
 * The rates are low · (high / low)^(i / (steps − 1)). The loss of each batch is smoothed by an exponential moving average
 * with decay .98, its beginning corrected as Adam's. The test stops before a step that is not finite, and where the
 * smoothed loss exceeds 4 times its minimum. The suggestion is the rate at which the smoothed loss falls most steeply over
 * the logarithm of the rate, by central differences, between the first tenth of the steps, where the average is of few
 * losses, and its minimum. These are the rules of fastai's and PyTorch Lightning's lr_find. Smith himself reads two rates off the curve:
 * where the loss begins to fall, and where it grows ragged or rises. */
#ifndef SADDLE_SWEEP_RANGE_TEST_H
#define SADDLE_SWEEP_RANGE_TEST_H

#include "run/run.h"

enum { RANGE_TEST_LEAST = 10, RANGE_TEST_MOST = 100000 };

struct range_test_options {
    double low, high; /* 0 < low < high, both within the bounds of the learning rate */
    int steps;        /* RANGE_TEST_LEAST … RANGE_TEST_MOST */
};

enum range_test_end { RANGE_TEST_FINISHED, RANGE_TEST_ROSE, RANGE_TEST_DIVERGED };

struct range_test {
    int count;                       /* of steps made */
    double *rate, *loss, *smoothed;  /* [count] of [o.steps] */
    enum range_test_end end;
    char why[240];                   /* where it diverged */
    int steepest;                    /* index of the suggestion, or −1: the loss falls nowhere */
    double suggestion;               /* NaN there */
};

/* Called after each step with how many are made; may be NULL. */
typedef void range_test_watcher(void *context, int made);

/* Check the options, and make room. Errors: ERR_USAGE, ERR_RUNTIME; range_test_free is safe after them. */
int range_test_init(struct range_test *t, const struct range_test_options *o, struct err *e);
/* Test on `copy` itself, which is of no use as a run afterwards. Its settings hold, but for the learning rate, schedule and
 * warm-up. Until it returns, the points whose making the watcher has been told may be read, and nothing else.
 * Errors: ERR_RUNTIME, ERR_INPUT; ERR_CANCELLED where run_watch's flag was set. */
int range_test_use(struct range_test *t, struct run *copy, const struct range_test_options *o, range_test_watcher *watcher,
                   void *context, struct err *e);
/* Both, on a fork: `run` itself stays as it is. */
int range_test(struct range_test *t, const struct run *run, const struct range_test_options *o, struct err *e);
/* The index that the rule picks from n points; −1: none. */
int range_test_steepest(const double *rate, const double *smoothed, int n);
void range_test_free(struct range_test *t);

/* Why it stopped early, and what it suggests, each in a sentence; the former is "" for one that made all steps. */
void range_test_end_words(const struct range_test *t, char *out, size_t size);
void range_test_suggestion_words(const struct range_test *t, char *out, size_t size);

#endif
