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

#include "math/eigen.h"
#include "math/qr.h"
#include "optim/blocks.h"

#include <string.h>

enum { LEFT, RIGHT, SIDES };

/* What works on one preconditioner of a matrix. */
struct side {
    int n;               /* rows, or columns */
    real *matrix, *basis; /* L and Q, or R and P: a basis vector in each row */
    real *power;         /* [most][most] */
    double *exact;       /* [most][most], and qr's work */
    int failed;
};

struct work {
    const struct optimizer_args *a;
    const struct optimizer_part *p;
    const real *gradient;
    real *theta, *mean, *square;
    real *gradient_right, *mean_right, *turned, *step; /* [rows][cols]: G P, M P, Qᵀ G P, the step */
    struct side side[SIDES];
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

enum { TURNED = 4 }; /* vectors of the size of a matrix */

static size_t exact_size(size_t side)
{
    return side * side + qr_work((int)side);
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    size_t matrices = 0, side = longest_side(a), scratch = TURNED * largest(a, n) + SIDES * side * side;

    for (int i = 0; i < a->parts; i++)
        matrices += soap_elements(&a->part[i]);
    return (struct optimizer_size){.vectors = SOAP_MATRICES + (n ? (matrices + n - 1) / n : 0),
                                   .scratch = n ? (scratch + n - 1) / n : 0,
                                   .scratch_scalars = SIDES * exact_size(side)};
}

/* ---- the preconditioners -------------------------------------------------------------------- */

/* L ← β L + (1 − β) G Gᵀ, or R: a block of rows from the diagonal on. */
static void take_outer(const struct work *w, int which, int task)
{
    const struct side *s = &w->side[which];
    int r = w->p->rows, c = w->p->cols;
    size_t n = (size_t)s->n;
    double beta = w->a->shampoo_beta < 0 ? w->a->beta2 : w->a->shampoo_beta;
    real keep = (real)beta, take = (real)(1 - beta);
    struct block b = row_block(task, n);
    int rows = (int)(b.to - b.from), cols = (int)(n - b.from);
    real *out = s->power + b.from * n + b.from;

    if (which == LEFT)
        blocks_products(w->a)->nt(rows, cols, c, w->gradient + b.from * (size_t)c, c, w->gradient + b.from * (size_t)c, c, 0, out, r);
    else
        blocks_products(w->a)->tn(rows, cols, r, w->gradient + b.from, c, w->gradient + b.from, c, 0, out, c);
    for (size_t i = b.from; i < b.to; i++)
        for (size_t j = b.from; j < n; j++)
            s->matrix[i * n + j] = keep * s->matrix[i * n + j] + take * s->power[i * n + j];
}

/* Tasks of the left side come first. */
static int side_of(const struct work *w, int *task)
{
    int left = (int)row_blocks((size_t)w->p->rows);

    if (*task < left)
        return LEFT;
    *task -= left;
    return RIGHT;
}

static void outer_block(void *context, int task)
{
    const struct work *w = context;
    int which = side_of(w, &task);

    take_outer(w, which, task);
}

static void mirror_outer(void *context, int task)
{
    const struct work *w = context;
    const struct side *s = &w->side[side_of(w, &task)];

    block_mirror(row_block(task, (size_t)s->n), (size_t)s->n, s->matrix);
}

static size_t outer_blocks(const struct work *w)
{
    return row_blocks((size_t)w->p->rows) + row_blocks((size_t)w->p->cols);
}

/* ---- the bases ------------------------------------------------------------------------------ */

static void first_basis(void *context, int which)
{
    struct side *s = &((struct work *)context)->side[which];
    size_t n = (size_t)s->n, all = n * n;

    for (size_t i = 0; i < all; i++)
        s->exact[i] = (double)s->matrix[i];
    s->failed = eigen_symmetric(s->n, s->exact, s->exact + all, 1, NULL) != 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            s->basis[i * n + j] = (real)s->exact[(n - 1 - i) * n + j];
}

/* Exchange basis vectors i and j; and with them rows (of the left basis) or columns of V. */
static void exchange(const struct work *w, int which, size_t i, size_t j)
{
    const struct side *s = &w->side[which];
    size_t n = (size_t)s->n, r = (size_t)w->p->rows, c = (size_t)w->p->cols, across = which == LEFT ? c : r;

    for (size_t k = 0; k < n; k++) {
        real b = s->basis[i * n + k], p = s->power[i * n + k];
        s->basis[i * n + k] = s->basis[j * n + k];
        s->basis[j * n + k] = b;
        s->power[i * n + k] = s->power[j * n + k];
        s->power[j * n + k] = p;
    }
    for (size_t k = 0; k < across; k++) {
        real *x = which == LEFT ? &w->square[i * c + k] : &w->square[k * c + i];
        real *y = which == LEFT ? &w->square[j * c + k] : &w->square[k * c + j], v = *x;
        *x = *y;
        *y = v;
    }
}

/* Rows of `power` become matrix · basis vector, and `exact` begins with the vectors' shares in them. */
static void power_block(void *context, int task)
{
    const struct work *w = context;
    const struct side *s = &w->side[side_of(w, &task)];
    size_t n = (size_t)s->n;
    struct block b = row_block(task, n);

    blocks_products(w->a)->nn((int)(b.to - b.from), s->n, s->n, s->basis + b.from * n, s->n, s->matrix, s->n, 0, s->power + b.from * n,
               s->n);
    for (size_t i = b.from; i < b.to; i++) {
        s->exact[i] = 0;
        for (size_t k = 0; k < n; k++)
            s->exact[i] += (double)s->basis[i * n + k] * (double)s->power[i * n + k];
    }
}

/* By those shares, the largest first. Both sides move V: one after the other. */
static void sort(const struct work *w, int which)
{
    double *value = w->side[which].exact;
    size_t n = (size_t)w->side[which].n;

    for (size_t i = 0; i < n; i++) { /* selection: as few exchanges as can be */
        size_t best = i;
        double v = value[i];
        for (size_t k = i + 1; k < n; k++)
            best = value[k] > value[best] ? k : best;
        if (best == i)
            continue;
        value[i] = value[best];
        value[best] = v;
        exchange(w, which, i, best);
    }
}

static void orthonormal(void *context, int which)
{
    struct side *s = &((struct work *)context)->side[which];
    size_t all = (size_t)s->n * (size_t)s->n;

    for (size_t i = 0; i < all; i++)
        s->exact[i] = (double)s->power[i];
    qr_orthonormal(s->n, s->exact, s->exact + all);
    for (size_t i = 0; i < all; i++)
        s->basis[i] = (real)s->exact[i];
}

/* One power iteration of both. */
static void refresh(struct work *w)
{
    blocks_run(w->a, power_block, w, outer_blocks(w));
    sort(w, LEFT);
    sort(w, RIGHT);
    blocks_run(w->a, orthonormal, w, SIDES);
}

/* ---- the step ------------------------------------------------------------------------------- */

static int begin(struct work *w)
{
    if (!w->p->rows)
        return 0;
    for (int i = 0; i < SIDES; i++)
        memset(w->side[i].matrix, 0, sizeof(real) * (size_t)w->side[i].n * (size_t)w->side[i].n);
    blocks_run(w->a, outer_block, w, outer_blocks(w));
    blocks_run(w->a, mirror_outer, w, outer_blocks(w));
    blocks_run(w->a, first_basis, w, SIDES);
    return w->side[LEFT].failed || w->side[RIGHT].failed ? -1 : 0;
}

/* M of elements from … to − 1. */
KERNEL static void take_mean(const struct work *w, size_t from, size_t to)
{
    real b1 = (real)w->a->beta1, rest1 = (real)(1 - w->a->beta1);

    for (size_t i = from; i < to; i++)
        w->mean[i] = b1 * w->mean[i] + rest1 * w->gradient[i];
}

/* V by `turned`, and the step from `mean`, which may be where the step goes. */
KERNEL static void scale(const struct work *w, const real *turned, const real *mean, size_t from, size_t to)
{
    real b2 = (real)w->a->beta2, rest2 = (real)(1 - w->a->beta2), eps = (real)w->a->eps;

    for (size_t i = from; i < to; i++) {
        w->square[i] = b2 * w->square[i] + rest2 * turned[i] * turned[i];
        w->step[i] = mean[i] / (real_sqrt(w->square[i]) + eps);
    }
}

KERNEL static void move(const struct work *w, const real *step, size_t from, size_t to)
{
    const struct optimizer_args *a = w->a;
    double n = (double)a->t - 1;
    double correct = a->correct_bias ? sqrt(1 - pow(a->beta2, n)) / (1 - pow(a->beta1, n)) : 1;
    real rate = (real)(a->lr * correct), keep = (real)(1 - a->lr * a->weight_decay);

    for (size_t i = from; i < to; i++)
        w->theta[i] = keep * (w->theta[i] - rate * step[i]);
}

static void vector_block(void *context, int task)
{
    const struct work *w = context;
    struct block b = block_at(task, w->p->count, BLOCK_ELEMENTS);

    take_mean(w, b.from, b.to);
    scale(w, w->gradient, w->mean, b.from, b.to);
    move(w, w->step, b.from, b.to);
}

/* Rows of M, of G P and of M P. */
static void turn_right(void *context, int task)
{
    const struct work *w = context;
    struct block b = row_block(task, (size_t)w->p->rows);
    const real *P = w->side[RIGHT].basis;
    int rows = (int)(b.to - b.from), c = w->p->cols;
    size_t from = b.from * (size_t)c, to = b.to * (size_t)c;

    take_mean(w, from, to);
    blocks_products(w->a)->nt(rows, c, c, w->gradient + from, c, P, c, 0, w->gradient_right + from, c);
    blocks_products(w->a)->nt(rows, c, c, w->mean + from, c, P, c, 0, w->mean_right + from, c);
}

/* Rows of Qᵀ G P, of Qᵀ M P, of V, and of the step turned back from the right, which takes the place of Qᵀ G P. */
static void turn_left(void *context, int task)
{
    const struct work *w = context;
    struct block b = row_block(task, (size_t)w->p->rows);
    int rows = (int)(b.to - b.from), r = w->p->rows, c = w->p->cols;
    const real *Q = w->side[LEFT].basis + b.from * (size_t)r;
    size_t from = b.from * (size_t)c, to = b.to * (size_t)c;

    blocks_products(w->a)->nn(rows, c, r, Q, r, w->gradient_right, c, 0, w->turned + from, c);
    blocks_products(w->a)->nn(rows, c, r, Q, r, w->mean_right, c, 0, w->step + from, c);
    scale(w, w->turned, w->step, from, to);
    blocks_products(w->a)->nn(rows, c, c, w->step + from, c, w->side[RIGHT].basis, c, 0, w->turned + from, c);
}

/* Rows of θ, by the step turned back from the left too, which takes the place of G P. */
static void turn_back(const struct work *w, int task)
{
    struct block b = row_block(task, (size_t)w->p->rows);
    int rows = (int)(b.to - b.from), r = w->p->rows, c = w->p->cols;
    size_t from = b.from * (size_t)c, to = b.to * (size_t)c;

    blocks_products(w->a)->tn(rows, c, r, w->side[LEFT].basis + b.from, r, w->turned, c, 0, w->gradient_right + from, c);
    move(w, w->gradient_right, from, to);
}

static void theta_or_outer_block(void *context, int task)
{
    const struct work *w = context;
    int rows = (int)row_blocks((size_t)w->p->rows);

    if (task < rows)
        turn_back(w, task);
    else
        outer_block(context, task - rows);
}

static void step_part(struct work *w)
{
    const struct optimizer_args *a = w->a;
    size_t rows = row_blocks((size_t)w->p->rows);

    if (!w->p->rows) {
        blocks_run(a, vector_block, w, blocks_in(w->p->count, BLOCK_ELEMENTS));
        return;
    }
    blocks_run(a, turn_right, w, rows);
    blocks_run(a, turn_left, w, rows);
    blocks_run(a, theta_or_outer_block, w, rows + outer_blocks(w));
    blocks_run(a, mirror_outer, w, outer_blocks(w));
    if (a->precondition_frequency > 0 && (a->t - 1) % (uint64_t)a->precondition_frequency == 0)
        refresh(w);
}

/* Scratch memory, which every part uses anew. */
static struct work work_in(const struct optimizer_args *a, size_t n, const struct optimizer_memory *m)
{
    size_t most = largest(a, n), side = longest_side(a);
    real *power = m->scratch + TURNED * most;

