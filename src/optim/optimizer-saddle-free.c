/* SPDX-License-Identifier: MIT */
/* Saddle-free Newton (Dauphin, Pascanu, Gulcehre, Cho, Ganguli and Bengio 2014, arXiv 1406.2572): Newton's step with
 * the absolute values of the eigenvalues, so that a saddle repels instead of attracting. With the Hessian H, k
 * orthonormal vectors V (rows) and damping δ:
 *   T = V H Vᵀ = Q Λ Qᵀ,   p = V g
 *   Δ = Vᵀ Q (|Λ| + δ)⁻¹ Qᵀ p + complement_lr (g − Vᵀ p)
 *   θ ← θ − η Δ
 * V is made by Lanczos' iteration from a random vector, orthogonalised twice against all before; where it ends early,
 * another random vector goes on. From the gradient itself it would contain all of g, interior eigenvalues that k
 * products only guess included; so the ends of the spectrum are Newton's, and gradient descent does the rest.
 * Where k reaches n, V is the identity and the step exact. */
#include "optim/dot.h"
#include "optim/optimizer.h"

#include "core/rng.h"
#include "math/eigen.h"

#include <string.h>

enum { PRODUCT, DELTA, BASIS }; /* scratch vectors: H v, the step, and V from here on */

static void defaults(struct optimizer_args *a)
{
    a->lr = 1;
    a->damping = .01;
    a->lanczos_vectors = 10;
    a->complement_lr = .1;
}

static size_t vectors(const struct optimizer_args *a, size_t n)
{
    size_t k = a->lanczos_vectors > 1 ? (size_t)a->lanczos_vectors : 1;

    return k < n ? k : n;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    size_t k = vectors(a, n);

    return (struct optimizer_size){.scratch = BASIS + k, .scratch_scalars = k * k + 3 * k};
}

KERNEL static double dot(size_t n, const real *a, const real *b)
{
    return vector_dot(n, a, b);
}

/* a ← a + t b */
KERNEL static void add(size_t n, real *a, double t, const real *b)
{
    real by = (real)t;

    for (size_t i = 0; i < n; i++)
        a[i] += by * b[i];
}

/* The part of v orthogonal to the first `count` vectors, at length 1; 0 where next to nothing is left of it. */
static int orthonormal(size_t n, const real *basis, size_t count, real *v)
{
    const double least = 1e-4; /* of the length before: what is shorter is rounding, in float */
    double before = sqrt(dot(n, v, v)), after;

    for (int twice = 0; twice < 2; twice++)
        for (size_t i = 0; i < count; i++)
            add(n, v, -dot(n, basis + i * n, v), basis + i * n);
    after = sqrt(dot(n, v, v));
    if (!(after > least * before))
        return 0;
    for (size_t i = 0; i < n; i++)
        v[i] = (real)((double)v[i] / after);
    return 1;
}

/* A random vector orthogonal to the first `count`. */
static void draw(const struct optimizer_args *a, size_t n, real *basis, size_t count)
{
    struct rng r = {.seed = a->seed, .purpose = RNG_LANCZOS};
    real *v = basis + count * n;

    for (uint64_t attempt = 0; attempt < 4; attempt++) {
        for (size_t i = 0; i < n; i++)
            v[i] = (real)rng_normal(&r, a->t, ((uint64_t)count << 44) + (attempt << 40) + i);
        if (orthonormal(n, basis, count, v))
            return;
    }
}

/* V, and T[k][k]; −1 when a product was not computed. */
static int project(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, const real *theta,
                   real *scratch, size_t k, double *T)
{
    real *product = scratch + PRODUCT * n, *basis = scratch + BASIS * n;

    memset(basis, 0, k * n * sizeof *basis);
    for (size_t i = 0; k == n && i < k; i++)
        basis[i * n + i] = 1;
    if (k < n)
        draw(a, n, basis, 0);
    for (size_t i = 0; i < k; i++) {
        if (c->hessian_vector(c->context, theta, basis + i * n, product) != 0)
            return -1;
        for (size_t j = 0; j <= i; j++)
            T[i * k + j] = T[j * k + i] = dot(n, basis + j * n, product);
        if (k == n || i + 1 == k)
            continue;
        memcpy(basis + (i + 1) * n, product, n * sizeof *product);
        if (!orthonormal(n, basis, i + 1, basis + (i + 1) * n))
            draw(a, n, basis, i + 1);
    }
    return 0;
}

/* q ← Q (|Λ| + δ)⁻¹ Qᵀ p, from the rows of Q that are eigenvectors. */
static void solve(double damping, size_t k, const double *vector, const double *value, const double *p, double *q)
{
    memset(q, 0, k * sizeof *q);
    for (size_t i = 0; i < k; i++) {
        const double *v = vector + i * k;
        double along = 0;
        for (size_t j = 0; j < k; j++)
            along += v[j] * p[j];
        along /= fabs(value[i]) + damping;
        for (size_t j = 0; j < k; j++)
            q[j] += along * v[j];
    }
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m)
{
    size_t k = vectors(a, n);
    double *T = m->scratch_scalar, *value = T + k * k, *p = value + k, *q = p + k;
    real *delta = m->scratch + DELTA * n, *basis = m->scratch + BASIS * n;
    real rest = k < n ? (real)a->complement_lr : 0, lr = (real)a->lr;

    if (project(a, c, n, theta, m->scratch, k, T) != 0 || eigen_symmetric((int)k, T, value, 1, NULL) != 0)
        return -1;
    for (size_t i = 0; i < k; i++)
        p[i] = dot(n, basis + i * n, gradient);
    solve(a->damping, k, T, value, p, q);
    for (size_t i = 0; i < n; i++)
        delta[i] = rest * gradient[i];
    for (size_t i = 0; i < k; i++)
        add(n, delta, q[i] - (double)rest * p[i], basis + i * n);
    for (size_t i = 0; i < n; i++)
        theta[i] -= lr * delta[i];
    return 0;
}

const struct optimizer R(optimizer_saddle_free) = {
    .name = "saddle-free",
    .title = "saddle-free Newton",
    .use = "To leave saddles and plateaus in few steps: near one, the distance from it doubles each step at rate 1.\n"
           "Full or large batches; a step costs lanczos_vectors products with the Hessian, about two gradients each.",
    .reads = "damping lanczos_vectors complement_lr",
    .defaults = defaults,
    .size = size,
    .products = vectors,
    .step_vector = step_vector,
};
