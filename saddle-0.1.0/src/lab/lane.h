/* A lane: a state and a step, not a thread. Everything a run is stands in its state block; the rest of
 * struct lane is workspace made again from the knobs. Whoever owns the lane calls lane_advance, which
 * does the next small piece of work: one step, or one slice of an evaluation that a step asked for. */
#ifndef SADDLE_LAB_LANE_H
#define SADDLE_LAB_LANE_H

#include "core/pool.h"
#include "data/dataset.h"
#include "data/split.h"
#include "lab/ahead.h"
#include "lab/state.h"
#include "net/network.h"

struct evaluation { /* of one set, in slices */
    const struct frame_set *set;
    int64_t done;
    double loss;   /* sums */
    int64_t correct;
};

struct lane {
    int id;
    const struct dataset *data;       /* borrowed, as the pool is */
    struct pool *pool;
    struct split split;
    struct network network;
    struct workspace *workspace;
    const struct optimizer *optimizer;
    struct state *state;
    float *gradient;                  /* of the last step, clipped; [parameters] */
    struct evaluation evaluation;     /* in hand when state's evaluation_due */
    char *journal;                    /* one line an edit: "step lane name value" */
    size_t journal_size;
    struct optimizer_args optimizer_args; /* of the step at hand */
};

enum lane_did {
    LANE_STEP,     /* one step was applied */
    LANE_SLICE,    /* part of an evaluation */
    LANE_EVALUATED /* the last part: state's validation figures are new */
};

struct lane_report {
    enum lane_did did;
    int epoch_ended;           /* LANE_STEP: it was the epoch's last; state's last_epoch figures are new */
    int examples;
    double loss, accuracy;     /* LANE_STEP: of the batch */
    double learning_rate;      /* LANE_STEP: effective */
    double gradient_norm;      /* LANE_STEP: before clipping */
    double share;              /* LANE_SLICE: of the evaluation done */
};

/* A run that begins, as the knobs say. KNOB_SHARDS 0 becomes the number of cores. Errors: ERR_INPUT (a
 * network that does not fit the data, a split that leaves nothing), ERR_RUNTIME. */
int lane_new(struct lane **l, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e);
void lane_free(struct lane *l);

/* The next piece of work. Errors: ERR_DIVERGED, naming step and tensor: the loss or the gradient is not
 * finite; the step was not applied and the state is as before. */
int lane_advance(struct lane *l, struct lane_report *r, struct err *e);

/* Turn a live knob between two steps, and write the journal's line. Errors leave all as it was. */
int lane_set(struct lane *l, enum knob_id id, double value, struct err *e);

/* Progress in epochs, fractional, from examples seen; the rate that the next step will use. */
double lane_epoch(const struct lane *l);
double lane_learning_rate(const struct lane *l);
double lane_steps_per_epoch(const struct lane *l);
/* Where the schedule began, in its unit. */
double lane_schedule_start(const struct lane *l);

/* Mean loss and accuracy over a set, whole; the state stays as it is. `stop` (may be NULL) is asked
 * between slices; when it returns non-zero the result is −ERR_CANCELLED. */
int lane_evaluate(struct lane *l, const struct frame_set *set, int (*stop)(void *), void *context, double *loss,
                  double *accuracy);

#endif
