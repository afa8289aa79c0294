/* SPDX-License-Identifier: MIT */
/* The gradient noise scale (S. McCandlish, J. Kaplan, D. Amodei, OpenAI Dota Team, "An empirical model of large-batch
 * training", 2018, arXiv:1812.06162): B_simple = tr Σ / |G|², G the gradient of the loss over all data and Σ the
 * covariance of the gradients of single examples. Batches much smaller than that are mostly noise, and larger ones save
 * steps; batches much larger save few.
 *
 * Estimated at the run's weights from K batches of B examples each, none twice. With their gradients G_b, the mean Ḡ and
 * S = Σ_b |G_b − Ḡ|² / (K − 1), without bias
 *     tr Σ ≈ B S,   |G|² ≈ |Ḡ|² − S / K:
 * the paper's appendix A.1 with B and K B as the small and the large batch. The gradients are those of training steps: dropout,
 * input noise and masks, and batch norm by the batch's statistics, whose gradients depend on the batch as a whole. */
#ifndef SADDLE_RUN_NOISE_SCALE_H
#define SADDLE_RUN_NOISE_SCALE_H

#include "run/run.h"

struct noise_scale_plan {
    int batch, batches; /* B ≥ 1 and K ≥ 2; less where the run's batches or its training set are smaller */
    double seconds;     /* no batch is begun after that */
};

struct noise_scale {
    int batch, batches;       /* as used; fewer than 2 batches: nothing is known */
    double gradient_squared;  /* |G|²; noise can make the estimate negative. NaN: not known */
    double trace;             /* tr Σ */
    double scale;             /* their quotient in examples; NaN where |G|² is not positive: more than can be told from so
                                 many batches */
};

/* The run stays as it is. Errors: ERR_RUNTIME, memory; ERR_CANCELLED; ERR_INPUT, data that is gone; ERR_DIVERGED, a
 * gradient that is not finite. */
int noise_scale(struct noise_scale *n, struct run *l, const struct noise_scale_plan *plan, struct err *e);

#endif
