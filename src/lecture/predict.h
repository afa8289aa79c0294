/* SPDX-License-Identifier: MIT */
/* Predictions: the class of every frame of a set, by one network or by the mean probability of several. */
#ifndef SADDLE_LECTURE_PREDICT_H
#define SADDLE_LECTURE_PREDICT_H

#include "run/run.h"

struct prediction {
    int64_t frames;
    int classes, networks; /* added so far */
    float *sum;            /* [frames][classes] of the networks' probabilities */
    uint8_t *only;         /* [frames] the class of the first network's largest logit: rounding makes no tie of it */
    uint8_t *label;        /* [frames] as the data has it, or LOSS_IGNORED */
};

/* Errors: ERR_RUNTIME, no memory. Free accepts a zeroed struct. */
int prediction_init(struct prediction *p, int64_t frames, int classes, struct err *e);
void prediction_free(struct prediction *p);

/* One network more, in evaluation mode: a run with as many classes, on a set of p->frames frames; its own loss and accuracy
 * there, as of run_evaluate. The bits do not depend on the pool. Errors: ERR_INPUT, the data is gone. */
int prediction_add(struct prediction *p, struct run *l, const struct source *source, double *loss, double *accuracy,
                   struct err *e);

/* Replace the probabilities of each frame by their mean over `width` frames (odd) around it, fewer at the ends, as if all
 * frames were one utterance. Errors: ERR_RUNTIME, no memory. */
int prediction_smooth(struct prediction *p, int width, struct err *e);

/* The most probable class of a frame, the first of equal ones; and its probability into *probability (may be NULL). */
int prediction_class(const struct prediction *p, int64_t frame, double *probability);
double prediction_probability(const struct prediction *p, int64_t frame, int class);

/* Share of the frames with a label whose class is predicted; NaN: no frame has one. */
double prediction_accuracy(const struct prediction *p);

/* The probabilities of logits into p[classes]; returns the class of the largest logit, the first of equal ones. */
int softmax_probabilities(int classes, const float *logits, double *p);

#endif
