/* SPDX-License-Identifier: MIT */
/* Cross-entropy of p = softmax(z) against the target t = (1−s)·onehot(y) + s/C, with label smoothing s
 * (Szegedy et al. 2016) and class weights w as PyTorch puts them, each term −t_j log p_j times its w_j:
 *   L = Σ_j u_j (log Σ exp z − z_j),  u_j = w_j t_j,  W = Σ_j u_j   (1 without class weights),
 *   ∂L/∂z = W p − u,   ∂²L/∂z² v = W (p ∘ v − p ⟨p, v⟩), which is never negative. */
#include "net/loss.h"

/* u_j of a class. */
static inline real share(const struct loss_args *a, int classes, int y, int j)
{
    double even = a->label_smoothing / classes, sure = j == y ? 1 - a->label_smoothing : 0;

    return (real)((even + sure) * (a->class_weight ? a->class_weight[j] : 1));
}

/* W */
static double whole(const struct loss_args *a, int classes, int y)
{
    double sum = 0;

    for (int j = 0; a->class_weight && j < classes; j++)
        sum += (double)share(a, classes, y, j);
    return a->class_weight ? sum : 1;
}

static double value(const struct loss_args *a, int classes, const real *z, int y, real *gradient)
{
    real p[LOSS_MOST_CLASSES + 1], log_sum = R(loss_softmax)(classes, z, p), w = (real)whole(a, classes, y);
    int plain = !a->class_weight && a->label_smoothing <= 0;
    double sum = 0;

    for (int j = plain ? y : 0; j < (plain ? y + 1 : classes); j++)
        sum += (double)(share(a, classes, y, j) * (log_sum - z[j]));
    for (int j = 0; gradient && j < classes; j++)
        gradient[j] = w * p[j] - (plain ? 0 : share(a, classes, y, j));
    if (gradient && plain)
        gradient[y] -= 1;
    return sum;
}

static void hessian(const struct loss_args *a, int classes, const real *z, int y, const real *v, real *out)
{
    real p[LOSS_MOST_CLASSES + 1], w = (real)whole(a, classes, y), mean = 0;

    R(loss_softmax)(classes, z, p);
    for (int j = 0; j < classes; j++)
        mean += p[j] * v[j];
    for (int j = 0; j < classes; j++)
        out[j] = w * p[j] * (v[j] - mean);
}

const struct loss_kind R(loss_cross_entropy) = {
    .name = "cross_entropy",
    .title = "cross-entropy",
    .weighted = 1,
    .value = value,
    .hessian = hessian,
};
