/* SPDX-License-Identifier: MIT */
/* Muon and SOAP on matrices of several blocks, against their formulas in plain loops. Compiled in double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "optim/soap.h"

/* ---- plain loops, in double -------------------------------------------------------------------- */

struct matrix {
    int rows, cols;
    double *at;
};

static struct matrix new_matrix(int rows, int cols)
{
    struct matrix m = {rows, cols, calloc((size_t)rows * (size_t)cols, sizeof(double))};

    assert_non_null(m.at);
    return m;
}

static size_t count(struct matrix a)
{
    return (size_t)a.rows * (size_t)a.cols;
}

static struct matrix random_matrix(int rows, int cols, uint64_t seed)
{
    struct matrix m = new_matrix(rows, cols);
    struct rng r = {.seed = seed, .purpose = RNG_INIT};

    for (size_t i = 0; i < count(m); i++)
        m.at[i] = rng_normal(&r, 0, i);
    return m;
}

static struct matrix transposed(struct matrix a)
{
    struct matrix t = new_matrix(a.cols, a.rows);

    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < a.cols; j++)
            t.at[j * a.rows + i] = a.at[i * a.cols + j];
    return t;
}

/* A · Bᵀ; both are freed. */
static struct matrix by_rows(struct matrix a, struct matrix b)
{
    struct matrix c = new_matrix(a.rows, b.rows);

    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < b.rows; j++)
            for (int k = 0; k < a.cols; k++)
                c.at[i * b.rows + j] += a.at[i * a.cols + k] * b.at[j * a.cols + k];
    if (b.at != a.at)
        free(b.at);
    free(a.at);
    return c;
}

static struct matrix copy_of(struct matrix a)
{
    struct matrix c = new_matrix(a.rows, a.cols);

    memcpy(c.at, a.at, sizeof(double) * count(a));
    return c;
}

/* A · B; both are freed. */
static struct matrix product(struct matrix a, struct matrix b)
{
    struct matrix t = transposed(b);

    free(b.at);
    return by_rows(a, t);
}

/* a A + b B, in place of A; B is freed. */
static struct matrix mixed(double a, struct matrix of, double b, struct matrix and)
{
    for (size_t i = 0; i < count(of); i++)
        of.at[i] = a * of.at[i] + b * and.at[i];
    free(and.at);
    return of;
}

static double distance(size_t n, const double *a, const double *b)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(a[i] - b[i]));
    return most;
}

/* ---- the formulas ------------------------------------------------------------------------------ */

struct memory {
    struct optimizer_size size;
    struct optimizer_memory m;
};

static struct memory new_memory(const struct optimizer *o, const struct optimizer_args *a, size_t n)
{
    struct memory m = {.size = o->size(a, n)};

    m.m.vector = calloc(m.size.vectors * n, sizeof(double));
    m.m.scalar = calloc(m.size.scalars + 1, sizeof(double));
    m.m.scratch = calloc(m.size.scratch * n + 1, sizeof(double));
    m.m.scratch_scalar = calloc(m.size.scratch_scalars + 1, sizeof(double));
    return m;
}

static void free_memory(struct memory *m)
{
    free(m->m.vector);
    free(m->m.scalar);
    free(m->m.scratch);
    free(m->m.scratch_scalar);
}

static struct optimizer_part part_of(struct matrix g)
{
    return (struct optimizer_part){.count = count(g), .rows = g.rows, .cols = g.cols, .hidden = 1, .scaled = 1};
}

static const int shapes[][2] = {{300, 140}, {140, 300}, {257, 129}};

enum { SHAPES = sizeof shapes / sizeof *shapes };

static void muon_is_its_formula(void **state)
{
    const struct optimizer *o = optimizers_d.find("muon");

    (void)state;
    for (int k = 0; k < SHAPES; k++) {
        struct optimizer_args a = optimizers_d.defaults(o);
        struct matrix g = random_matrix(shapes[k][0], shapes[k][1], 7), x = copy_of(g), theta = new_matrix(g.rows, g.cols);
        struct optimizer_part part = part_of(g);
        struct memory m;
        double norm = 0, factor = sqrt(fmax(1, (double)g.rows / g.cols));
        a.part = &part;
        a.parts = 1;
        a.lr = 1;
        a.weight_decay = 0;
        m = new_memory(o, &a, count(g));
        assert_int_equal(o->step_vector(&a, NULL, count(g), theta.at, g.at, &m.m), 0);
        for (size_t i = 0; i < count(g); i++)
            norm += g.at[i] * g.at[i];
        for (size_t i = 0; i < count(g); i++)
            x.at[i] /= sqrt(norm);
        for (int step = 0; step < a.ns_steps; step++) {
            struct matrix s = by_rows(copy_of(x), copy_of(x)), p;
            p = product(copy_of(s), copy_of(s));
            p = mixed(a.ns_coefficients[2], p, a.ns_coefficients[1], s);
            p = product(p, copy_of(x));
            x = mixed(a.ns_coefficients[0], x, 1, p);
        }
        for (size_t i = 0; i < count(g); i++)
            x.at[i] *= -factor;
        assert_true(distance(count(g), theta.at, x.at) < 1e-12);
        free_memory(&m);
        free(g.at);
        free(x.at);
        free(theta.at);
    }
}

