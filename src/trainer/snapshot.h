/* SPDX-License-Identifier: MIT */
/* What the trainer's thread shows the screen: the latest state of its runs (struct snapshots, by mailbox) and every point
 * of their curves (struct sample, by ring). Both plain data. */
#ifndef SADDLE_TRAINER_SNAPSHOT_H
#define SADDLE_TRAINER_SNAPSHOT_H

#include <stdint.h>

#include "run/hyperparameter.h"
#include "run/diagnosis-figures.h"
#include "run/gradient-stats.h"
#include "run/layer-health.h"
#include "trainer/diagnosis.h"

enum { TRAINER_RUNS = 4 }; /* side by side, at most: A, B, C and D, whose ids are 0 … 3 */

enum run_status {
    RUN_PAUSED,
    RUN_TRAINING,
    RUN_EVALUATING,
    RUN_DIVERGED, /* paused before a step whose loss or gradient is not finite; snapshot.note says which */
    RUN_FINISHED, /* the recipe's epochs are done; it can go on */
    RUN_FAILED    /* the trainer had to stop; snapshot.note says why */
};

enum { SNAPSHOT_LOG = 64, SNAPSHOT_TEXT = 120, SNAPSHOT_KEYFRAMES = 160, SNAPSHOT_LABEL = 40 };

enum log_kind { LOG_EDIT, LOG_EVENT, LOG_NOTE }; /* edits are also marks on the curves */

struct log_entry {
    uint64_t step;
    double epoch;
    enum log_kind kind;
    int run;
    char text[SNAPSHOT_TEXT]; /* "learning rate 1e-3 → 3e-3" */
};

/* What COMMAND_MEASURE found: figures over whole sets, in evaluation mode, and how the layers do. */
struct measured {
    enum measured_status { MEASURED_NONE, MEASURED_RUNNING, MEASURED_DONE, MEASURED_CANCELLED, MEASURED_FAILED } status;
    char text[SNAPSHOT_TEXT]; /* MEASURED_RUNNING: what is measured; MEASURED_FAILED: the sentence */
    int done, of;             /* while running: sets */
    int known;                /* the rest is of the last that was done; 0: none was */
    uint64_t step;
    double epoch;
    int64_t frames;           /* of each set, a fixed random part; 0: all */
    struct tree_figures figures;
    int against;              /* 1 + the run whose network is the smaller one; 0: none */
    uint64_t against_step;
    int layers;
    struct layer_health layer[GRADIENT_STATS_LAYERS];
};

struct snapshot {
    uint64_t version; /* counts publications; 0: nothing published yet */
    uint64_t obeyed;  /* number of a command: it and all before it are obeyed */
    int run;
    enum run_status status;
    double evaluated;         /* while RUN_EVALUATING: the share done, 0…1 */
    double evaluation_seconds; /* … and how long it has been at it */
    char note[SNAPSHOT_TEXT]; /* what is wrong or being done, "" when there is nothing to say */

    char recipe[64], data[64];
    struct knobs knobs;
    uint64_t seed;
    int64_t parameters;           /* of the network */
    int64_t train_frames, validation_frames;
    int classes;                  /* of the data */
    double majority;              /* share of the most frequent class in validation */

    uint64_t step;                /* steps applied */
    double epoch;                 /* progress, fractional, from examples seen */
    double schedule_start;        /* where the schedule began, in its own unit */
    double schedule_factor;       /* of the base rate, from plateaus seen; 1 for other schedules */
    double steps_per_epoch;       /* at the batch size in force */
    double frames_per_second;
    double seconds;               /* of training, pauses left out */

    double learning_rate;         /* effective, of the last step */
    double train_loss, train_accuracy; /* of the last step's batch; NaN before the first */
    double gradient_norm;         /* before clipping */
    double validation_loss, validation_accuracy; /* of the last evaluation; NaN before the first */
    double part_loss, part_accuracy; /* … of a fixed random part of training, in evaluation mode */
    double best_accuracy;         /* best validation accuracy so far; NaN before the first */
    uint64_t best_step;

    struct gradient_stats seen;      /* of the last step: gradients by layer, both losses by probability */
    char layer[GRADIENT_STATS_LAYERS][24]; /* names of the layers whose gradients are seen */
    struct diagnosis_report stuck;    /* why the loss does not fall, if it does not */

    struct tree_figures scale;        /* without losses: what the present loss function counts as 0 and 1 on this data */
    int smaller;                      /* 1 + the run of a shallower or smaller network that compares with this; 0: none */
    struct measured measured;

