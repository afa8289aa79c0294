/* SPDX-License-Identifier: MIT */
/* The curves' memory: every sample of a run, in bounded space. Samples come in as they are made;
 * drawing only reads. When a track is full, neighbours are merged: least and largest survive, so no
 * spike is ever lost. */
#ifndef SADDLE_TUI_APP_CURVES_H
#define SADDLE_TUI_APP_CURVES_H

#include "trainer/snapshot.h"

enum { TRACK_POINTS = 2048, LAYER_POINTS = 1024, HISTORY_MARKS = 512 };

/* Samples that are smoothed over, of those so far. */
#define HISTORY_WINDOW (1 / 20.)

enum track_id { /* new ones at the end: kept sessions count them */
    TRACK_LOSS,
    TRACK_ACCURACY,
    TRACK_RATE,
    TRACK_GRADIENT,
    TRACK_CROSS_ENTROPY, /* mean |∂L/∂logits| under either loss */
    TRACK_MSE,
    TRACK_VALIDATION_LOSS,
    TRACK_VALIDATION_ACCURACY,
    TRACK_PART_ACCURACY, /* of training, in evaluation mode */
    TRACK_HIGHEST,       /* of the curvature: eigenvalues, … */
    TRACK_LOWEST,
    TRACK_TRACE,
    TRACK_SHARPNESS,     /* … and η λmax */
    TRACK_GAIN,          /* of the step made next: −gᵀu, … */
    TRACK_COST,          /* … ½ uᵀHu … */
    TRACK_ACTUAL,        /* … and how much the loss fell */
    TRACK_BATCH_SHARPNESS,
    TRACK_LIMIT_SMALL,   /* where it settles, in small and in large batches */
    TRACK_LIMIT_LARGE,
    TRACK_COUNT
};

struct track {
    double smoothing; /* weight of the past at each sample, at most; 0 keeps values as they are */
    double average;
    double seen;      /* samples in it */
    int count;        /* points */
    int merged;       /* samples that a whole point stands for */
    int filled;       /* samples in the last point */
    double step[TRACK_POINTS], epoch[TRACK_POINTS];
    double seconds[TRACK_POINTS];             /* that the run had been computed for; NaN: not known */
    float y[TRACK_POINTS];                    /* smoothed over a twentieth of the run, 1 / (1 − smoothing) at most */
    float lo[TRACK_POINTS], hi[TRACK_POINTS]; /* raw */
};

/* The gradient's norm of every layer, all at the same steps: of the steps a point stands for, the largest. With them what
 * the last of these steps had at the logits. */
struct layer_track {
    int count, merged, filled; /* as a track's */
    double step[LAYER_POINTS];
    float norm[LAYER_POINTS][GRADIENT_STATS_LAYERS];
    struct logit_gradient_share share[LAYER_POINTS][GRADIENT_STATS_BINS];
};

struct history_mark {
    double step, epoch;
    int event; /* 0: an edit, 1: a value that was not finite, or the like */
    int loss;  /* an edit from which on another loss is trained: values before and after do not compare */
    int before, after; /* and which, as choices of the knob */
    int knob;        /* the setting that was edited, −1: the mark is of none; … */
    int standard;    /* … and its value before: a default, … */
    double value;    /* … the number, … */
    char text[SAMPLE_TEXT]; /* … or the text */
};

struct history {
    struct track track[TRACK_COUNT];
    struct layer_track layers;
    struct history_mark mark[HISTORY_MARKS]; /* the newest */
    int mark_count;
    uint64_t last_step; /* of SAMPLE_STEP */
};

/* Steps that one loss was trained with: after `from`, up to `to`. */
struct history_part {
    double from, to;
    int loss; /* choice of the knob */
};

/* NULL when there is no memory. */
struct history *history_new(void);
struct history *history_copy(const struct history *h);
void history_free(struct history *h);
/* Whether one that was read from a file is one: counts within bounds, steps that rise. */
int history_is_valid(const struct history *h);
/* A step that is no later than the last one (the run was restarted, or taken back) forgets what
 * came from there on. A probe's figures come late: they are put in at the step they belong to. */
void history_add(struct history *h, const struct sample *s);
/* Whether it is known how long the run had been computed for at each step. */
int history_has_clock(const struct history *h);
/* The settings that this step was made with: of those in force `now`, the edits made at that step or later are taken
 * back. Edits older than the marks kept stay. */
void history_settings_at(const struct history *h, double step, struct knobs *now);
/* The part of the run that a step belongs to, with the loss `now` where it was never changed. */
struct history_part history_part_of(const struct history *h, double step, int now);

#endif
