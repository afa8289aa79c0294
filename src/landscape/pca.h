/* SPDX-License-Identifier: MIT */
/* The plane that a trajectory of weights mostly lies in: the first two principal components of its points
 * (Li et al. 2018, section 7; E. Lorch 2016). Of m points in n dimensions, m ≪ n: eigenvectors y of the Gram
 * matrix of their deviations from the mean, and from them the axes Σ y_i θ_i / √λ. */
#ifndef SADDLE_LANDSCAPE_PCA_H
#define SADDLE_LANDSCAPE_PCA_H

#include "core/pool.h"
#include "hessian/objective.h"

enum { PCA_MOST_POINTS = 512 };

struct pca_ops {
    /* u[n], v[n] of length 1, orthogonal; coordinates[count][2] of the points in them, the last point at (0,
     * 0), so turned that the first stands left of it or below; share[2] of the variance that each axis
     * explains. Where one axis explains all, v is random and its share 0. Errors: ERR_INPUT, fewer than two
     * points or all the same; ERR_RUNTIME; ERR_DIVERGED, points that are not finite. */
    int (*axes)(int64_t n, int count, const real *const *point, uint64_t seed, struct pool *pool, real *u,
                real *v, double (*coordinates)[2], double share[2], struct err *e);
};
extern const struct pca_ops R(pca);

#endif