    uint64_t log_count;           /* entries ever made; the newest SNAPSHOT_LOG are kept */
    struct log_entry log[SNAPSHOT_LOG]; /* entry number i is at i % SNAPSHOT_LOG */
    char saved[SNAPSHOT_TEXT];    /* how the last save by command went, "" before the first */
    int unsaved;                  /* it failed */
    int undos, redos;             /* how many edits can be taken back, or made again */
    uint64_t samples_dropped;     /* the curves' ring was full */

    unsigned identical;           /* other runs that had the same state to the bit when last compared, bit by bit, … */
    uint64_t identical_at;        /* … after so many steps */
    char label[SNAPSHOT_LABEL];   /* how it differs from the run it is compared with: "batch 64"; "" */
    int parent;                   /* the run that this one was forked from; −1: none */
    uint64_t forked;              /* … after so many steps */
    uint64_t first_step;          /* the run can go back to any step from this one on */
    int keyframes;                /* states that are kept; … */
    uint64_t keyframe[SNAPSHOT_KEYFRAMES]; /* … after these steps, rising: the newest that have room here */
    char checksum[65];            /* of the weights, at the end of a replay; else "" */
    int spiked;                   /* paused after a spike of the loss (KNOB_SPIKE); the note says how large */
    uint64_t last_good;           /* the newest of them from before the loss rose; 0 of a run that never was worse */
};

enum play_state { PLAY_NONE, PLAY_RUNNING, PLAY_DONE, PLAY_FAILED }; /* of a session that is replayed */

struct snapshots { /* of all runs, published together */
    uint64_t version;
    int focus;       /* the run that commands go to which name none */
    unsigned there;  /* runs that there are, bit by bit; the snapshots of others are old */
    int by_examples; /* runs are level when they have seen as many examples; 0: made as many steps */
    enum play_state play;
    char play_text[SNAPSHOT_TEXT]; /* how the replay ended */
    struct snapshot run[TRAINER_RUNS];
};

enum { SAMPLE_TEXT = 64 };

enum sample_kind {
    SAMPLE_STEP,
    SAMPLE_EVALUATION,
    SAMPLE_EDIT,
    SAMPLE_EVENT,  /* a step that was not finite */
    SAMPLE_RESTART, /* the run began again: curves so far belong to another */
    SAMPLE_BACK,    /* the run is as it was after this step: what came later belongs to no run */
    SAMPLE_PROBE,   /* curvature at that step; comes when the probe is done, after steps that came later */
    SAMPLE_ESCAPE,  /* a mark, as an edit is: a step along an eigenvector, or its taking back */
    SAMPLE_FORK,    /* the run begins here as a copy of another, with its curves so far */
    SAMPLE_DROP     /* the run is no more */
};

struct sample {
    enum sample_kind kind;
    int run;
    uint64_t step; /* the step it belongs to */
    double epoch;
    double seconds; /* that the run had been computed for, as in its snapshot; of a probe not told; NaN: not known */
    union {
        struct {
            float loss, accuracy, learning_rate, gradient_norm;
            float cross_entropy, mse;          /* mean |∂L/∂logits| under either loss */
            float layer_norm[GRADIENT_STATS_LAYERS];  /* of the gradient, layer by layer */
            struct logit_gradient_share {
                float examples, cross_entropy, mse;
            } share[GRADIENT_STATS_BINS];      /* the same by the probability of the true class (gradient-stats.h) */
        } at_step;
        struct {
            float loss, accuracy;           /* validation */
            float part_loss, part_accuracy; /* the part of training */
        } evaluation;
        struct {
            int knob;
            double before, after;
            int standard;                   /* nobody had set it before: `before` was the default */
            char text[SAMPLE_TEXT];         /* of a KNOB_TEXT as it was before, as far as it fits */
        } edit;
        struct {
            double highest, lowest; /* eigenvalues */
            double trace;
            double sharpness;       /* η λmax against the optimizer's limit; NaN: not known */
            int ahead;              /* the next step was looked at too; on its own batch: … */
            double gain, cost, actual, along; /* −gᵀu, ½ uᵀHu, change of the loss, uᵀHu / |u|² */
            double batch_sharpness; /* … and where it settles in small and large batches; NaN: not known */
            double small, large;
        } probe;
        struct {
            double alpha;           /* signed length; 0: one was taken back */
            double predicted, came; /* changes of the probe batch's loss */
        } escape;
        struct {
            int parent; /* the run that it is a copy of; of SAMPLE_RESTART the run whose first weights it has where shapes
                           agree, −1: none */
        } fork;
    };
};

#endif
