/* SPDX-License-Identifier: MIT */
/* Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon; Liu et al. 2025, arXiv 2502.16982; PyTorch's
 * torch.optim.Muon, computed in this build's precision throughout): the momentum of each hidden matrix, with its
 * singular values brought near 1 by a Newton–Schulz iteration.
 *   B ← μ B + (1 − μ) G,   U = μ B + (1 − μ) G with Nesterov, else B
 *   X = U/max(|U|, ε), transposed where it has more rows than columns
 *   ns_steps times:  S = X Xᵀ,  X ← a X + (b S + c S S) X
 *   θ ← θ − η λ θ − η f X,   f = √max(1, rows/columns), or 0.2 √max(rows, columns) with match_rms_adamw
 * Vectors and the matrices of the first and last layer take AdamW's steps at adamw_scale times the rate. */
#include "optim/adam.h"

#include "math/blas.h"

enum { MOMENTUM, SQUARE, VECTORS };               /* B or Adam's m; Adam's v */
enum { ROTATED, GRAM, POLYNOMIAL, CORRECTION, MATRICES }; /* X, S, b S + c S S, and what it adds to X */

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-3;
    a->weight_decay = .1;
    a->momentum = .95;
    a->nesterov = 1;
    a->eps = 1e-7;
    a->ns_steps = 5;
    a->ns_coefficients[0] = 3.4445;
    a->ns_coefficients[1] = -4.775;
    a->ns_coefficients[2] = 2.0315;
    a->adamw_scale = 1;
}

/* Elements of the largest matrix that is rotated. */
static size_t largest(const struct optimizer_args *a)
{
    size_t most = 0;

    for (int i = 0; i < a->parts; i++)
        if (a->part[i].hidden && a->part[i].count > most)
            most = a->part[i].count;
    return most;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    return (struct optimizer_size){.vectors = VECTORS,
                                   .scratch = n ? (MATRICES * largest(a) + n - 1) / n : 0};
}

/* B, and U/max(|U|, ε) as X[rows][cols] or its transpose. */
static void take_momentum(const struct optimizer_args *a, const struct optimizer_part *p, const real *G, real *B,
                          real *X)
{
    real mu = (real)a->momentum, rest = (real)(1 - a->momentum), own = a->nesterov ? rest : 0,
         of_b = a->nesterov ? mu : 1, by;
    size_t rows = (size_t)p->rows, cols = (size_t)p->cols;
    double square = 0;

    for (size_t i = 0; i < p->count; i++) {
        double u;
        B[i] = mu * B[i] + rest * G[i];
        u = (double)(of_b * B[i] + own * G[i]);
        square += u * u;
    }
    by = (real)(1 / fmax(sqrt(square), a->eps));
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            size_t at = i * cols + j;
            X[rows > cols ? j * rows + i : at] = by * (of_b * B[at] + own * G[at]);
        }
}

/* X[k][l], k ≤ l, towards the nearest matrix with orthonormal rows. */
static void newton_schulz(const struct optimizer_args *a, int k, int l, real *X, size_t stride)
{
    real x = (real)a->ns_coefficients[0], s = (real)a->ns_coefficients[1], ss = (real)a->ns_coefficients[2];
    real *S = X + (GRAM - ROTATED) * stride, *P = X + (POLYNOMIAL - ROTATED) * stride,
         *Y = X + (CORRECTION - ROTATED) * stride;

    for (int step = 0; step < a->ns_steps; step++) {
        R(blas).nt(k, k, l, X, l, X, l, 0, S, k);
        R(blas).nn(k, k, k, S, k, S, k, 0, P, k);
        for (int i = 0; i < k * k; i++)
            P[i] = s * S[i] + ss * P[i];
        R(blas).nn(k, l, k, P, k, X, l, 0, Y, l);
        for (size_t i = 0; i < (size_t)k * (size_t)l; i++)
            X[i] = x * X[i] + Y[i];
    }
}

static void step_matrix(const struct optimizer_args *a, const struct optimizer_part *p, real *theta, const real *G,
                        real *B, real *X, size_t stride)
{
    int tall = p->rows > p->cols;
    double rows = p->rows, cols = p->cols;
    double factor = a->adjust_lr_fn == OPTIMIZER_MATCH_RMS_ADAMW ? .2 * sqrt(fmax(rows, cols))
                                                                  : sqrt(fmax(1, rows / cols));
    real keep = (real)(1 - a->lr * a->weight_decay), rate = (real)(a->lr * factor);

    take_momentum(a, p, G, B, X);
    newton_schulz(a, tall ? p->cols : p->rows, tall ? p->rows : p->cols, X, stride);
    for (size_t i = 0; i < (size_t)p->rows; i++)
        for (size_t j = 0; j < (size_t)p->cols; j++) {
            size_t at = i * (size_t)p->cols + j;
            theta[at] = keep * theta[at] - rate * X[tall ? j * (size_t)p->rows + i : at];
        }
}

KERNEL static void step_adamw(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                              real *const *slot)
{
    struct optimizer_args own = *a;

    own.lr *= a->adamw_scale;
    own.amsgrad = 0;
    adam_step(&own, (real)(1 - own.lr * own.weight_decay), 0, n, theta, gradient, slot);
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m)
{
    const struct optimizer_part whole = {.count = n}, *part = a->part ? a->part : &whole;
    size_t stride = largest(a);

    (void)c;
    for (int i = 0; i < (a->part ? a->parts : 1); i++) {
        const struct optimizer_part *p = &part[i];
        real *first = m->vector + MOMENTUM * n + p->offset, *second = m->vector + SQUARE * n + p->offset;
        real *const slot[] = {first, second, NULL};
        if (p->hidden)
            step_matrix(a, p, theta + p->offset, gradient + p->offset, first, m->scratch, stride);
        else
            step_adamw(a, p->count, theta + p->offset, gradient + p->offset, slot);
    }
    return 0;
}

const struct optimizer R(optimizer_muon) = {
    .name = "muon",
    .title = "Muon",
    .use = "Networks with wide hidden matrices, when fewer steps than AdamW's are worth about 30 n³ operations a matrix.\n"
           "With adjust_lr_fn match_rms_adamw, AdamW's learning rate and weight decay carry over.",
    .reads = "momentum nesterov weight_decay beta1 beta2 eps ns_steps adjust_lr_fn adamw_scale",
    .defaults = defaults,
    .size = size,
    .step_vector = step_vector,
};