/* I − 2 v vᵀ/|v|² */
static void reflection(int n, uint64_t seed, double *out)
{
    struct matrix v = random_matrix(1, n, seed);
    double square = 0;

    for (int i = 0; i < n; i++)
        square += v.at[i] * v.at[i];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            out[i * n + j] = (i == j) - 2 * v.at[i] * v.at[j] / square;
    free(v.at);
}

/* θ after the second call with these bases, from 0: −η Q [T/(|T| √(1 − β₂)/(1 − β₁) + ε)] Pᵀ of T = (1 − β₁) Qᵀ G P. */
static struct matrix soap_theta(const struct optimizer_args *a, struct matrix g, struct matrix q, struct matrix p)
{
    struct matrix t = by_rows(product(copy_of(q), copy_of(g)), copy_of(p));

    for (size_t i = 0; i < count(t); i++)
        t.at[i] = -a->lr * (1 - a->beta1) * t.at[i] / (sqrt(1 - a->beta2) * fabs(t.at[i]) + a->eps);
    return product(product(transposed(q), t), copy_of(p));
}

/* A new basis is orthonormal, and each of its vectors lies in the span of the old ones that went before it: the
 * products with the sorted power, L Q, are 0 below the diagonal. `power`: L · basis vector in each row, by size. */
static void check_basis(struct matrix basis, struct matrix power)
{
    struct matrix one = by_rows(copy_of(basis), copy_of(basis)), r = by_rows(copy_of(basis), power);
    double scale = fabs(r.at[0]);

    for (int i = 0; i < one.rows; i++)
        for (int j = 0; j < one.rows; j++) {
            assert_true(fabs(one.at[i * one.rows + j] - (i == j)) < 1e-12);
            assert_true(i <= j || fabs(r.at[i * one.rows + j]) < 1e-12 * scale);
        }
    free(one.at);
    free(r.at);
}

/* Rows by their product with the same row of `basis`, the largest first. */
static struct matrix sorted_power(struct matrix l, struct matrix basis)
{
    struct matrix power = product(copy_of(basis), copy_of(l)), out = new_matrix(l.rows, l.rows);
    double *value = calloc((size_t)l.rows, sizeof *value);

    for (int i = 0; i < l.rows; i++)
        for (int k = 0; k < l.rows; k++)
            value[i] += basis.at[i * l.rows + k] * power.at[i * l.rows + k];
    for (int i = 0; i < l.rows; i++) {
        int best = 0;
        for (int k = 1; k < l.rows; k++)
            best = value[k] > value[best] ? k : best;
        value[best] = -INFINITY;
        memcpy(out.at + i * l.rows, power.at + best * l.rows, sizeof(double) * (size_t)l.rows);
    }
    free(value);
    free(power.at);
    return out;
}

static void soap_is_its_formula(void **state)
{
    const struct optimizer *o = optimizers_d.find("soap");

    (void)state;
    for (int k = 0; k < SHAPES; k++) {
        struct optimizer_args a = optimizers_d.defaults(o);
        struct matrix g = random_matrix(shapes[k][0], shapes[k][1], 3), theta = new_matrix(g.rows, g.cols), want;
        struct matrix q = new_matrix(g.rows, g.rows), p = new_matrix(g.cols, g.cols), l, r;
        struct optimizer_part part = part_of(g);
        struct soap_matrices s;
        struct memory m;
        a.part = &part;
        a.parts = 1;
        a.lr = 1;
        a.weight_decay = 0;
        a.correct_bias = 0;
        a.precondition_frequency = 1;
        a.t = 2;
        m = new_memory(o, &a, count(g));
        soap_matrices(&part, m.m.vector + SOAP_MATRICES * count(g), &s);
        reflection(g.rows, 5, q.at);
        reflection(g.cols, 6, p.at);
        memcpy(s.left_basis, q.at, sizeof(double) * count(q));
        memcpy(s.right_basis, p.at, sizeof(double) * count(p));
        assert_int_equal(o->step_vector(&a, NULL, count(g), theta.at, g.at, &m.m), 0);
        want = soap_theta(&a, g, q, p);
        assert_true(distance(count(g), theta.at, want.at) < 1e-10);
        l = by_rows(copy_of(g), copy_of(g));
        r = by_rows(transposed(g), transposed(g));
        for (size_t i = 0; i < count(l); i++)
            l.at[i] *= 1 - a.beta2;
        for (size_t i = 0; i < count(r); i++)
            r.at[i] *= 1 - a.beta2;
        assert_true(distance(count(l), s.left, l.at) < 1e-10);
        assert_true(distance(count(r), s.right, r.at) < 1e-10);
        check_basis((struct matrix){g.rows, g.rows, s.left_basis}, sorted_power(l, q));
        check_basis((struct matrix){g.cols, g.cols, s.right_basis}, sorted_power(r, p));
        free_memory(&m);
        free(g.at);
        free(theta.at);
        free(want.at);
        free(q.at);
        free(p.at);
        free(l.at);
        free(r.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(muon_is_its_formula),
        cmocka_unit_test(soap_is_its_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
