/* Knobs: everything a recipe, the command line or the keyboard can set, in one table that gives all
 * of them names, bounds, units and help. To add a knob: an id, a row in knob.c, and its use. */
#ifndef SADDLE_RUN_HYPERPARAMETER_H
#define SADDLE_RUN_HYPERPARAMETER_H

#include <stddef.h>

#include "core/err.h"

enum knob_id {
    KNOB_LEARNING_RATE, /* the base rate; the schedule makes the effective one of it */
    KNOB_BATCH_SIZE,
    KNOB_OPTIMIZER,
    KNOB_MOMENTUM, /* of the optimizers: lab/hyper.c hands them over */
    KNOB_DAMPENING,
    KNOB_NESTEROV,
    KNOB_BETA1,
    KNOB_BETA2,
    KNOB_AMSGRAD,
    KNOB_ALPHA,
    KNOB_CENTERED,
    KNOB_RHO,
    KNOB_EPS,
    KNOB_WEIGHT_DECAY,
    KNOB_LR_DECAY,
    KNOB_INITIAL_ACCUMULATOR_VALUE,
    KNOB_MOMENTUM_DECAY,
    KNOB_ETAMINUS,
    KNOB_ETAPLUS,
    KNOB_STEP_SIZE_MIN,
    KNOB_STEP_SIZE_MAX,
    KNOB_LAMBD,
    KNOB_T0,
    KNOB_MAX_ITER,
    KNOB_MAX_EVAL,
    KNOB_HISTORY_SIZE,
    KNOB_LINE_SEARCH_FN,
    KNOB_TOLERANCE_GRAD,
    KNOB_TOLERANCE_CHANGE,
    KNOB_DROPOUT,
    KNOB_CLIP_NORM,
    KNOB_LOSS,
    KNOB_LABEL_SMOOTHING,
    KNOB_CLASS_WEIGHTS,
    KNOB_L1,
    KNOB_EMA,
    KNOB_EARLY_STOPPING,
    KNOB_CLIP_VALUE,
    KNOB_INPUT_NOISE,
    KNOB_MASK_TIME,
    KNOB_MASK_FEATURES,
    KNOB_SCHEDULE,
    KNOB_SCHEDULE_UNIT,
    KNOB_WARMUP, /* of the schedules: lab/hyper.c */
    KNOB_STEP_SIZE,
    KNOB_GAMMA,
    KNOB_T_MAX,
    KNOB_T_0,
    KNOB_T_MULT,
    KNOB_ETA_MIN,
    KNOB_MILESTONES,
    KNOB_START_FACTOR,
    KNOB_END_FACTOR,
    KNOB_TOTAL_ITERS,
    KNOB_POWER,
    KNOB_MAX_LR,
    KNOB_TOTAL_STEPS,
    KNOB_PCT_START,
    KNOB_DIV_FACTOR,
    KNOB_FINAL_DIV_FACTOR,
    KNOB_THREE_PHASE,
    KNOB_ANNEAL_STRATEGY,
    KNOB_BASE_LR,
    KNOB_STEP_SIZE_UP,
    KNOB_STEP_SIZE_DOWN,
    KNOB_CYCLIC_MODE,
    KNOB_PLATEAU_MODE,
    KNOB_FACTOR,
    KNOB_PATIENCE,
    KNOB_THRESHOLD,
    KNOB_THRESHOLD_MODE,
    KNOB_COOLDOWN,
    KNOB_MIN_LR,
    KNOB_PLATEAU_EPS,
    KNOB_EVAL_EVERY,
    KNOB_EPOCHS,
    KNOB_PROBE_EVERY, /* of the probes beside the training: lab/trainer-study.c */
    KNOB_PROBE_FRAMES,
    KNOB_PROBE_PAIRS,
    KNOB_PROBE_SHARE,
    KNOB_PROBE_GRADIENT,
    KNOB_PROBE_CURVATURE,
    KNOB_PROBE_ZERO,
    KNOB_NETWORK, /* from here on a change restarts the run */
    KNOB_INIT,
    KNOB_CONTEXT,
    KNOB_STRIDE,
    KNOB_PIECE,
    KNOB_SPLIT_SEED,
    KNOB_SPLIT_RATIO,
    KNOB_SEED,
    KNOB_SHARDS,
    KNOB_PRODUCTS,
    KNOB_COUNT
};

enum knob_type {
    KNOB_REAL,
    KNOB_INTEGER,
    KNOB_CHOICE, /* value = index of the choice */
    KNOB_SWITCH, /* 0 off, 1 on */
    KNOB_TEXT    /* the network, the milestones */
};

struct knob {
    enum knob_type type;
    const char *name;    /* in recipes, --set and the palette: "learning_rate" */
    const char *title;   /* on the screen: "learning rate" */
    const char *alias;   /* a short form to type ("lr"), or NULL */
    const char *section; /* heading in recipe files: data, network, training, optimizer, schedule, probe */
    const char *unit;    /* "epochs", "frames", or "" */
    const char *help;    /* one line */
    double min, max;     /* both allowed */
    double standard;     /* the default */
    double step;         /* one turn: what is added; for logarithmic knobs turns a decade (2 or 10) or 0: doubling */
    int logarithmic;
    int live;            /* takes effect between two steps; else a change restarts the run */
};

enum { KNOB_TEXT_SIZE = 512, KNOB_VALUE_SIZE = KNOB_TEXT_SIZE };

/* The value of every knob; plain data, part of the run's state. */
struct knobs {
    double value[KNOB_COUNT];
    char network[KNOB_TEXT_SIZE], milestones[KNOB_TEXT_SIZE];
};

const struct knob *knob_row(enum knob_id id);
/* By name, alias or title; -1 when there is none. */
int knob_find(const char *name);
/* Choices of a KNOB_CHOICE: the i-th name, or NULL beyond the last. */
const char *knob_choice(enum knob_id id, int i);

void knobs_standard(struct knobs *k);
/* The text of a KNOB_TEXT. */
const char *knobs_text(const struct knobs *k, enum knob_id id);
/* Set from text; the sentence of the error names knob and bounds, without a file. */
int knobs_parse(struct knobs *k, enum knob_id id, const char *text, struct err *e);
/* The value as text that knobs_parse reads back exactly. */
void knobs_format(const struct knobs *k, enum knob_id id, char *text, size_t size);
/* The value for a reader: at most four digits, thousands separated, choices by name. */
void knobs_show(const struct knobs *k, enum knob_id id, char *text, size_t size);
/* Whether the optimizer, schedule and loss chosen look at this knob; those they do not are shown quiet. */
int knobs_read(const struct knobs *k, enum knob_id id);
/* Whether a and b agree on it. */
int knobs_same(const struct knobs *a, const struct knobs *b, enum knob_id id);

/* The value after `turns` steps up (or down, when negative), within bounds, on the knob's grid.
 * A KNOB_TEXT does not turn. */
double knob_turned(enum knob_id id, double value, int turns);

#endif
