/* SPDX-License-Identifier: MIT */
/* Surfaces that can be seen whole: f with its exact gradient and exact Hessian, in double. One file each
 * (surface-NAME.c), the formula and its source above the code, ending in its const descriptor; listed in
 * surface.c. Surfaces of one formula with other numbers share a file. A formula the user typed is one
 * more (formula.h). */
#ifndef SADDLE_RACE_SURFACE_H
#define SADDLE_RACE_SURFACE_H

#include "core/err.h"

/* Coordinates; minima, racers and matrices that are told. */
enum { SURFACE_MOST = 16, SURFACE_OPTIMA = 4, SURFACE_RACERS = 4, SURFACE_MATRICES = 2 };

struct surface {
    const char *name;    /* "rosenbrock" */
    const char *title;   /* "Rosenbrock's valley" */
    const char *formula; /* a line for the reader */
    int n;               /* coordinates, 1 … SURFACE_MOST */
    /* The matrices that the coordinates are, row-major, one after the other; rows 0 beyond the last. */
    struct {
        int rows, cols;
    } matrix[SURFACE_MATRICES];
    /* The plot: the first two coordinates, the others held. */
    const char *axis[2];
    struct {
        double low, high;
    } window[2];
    double start[SURFACE_MOST]; /* suggested */
    int optima;                 /* global minima known, 0 when there is none; of a curve of them, one point */
    double optimum[SURFACE_OPTIMA][SURFACE_MOST];
    /* A race that shows what the surface is there for, in the words of `saddle race`. */
    struct {
        const char *racer[SURFACE_RACERS]; /* "sgd:lr=.05"; NULL beyond the last */
        const char *until;                 /* "loss<.01"; NULL: there is nowhere to arrive */
        int pace;                          /* steps a frame at which it is well looked at; 0 is 1 */
    } race;
    /* f at x[n]; fills gradient[n] and hessian[n][n] (row-major, symmetric), each of which may be NULL. */
    double (*f)(const struct surface *s, const double *x, double *gradient, double *hessian);
    const void *data; /* f's own numbers, or NULL */
};

/* The i-th of the registry, or NULL beyond the last; by name, or NULL. */
const struct surface *surface_at(int i);
const struct surface *surface_find(const char *name);

/* Gradient and curvature at a point. */
struct surface_point {
    double f, gradient_norm;
    double eigenvalue[SURFACE_MOST]; /* of the Hessian, ascending: n */
    double limit;                    /* 2/λmax: gradient descent with a larger learning rate diverges;
                                        INFINITY where no eigenvalue is positive */
};

/* Errors: ERR_DIVERGED, a value that is not finite. */
int surface_look(const struct surface *s, const double *x, struct surface_point *p, struct err *e);

#endif
