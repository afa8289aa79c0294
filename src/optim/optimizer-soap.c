/* SPDX-License-Identifier: MIT */
/* SOAP (Vyas et al. 2024, arXiv 2409.11321; the authors' implementation without merged dimensions): Adam in the
 * eigenbasis of Shampoo's preconditioners. Of each matrix G, with β = shampoo_beta (below 0: β₂):
 *   first step:  L = (1 − β) G Gᵀ,  R = (1 − β) Gᵀ G,  their eigenvectors Q, P, largest eigenvalue first; θ stays
 *   later, n = t − 1:
 *     M ← β₁ M + (1 − β₁) G
 *     V ← β₂ V + (1 − β₂) (Qᵀ G P)²
 *     θ ← θ − η' Q [(Qᵀ M P)/(√V + ε)] Pᵀ,   η' = η √(1 − β₂ⁿ)/(1 − β₁ⁿ) with correct_bias, else η
 *     θ ← θ − η λ θ
 *     L ← β L + (1 − β) G Gᵀ,   R ← β R + (1 − β) Gᵀ G
 *     every precondition_frequency steps: sort Q, and V with it, by diag(Qᵀ L Q); Q ← the Q of L Q = Q R'; P likewise
 * Of vectors, Q and P are 1. */
#include "optim/soap.h"

#include "math/blas.h"
#include "math/eigen.h"
#include "math/qr.h"

#include <string.h>

struct work {
    const struct optimizer_args *a;
    const struct optimizer_part *p;
    const real *gradient;
    real *theta, *mean, *square;
    struct soap_matrices s;
    real *turned, *step, *spare; /* [rows][cols] */
    real *power;                 /* [most][most] */
    double *exact;               /* [most][most], and qr's work */
};

static void defaults(struct optimizer_args *a)
{
    a->lr = 3e-3;
    a->beta1 = a->beta2 = .95;
    a->shampoo_beta = -1;
    a->weight_decay = .01;
    a->precondition_frequency = 10;
    a->correct_bias = 1;
}

/* Rows or columns of the largest matrix, and elements of the part that has most. */
static size_t longest_side(const struct optimizer_args *a)
{
    int most = 0;

    for (int i = 0; i < a->parts; i++) {
        most = a->part[i].rows > most ? a->part[i].rows : most;
        most = a->part[i].cols > most ? a->part[i].cols : most;
    }
    return (size_t)most;
}

static size_t largest(const struct optimizer_args *a, size_t n)
{
    size_t most = a->part ? 0 : n;

    for (int i = 0; i < a->parts; i++)
        most = a->part[i].count > most ? a->part[i].count : most;
    return most;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    size_t matrices = 0, side = longest_side(a), scratch = 3 * largest(a, n) + 2 * side * side;

    for (int i = 0; i < a->parts; i++)
        matrices += soap_elements(&a->part[i]);
    return (struct optimizer_size){.vectors = SOAP_MATRICES + (n ? (matrices + n - 1) / n : 0),
                                   .scratch = n ? (scratch + n - 1) / n : 0,
                                   .scratch_scalars = side * side + qr_work((int)side)};
}

/* out = Qᵀ X P, of a matrix. */
static void turn(const struct work *w, const real *X, real *out)
{
    int r = w->p->rows, c = w->p->cols;

    R(blas).nn(r, c, r, w->s.left_basis, r, X, c, 0, w->spare, c);
    R(blas).nt(r, c, c, w->spare, c, w->s.right_basis, c, 0, out, c);
}

/* X ← Q X Pᵀ */
static void turn_back(const struct work *w, real *X)
{
    int r = w->p->rows, c = w->p->cols;

    R(blas).tn(r, c, r, w->s.left_basis, r, X, c, 0, w->spare, c);
    R(blas).nn(r, c, c, w->spare, c, w->s.right_basis, c, 0, X, c);
}

/* L ← β L + (1 − β) G Gᵀ, and R. */
static void take_outer(const struct work *w)
{
    int r = w->p->rows, c = w->p->cols;
    double beta = w->a->shampoo_beta < 0 ? w->a->beta2 : w->a->shampoo_beta;
    real keep = (real)beta, take = (real)(1 - beta);

    R(blas).nt(r, r, c, w->gradient, c, w->gradient, c, 0, w->power, r);
    for (size_t i = 0; i < (size_t)r * (size_t)r; i++)
        w->s.left[i] = keep * w->s.left[i] + take * w->power[i];
    R(blas).tn(c, c, r, w->gradient, c, w->gradient, c, 0, w->power, c);
    for (size_t i = 0; i < (size_t)c * (size_t)c; i++)
        w->s.right[i] = keep * w->s.right[i] + take * w->power[i];
}

/* ---- the bases ------------------------------------------------------------------------------ */

static int first_basis(const struct work *w, int n, const real *matrix, real *basis)
{
    size_t all = (size_t)n * (size_t)n, side = (size_t)n;
    double *value = w->exact + all;

    for (size_t i = 0; i < all; i++)
        w->exact[i] = (double)matrix[i];
    if (eigen_symmetric(n, w->exact, value, 1, NULL) != 0)
        return -1;
    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++)
            basis[i * side + j] = (real)w->exact[(side - 1 - i) * side + j];
    return 0;
}

