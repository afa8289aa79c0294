/* SPDX-License-Identifier: MIT */
/* Squared error of the probabilities p = softmax(z) against onehot(y), summed over classes; d = p − onehot:
 *   L = Σ_j d_j²,   ∂L/∂z_j = 2 p_j (d_j − ⟨p, d⟩).
 * Its gradient vanishes where p_y → 0: the lecture's point. With R{z} = v, R{p} = r = p ∘ (v − ⟨p, v⟩) and
 *   ∂²L/∂z² v = 2 r ∘ (d − ⟨p, d⟩) + 2 p ∘ (r − ⟨r, d⟩ − ⟨p, r⟩),
 * which may be negative; Gauss–Newton is split at the probabilities instead: 2 J_pᵀ J_p, J_p v = r and
 *   J_pᵀ r = p ∘ (r − ⟨p, r⟩). */
#include "net/loss.h"

static double value(const struct loss_args *a, int classes, const real *z, int y, real *gradient)
{
    real p[LOSS_MOST_CLASSES + 1], loss = 0, mean = 0;

    (void)a;
    R(loss_softmax)(classes, z, p);
    for (int j = 0; j < classes; j++) {
        real d = p[j] - (j == y);
        loss += d * d;
        mean += p[j] * d;
    }
    for (int j = 0; gradient && j < classes; j++)
        gradient[j] = 2 * p[j] * (p[j] - (j == y) - mean);
    return (double)loss;
}

/* p, and r = R{p}. */
static void probabilities(int classes, const real *z, const real *v, real *p, real *r)
{
    real mean = 0;

    R(loss_softmax)(classes, z, p);
    for (int j = 0; j < classes; j++)
        mean += p[j] * v[j];
    for (int j = 0; j < classes; j++)
        r[j] = p[j] * (v[j] - mean);
}

static void hessian(const struct loss_args *a, int classes, const real *z, int y, const real *v, real *out)
{
    real p[LOSS_MOST_CLASSES + 1], r[LOSS_MOST_CLASSES + 1], mean = 0, rmean = 0;

    (void)a;
    probabilities(classes, z, v, p, r);
    for (int j = 0; j < classes; j++) {
        mean += p[j] * (p[j] - (j == y));
        rmean += r[j] * (p[j] - (j == y)) + p[j] * r[j];
    }
    for (int j = 0; j < classes; j++)
        out[j] = 2 * r[j] * (p[j] - (j == y) - mean) + 2 * p[j] * (r[j] - rmean);
}

static void gauss_newton(const struct loss_args *a, int classes, const real *z, int y, const real *v, real *out)
{
    real p[LOSS_MOST_CLASSES + 1], r[LOSS_MOST_CLASSES + 1], mean = 0;

    (void)a;
    (void)y;
    probabilities(classes, z, v, p, r);
    for (int j = 0; j < classes; j++)
        mean += p[j] * r[j];
    for (int j = 0; j < classes; j++)
        out[j] = 2 * p[j] * (r[j] - mean);
}

const struct loss_kind R(loss_mse_softmax) = {
    .name = "mse_softmax",
    .title = "MSE on softmax",
    .value = value,
    .hessian = hessian,
    .gauss_newton = gauss_newton,
};
