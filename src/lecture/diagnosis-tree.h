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

#include "run/layer-health.h"
#include "trainer/snapshot.h"

enum tree_branch {
    TREE_UNKNOWN,
    TREE_MODEL_BIAS,
    TREE_OPTIMIZATION,
    TREE_OVERFITTING,
    TREE_MISMATCH,
    TREE_HEALTHY
};

struct tree_thresholds { /* of relative losses; settings of a run */
    double large;    /* a training loss above is large */
    double gap;      /* validation above training by more: overfitting */
    double mismatch; /* unheard voices above validation by more: mismatch */
    double margin;   /* training losses that differ by less are equal */
};

/* The standard values: on the sample, networks that cannot or do not learn are at .6 to .97, `quick` at .22. Its gap is .06 after 2 epochs and .17 after
 * all 20; 20 epochs on a twentieth of the training set: 1.2. Unheard voices are .11 to .26 above validation before a
 * network overfits, and .41 to .51 above where synthetic voices alone were trained on and real ones are unheard, or the
 * reverse. */
struct tree_thresholds tree_thresholds_of(const struct knobs *k);

struct tree_report {
    enum tree_branch branch;
    char evidence[400]; /* "training 0.10, validation 4.1: overfitting", and what else there is to say */
};

/* "model bias" and so on. */
const char *tree_branch_name(enum tree_branch b);
/* A pure function of figures and thresholds. */
struct tree_report tree_diagnose(const struct tree_figures *f, const struct tree_thresholds *t);

/* ---- of a live run --------------------------------------------------------------------------- */

enum tree_source {
    TREE_NOT_EVALUATED, /* no figures yet */
    TREE_EVALUATION,    /* of the last evaluation: a part of training, and validation */
    TREE_MEASURED       /* of whole sets (COMMAND_MEASURE), less than an interval between evaluations ago, or
                           within the last fifth of the run's steps */
};

/* The figures of one of the trainer's runs that are newest; *against becomes 1 + the run of the smaller network, 0: none. */
enum tree_source tree_figures_of(const struct snapshots *all, int run, struct tree_figures *f, int *against);

/* The test that the tree asks for next. */
enum tree_test {
    TREE_TEST_NONE,
    TREE_TEST_MEASURE,   /* losses of whole sets, among them that on unheard voices */
    TREE_TEST_SHALLOWER, /* a shallower network on the same data, the comparison "shallower" */
    TREE_TEST_WAIT,      /* train the smaller network as long */
    TREE_TEST_WIDER,     /* more capacity, the comparison "wider" */
    TREE_TEST_PROBE,     /* is it a critical point? */
    TREE_TEST_CURES      /* one of the cures of overfitting */
};
enum tree_test tree_next_test(const struct tree_figures *f, const struct tree_thresholds *t, enum tree_branch b);
/* "trains a shallower network beside it": what a key does that runs it; of those without a run of their own, what to do. */
const char *tree_test_words(enum tree_test test);

/* How a layer does, in a sentence; returns 0: well, 1: worth a look, 2: badly. */
enum { TREE_LAYER_TEXT = 160 };
int tree_layer_words(const struct layer_health *h, char out[TREE_LAYER_TEXT]);

#endif
