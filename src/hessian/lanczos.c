/* SPDX-License-Identifier: MIT */
/* With rows q_0 … q_{j−1} and the projected matrix T = Qᵀ H Q,
 *     H Q = Q T + β q_j e_{j−1}ᵀ.
 * A Ritz pair T s = θ s has ‖H Qs − θ Qs‖ = β |s_{j−1}|. When the basis is full, the Ritz vectors near both
 * ends become its first rows, T becomes their diagonal, and q_j follows them: the products with it give T its
 * arrow, and the relation above holds again. All coefficients of T are taken from the orthogonalisation. */
#include "hessian/lanczos.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "math/eigen.h"
#include "hessian/basis.h"

enum { SPARE = 4, LOOK_EVERY = 4 };

/* Residuals below this share of the largest |θ| are rounding: such a pair will not get better. */
#define NOISE (sizeof(real) == sizeof(double) ? 1e-13 : 2e-6)

struct state {
    const struct curvature *c;
    struct lanczos_ask a;
    struct basis b;
    int limit;            /* rows the basis may have, beside the next one */
    int j;                /* rows it has */
    double beta;          /* of row j, which stands ready */
    int products, coarse; /* so far; when all were first within the tolerance, 0 before */
    double most;          /* largest |θ| */
    int fine;             /* all are LANCZOS_FINER times better than the tolerance, or the space is whole */
    int fresh;            /* random vectors drawn */
    double *t;            /* [limit][limit] */
    double *s, *theta;    /* eigenvectors (rows) and eigenvalues of T[j][j] */
    double *taken;        /* [limit + 1] */
};

/* ---- the size of it ------------------------------------------------------------------------- */

static int smaller(int64_t a, int64_t b)
{
    return (int)(a < b ? a : b);
}

/* Rows for three times the wanted pairs and some, if memory holds them. */
static int choose_limit(struct state *s, struct err *e)
{
    int64_t n = s->c->n, wanted = s->a.top + s->a.bottom, good = 3 * wanted + 20, least = wanted + SPARE;
    unsigned long long row = sizeof(real) * (unsigned long long)n, fit = s->a.memory / row;

    least = least < n ? least : n;
    good = good < n ? good : n;
    if (fit < (unsigned long long)least + 1)
        return err_set(
            e, ERR_INPUT,
            "%lld eigenvectors of %lld parameters need a basis of %.1f GB, more than the %.1f GB a probe may "
            "use; ask for fewer",
            (long long)wanted, (long long)n, (double)row * (double)(least + 1) / 1e9,
            (double)s->a.memory / 1e9);
    s->limit = smaller(good, (int64_t)(fit - 1 < 1u << 20 ? fit - 1 : 1u << 20));
    return 0;
}

static int begin(struct state *s, struct err *e)
{
    size_t m;
    int64_t n = s->c->n;
    int r;

    s->a.top = smaller(s->a.top, n);
    s->a.bottom = smaller(s->a.bottom, n);
    s->a.tolerance = s->a.tolerance > 0 ? s->a.tolerance : LANCZOS_TOLERANCE;
    s->a.memory = s->a.memory ? s->a.memory : 1000000000ull;
    if (s->a.most_products == 0)
        s->a.most_products = 100 + 20 * (s->a.top + s->a.bottom);
    if (s->a.top < 0 || s->a.bottom < 0 || s->a.top > LANCZOS_MOST_PAIRS || s->a.bottom > LANCZOS_MOST_PAIRS)
        return err_set(e, ERR_INPUT, "up to %d eigenvalues at each end", LANCZOS_MOST_PAIRS);
    r = choose_limit(s, e);
    if (r)
        return r;
    m = (size_t)s->limit;
    s->t = calloc(2 * m * m + 2 * m + 2, sizeof *s->t);
    if (!s->t)
        return err_memory(e, "Lanczos", 2 * m * m * sizeof *s->t);
    s->s = s->t + m * m;
    s->theta = s->s + m * m;
    s->taken = s->theta + m;
    return R(basis).init(&s->b, n, s->limit + 1, s->a.pool, e);
}

