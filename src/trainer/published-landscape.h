/* What a screen sees of the landscape around the run's weights: the heights of the slice asked for last, coarse
 * at first and then finer, the figures under it, and how the one in hand is getting on. Plain data, handed over by
 * trainer_landscape (trainer.h).
 *
 * Figures that are not known (yet) are NaN. A landscape in hand leaves the picture of the one before it in place
 * until it has one of its own; drawn again and again along a run, until it is whole. */
#ifndef SADDLE_TRAINER_PUBLISHED_LANDSCAPE_H
#define SADDLE_TRAINER_PUBLISHED_LANDSCAPE_H

#include <stdint.h>

#include "trainer/landscape-plan.h"
#include "landscape/landscape.h"

enum {
    LANDSCAPE_VIEW_POINTS = LANDSCAPE_PLAN_PLANE * LANDSCAPE_PLAN_PLANE, /* heights, at most */
    LANDSCAPE_VIEW_PATH = 160, /* points of a path, at most */
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
};

#endif
