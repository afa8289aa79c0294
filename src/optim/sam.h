/* SPDX-License-Identifier: MIT */
/* Sharpness-aware minimisation, a switch beside any optimizer (args: sam, sam_rho, sam_eta): the gradient is taken where
 * the loss nearby is highest, to first order, and the step is made from θ.
 *   SAM (Foret et al. 2021, arXiv 2010.01412; davda54/sam):  e = ρ g/(|g| + 1e-12)
 *   ASAM (Kwon et al. 2021, arXiv 2102.11600; SamsungLabs/ASAM):  e = ρ T² g/(|T g| + 1e-16), element by element, with
 *     T = |θ| + η for weights, 1 for biases
 * The norm is over all of θ. */
#ifndef SADDLE_OPTIM_SAM_H
#define SADDLE_OPTIM_SAM_H

#include "optim/optimizer.h"

struct sam_memory {
    real *point; /* [n]: θ + e */
    double *sum; /* [sums(n)]; holds nothing in between */
};

/* A closure whose gradient is the one at θ + e. */
struct sam_closure {
    const struct optimizer_args *a;
    struct optimizer_closure inner;
    size_t n;
    struct sam_memory memory;
};

struct sam_ops {
    size_t (*sums)(size_t n);
    /* memory.point = θ + e, for the gradient at θ. */
    void (*point)(const struct optimizer_args *a, size_t n, const real *theta, const real *gradient,
                  const struct sam_memory *memory);
    /* s with its `inner` as a closure; Hessian products stay those at θ. */
    struct optimizer_closure (*closure)(struct sam_closure *s);
};
extern const struct sam_ops R(sam);

#endif
