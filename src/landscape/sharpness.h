/* SPDX-License-Identifier: MIT */
/* ε-sharpness: how much the function rises within a small box around a point (N. S. Keskar, D. Mudigere,
 * J. Nocedal, M. Smelyanskiy and P. T. P. Tang 2017, "On large-batch training for deep learning", (3), with
 * A the identity):
 *
 *     φ = 100 · (max f(x + z) − f(x)) / (1 + f(x))   over  |z_i| ≤ ε (|x_i| + 1)
 *
 * They run ten iterations of L-BFGS-B. Here it is at most twenty of the conditional gradient method (M. Frank and P.
 * Wolfe 1956): the corner of the box where the linear model at z is largest, all the way there if f rises,
 * else half way and so on. Where f curves upwards, where the maximum lies in a corner, every whole step
 * rises. It begins with the gradient at x and, where a direction is given (the top eigenvector), with the
 * corners on both its sides as well: at a minimum there is no gradient to follow. The largest value found
 * counts, so φ is a lower bound. */
#ifndef SADDLE_LANDSCAPE_SHARPNESS_H
#define SADDLE_LANDSCAPE_SHARPNESS_H

#include "hessian/objective.h"
#include "landscape/sharpness-report.h"

struct sharpness_ops {
    /* along[n] may be NULL; epsilon 0: SHARPNESS_EPSILON. progress (may be NULL) after every gradient, not 0
     * ends it with ERR_CANCELLED. Errors: the objective's; ERR_DIVERGED, f(x) is not finite; ERR_RUNTIME. */
    int (*find)(const struct objective *o, const real *x, const real *along, double epsilon,
                struct sharpness_report *r, int (*progress)(void *context, int done, int of), void *context,
                struct err *e);
};
extern const struct sharpness_ops R(sharpness);

#endif