/* ---- a step --------------------------------------------------------------------------------- */

/* A random unit vector orthogonal to the rows before it, as row i. */
static void draw(struct state *s, int i)
{
    struct rng r = {.seed = s->a.seed, .purpose = RNG_PROBE};
    real *row = basis_row(&s->b, i);
    double norm;

    for (int64_t k = 0; k < s->c->n; k++)
        row[k] = (real)rng_normal(&r, (uint64_t)s->fresh, (uint64_t)k);
    s->fresh++;
    norm = R(basis).orthogonalise(&s->b, i, row, NULL);
    R(basis).scale(&s->b, row, norm > 0 ? 1 / norm : 0);
}

static double size_of_t(const struct state *s)
{
    double most = 0;

    for (int i = 0; i < s->j; i++)
        for (int k = 0; k <= i; k++)
            most = fmax(most, fabs(s->t[(size_t)i * (size_t)s->limit + (size_t)k]));
    return most;
}

static int not_finite(struct err *e)
{
    return err_set(e, ERR_DIVERGED, "a product with the Hessian is not finite");
}

/* Row j joins the basis; the next one is made. */
static int extend(struct state *s, struct err *e)
{
    size_t m = (size_t)s->limit, j = (size_t)s->j;
    real *next = basis_row(&s->b, s->j + 1);
    int r = R(curvature).multiply(s->c, basis_row(&s->b, s->j), next, e);

    if (r)
        return r;
    s->products++;
    s->beta = R(basis).orthogonalise(&s->b, s->j + 1, next, s->taken);
    if (!isfinite(s->beta))
        return not_finite(e);
    for (size_t i = 0; i <= j; i++)
        s->t[j * m + i] = s->t[i * m + j] = s->taken[i];
    s->j++;
    if (s->j == s->c->n) {
        s->beta = 0; /* the whole space */
    } else if (s->beta <=
               4 * (double)(sizeof(real) == sizeof(double) ? DBL_EPSILON : FLT_EPSILON) * size_of_t(s)) {
        s->beta = 0; /* the space is closed: a direction it does not hold */
        draw(s, s->j);
    } else {
        R(basis).scale(&s->b, next, 1 / s->beta);
    }
    return 0;
}

/* ---- Ritz pairs ----------------------------------------------------------------------------- */

static int solve(struct state *s, struct err *e)
{
    size_t m = (size_t)s->limit, j = (size_t)s->j;

    for (size_t i = 0; i < j; i++)
        memcpy(s->s + i * j, s->t + i * m, sizeof *s->s * j);
    return eigen_symmetric(s->j, s->s, s->theta, 1, e);
}

static int looks_converged(const struct state *s, int ritz, double tolerance)
{
    double most = fmax(fabs(s->theta[0]), fabs(s->theta[s->j - 1]));
    double residual = s->beta * fabs(s->s[(size_t)ritz * (size_t)s->j + (size_t)s->j - 1]);

    return residual <= tolerance * fabs(s->theta[ritz]) || residual <= NOISE * most;
}

static int count_converged(const struct state *s, double tolerance)
{
    int n = 0;

    for (int i = 0; i < s->a.bottom && i < s->j; i++)
        n += looks_converged(s, i, tolerance);
    for (int i = 0; i < s->a.top && i < s->j; i++)
        n += looks_converged(s, s->j - 1 - i, tolerance);
    return n;
}

/* Of two eigenvalues close together one may be found late, and what looks like the innermost wanted pair is the one
 * after it. So those beyond the wanted ones have to be as good as they before the end counts as known. */
