/* SPDX-License-Identifier: MIT */
/* A line search for the strong Wolfe conditions: it knows of a line only f and its slope at t, so that it
 * serves any vector. */
#ifndef SADDLE_OPTIM_WOLFE_H
#define SADDLE_OPTIM_WOLFE_H

struct wolfe_point {
    double t, f, slope; /* slope = df/dt */
    void *gradient;     /* the caller's: the gradient at this point */
};

struct wolfe_line {
    /* Fill f, slope and *gradient at p->t; f may be infinite. Nonzero ends the search. */
    int (*at)(void *context, struct wolfe_point *p);
    void *context;
    double size; /* largest entry of the direction: how far θ moves when t grows by 1 */
};

/* From `start` (t = 0, slope < 0) try `t` first. Trials are written to the gradients of `start` and of
 * `spare`. Returns 0 and the best point in *found, or what at() returned. */
int strong_wolfe(const struct wolfe_line *l, const struct wolfe_point *start, double t, void *const spare[2],
                 struct wolfe_point *found);

#endif
