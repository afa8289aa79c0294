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

#include <string.h>

#include "optim/blocks.h"

enum { MOMENTUM, SQUARE, VECTORS };               /* B or Adam's m; Adam's v */
enum { ROTATED, NEXT, GRAM, POLYNOMIAL, MATRICES }; /* X, X of the next iteration, S, b S + c S S */

/* One matrix on its way. */
struct work {
    const struct optimizer_args *a;
    const struct optimizer_part *p;
    const real *gradient;
    real *theta, *momentum;
    real *X, *next, *S, *P;
    double *square; /* of U, a block of rows each */
    real by;        /* 1/max(|U|, ε) */
};

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

/* The largest matrix that is rotated: its elements, and blocks of its rows. */
static size_t largest(const struct optimizer_args *a, size_t *blocks)
{
    size_t most = 0;

    *blocks = 0;
    for (int i = 0; i < a->parts; i++) {
        const struct optimizer_part *p = &a->part[i];
        size_t rows = row_blocks((size_t)p->rows);
        if (p->hidden && p->count > most)
            most = p->count;
        if (p->hidden && rows > *blocks)
            *blocks = rows;
    }
    return most;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    size_t blocks, most = largest(a, &blocks);

    return (struct optimizer_size){.vectors = VECTORS,
                                   .scratch = n ? (MATRICES * most + n - 1) / n : 0,
                                   .scratch_scalars = blocks};
}

/* ---- the momentum --------------------------------------------------------------------------- */

/* What U is made of: `of_momentum` B + `of_gradient` G. */
struct mix {
    real of_momentum, of_gradient;
};

static struct mix mix_of(const struct optimizer_args *a)
{
    return a->nesterov ? (struct mix){(real)a->momentum, (real)(1 - a->momentum)} : (struct mix){1, 0};
}

/* B of n elements; returns |U|². */
KERNEL static double take_gradient(real mu, struct mix u, size_t n, const real *restrict gradient, real *restrict momentum)
{
    enum { LANES = 8 };
    double run[LANES] = {0};
    real rest = 1 - mu;

    for (size_t i = 0; i < n; i += LANES)
        for (size_t k = 0; k < LANES && i + k < n; k++) {
            real g = gradient[i + k], b = mu * momentum[i + k] + rest * g;
            double x = (double)(u.of_momentum * b + u.of_gradient * g);
            momentum[i + k] = b;
            run[k] += x * x;
        }
    for (size_t k = 1; k < LANES; k++)
        run[0] += run[k];
    return run[0];
}

static void momentum_block(void *context, int task)
{
    struct work *w = context;
    struct block b = row_block(task, (size_t)w->p->rows);
    size_t cols = (size_t)w->p->cols, from = b.from * cols;

    w->square[task] = take_gradient((real)w->a->momentum, mix_of(w->a), b.to * cols - from, w->gradient + from,
                                    w->momentum + from);
}

static int is_tall(const struct work *w)
{
    return w->p->rows > w->p->cols;
}

/* Where element i, j of the matrix stands in X. */
static size_t place_in(const struct work *w, size_t i, size_t j)
{
    return is_tall(w) ? j * (size_t)w->p->rows + i : i * (size_t)w->p->cols + j;
}

/* U/max(|U|, ε) as X, or its transpose. */
static void scale_block(void *context, int task)
{
    struct work *w = context;
    struct block b = row_block(task, (size_t)w->p->rows);
    struct mix u = mix_of(w->a);
    size_t cols = (size_t)w->p->cols;

    for (size_t i = b.from; i < b.to; i++)
        for (size_t j = 0; j < cols; j++) {
            size_t at = i * cols + j;
            w->X[place_in(w, i, j)] = w->by * (u.of_momentum * w->momentum[at] + u.of_gradient * w->gradient[at]);
        }
}

static void take_momentum(struct work *w)
{
    size_t blocks = row_blocks((size_t)w->p->rows);
    double square = 0;

    blocks_run(w->a, momentum_block, w, blocks);
    for (size_t i = 0; i < blocks; i++)
        square += w->square[i];
    w->by = (real)(1 / fmax(sqrt(square), w->a->eps));
    blocks_run(w->a, scale_block, w, blocks);
}

/* ---- the iteration -------------------------------------------------------------------------- */

/* Sides of X[k][l], k ≤ l. */
static int short_side(const struct work *w)
{
    return is_tall(w) ? w->p->cols : w->p->rows;
}

static int long_side(const struct work *w)
{
    return is_tall(w) ? w->p->rows : w->p->cols;
}

/* S and P are symmetric: their products are made from the diagonal on. */
static void gram_block(void *context, int task)
{
    struct work *w = context;
    int k = short_side(w), l = long_side(w);
    struct block b = row_block(task, (size_t)k);
    const real *rows = w->X + b.from * (size_t)l;

    blocks_products(w->a)->nt((int)(b.to - b.from), k - (int)b.from, l, rows, l, rows, l, 0, w->S + b.from * (size_t)k + b.from, k);
}