static int is_fine(const struct state *s)
{
    double tolerance = s->a.tolerance / LANCZOS_FINER;
    int low = s->a.bottom ? s->a.bottom + LANCZOS_GUARDS : 0, high = s->a.top ? s->a.top + LANCZOS_GUARDS : 0;

    if (low + high > s->j)
        return 0;
    for (int i = 0; i < low; i++)
        if (!looks_converged(s, i, tolerance))
            return 0;
    for (int i = 0; i < high; i++)
        if (!looks_converged(s, s->j - 1 - i, tolerance))
            return 0;
    return 1;
}

/* The `low` first and `high` last Ritz vectors become the basis, and the next row follows them. */
static int keep(struct state *s, int low, int high, struct err *e)
{
    size_t m = (size_t)s->limit, j = (size_t)s->j, kept = (size_t)(low + high);
    int r;

    s->most = j ? fmax(fabs(s->theta[0]), fabs(s->theta[j - 1])) : 0;
    if (kept < j) {
        memmove(s->s + (size_t)low * j, s->s + (j - (size_t)high) * j, sizeof *s->s * (size_t)high * j);
        memmove(s->theta + low, s->theta + j - high, sizeof *s->theta * (size_t)high);
    }
    r = R(basis).rotate(&s->b, s->j, (int)kept, s->s, e);
    if (r)
        return r;
    if (kept < j && s->j < s->c->n)
        memcpy(basis_row(&s->b, (int)kept), basis_row(&s->b, s->j), sizeof(real) * (size_t)s->b.n);
    memset(s->t, 0, sizeof *s->t * m * m);
    for (size_t i = 0; i < kept; i++)
        s->t[i * m + i] = s->theta[i];
    s->j = (int)kept;
    return 0;
}

/* Beside the wanted pairs half of the room that is left, shared between the ends that were asked for. */
static int restart(struct state *s, struct err *e)
{
    int ends = (s->a.top > 0) + (s->a.bottom > 0), left = s->limit - s->a.top - s->a.bottom;
    int more = left > 1 ? left / 2 / (ends ? ends : 1) : 0;

    return keep(s, s->a.bottom ? s->a.bottom + more : 0, s->a.top ? s->a.top + more : 0, e);
}

/* Solve T and see how far it is: 1 when no more products are wanted, or an error. */
static int look(struct state *s, int *converged, struct err *e)
{
    int wanted = s->a.top + s->a.bottom, r = solve(s, e);

    if (r || s->j < wanted)
        return r;
    *converged = s->j == s->c->n ? wanted : count_converged(s, s->a.tolerance);
    if (*converged == wanted && s->coarse == 0)
        s->coarse = s->products;
    s->fine = s->j == s->c->n || is_fine(s);
    if (s->fine || s->products >= s->a.most_products)
        return 1;
    return *converged == wanted && s->products >= LANCZOS_PATIENCE * s->coarse;
}

/* Until all look converged, or no more products are to be had; T is solved then. */
static int iterate(struct state *s, struct err *e)
{
    int converged = 0, r;

    draw(s, 0);
    for (;;) {
        r = extend(s, e);
        if (r)
            return r;
        if (s->j >= s->limit || s->j % LOOK_EVERY == 0 || s->products >= s->a.most_products)
            r = look(s, &converged, e);
        if (r)
            return r < 0 ? r : 0;
        if (s->a.progress && s->a.progress(s->a.context, s->products, s->a.most_products, converged))
            return err_set(e, ERR_CANCELLED, "cancelled");
        if (s->j >= s->limit && (r = restart(s, e)) != 0)
            return r;
    }
}

/* ---- what came of it ------------------------------------------------------------------------ */

