/* SPDX-License-Identifier: MIT */
/* A path of weights over a plane: where its points fall on it, and how far from it they are. */
#ifndef SADDLE_LANDSCAPE_PATH_H
#define SADDLE_LANDSCAPE_PATH_H

#include "landscape/find.h"

struct landscape_path_ops { /* u and v are the plane's directions; work[n] is scratch */
    /* Room for the path's coordinates and figures in l. Errors: ERR_RUNTIME. */
    int (*room)(const struct landscape_of *of, struct landscape *l, struct err *e);
    /* On a plane that was not made for it, the path as it falls on it; nothing is done where there is none. */
    int (*project)(const struct landscape_of *of, struct landscape *l, const real *u, const real *v, real *work,
                   struct err *e);
    /* The figures of every point, each with two evaluations of the loss; progress as in the sharpness. Errors: the
     * objective's, ERR_CANCELLED. */
    int (*measure)(const struct landscape_of *of, struct landscape *l, const real *u, const real *v, real *work,
                   int (*progress)(void *context, int done, int of), void *context, struct err *e);
};
extern const struct landscape_path_ops R(landscape_path);

#endif