static void mirror_gram(void *context, int task)
{
    struct work *w = context;
    size_t k = (size_t)short_side(w);

    block_mirror(row_block(task, k), k, w->S);
}

static void polynomial_block(void *context, int task)
{
    struct work *w = context;
    real s = (real)w->a->ns_coefficients[1], ss = (real)w->a->ns_coefficients[2];
    int k = short_side(w);
    size_t side = (size_t)k;
    struct block b = row_block(task, side);

    blocks_products(w->a)->nn((int)(b.to - b.from), k - (int)b.from, k, w->S + b.from * side, k, w->S + b.from, k, 0,
               w->P + b.from * side + b.from, k);
    for (size_t i = b.from; i < b.to; i++)
        for (size_t j = b.from; j < side; j++)
            w->P[i * side + j] = s * w->S[i * side + j] + ss * w->P[i * side + j];
}

static void mirror_polynomial(void *context, int task)
{
    struct work *w = context;
    size_t k = (size_t)short_side(w);

    block_mirror(row_block(task, k), k, w->P);
}

static void next_block(void *context, int task)
{
    struct work *w = context;
    int k = short_side(w), l = long_side(w);
    struct block b = row_block(task, (size_t)k);
    size_t from = b.from * (size_t)l;

    memcpy(w->next + from, w->X + from, sizeof(real) * (b.to - b.from) * (size_t)l);
    blocks_products(w->a)->nn((int)(b.to - b.from), l, k, w->P + b.from * (size_t)k, k, w->X, l, (real)w->a->ns_coefficients[0],
               w->next + from, l);
}

/* X towards the nearest matrix with orthonormal rows. */
static void newton_schulz(struct work *w)
{
    static pool_task *const stage[] = {gram_block, mirror_gram, polynomial_block, mirror_polynomial, next_block};
    size_t blocks = row_blocks((size_t)short_side(w));

    for (int step = 0; step < w->a->ns_steps; step++) {
        real *before = w->X;
        for (size_t i = 0; i < sizeof stage / sizeof *stage; i++)
            blocks_run(w->a, stage[i], w, blocks);
        w->X = w->next;
        w->next = before;
    }
}

/* ---- the step ------------------------------------------------------------------------------- */

static void theta_block(void *context, int task)
{
    struct work *w = context;
    const struct optimizer_args *a = w->a;
    struct block b = row_block(task, (size_t)w->p->rows);
    size_t cols = (size_t)w->p->cols;
    double wide = w->p->cols, high = w->p->rows;
    double factor = a->adjust_lr_fn == OPTIMIZER_MATCH_RMS_ADAMW ? .2 * sqrt(fmax(high, wide))
                                                                  : sqrt(fmax(1, high / wide));
    real keep = (real)(1 - a->lr * a->weight_decay), rate = (real)(a->lr * factor);

    for (size_t i = b.from; i < b.to; i++)
        for (size_t j = 0; j < cols; j++)
            w->theta[i * cols + j] = keep * w->theta[i * cols + j] - rate * w->X[place_in(w, i, j)];
}

static void step_matrix(const struct work *of, const struct optimizer_memory *m)
{
    struct work w = *of;
    size_t blocks, most = largest(w.a, &blocks);

    w.X = m->scratch + ROTATED * most;
    w.next = m->scratch + NEXT * most;
    w.S = m->scratch + GRAM * most;
    w.P = m->scratch + POLYNOMIAL * most;
    w.square = m->scratch_scalar;
    take_momentum(&w);
    newton_schulz(&w);
    blocks_run(w.a, theta_block, &w, row_blocks((size_t)w.p->rows));
}

struct adamw {
    const struct work *w;
    real *second;
};

KERNEL static void step_adamw(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                              real *const *slot)
{
    struct optimizer_args own = *a;

    own.lr *= a->adamw_scale;
    own.amsgrad = 0;
    adam_step(&own, (real)(1 - own.lr * own.weight_decay), 0, n, theta, gradient, slot);
}

static void adamw_block(void *context, int task)
{
    const struct adamw *s = context;
    struct block b = block_at(task, s->w->p->count, BLOCK_ELEMENTS);
    real *const slot[] = {s->w->momentum + b.from, s->second + b.from, NULL};

    step_adamw(s->w->a, b.to - b.from, s->w->theta + b.from, s->w->gradient + b.from, slot);
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m)
{
    const struct optimizer_part whole = {.count = n}, *part = a->part ? a->part : &whole;

    (void)c;
    for (int i = 0; i < (a->part ? a->parts : 1); i++) {
        const struct optimizer_part *p = &part[i];
        struct work w = {.a = a, .p = p, .gradient = gradient + p->offset, .theta = theta + p->offset,
                         .momentum = m->vector + MOMENTUM * n + p->offset};
        struct adamw s = {&w, m->vector + SQUARE * n + p->offset};
        if (p->hidden)
            step_matrix(&w, m);
        else
            blocks_run(a, adamw_block, &s, blocks_in(p->count, BLOCK_ELEMENTS));
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
