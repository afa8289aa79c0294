/* SPDX-License-Identifier: MIT */
/* A landscape of any objective: directions, heights, figures. */
#ifndef SADDLE_LANDSCAPE_FIND_H
#define SADDLE_LANDSCAPE_FIND_H

#include "landscape/directions.h"
#include "landscape/landscape.h"

struct landscape_of { /* all borrowed; vectors have the objective's n elements */
    const struct objective *objective;
    const real *theta;
    int places; /* the tensors of θ, for random directions; 0: all of θ is one filter */
    const struct place *place;
    const real *other; /* the other end of a line or curve */
    const struct objective *train;                  /* of a curve: the loss of a mini-batch, which becomes … */
    void (*next)(void *context, int step);          /* … that of a step's */
    void *next_context;
    int path_points;
    const real *const *path;
    struct pool *pool;                                /* NULL: the calling thread alone */
    void (*moved)(void *context, double a, double b); /* see slice.h; may be NULL */
    void *moved_context;
};

struct landscape_find_ops {
    /* As landscape_run. */
    int (*find)(const struct landscape_of *of, const struct landscape_wish *wish, struct landscape *l,
                struct err *e);
};
extern const struct landscape_find_ops R(landscape_find);

#endif
