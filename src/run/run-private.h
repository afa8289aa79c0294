/* SPDX-License-Identifier: MIT */
/* What a run is made of: for the files of this folder, and tests of them. */
#ifndef SADDLE_RUN_RUN_PRIVATE_H
#define SADDLE_RUN_RUN_PRIVATE_H

#include "run/run.h"

struct evaluation { /* of one set, in slices */
    const struct source *source;
    int measured;            /* slices of training that the statistics at the optimizer's average are of; −1: all */
    int part;                /* a fixed random part of the set, as large as validation, instead of all of it */
    int64_t most;            /* a fixed random part of so many examples; 0: as `part` says */
    int64_t done;            /* examples */
    int64_t frames, correct; /* that have a class, and those classified correctly */
    double loss, weight;     /* sums over frames, weighted as the loss says; their quotient is the loss of the set */
    run_take_logits *take;   /* who wants the logits of every frame, or NULL; and … */
    run_take_answer *take_answer; /* … or who wants all answers, or NULL */
    void *taker;
    int64_t taken;           /* … how many frames' it has */
};

/* How a pass ended, at the rank where it went worst. */
enum pass_end { PASS_WHOLE, PASS_CANCELLED, PASS_DATA_LOST, PASS_ALONE };

struct run {
    int id;
    const struct dataset *data;       /* borrowed, as the pool is */
    struct pool *pool;
    struct split split;
    struct source train, validation, test;
    double class_weight[LOSS_MOST_CLASSES]; /* balanced over the training frames */
    struct network network;
    struct workspace *workspace;      /* shared with forks: nothing in it outlives a piece of work */
    int *lengths;                     /* of a batch's pieces; [capacity]; shared with it */
    int *sharers;                     /* runs that have these two */
    const struct optimizer *optimizer;
    unsigned slots_used;              /* of the optimizer, bit by bit, among the state's vectors */
    struct optimizer_part *part;      /* the matrices and vectors within θ */
    int parts;
    float *scratch;                   /* of optimizers that step on whole vectors, and of SAM */
    double *scratch_scalar;
    size_t scratch_vectors, scratch_scalars; /* their sizes; as long as θ, and one by one */
    float *kept_statistics;           /* of batch norm: in a step, those before it; in an evaluation at the optimizer's
                                         average, those measured there; [statistics] */
    int seen_already;                 /* … and its figures were, before the update's parts */
    int ready;                        /* the vectors in use have their memory: update_ready */
    struct state *state;
    float *gradient;                  /* of the step at hand, clipped; [parameters] */
    float *previous;                  /* … of the one before, as it was applied; where somebody looks, else NULL */
    struct gradient_stats *seen;         /* filled by every step, before it is applied; NULL: nobody looks (run_look) */
    struct looking *looking;          /* … on its way there */
    const atomic_int *cancel;         /* set by another thread, it ends the piece of work in hand; may be NULL */
    atomic_llong *work;               /* multiplications of the step in hand that are done, of run_step_work; may be NULL */
    int on_ranks;                     /* … by all ranks (run_on_ranks) */
    enum pass_end pass_end;           /* … how the last pass of a run on ranks ended */
    struct evaluation evaluation;     /* in hand when state's evaluation_due */
    char *journal;                    /* one line an edit: "step run name value" */
    size_t journal_size;
    struct optimizer_args optimizer_args; /* of the step at hand, and … */
    double clip;                      /* … what its gradient is multiplied by */
    uint64_t mark, marks;             /* names θ as the last escape or early stopping left it; names given so far */
    char remark[RUN_REMARKS][120];   /* lines for the log of the trainer that takes the run on; "" after the last */
};

/* Examples of an evaluation's slice: windows enough to keep the products busy, few enough that commands are answered
 * in between; of sequences, as many as a batch has. */
static inline int run_slice(const struct run *l, int batch)
{
    enum { WINDOWS = 1024 };

    return l->network.in.steps > 1 || batch > WINDOWS ? batch : WINDOWS;
}

/* The network of these knobs for this data. Errors: ERR_INPUT, it does not fit. */
int run_build_network(struct network *n, const struct dataset *d, const struct knobs *k, struct err *e);
/* A workspace for batches of so many examples in place of the run's. Errors (ERR_RUNTIME) leave the old one. */
int run_make_workspace(struct run *l, int batch, struct err *e);
/* The other run's workspace, for a run with the same network and shards. */
void run_share_workspace(struct run *l, const struct run *other);
void run_release_workspace(struct run *l);
/* The next slice of the evaluation that is due; as run_advance. */
int run_evaluation(struct run *l, struct run_report *r, struct err *e);

#endif
