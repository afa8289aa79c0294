/* SPDX-License-Identifier: MIT */
/* A race that is edited while it runs: a surface with the part of it that is seen, a start, racers with their settings,
 * and the race on it. It knows no screen: steps are made when they are asked for, and its content is a function of
 * what it was told. Every change but that of a learning rate or the noise sets everyone back to the start. */
#ifndef SADDLE_RACE_MODEL_H
#define SADDLE_RACE_MODEL_H

#include "race/formula.h"
#include "race/race.h"
#include "hessian/verdict.h"
#include "race/condition.h"
#include "race/heights.h"

enum { RACE_WORDS = 128, RACE_FASTEST = 10000, RACE_EDITS = 64, RACE_UNDOS = 32 };

/* All settings before an edit. */
struct race_setting {
    char what[RACE_WORDS]; /* the edit: "momentum's rate" */
    int live;              /* a rate or the noise: racers are not set back to the start */
    const struct surface *surface; /* NULL: the formula's */
    char formula[FORMULA_TEXT];
    double start[SURFACE_MOST], noise;
    char until[RACE_WORDS];
    struct race_goal goal;
    int racers, pace;
    struct racer_setup setup[RACE_RACERS];
};

/* kept[k] holds the settings before the k-th of `count` edits, kept[count] those after the last one, once it has been
 * undone; the first `at` edits are in force. */
struct race_undo {
    int at, count;
    struct race_setting kept[RACE_UNDOS + 1];
};

/* A racer's path as it is drawn: its trail and its position. */
struct race_curve {
    int count;
    double step[RACE_TRAIL + 1], x[RACE_TRAIL + 1], y[RACE_TRAIL + 1];
    float loss[RACE_TRAIL + 1];
};

/* Parse a racer in words ("sgd:lr=.05,momentum=.9"; "cosine:T_max=100"); names and bounds of the settings are the
 * caller's. Errors: ERR_USAGE, and the setup is undefined. */
struct racer_words {
    int (*optimizer)(struct racer_setup *s, const char *text, struct err *e); /* without a schedule */
    int (*schedule)(struct racer_setup *s, const char *text, struct err *e);  /* of a setup that is there */
};

struct race_model {
    const struct racer_words *words;
    const struct surface *surface; /* of the registry, or typed */
    struct formula formula;
    struct surface typed;
    double start[SURFACE_MOST];
    double noise;
    uint64_t seed;         /* of the noise */
    char until[RACE_WORDS]; /* "": no finish */
    struct race_goal goal;
    int racers;
    struct racer_setup setup[RACE_RACERS];
    char name[RACE_RACERS][RACE_LABEL]; /* "momentum" for an SGD with momentum; else as race.h has it */
    struct race *race;
    int running, pace;     /* steps a frame */
    uint64_t steps;        /* of the race */
    int chosen;            /* racer */

    struct race_range x, y; /* the part that is seen, and … */
    int linear;            /* … heights on linear levels, though logarithmic ones may be possible */
    float z[RACE_ROWS * RACE_COLUMNS];

    /* Results so far. */
    struct race_curve curve[RACE_RACERS];
    struct race_undo undo;
    double edit[RACE_EDITS]; /* steps at which a rate or the noise was changed: the first so many */
    int edits;
    int leader;            /* −1 without racers */
    int looked;            /* the following are known */
    struct surface_point point; /* at the leader */
    double direction[SURFACE_MOST * SURFACE_MOST]; /* unit vectors of its eigenvalues, one a row */
    struct race_edge edge;
    struct verdict_report verdict;
};

/* The lecture's chain with its racers. NULL: no memory. Free accepts NULL. The words are borrowed. */
struct race_model *race_model_new(const struct racer_words *words, struct err *e);
void race_model_free(struct race_model *s);

/* ---- on error everything is as before, and the message says what is wrong ---- */

#define RACE_FIRST_SURFACE "chain" /* of a new race */
/* A name of the registry, or a formula in x and y, quoted or not; with its window, start, racers and end. */
int race_model_surface(struct race_model *s, const char *text, struct err *e);
/* The chain from beside its saddle, with SGD, momentum, Adam, perturbed gradient descent and saddle-free Newton. */
int race_model_saddle(struct race_model *s, struct err *e);
/* The coordinates given; the others stay. */
int race_model_start(struct race_model *s, const char *text, struct err *e);
/* By the two plotted coordinates. */
int race_model_start_at(struct race_model *s, double x, double y, struct err *e);
/* "sgd:lr=.05,momentum=.9": one more, or instead of the i-th. */
int race_model_add(struct race_model *s, const char *text, struct err *e);
int race_model_change(struct race_model *s, int i, const char *text, struct err *e);
/* "cosine:T_max=100"; "constant": none. */
int race_model_schedule(struct race_model *s, int i, const char *text, struct err *e);
/* The next optimizer of the registry (by −1 the one before), with the numbers of its own but the rate's. */
int race_model_next(struct race_model *s, int i, int by, struct err *e);
/* "loss<.01": racers stop there; "" or "never": no finish. */
int race_model_until(struct race_model *s, const char *text, struct err *e);
/* A standard deviation ≥ 0. */
int race_model_noise(struct race_model *s, const char *text, struct err *e);

/* Widen the window to contain the start. 0: it did, 1: it does now, −1: the start is too far away. */
int race_model_show_start(struct race_model *s);

void race_model_remove(struct race_model *s, int i);
/* From the next step on: one step up (or down) a scale of standard deviations. */
void race_model_turn_noise(struct race_model *s, int by);
/* From the next step on. */
void race_model_rate(struct race_model *s, int i, double lr);
void race_model_restart(struct race_model *s);

/* Undo the last edit; by −1: redo. *what: its name, or NULL if there is none. A rate or the noise changes from the next
 * step on, all else sets everyone back to the start. Errors: memory. */
int race_model_undo(struct race_model *s, int by, const char **what, struct err *e);

/* At most so many steps of everyone still racing; fewer when the race ends, or after `ms` milliseconds (0: no limit).
 * Returns the steps made. With a limit, their time is measured (racer_seconds). */
uint64_t race_model_step(struct race_model *s, uint64_t steps, int ms);

/* Zoom in by a factor of two (−1: out) about the middle, or about (x, y), which keeps its place in the window. */
void race_model_zoom(struct race_model *s, int by);
void race_model_zoom_at(struct race_model *s, int by, double x, double y);
/* Move the window to the right and up. */
void race_model_move(struct race_model *s, double right, double up);
/* The same in quarters of the window. */
void race_model_pan(struct race_model *s, int right, int up);
/* The window that the surface suggests. */
void race_model_whole(struct race_model *s);
/* Centre the window on the leader. */
void race_model_centre(struct race_model *s);
/* Heights on linear or logarithmic levels; logarithmic only where all of them are positive. */
void race_model_levels(struct race_model *s);

/* Number of racers in this state. */
int race_model_count(const struct race_model *s, enum racer_state state);
/* "racing", "arrived", "diverged", "stopped". */
const char *race_model_state(const struct race_model *s, int i);

#endif
