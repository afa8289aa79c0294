/* SPDX-License-Identifier: MIT */
/* The figures that the lecture's tree (lecture/diagnosis-tree.h) is decided by: losses of whole sets in evaluation mode, and
 * the scale on which they are judged, from the smallest loss there is, 0, to that of guessing by class frequencies, 1. */
#ifndef SADDLE_RUN_DIAGNOSIS_FIGURES_H
#define SADDLE_RUN_DIAGNOSIS_FIGURES_H

#include <stdint.h>

struct err;
struct run;

struct tree_loss { /* in evaluation mode, of a whole set */
    double loss, accuracy; /* NaN: there is no such set */
};

struct tree_figures {
    struct tree_loss train, validation;
    struct tree_loss unheard;   /* test, where none of its speakers is in training */
    const char *no_unheard;     /* why there is no such set, or NULL */
    struct tree_loss against;   /* training of the shallower or smaller network; NaN: none was trained */
    int against_behind;         /* … which has seen fewer examples: that its loss is higher says nothing yet */
    double floor, guess;        /* the losses that count as 0 and 1 */
};

/* From floor, 0, to guess, 1, and beyond. */
double tree_relative(const struct tree_figures *f, double loss);
/* Why the test split is none of unheard voices; NULL: it is. */
const char *tree_no_unheard(const struct run *l);
/* Floor, guess and no_unheard; no loss is known. 0 when there is nothing to train on. */
int tree_scale(struct tree_figures *f, const struct run *l);
/* For who measures meanwhile something else goes on: asked between slices whether to end, told what is measured next. */
struct tree_watch {
    int (*stop)(void *context);
    void (*next)(void *context, const char *what, int done, int of);
    void *context;
    int64_t frames; /* of each set at most, a fixed random part; 0: all */
};
enum { TREE_SETS = 4 }; /* that are measured, `against` last */
/* All figures but `against` of a run as it stands, over whole sets. Errors: ERR_INPUT, nothing to train on, or data that is
 * gone; ERR_CANCELLED. */
int tree_measure(struct tree_figures *f, struct run *l, struct err *e);
int tree_measure_watched(struct tree_figures *f, struct run *l, const struct tree_watch *w, struct err *e);
/* The run's training loss as `against` of another run's figures, which has to be asked whether they compare. */
int tree_measure_against(struct tree_figures *f, struct run *l, const struct tree_watch *w, struct err *e);
/* 0, or ERR_USAGE: training losses of the two do not compare, since the loss function or the utterances differ, or
 * `smaller` is not: it has more layers with weights, or as many and more parameters. */
int tree_check_against(const struct run *l, const struct run *smaller, struct err *e);

/* Whether the two compare, and `smaller` is so: it has fewer layers with weights, or as many and fewer parameters. */
int tree_is_smaller(const struct run *l, const struct run *smaller);

#endif
