/* A lane: a state and a step, not a thread. Everything a run is stands in its state block; the rest of
 * struct lane is workspace made again from the knobs. Whoever owns the lane calls lane_advance, which
 * does the next small piece of work: one step, or one slice of an evaluation that a step asked for. */
#ifndef SADDLE_LAB_LANE_H
#define SADDLE_LAB_LANE_H

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
    int64_t frames, correct; /* that have a class, and those answered rightly */
    double loss;             /* sum over frames */
};

enum { LANE_REMARKS = 2 };

struct lane {
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
    struct observation *seen;         /* filled by every step, before it is applied; NULL: nobody looks (lane_look) */
    struct looking *looking;          /* … on its way there */
    const atomic_int *cancel;         /* set by another thread, it ends the piece of work in hand; may be NULL */
    struct evaluation evaluation;     /* in hand when state's evaluation_due */
    char *journal;                    /* one line an edit: "step lane name value" */
    size_t journal_size;
    struct optimizer_args optimizer_args; /* of the step at hand, and … */
    double clip;                      /* … what its gradient is multiplied by */
    uint64_t mark, marks;             /* names θ as the last escape left it; names given so far */
    char remark[LANE_REMARKS][120];   /* what whoever takes the run on should tell first; "" where there is none */
};

enum lane_did {
    LANE_STEP,     /* one step was applied */
    LANE_SLICE,    /* part of an evaluation */
    LANE_EVALUATED /* the last part: state's validation figures are new */
};

struct lane_report {
    enum lane_did did;
    int epoch_ended;           /* LANE_STEP: it was the epoch's last; state's last_epoch figures are new */
    int64_t frames;            /* LANE_STEP: that had a class */
    double loss, accuracy;     /* LANE_STEP: of the batch */
    double learning_rate;      /* LANE_STEP: effective */
    double gradient_norm;      /* LANE_STEP: before clipping */
    int stopped_early;         /* LANE_EVALUATED: the best weights are back in force, the run should pause */
    double share;              /* LANE_SLICE: of the evaluation done */
};

/* A run that begins, as the knobs say. KNOB_SHARDS 0 becomes the number of cores. Errors: ERR_INPUT (a
 * network that does not fit the data, a split that leaves nothing), ERR_RUNTIME. */
int lane_new(struct lane **l, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e);
void lane_free(struct lane *l);
/* Begin again with these knobs, in the same struct; the journal begins anew. Errors leave the old run. */
int lane_restart(struct lane *l, const struct knobs *k, struct err *e);

/* One remark more, as far as there is room for it. */
void lane_remark(struct lane *l, const char *text);

/* Fill *seen at every step from now on; NULL: no longer. Errors: ERR_RUNTIME. */
int lane_look(struct lane *l, struct observation *seen, struct err *e);

/* The next piece of work. Errors leave the state as before: ERR_DIVERGED, naming step and tensor, where the loss or
 * the gradient is not finite; ERR_CANCELLED, where l->cancel was set in the midst of it. */
int lane_advance(struct lane *l, struct lane_report *r, struct err *e);

/* Turn a live knob between two steps, and write the journal's line. Errors leave all as it was. */
int lane_set(struct lane *l, enum knob_id id, double value, struct err *e);
int lane_set_text(struct lane *l, enum knob_id id, const char *text, struct err *e);

/* Progress in epochs, fractional, from examples seen; the rate that the next step will use. */
double lane_epoch(const struct lane *l);
double lane_learning_rate(const struct lane *l);
double lane_steps_per_epoch(const struct lane *l);
/* Where the schedule began, in its unit. */
double lane_schedule_start(const struct lane *l);

/* Mean loss and accuracy over the frames of a set, whole; the state stays as it is. `stop` (may be NULL) is
 * asked between slices; when it returns non-zero the result is −ERR_CANCELLED. */
int lane_evaluate(struct lane *l, const struct source *source, int (*stop)(void *), void *context, double *loss,
                  double *accuracy);

#endif
