/* SPDX-License-Identifier: MIT */
/* Which classes a network takes for which, and whether its probabilities mean what they say. */
#ifndef SADDLE_LECTURE_CONFUSION_H
#define SADDLE_LECTURE_CONFUSION_H

#include "run/run.h"

enum { CONFUSION_BINS = 10, CONFUSION_TENTHS = 10, CONFUSION_PLACES = 64 };

/* Frames by the probability of the class they are given: bin i has those from i/10 to below (i + 1)/10, the last one 1 too. */
struct confusion_bin {
    int64_t count, correct;
    double probability; /* sum over the frames */
};

struct confusion_place {
    int64_t frames, correct;
};

struct confusion {
    int classes;
    int64_t frames, correct; /* with a label */
    int64_t *matrix;         /* [classes][classes]: rows the true class, columns the predicted one */
    struct confusion_bin bin[CONFUSION_BINS];
    struct confusion_place tenth[CONFUSION_TENTHS]; /* by the part of the utterance that the frame lies in */
    /* By position in the window or piece, of a network that answers every frame of it: `window` frames long, place i has
     * its positions from confusion_place_at(i) on. places 0: there is one answer for each window. */
    int window, places;
    struct confusion_place place[CONFUSION_PLACES];
    const struct frame_set *set; /* while counting: where … */
    int64_t utterance;           /* … the next frame lies */
};

/* A true class, what it was taken for, and how often. */
struct confusion_pair {
    int truth, predicted;
    int64_t count;
};

/* Errors: ERR_RUNTIME, no memory. Free accepts a zeroed struct. */
int confusion_init(struct confusion *c, int classes, struct err *e);
void confusion_free(struct confusion *c);

/* Begin to count answers of a run on a set, in their order; and count one, a class of which is c->classes at most. */
void confusion_begin(struct confusion *c, const struct run *l, const struct source *source);
void confusion_count(struct confusion *c, const struct run_answer *a);
/* The first position of a place. */
int confusion_place_at(const struct confusion *c, int place);

/* Count every frame of the set; frames without a label do not count. The run has c->classes classes. *loss and
 * *accuracy: as of run_evaluate. Errors: ERR_INPUT, the data is gone. */
int confusion_add(struct confusion *c, struct run *l, const struct source *source, double *loss, double *accuracy,
                  struct err *e);

/* Frames of a true class; share of them that is right, NaN where there are none. */
int64_t confusion_row(const struct confusion *c, int truth);
double confusion_accuracy(const struct confusion *c, int truth);

/* The confusions that occur, the most frequent first, equal ones in the order of the matrix, at most `most` of them. Returns
 * how many. */
int confusion_pairs(const struct confusion *c, struct confusion_pair *pair, int most);
/* The classes that occur, the least accurate first, into order[classes]; returns how many. */
int confusion_order(const struct confusion *c, int *order);

/* Expected calibration error: the mean over the frames of |accuracy − mean probability| of their bin (Naeini, Cooper,
 * Hauskrecht, AAAI 2015; Guo et al., ICML 2017). NaN: no frame. */
double confusion_ece(const struct confusion *c);

#endif
