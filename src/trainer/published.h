/* SPDX-License-Identifier: MIT */
/* What the trainer publishes of its background jobs: the curvature at the run's weights and the landscape around them.
 * Plain data, handed over by trainer_curvature and trainer_landscape (trainer.h).
 *
 * Figures that were not asked for, or are not known yet, are NaN, or a count of 0. */
#ifndef SADDLE_TRAINER_PUBLISHED_H
#define SADDLE_TRAINER_PUBLISHED_H

#include <stdint.h>

#include "hessian/share.h"
#include "hessian/stability.h"
#include "hessian/verdict.h"
#include "landscape/landscape.h"
#include "run/step-ahead.h"
#include "trainer/landscape-plan.h"

/* ---- curvature: the figures of the last probe, how the one in hand is getting on, and the last escape. A probe in
 * hand leaves the figures of the one before it in place. */

enum {
    CURVATURE_PAIRS = 16,      /* eigenpairs at each end, at most */
    CURVATURE_VALUES = 2048,   /* eigenvalues of a whole spectrum, at most */
    CURVATURE_DENSITY = 256,   /* points of the density's curve */
    CURVATURE_LAYERS = 16,     /* layers with parameters, at most; those beyond are left out */
    CURVATURE_TEXT = 240
};

enum curvature_status {
    CURVATURE_NONE,      /* never asked for in this run */
    CURVATURE_RUNNING,   /* text: what is being worked out; done of `of` products */
    CURVATURE_DONE,
    CURVATURE_CANCELLED,
    CURVATURE_FAILED     /* text: the sentence */
};

/* Bits of COMMAND_PROBE's count: what to work out beyond eigenpairs, trace and verdict. */
enum curvature_with {
    CURVATURE_WITH_DENSITY = 1,
    CURVATURE_WITH_LAYERS = 2,
    CURVATURE_WITH_GAUSS_NEWTON = 4
};

struct curvature_step { /* the step that the run made next after a probe, and its mini-batches */
    int known;          /* 0: none was looked at; the rest is empty */
    uint64_t step;      /* steps before it */
    double learning_rate; /* effective */
    struct step_ahead figures;
    struct stability stability; /* limits of the optimizer then */
    int batch_norm;     /* the network couples the examples of a batch */
    char optimizer[32]; /* its title */
};

enum curvature_moved { CURVATURE_MOVED_NOT, CURVATURE_MOVED_BY_ESCAPE, CURVATURE_MOVED_BY_STOPPING };

struct curvature_pair {
    double value, residual; /* ‖Hv − λv‖ */
    int converged;          /* the residual is ≤ LANCZOS_TOLERANCE |λ| */
};

struct curvature_layer {
    char name[24]; /* "3 linear", as in snapshot.layer */
    int64_t parameters;
    double highest, residual; /* the block's largest eigenvalue, and whether … */
    int converged;
    double trace, trace_error;
};

struct curvature_escape { /* a step along the eigenvector of the lowest eigenvalue */
    int possible;         /* a direction of negative curvature is known … */
    uint64_t probed;      /* … since the probe at this step, where … */
    double lowest;        /* … its eigenvalue was this */
    char why_not[80];     /* a sentence when it is not possible */
    uint64_t count;       /* escapes made in this run; the rest is of the last one, when there is one */
    uint64_t step;        /* where it was made */
    double alpha;         /* its length, signed: > 0 the way the gradient falls */
    double slope, curvature; /* gᵀd and dᵀHd at the weights it left, on the probe batch, d = the step made */
    double predicted;     /* gᵀd + ½ dᵀHd … */
    double came;          /* … and the change of the probe batch's loss that came */
    double loss;          /* of the probe batch, after it */
    int searched;         /* the length was found by line search */
    int taken_back;       /* by an undo */
    int over;             /* a later probe by hand is done: the figures belong to no point that is shown */
    int moved;            /* an escape stands between the probe that knows the direction and the weights */
};

struct curvature_view {
    uint64_t version; /* counts publications; 0: nothing published yet */
    enum curvature_status status;
    int series;       /* while running: it is one of the series (KNOB_PROBE_EVERY), not one asked for by hand */
    int done, of;     /* while running: products, of at most */
    char text[CURVATURE_TEXT];

