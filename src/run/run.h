/* SPDX-License-Identifier: MIT */
/* A run: a state and a step, not a thread. Everything a run is stands in its state block; the rest of
 * struct run is workspace made again from the knobs. Whoever owns the run calls run_advance, which
 * does the next small piece of work: one step, or one slice of an evaluation that a step asked for. */
#ifndef SADDLE_RUN_RUN_H
#define SADDLE_RUN_RUN_H

#include <stdatomic.h>

#include "core/pool.h"
#include "data/dataset.h"
#include "data/pieces.h"
#include "data/split.h"
#include "run/gradient-stats.h"
#include "run/state.h"
#include "net/network.h"
#include "optim/optimizer.h"

/* One of the split's sets, as examples. */
struct source {
    const struct frame_set *frames;
    struct piece_set pieces; /* where KNOB_PIECE > 0; else its length is 0 */
};

struct evaluation { /* of one set, in slices */
    const struct source *source;
    int part;                /* a fixed random part of the set, as large as validation, instead of all of it */
    int64_t done;            /* examples */
    int64_t frames, correct; /* that have a class, and those classified correctly */
    double loss, weight;     /* sums over frames, weighted as the loss says; their quotient is the loss of the set */
};

enum { RUN_REMARKS = 2 };

struct run {
    int id;
    const struct dataset *data;       /* borrowed, as the pool is */
    struct pool *pool;
    struct split split;
    struct source train, validation, test;
    double class_weight[LOSS_MOST_CLASSES]; /* balanced over the training frames */
    struct network network;
    struct workspace *workspace;
    const struct optimizer *optimizer;
    unsigned slots_used;              /* of the optimizer, bit by bit, among the state's vectors */
    float *scratch;                   /* of optimizers that step on whole vectors */
    double *scratch_scalar;
    int ready;                        /* the vectors in use have their memory: update_ready */
    struct state *state;
    float *gradient;                  /* of the step at hand, clipped; [parameters] */
    float *previous;                  /* … of the one before, as it was applied; where somebody looks, else NULL */
    int *lengths;                     /* of a batch's pieces; [capacity] */
    struct gradient_stats *seen;         /* filled by every step, before it is applied; NULL: nobody looks (run_look) */
    struct looking *looking;          /* … on its way there */
    const atomic_int *cancel;         /* set by another thread, it ends the piece of work in hand; may be NULL */
    atomic_llong *work;               /* multiplications of the step in hand that are done, of run_step_work; may be NULL */
    struct evaluation evaluation;     /* in hand when state's evaluation_due */
    char *journal;                    /* one line an edit: "step run name value" */
    size_t journal_size;
    struct optimizer_args optimizer_args; /* of the step at hand, and … */
    double clip;                      /* … what its gradient is multiplied by */
    uint64_t mark, marks;             /* names θ as the last escape or early stopping left it; names given so far */
    char remark[RUN_REMARKS][120];   /* lines for the log of the trainer that takes the run on; "" after the last */
};

enum run_did {
    RUN_STEP,     /* one step was applied */
    RUN_SLICE,    /* part of an evaluation */
    RUN_EVALUATED /* the last part: the figures are in the report, and in the state unless the run stopped early */
};

struct run_report {
    enum run_did did;
    int epoch_ended;           /* RUN_STEP: it was the epoch's last; state's last_epoch figures are new */
    int64_t frames;            /* RUN_STEP: that had a class */
    double loss, accuracy;     /* RUN_STEP: of the batch */
    double learning_rate;      /* RUN_STEP: effective */
    double gradient_norm;      /* RUN_STEP: before clipping */
    double validation_loss, validation_accuracy; /* RUN_EVALUATED */
    double part_loss, part_accuracy; /* RUN_EVALUATED: of the part of training */
    int stopped_early;         /* RUN_EVALUATED: the best weights are back in force, with their figures in the state;
                                  the run should pause */
    double share;              /* RUN_SLICE: of the evaluation done */
};

/* A run that begins, as the knobs say. KNOB_SHARDS 0 becomes the number of cores. Errors: ERR_INPUT (a
 * network that does not fit the data, a split that leaves nothing), ERR_RUNTIME. */
int run_new(struct run **l, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e);
void run_free(struct run *l);
/* Begin again with these knobs, in the same struct; the journal begins anew. Errors leave the old run. */
int run_restart(struct run *l, const struct knobs *k, struct err *e);

/* Add a remark, if there is room for it. */
void run_remark(struct run *l, const char *text);

/* Fill *seen at every step from now on; NULL: no longer. Errors: ERR_RUNTIME. */
int run_look(struct run *l, struct gradient_stats *seen, struct err *e);

/* The next piece of work. Errors leave the state as before: ERR_DIVERGED, naming step and tensor, where the loss or
 * the gradient is not finite; ERR_CANCELLED, where l->cancel was set in the midst of it; ERR_INPUT, where the data is gone. */
int run_advance(struct run *l, struct run_report *r, struct err *e);

/* Change a live setting between two steps, and write the journal's line. Errors leave all as it was. */
int run_set(struct run *l, enum knob_id id, const struct knob_value *value, struct err *e);

/* Progress in epochs, fractional, from examples seen; the rate that the next step will use. */
double run_epoch(const struct run *l);
double run_learning_rate(const struct run *l);
double run_steps_per_epoch(const struct run *l);
/* Multiplications of one step, for its progress and for an estimate. */
double run_step_work(const struct run *l);
/* Where steps take minutes or epochs hours: a sentence with an estimate of both, made from run_step_work. Returns 0 where
 * they do not, and leaves the text empty. */
int run_slow_words(const struct run *l, char *text, size_t size);
/* Where the schedule began, in its unit. */
double run_schedule_start(const struct run *l);

/* Loss (NaN where every class in the set has weight 0) and accuracy over a whole set; the state stays as it is. `stop`
 * (may be NULL) is asked between slices; when it returns non-zero the result is −ERR_CANCELLED. −ERR_INPUT:
 * dataset_check says why. */
int run_evaluate(struct run *l, const struct source *source, int (*stop)(void *), void *context, double *loss,
                  double *accuracy);

/* Share of the validation frames that have the most frequent class: what always guessing it scores. NaN: no frames. */
double run_majority(const struct run *l);

#endif
