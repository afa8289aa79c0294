/* SPDX-License-Identifier: MIT */
/* Two matrices, V[k][n] and U[m][k], whose product is to be A[m][n], with a weight S[n][n] (symmetric, positive):
 *   f = ½ tr (U V − A) S (U V − A)ᵀ,   E = (U V − A) S
 *   ∂f/∂V = Uᵀ E,   ∂f/∂U = E Vᵀ
 *   ∂²f/∂V_ai ∂V_bj = (UᵀU)_ab S_ij,   ∂²f/∂U_ka ∂U_lb = δ_kl (V S Vᵀ)_ab,
 *   ∂²f/∂U_ka ∂V_bj = δ_ab E_kj + U_kb (V S)_aj
 * With S = 1 that is matrix factorization; a network of two linear layers, y = U V x, on data whose inputs have the second
 * moments S and whose outputs are A x has the same loss (Baldi and Hornik 1989): no local minima, but saddles, of which 0
 * is one. The coordinates are V, row by row, then U. */
#include <stddef.h>

#include "race/surface.h"

enum { SIDE = 4 }; /* of a matrix, at most */

struct matrices {
    int m, k, n;
    double a[SIDE][SIDE], s[SIDE][SIDE];
};

/* What gradient and Hessian are made of. */
struct products {
    double error[SIDE][SIDE], vs[SIDE][SIDE]; /* E, V S */
};

static const double *u_of(const struct matrices *d, const double *x)
{
    return x + d->k * d->n;
}

/* U V − A into E first, then that times S; returns f. */
static double multiply(const struct matrices *d, const double *x, struct products *p)
{
    const double *v = x, *u = u_of(d, x);
    double rest[SIDE][SIDE], f = 0;

    for (int i = 0; i < d->m; i++)
        for (int j = 0; j < d->n; j++) {
            rest[i][j] = -d->a[i][j];
            for (int a = 0; a < d->k; a++)
                rest[i][j] += u[i * d->k + a] * v[a * d->n + j];
        }
    for (int i = 0; i < d->m; i++)
        for (int j = 0; j < d->n; j++) {
            p->error[i][j] = 0;
            for (int l = 0; l < d->n; l++)
                p->error[i][j] += rest[i][l] * d->s[l][j];
            f += rest[i][j] * p->error[i][j] / 2;
        }
    for (int a = 0; a < d->k; a++)
        for (int j = 0; j < d->n; j++) {
            p->vs[a][j] = 0;
            for (int l = 0; l < d->n; l++)
                p->vs[a][j] += v[a * d->n + l] * d->s[l][j];
        }
    return f;
}

static void slope(const struct matrices *d, const double *x, const struct products *p, double *gradient)
{
    const double *v = x, *u = u_of(d, x);

    for (int a = 0; a < d->k; a++)
        for (int j = 0; j < d->n; j++) {
            double sum = 0;
            for (int i = 0; i < d->m; i++)
                sum += u[i * d->k + a] * p->error[i][j];
            gradient[a * d->n + j] = sum;
        }
    for (int i = 0; i < d->m; i++)
        for (int a = 0; a < d->k; a++) {
            double sum = 0;
            for (int j = 0; j < d->n; j++)
                sum += p->error[i][j] * v[a * d->n + j];
            gradient[d->k * d->n + i * d->k + a] = sum;
        }
}

/* Of rows a and b: (UᵀU)_ab, and (V S Vᵀ)_ab. */
static double gram_u(const struct matrices *d, const double *u, int a, int b)
{
    double sum = 0;

    for (int i = 0; i < d->m; i++)
        sum += u[i * d->k + a] * u[i * d->k + b];
    return sum;
}

static double gram_v(const struct matrices *d, const double *v, const struct products *p, int a, int b)
{
    double sum = 0;

    for (int j = 0; j < d->n; j++)
        sum += p->vs[a][j] * v[b * d->n + j];
    return sum;
}

static void curvature(const struct matrices *d, const double *x, const struct products *p, double *hessian)
{
    const double *v = x, *u = u_of(d, x);
    int first = d->k * d->n, all = first + d->m * d->k;

    for (int r = 0; r < first; r++)
        for (int c = 0; c < first; c++)
            hessian[r * all + c] = gram_u(d, u, r / d->n, c / d->n) * d->s[r % d->n][c % d->n];
    for (int r = 0; r < d->m * d->k; r++) {
        int i = r / d->k, a = r % d->k;
        for (int c = 0; c < d->m * d->k; c++)
            hessian[(first + r) * all + first + c] = i == c / d->k ? gram_v(d, v, p, a, c % d->k) : 0;
        for (int c = 0; c < first; c++) {
            int b = c / d->n, j = c % d->n;
            hessian[(first + r) * all + c] = hessian[c * all + first + r] =
                (a == b ? p->error[i][j] : 0) + u[i * d->k + b] * p->vs[a][j];
        }
    }
}

static double f(const struct surface *s, const double *x, double *gradient, double *hessian)
{
    struct products p;
    double value = multiply(s->data, x, &p);

    if (gradient)
        slope(s->data, x, &p, gradient);
    if (hessian)
        curvature(s->data, x, &p, hessian);
    return value;
}

/* 4 p qᵀ + ¼ r tᵀ, with p, q, r, t = ½ (±1, ±1, ±1, ±1): one strong and one weak direction, along no coordinate. */
static const struct matrices factors = {
    .m = 4, .k = 2, .n = 4,
    .a = {{1.0625, .9375, -1.0625, -.9375},
          {.9375, 1.0625, -.9375, -1.0625},
          {1.0625, .9375, -1.0625, -.9375},
          {.9375, 1.0625, -.9375, -1.0625}},
    .s = {{1}, {0, 1}, {0, 0, 1}, {0, 0, 0, 1}},
};

/* Inputs two of which go together and one of which hardly varies. */
static const struct matrices layers = {
    .m = 2, .k = 3, .n = 3,
    .a = {{1, -1, .5}, {.5, 1, 1}},
    .s = {{2, 1.8, 0}, {1.8, 2, 0}, {0, 0, .1}},
};

const struct surface surface_factorization = {
    .name = "factorization",
    .title = "matrix factorization",
    .formula = "½ |U V − A|², U 4×2, V 2×4",
    .n = 16,
    .matrix = {{2, 4}, {4, 2}},
    .axis = {"v11", "v12"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {.1, -.05, .08, .02, -.06, .1, .03, -.09, .07, -.1, -.04, .06, .09, .02, -.08, .05},
    .optima = 1,
    .optimum = {{1, 1, -1, -1, .25, -.25, -.25, .25, 1, .25, 1, -.25, 1, .25, 1, -.25}},
    .race = {{"sgd:lr=.1", "adam:lr=.02", "muon:lr=.05", "soap:lr=.02"}, "loss<.01", 1},
    .f = f,
    .data = &factors,
};

const struct surface surface_linear_network = {
    .name = "linear_network",
    .title = "two linear layers",
    .formula = "½ mean |U V x − A x|², V 3×3, U 2×3",
    .n = 15,
    .matrix = {{3, 3}, {2, 3}},
    .axis = {"v11", "v12"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {.3, -.1, .2, -.2, .3, .1, .1, -.2, .3, .2, -.3, .1, .3, .1, .2},
    .optima = 1,
    .optimum = {{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, -1, .5, .5, 1, 1}},
    .race = {{"sgd:lr=.1", "adam:lr=.02", "muon:lr=.05", "soap:lr=.02"}, "loss<.01", 1},
    .f = f,
    .data = &layers,
};