    /* The figures, of the last probe asked for by hand that was finished; `known` 0: none yet. */
    int known;
    uint64_t step;    /* of the weights they are of, and … */
    int average;      /* … those are the optimizer's average, not what its steps move */
    double epoch;
    enum curvature_moved moved; /* since then, other than by training: the step may be the same */
    double seconds;   /* … how long the probe took; NaN while it still computes what follows the eigenpairs */
    int frames;       /* of the probe batch */
    int64_t parameters;
    double loss;      /* of the probe batch, as all that follows */
    double gradient_norm, gradient_curvature; /* |g|; gᵀHg / |g|² */
    int top_count, bottom_count;
    int may_miss;     /* pairs may be missing between those found (lanczos.h) */
    struct curvature_pair top[CURVATURE_PAIRS];    /* from the largest down */
    struct curvature_pair bottom[CURVATURE_PAIRS]; /* from the most negative up */
    int whole;        /* the whole spectrum is known, in double: value[0 … values) ascending; else values is 0 */
    int values;
    double value[CURVATURE_VALUES];
    int gauss_newton_count;
    struct curvature_pair gauss_newton[CURVATURE_PAIRS]; /* of the Gauss–Newton matrix, from the largest down */
    double trace, trace_error; /* standard error; 0 of a whole spectrum */
    struct shares shares;      /* of positive and negative eigenvalues; of a whole spectrum, or where its density was asked
                                  for */
    struct shares gauss_newton_shares; /* of the Gauss–Newton matrix, where both were asked for */
    double product_seconds;    /* the time of a product with the Hessian, about; 0: not known */
    int density_points;        /* 0: not asked for; else evenly spaced from density_low to density_high, … */
    double density_low, density_high;
    double density[CURVATURE_DENSITY]; /* … smoothed with width density_width; its integral is 1 */
    double density_width;
    int layers;
    struct curvature_layer layer[CURVATURE_LAYERS];
    struct verdict_report verdict; /* with tolerances, minimum ratio by both denominators, |λmin|/λmax, evidence */
    char words[80];                /* the verdict: "saddle with at least 5 descending directions" */

    /* The edge of stability at that step. */
    char optimizer[32];        /* its title */
    double learning_rate;      /* effective */
    double sharpness;          /* η λmax, of the preconditioned Hessian where the optimizer is; NaN: not known */
    double stability_limit;    /* the optimizer's own limit of it; NaN: none known */
    int preconditioned;

    struct curvature_escape escape;

    int passed_over; /* points of the series that fell due, between its last two, while a probe was in hand */

    /* The newest point of the series or probe by hand, whichever came last; NaN before any. */
    struct curvature_point {
        uint64_t step;
        double highest, lowest, trace, sharpness, gradient; /* |g| of the probe batch */
    } latest;
    struct curvature_step next; /* of the same probe */
};

/* ---- landscape: the heights of the slice asked for last, coarse at first and then finer, the figures under it, and
 * how the one in hand is getting on. A landscape in hand leaves the picture of the one before it in place until it has
 * one of its own; drawn again and again along a run, until it is whole. */

enum {
    LANDSCAPE_VIEW_POINTS = LANDSCAPE_PLAN_PLANE * LANDSCAPE_PLAN_PLANE, /* heights, at most */
    LANDSCAPE_VIEW_PATH = 160, /* points of a path, at most */
    LANDSCAPE_VIEW_CURVE = LANDSCAPE_PLAN_LINE, /* points of a curve, at most */
    LANDSCAPE_VIEW_TEXT = 160
};

enum landscape_status {
    LANDSCAPE_NONE,      /* never asked for in this run */
    LANDSCAPE_RUNNING,   /* text: what is being worked out; done of `of` */
    LANDSCAPE_DONE,
    LANDSCAPE_CANCELLED, /* what was there by then stays */
    LANDSCAPE_FAILED     /* text: the sentence */
};

struct landscape_side { /* an axis */
    int points, zero;   /* zero: the point at coordinate 0, where the weights are */
    double lo, hi;      /* coordinates of its ends */
    struct landscape_direction direction;
};

struct landscape_view {
    uint64_t version; /* counts publications; 0: nothing published yet */
    enum landscape_status status;
    int done, of;     /* while running */
    char text[LANDSCAPE_VIEW_TEXT];
    int follow;       /* drawn again whenever it is done and the run has gone on */
    struct landscape_plan asked; /* the last one that was begun */

    /* The picture; `known` 0: none yet. */
    int known;
    struct landscape_plan plan; /* that it is of */
    uint64_t step;    /* of the weights in the middle, … */
    int average;      /* … which are the optimizer's average */
    double epoch, seconds; /* … and how long it took until now */
    int whole;        /* all heights and figures are there */
    uint64_t drawn;   /* whole ones so far, this one counted */
    int frames;       /* of the probe batch */
    int64_t parameters;
    int axes;         /* 1: y has one point, at 0 */
    struct landscape_side x, y;
    int columns, rows; /* points along the sides on the finest level that is whole: 17×17 of 33×33 */
    float z[LANDSCAPE_VIEW_POINTS]; /* the loss, [y.points][x.points], row 0 at y.lo; between the points of that level
                                       as straight lines have it; NaN where nothing is known or it is not finite */
    int not_finite;   /* heights computed that are not */
    double loss;      /* at the weights, of the probe batch */
    double least, most;             /* of the heights computed … */
    double least_at[2], most_at[2]; /* … and where */
    int feet;         /* 1; of a line 2: the figures of its other end too */
    struct landscape_foot foot[2]; /* their loss is NaN until all heights are known */
    int path_points;  /* of the way the weights took; on planes that were not made for it, as it falls on them */
    double path[LANDSCAPE_VIEW_PATH][2]; /* coordinates on the axes, the last one (0, 0) */
    uint64_t path_step[LANDSCAPE_VIEW_PATH]; /* steps before each of them */
    struct landscape_path_point path_point[LANDSCAPE_VIEW_PATH];
    int curve_points; /* 0, or x.points: the loss along a curve between the ends of the line, NaN where unknown */
    float curve[LANDSCAPE_VIEW_CURVE];
    double line_barrier, curve_barrier; /* landscape.h; NaN: not known */
};

#endif