/* Exchange basis vectors i and j, of n; and with them rows (of the left basis) or columns of V. */
static void exchange(const struct work *w, int left, size_t n, real *basis, size_t i, size_t j)
{
    size_t r = (size_t)w->p->rows, c = (size_t)w->p->cols, across = left ? c : r;

    for (size_t k = 0; k < n; k++) {
        real b = basis[i * n + k], p = w->power[i * n + k];
        basis[i * n + k] = basis[j * n + k];
        basis[j * n + k] = b;
        w->power[i * n + k] = w->power[j * n + k];
        w->power[j * n + k] = p;
    }
    for (size_t k = 0; k < across; k++) {
        real *x = left ? &w->square[i * c + k] : &w->square[k * c + i];
        real *y = left ? &w->square[j * c + k] : &w->square[k * c + j], v = *x;
        *x = *y;
        *y = v;
    }
}

/* One power iteration: the rows of `power` become matrix · basis vector, sorted; then orthonormal. */
static void refresh(const struct work *w, int left, int n, const real *matrix, real *basis)
{
    double *value = w->exact; /* before it is needed for the decomposition */
    size_t side = (size_t)n, all = side * side;

    R(blas).nn(n, n, n, basis, n, matrix, n, 0, w->power, n);
    for (size_t i = 0; i < side; i++) {
        value[i] = 0;
        for (size_t k = 0; k < side; k++)
            value[i] += (double)basis[i * side + k] * (double)w->power[i * side + k];
    }
    for (size_t i = 0; i < side; i++) { /* selection: as few exchanges as can be */
        size_t best = i;
        double v = value[i];
        for (size_t k = i + 1; k < side; k++)
            best = value[k] > value[best] ? k : best;
        if (best == i)
            continue;
        value[i] = value[best];
        value[best] = v;
        exchange(w, left, side, basis, i, best);
    }
    for (size_t i = 0; i < all; i++)
        w->exact[i] = (double)w->power[i];
    qr_orthonormal(n, w->exact, w->exact + all);
    for (size_t i = 0; i < all; i++)
        basis[i] = (real)w->exact[i];
}

/* ---- the step ------------------------------------------------------------------------------- */

static int begin(const struct work *w)
{
    if (!w->p->rows)
        return 0;
    memset(w->s.left, 0, sizeof(real) * (size_t)w->p->rows * (size_t)w->p->rows);
    memset(w->s.right, 0, sizeof(real) * (size_t)w->p->cols * (size_t)w->p->cols);
    take_outer(w);
    return first_basis(w, w->p->rows, w->s.left, w->s.left_basis) ||
                   first_basis(w, w->p->cols, w->s.right, w->s.right_basis)
               ? -1
               : 0;
}

/* M, V and the direction (Qᵀ M P)/(√V + ε), turned back. */
static void moments(const struct work *w)
{
    real b1 = (real)w->a->beta1, rest1 = (real)(1 - w->a->beta1), b2 = (real)w->a->beta2,
         rest2 = (real)(1 - w->a->beta2), eps = (real)w->a->eps;
    const real *turned = w->gradient, *mean = w->mean;

    for (size_t i = 0; i < w->p->count; i++)
        w->mean[i] = b1 * w->mean[i] + rest1 * w->gradient[i];
    if (w->p->rows) {
        turn(w, w->gradient, w->turned);
        turn(w, w->mean, w->step);
        turned = w->turned;
        mean = w->step;
    }
    for (size_t i = 0; i < w->p->count; i++) {
        w->square[i] = b2 * w->square[i] + rest2 * turned[i] * turned[i];
        w->step[i] = mean[i] / (real_sqrt(w->square[i]) + eps);
    }
    if (w->p->rows)
        turn_back(w, w->step);
}

static void step_part(const struct work *w)
{
    const struct optimizer_args *a = w->a;
    double n = (double)a->t - 1;
    double correct = a->correct_bias ? sqrt(1 - pow(a->beta2, n)) / (1 - pow(a->beta1, n)) : 1;
    real rate = (real)(a->lr * correct), keep = (real)(1 - a->lr * a->weight_decay);

    moments(w);
    for (size_t i = 0; i < w->p->count; i++)
        w->theta[i] = keep * (w->theta[i] - rate * w->step[i]);
    if (!w->p->rows)
        return;
    take_outer(w);
    if (a->precondition_frequency > 0 && (a->t - 1) % (uint64_t)a->precondition_frequency == 0) {
        refresh(w, 1, w->p->rows, w->s.left, w->s.left_basis);
        refresh(w, 0, w->p->cols, w->s.right, w->s.right_basis);
    }
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m)
{
    const struct optimizer_part whole = {.count = n}, *part = a->part ? a->part : &whole;
    size_t most = largest(a, n);
    struct work w = {.a = a,
                     .turned = m->scratch,
                     .step = m->scratch + most,
                     .spare = m->scratch + 2 * most,
                     .power = m->scratch + 3 * most,
                     .exact = m->scratch_scalar};
    real *matrices = m->vector + SOAP_MATRICES * n;
    int failed = 0;

    (void)c;
    for (int i = 0; i < (a->part ? a->parts : 1); i++) {
        w.p = &part[i];
        w.theta = theta + w.p->offset;
        w.gradient = gradient + w.p->offset;
        w.mean = m->vector + SOAP_MEAN * n + w.p->offset;
        w.square = m->vector + SOAP_SQUARE * n + w.p->offset;
        matrices = soap_matrices(w.p, matrices, &w.s);
        if (a->t == 1)
            failed |= begin(&w);
        else
            step_part(&w);
    }
    return failed;
}

const struct optimizer R(optimizer_soap) = {
    .name = "soap",
    .title = "SOAP",
    .use = "Networks of matrices with some hundred rows, when AdamW's steps are the bottleneck: fewer, each costlier.\n"
           "The first step only measures; larger batches let the basis be refreshed less often.",
    .reads = "beta1 beta2 shampoo_beta eps weight_decay precondition_frequency correct_bias",
    .defaults = defaults,
    .size = size,
    .step_vector = step_vector,
};