/* λ = vᵀHv of a unit vector leaves the smallest residual; room: a row to work in. */
static int measure(struct state *s, struct eigenpair *p, real *vector, real *room, struct err *e)
{
    double length = sqrt(R(basis).dot(&s->b, vector, vector)), square;
    int r;

    R(basis).scale(&s->b, vector, 1 / length);
    r = R(curvature).multiply(s->c, vector, room, e);
    if (r)
        return r;
    s->products++;
    p->value = R(basis).dot(&s->b, vector, room);
    for (int64_t i = 0; i < s->c->n; i++)
        room[i] = (real)((double)room[i] - p->value * (double)vector[i]);
    square = R(basis).dot(&s->b, room, room);
    if (!isfinite(square))
        return not_finite(e);
    p->residual = sqrt(square);
    p->converged = p->residual <= s->a.tolerance * fabs(p->value) || p->residual <= NOISE * s->most;
    return 0;
}

/* Largest (sign 1) or smallest (−1) first: measured values may change places with their neighbours. */
static void order(struct eigenpair *p, int n, int sign)
{
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && sign * (p[k].value - p[k - 1].value) > 0; k--) {
            struct eigenpair other = p[k];
            p[k] = p[k - 1];
            p[k - 1] = other;
        }
}

static int measure_all(struct state *s, struct lanczos_result *r, struct err *e)
{
    real *room = basis_row(&s->b, s->limit);
    int kept = s->j;

    r->converged = 1;
    for (int i = 0; i < r->top + r->bottom; i++) {
        int up = i >= r->bottom, row = up ? kept - 1 - (i - r->bottom) : i, result;
        struct eigenpair *p = up ? &r->at_top[i - r->bottom] : &r->at_bottom[i];
        p->vector = basis_row(&s->b, row);
        result = measure(s, p, basis_row(&s->b, row), room, e);
        if (result)
            return result;
        r->converged = r->converged && p->converged;
    }
    order(r->at_top, r->top, 1);
    order(r->at_bottom, r->bottom, -1);
    return 0;
}

/* Give back the rows that are not wanted; the others may move. */
static void hand_over(struct state *s, struct lanczos_result *r)
{
    struct eigenpair *pair = r->at_bottom; /* and those of the top after them */
    int pairs = r->top + r->bottom;
    ptrdiff_t at[2 * LANCZOS_MOST_PAIRS];
    real *kept;

    for (int i = 0; i < pairs; i++)
        at[i] = pair[i].vector - s->b.row;
    kept = realloc(s->b.row, sizeof *kept * (size_t)s->b.stride * (size_t)(s->j ? s->j : 1));
    r->memory = kept ? kept : s->b.row;
    for (int i = 0; i < pairs; i++)
        pair[i].vector = r->memory + at[i];
    s->b.row = NULL;
}

static void free_result(struct lanczos_result *r)
{
    free(r->at_bottom);
    free(r->memory);
    memset(r, 0, sizeof *r);
}

static int finish(struct state *s, struct lanczos_result *r, struct err *e)
{
    int low = s->a.bottom, high = s->a.top, result;

    if (low + high > s->j) /* the ends meet */
        high = s->j - low;
    r->top = s->a.top;
    r->bottom = s->a.bottom;
    r->at_bottom = calloc((size_t)(r->top + r->bottom) + 1, sizeof *r->at_bottom);
    if (!r->at_bottom)
        return err_memory(e, "eigenpairs", sizeof *r->at_bottom);
    r->at_top = r->at_bottom + r->bottom;
    result = keep(s, low, high, e);
    if (result == 0)
        result = measure_all(s, r, e);
    r->products = s->products;
    r->may_miss = !s->fine;
    if (result == 0)
        hand_over(s, r);
    return result;
}

static int run(const struct curvature *c, const struct lanczos_ask *a, struct lanczos_result *r,
               struct err *e)
{
    struct state s = {.c = c, .a = *a};
    int result = begin(&s, e);

    memset(r, 0, sizeof *r);
    if (result == 0)
        result = iterate(&s, e);
    if (result == 0)
        result = finish(&s, r, e);
    R(basis).free(&s.b);
    free(s.t);
    if (result)
        free_result(r);
    return result;
}

const struct lanczos_ops R(lanczos) = {.run = run, .free = free_result};