    return (struct work){.a = a,
                         .gradient_right = m->scratch,
                         .mean_right = m->scratch + most,
                         .turned = m->scratch + 2 * most,
                         .step = m->scratch + 3 * most,
                         .side = {{.power = power, .exact = m->scratch_scalar},
                                  {.power = power + side * side, .exact = m->scratch_scalar + exact_size(side)}}};
}

static void use_matrices(struct work *w, const struct soap_matrices *m)
{
    struct side *left = &w->side[LEFT], *right = &w->side[RIGHT];

    left->n = w->p->rows;
    left->matrix = m->left;
    left->basis = m->left_basis;
    right->n = w->p->cols;
    right->matrix = m->right;
    right->basis = m->right_basis;
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m)
{
    const struct optimizer_part whole = {.count = n}, *part = a->part ? a->part : &whole;
    struct work w = work_in(a, n, m);
    real *matrices = m->vector + SOAP_MATRICES * n;
    int failed = 0;

    (void)c;
    for (int i = 0; i < (a->part ? a->parts : 1); i++) {
        struct soap_matrices at;
        w.p = &part[i];
        w.theta = theta + w.p->offset;
        w.gradient = gradient + w.p->offset;
        w.mean = m->vector + SOAP_MEAN * n + w.p->offset;
        w.square = m->vector + SOAP_SQUARE * n + w.p->offset;
        matrices = soap_matrices(w.p, matrices, &at);
        use_matrices(&w, &at);
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
