/* SPDX-License-Identifier: MIT */
/* Squared error of the logits themselves against onehot(y), summed over classes:
 *   L = Σ_j (z_j − onehot_j)²,   ∂L/∂z = 2 (z − onehot),   ∂²L/∂z² v = 2 v. */
#include "net/loss.h"

static double value(const struct loss_args *a, int classes, const real *z, int y, real *gradient)
{
    double loss = 0;

    (void)a;
    for (int j = 0; j < classes; j++) {
        real d = z[j] - (j == y);
        loss += (double)d * (double)d;
        if (gradient)
            gradient[j] = 2 * d;
    }
    return loss;
}

static void hessian(const struct loss_args *a, int classes, const real *z, int y, const real *v, real *out)
{
    (void)a;
    (void)z;
    (void)y;
    for (int j = 0; j < classes; j++)
        out[j] = 2 * v[j];
}

const struct loss_kind R(loss_mse_logits) = {
    .name = "mse_logits",
    .title = "MSE on logits",
    .value = value,
    .hessian = hessian,
};
