/* SPDX-License-Identifier: MIT */
/* The lecture's tree, "what to do if my network fails to train", read off a trained network's losses:
 *
 *   training loss large ── a shallower or smaller network has a lower one ── optimization
 *                       └─ its training loss is higher ── model bias
 *   training loss small ── validation loss much larger ── overfitting
 *                       └─ validation loss fine ── loss on unheard voices much larger ── mismatch
 *                                               └─ else ── healthy
 *
 * Losses are judged relative to what needs no training: 0 is the smallest that the loss function allows (above 0 under
 * label smoothing), 1 that of always answering with the frequencies of the classes in training. So the thresholds mean the same
 * for every loss function and number of classes. */
#ifndef SADDLE_LECTURE_DIAGNOSIS_TREE_H
#define SADDLE_LECTURE_DIAGNOSIS_TREE_H

#include "run/run.h"

enum tree_branch {
    TREE_UNKNOWN,
    TREE_MODEL_BIAS,
    TREE_OPTIMIZATION,
    TREE_OVERFITTING,
    TREE_MISMATCH,
    TREE_HEALTHY
};

struct tree_loss { /* in evaluation mode, of a whole set */
    double loss, accuracy; /* NaN: there is no such set */
};

struct tree_figures {
    struct tree_loss train, validation;
    struct tree_loss unheard;   /* test, where none of its speakers is in training */
    const char *no_unheard;     /* why there is no such set, or NULL */
    struct tree_loss against;   /* training of the shallower or smaller network; NaN: none was trained */
    double floor, guess;        /* the losses that count as 0 and 1 */
};

struct tree_thresholds { /* of relative losses */
    double large;    /* a training loss above is large */
    double gap;      /* validation above training by more: overfitting */
    double mismatch; /* unheard voices above validation by more: mismatch */
    double margin;   /* training losses that differ by less are equal */
};

/* On the sample: networks that cannot or do not learn are at .6 to .97, `quick` at .22. Its gap is .06 after 2 epochs and .17 after
 * all 20; 20 epochs on a twentieth of the training set: 1.2. Unheard voices are .11 to .26 above validation before a
 * network overfits, and .41 to .51 above where synthetic voices alone were trained on and real ones are unheard, or the
 * reverse. */
extern const struct tree_thresholds tree_thresholds_standard;

struct tree_report {
    enum tree_branch branch;
    char evidence[400]; /* "training 0.10, validation 4.1: overfitting", and what else there is to say */
};

/* "model bias" and so on. */
const char *tree_branch_name(enum tree_branch b);
/* From floor, 0, to guess, 1, and beyond. */
double tree_relative(const struct tree_figures *f, double loss);
/* A pure function of figures and thresholds. */
struct tree_report tree_diagnose(const struct tree_figures *f, const struct tree_thresholds *t);

/* Why the test split is none of unheard voices; NULL: it is. */
const char *tree_no_unheard(const struct run *l);
/* All figures but `against` of a run as it stands, over whole sets. Errors: ERR_INPUT, nothing to train on, or data that is
 * gone; ERR_CANCELLED. */
int tree_measure(struct tree_figures *f, struct run *l, struct err *e);
/* The run's training loss as `against` of another run's figures, which has to be asked whether they compare. */
int tree_measure_against(struct tree_figures *f, struct run *l, struct err *e);
/* 0, or ERR_USAGE: training losses of the two do not compare, since the loss function or the utterances differ, or
 * `smaller` is not: it has more layers with weights, or as many and more parameters. */
int tree_check_against(const struct run *l, const struct run *smaller, struct err *e);

#endif
