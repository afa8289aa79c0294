/* SPDX-License-Identifier: MIT */
/* A run: a state and a step, not a thread. Everything that a run is stands in its state block; the rest is workspace,
 * made again from the settings. The owner calls run_advance, which does the next small piece of work: one step, or one
 * slice of an evaluation that a step asked for. A restart is a new run (run_restarted), which the owner swaps in. */
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

enum { RUN_REMARKS = 2 };

struct run;

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

/* A run that begins, as the settings say, with id 0. KNOB_SHARDS 0 becomes the number of cores. Errors: ERR_INPUT (a
 * network that does not fit the data, a split that leaves nothing), ERR_RUNTIME. */
int run_new(struct run **l, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e);
/* A run that begins with these settings on the old one's data, with its id; its journal begins anew. Errors as of
 * run_new. */
int run_restarted(struct run **l, const struct run *old, const struct knobs *k, struct err *e);
/* An exact copy of the run between two steps, journal included: the two go on identically, bit for bit, until one is
 * changed. They share the memory of their passes: one thread advances both, in turn. Errors: ERR_RUNTIME. */
int run_fork(struct run **l, const struct run *old, struct err *e);
/* An exact copy for another thread: with memory of its own, on this pool. Errors: ERR_RUNTIME. */
int run_copy(struct run **l, const struct run *old, struct pool *p, struct err *e);
/* The weights and statistics of another run, on whatever data. Errors: ERR_INPUT, its network is another. */
int run_take_weights(struct run *l, const struct run *from, struct err *e);
/* An exact copy with memory for its passes of its own, to be looked at by another thread, with the pool that it is given
 * there, while the run goes on. Errors: ERR_RUNTIME. */
int run_copy_apart(struct run **l, const struct run *old, struct err *e);
void run_use_pool(struct run *l, struct pool *p);
/* The ranks (ranks/ranks.h) take every step and evaluation of this run together from now on: each has the same run, in
 * the same state, and makes the same calls. They compute what one process would, to the bit. Where one is cancelled, all
 * are, at the same place. Errors: ERR_USAGE, fewer shards than ranks; ERR_RUNTIME. */
int run_on_ranks(struct run *l, struct err *e);

void run_free(struct run *l);
/* Before the first step: the initial weights that the other run, with the same seed, would begin with, where tensors of
 * the two networks have the same role and shape, taken in their order. Errors: ERR_RUNTIME. */
int run_begin_alike(struct run *l, const struct run *other, struct err *e);

/* Which of the trainer's runs it is, from 0 on: its journal's lines name it. */
int run_id(const struct run *l);
void run_set_id(struct run *l, int id);
/* Another thread may set *cancel to end the piece of work in hand; *work counts the multiplications of the step in hand
 * that are done, of run_step_work. Either may be NULL. */
void run_watch(struct run *l, const atomic_int *cancel, atomic_llong *work);
const atomic_int *run_cancel(const struct run *l);

/* Where it stands. All are the run's, valid until it goes on. */
const struct state *run_state(const struct run *l);
const struct counters *run_counters(const struct run *l);
const struct knobs *run_knobs(const struct run *l);
const struct network *run_network(const struct run *l);
const struct optimizer *run_optimizer(const struct run *l);
const struct dataset *run_data(const struct run *l);
struct pool *run_pool(const struct run *l);
/* The sets of its split, as examples. */
enum run_set_id { RUN_TRAIN, RUN_VALIDATION, RUN_TEST };
const struct source *run_source(const struct run *l, enum run_set_id set);
/* One line an edit, "step run name value" (journal.h). */
const char *run_journal(const struct run *l);
/* Names θ as the last escape or early stopping left it; the number of names given so far. */
uint64_t run_mark(const struct run *l);
uint64_t run_marks(const struct run *l);
/* Remark number i for the log of whoever takes the run on; "" after the last. */
const char *run_remark_at(const struct run *l, int i);

/* Add a remark, if there is room for it. */
void run_remark(struct run *l, const char *text);

/* Fill *seen at every step from now on; NULL: no longer. Errors: ERR_RUNTIME. */
int run_look(struct run *l, struct gradient_stats *seen, struct err *e);

/* The next piece of work. Errors leave the state as before: ERR_DIVERGED, naming step and tensor, where the loss or
 * the gradient is not finite; ERR_CANCELLED, where the flag of run_watch was set in the midst of it; ERR_INPUT, where the data is gone. */
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

/* run_evaluate of a fixed random part of about so many frames; 0, or as many as there are: of all. */
int run_evaluate_part(struct run *l, const struct source *source, int64_t frames, int (*stop)(void *), void *context, double *loss,
                      double *accuracy);

/* The logits of one frame of a set, valid during the call: its number there, and its class or LOSS_IGNORED. */
typedef void run_take_logits(void *context, int64_t frame, const float *logits, int label);
/* run_evaluate that hands over the logits of every frame of the set, in its order. Of a network that answers every frame
 * of a window, the answer to the middle frame. Not for a run on ranks. */
int run_logits(struct run *l, const struct source *source, run_take_logits *take, void *context, double *loss,
               double *accuracy);

/* One answer of the network: run_logits for all that it answers. */
struct run_answer {
    int64_t frame;  /* its number in the set; −1: the network answers every frame of a window, and this is not the middle one */
    int position;   /* in its window of answers, or in its piece, from 0 on */
    const float *logits;
    int label;      /* or LOSS_IGNORED */
};
typedef void run_take_answer(void *context, const struct run_answer *a);
int run_answers(struct run *l, const struct source *source, run_take_answer *take, void *context, double *loss,
                double *accuracy);
/* Answers of a window, or the frames of a piece, where there is more than one; else 0. */
int run_answer_steps(const struct run *l, const struct source *source);

/* Share of the validation frames that have the most frequent class: what always guessing it scores. NaN: no frames. */
double run_majority(const struct run *l);

#endif
