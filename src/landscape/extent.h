/* SPDX-License-Identifier: MIT */
/* Default extent of a slice along a direction: to where the loss doubles, or as far as a path. */
#ifndef SADDLE_LANDSCAPE_EXTENT_H
#define SADDLE_LANDSCAPE_EXTENT_H

#include "landscape/find.h"

struct landscape_extent_ops { /* work[n] is scratch; errors are the objective's */
    /* Slope gᵀd and curvature dᵀHd along `axes` directions into to[], and the loss. */
    int (*measure)(const struct landscape_of *of, int axes, const real *const *d, real *work,
                   struct landscape_direction *to, double *loss, struct err *e);
    /* X with |slope| X + ½ |curvature| X² = the loss itself (or a thousandth, of a smaller one), at most
     * |θ|/2; and where the loss at ± X d rises more than thrice as high, because that model holds too little,
     * half of it and so on. */
    int (*choose)(const struct landscape_of *of, const real *d, const struct landscape_direction *measured,
                  double loss, real *work, double *extent, struct err *e);
    /* Axis k of all of l's path and a margin; both axes have one scale where the second one would be nearly a
     * point. */
    struct landscape_axis (*path)(const struct landscape *l, int k, int points);
};
extern const struct landscape_extent_ops R(landscape_extent);

#endif
