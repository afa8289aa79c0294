/* SPDX-License-Identifier: MIT */
/* net/: gradients and curvature of every layer and loss against differences, walked through the registries, so that a
 * new one is tested by being listed. In double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "numbers.h"
#include "network-with-batch.h"
#include "two-workers.h"

static double dot(const real *a, const real *b, int64_t n)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

static void step_along(struct tried *b, const real *v, double h)
{
    for (int64_t i = 0; i < b->n; i++)
        b->theta[i] += (real)h * v[i];
}

static void check_gradient(struct tried *b, const char *what)
{
    const double h = 1e-6;
    double up, down;

    loss_at(b, b->gradient);
    step_along(b, b->v, h);
    up = loss_at(b, b->out);
    step_along(b, b->v, -2 * h);
    down = loss_at(b, b->out);
    step_along(b, b->v, h);
    near((up - down) / (2 * h), dot(b->gradient, b->v, b->n), 1e-7 * (1 + largest(b->gradient, b->n)), what);
    for (int64_t i = 0; i < b->n; i += 1 + b->n / 12) {
        double before = b->theta[i];
        b->theta[i] = before + h;
        up = loss_at(b, b->out);
        b->theta[i] = before - h;
        down = loss_at(b, b->out);
        b->theta[i] = before;
        near((up - down) / (2 * h), b->gradient[i], 1e-7 * (1 + largest(b->gradient, b->n)), what);
    }
}

static void gradients_are_differences_of_the_loss(void **state)
{
    (void)state;
    every_combination(check_gradient);
}

static void check_curvature(struct tried *b, const char *what)
{
    const double h = 1e-6;
    real *up = malloc(sizeof *up * (size_t)b->n), *down = malloc(sizeof *down * (size_t)b->n);
    double scale;

    assert_int_equal(R(network).hessian_vector(b->work, pool, &b->job, b->v, b->out), 0);
    scale = 1 + largest(b->out, b->n);
    step_along(b, b->v, h);
    loss_at(b, up);
    step_along(b, b->v, -2 * h);
    loss_at(b, down);
    step_along(b, b->v, h);
    for (int64_t i = 0; i < b->n; i++)
        near(b->out[i], (up[i] - down[i]) / (2 * h), 1e-6 * scale, what);
    free(up);
    free(down);
}

static void curvature_is_the_difference_of_gradients(void **state)
{
    (void)state;
    every_combination(check_curvature);
}

static void check_symmetry(struct tried *b, const char *what)
{
    size_t bytes = sizeof(real) * (size_t)b->n;
    real *u = malloc(bytes), *hu = malloc(bytes), *gu = malloc(bytes), *sum = malloc(bytes);
    double scale;

    for (int64_t i = 0; i < b->n; i++) {
        u[i] = noise(6, (uint64_t)i);
        sum[i] = 2 * u[i] - 3 * b->v[i];
    }
    R(network).hessian_vector(b->work, pool, &b->job, b->v, b->out);
    R(network).hessian_vector(b->work, pool, &b->job, u, hu);
    scale = 1 + largest(b->out, b->n) * sqrt((double)b->n);
    near(dot(u, b->out, b->n), dot(b->v, hu, b->n), 1e-9 * scale, what);
    R(network).hessian_vector(b->work, pool, &b->job, sum, gu);
    for (int64_t i = 0; i < b->n; i++)
        near(gu[i], 2 * hu[i] - 3 * b->out[i], 1e-9 * scale, what);
    R(network).gauss_newton_vector(b->work, pool, &b->job, b->v, b->out);
    R(network).gauss_newton_vector(b->work, pool, &b->job, u, gu);
    near(dot(u, b->out, b->n), dot(b->v, gu, b->n), 1e-9 * scale, what);
    assert_true(dot(u, gu, b->n) >= -1e-12 * scale && dot(b->v, b->out, b->n) >= -1e-12 * scale);
    free(u);
    free(hu);
    free(gu);
    free(sum);
}

static void curvature_is_symmetric_and_linear(void **state)
{
    (void)state;
    every_combination(check_symmetry);
}

/* Of a network that is linear in θ, Gauss–Newton leaves nothing out. */
static void gauss_newton_of_a_linear_network_is_the_hessian(void **state)
{
    struct tried b;

    (void)state;
    tried_open(&b, "linear 4", (struct shape){1, WIDTH}, SHARDS, EXAMPLES);
    for (int k = 0; R(losses).at(k); k++) {
        b.job.loss = R(losses).at(k);
        if (b.job.loss->gauss_newton)
            continue;
        R(network).hessian_vector(b.work, pool, &b.job, b.v, b.gradient);
        R(network).gauss_newton_vector(b.work, pool, &b.job, b.v, b.out);
        for (int64_t i = 0; i < b.n; i++)
            near(b.out[i], b.gradient[i], 1e-13, b.job.loss->name);
    }
    tried_close(&b);
}

/* Split at the probabilities: 2 |R{p}|², from differences of the probabilities. */
static void gauss_newton_of_mse_on_softmax_is_at_the_probabilities(void **state)
{
    const double h = 1e-5;
    struct batch_result r;
    struct tried b;
    double p[2][EXAMPLES * 4], want = 0;

    (void)state;
    tried_open(&b, "linear 6 tanh linear 4", (struct shape){1, WIDTH}, SHARDS, EXAMPLES);
    b.job.loss = R(losses).find("mse_softmax");
    for (int k = 0; k < 2; k++) {
        step_along(&b, b.v, k ? -2 * h : h);
        R(network).evaluate(b.work, pool, &b.job, &r);
        for (int i = 0; i < EXAMPLES; i++)
            R(loss_softmax)(4, R(network).logits(b.work, i), &p[k][i * 4]);
    }
    step_along(&b, b.v, h);
    for (int i = 0; i < EXAMPLES * 4; i++)
        want += 2 * pow((p[0][i] - p[1][i]) / (2 * h), 2) / EXAMPLES;
    R(network).gauss_newton_vector(b.work, pool, &b.job, b.v, b.out);
    near(dot(b.v, b.out, b.n), want, 1e-7 * (1 + want), "v·Gv");
    tried_close(&b);
}

/* Σ w_y L / Σ w_y, the smoothed part weighted class by class. */
static void class_weights_are_the_weighted_mean(void **state)
{
    static const double weight[CLASSES] = {.5, 2, 3.25};
    double sum = 0, weights = 0, p[CLASSES];
    struct tried b;

    (void)state;
    tried_open(&b, "linear 6 tanh linear 3", (struct shape){1, WIDTH}, SHARDS, EXAMPLES);
    b.job.loss_args.class_weight = weight;
    check_gradient(&b, "class weights");
    check_curvature(&b, "class weights");
    loss_at(&b, b.gradient);
    for (int i = 0; i < EXAMPLES; i++) {
        const real *z = R(network).logits(b.work, i);
        double log_sum = R(loss_softmax)(CLASSES, z, p);
        int y = i * 5 % CLASSES;
        sum += .9 * weight[y] * (log_sum - z[y]);
        for (int j = 0; j < CLASSES; j++)
            sum += .1 / CLASSES * weight[j] * (log_sum - z[j]);
        weights += weight[y];
    }
    near(loss_at(&b, b.gradient), sum / weights, 1e-12, "class weights");
    tried_close(&b);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_differences_of_the_loss),
        cmocka_unit_test(curvature_is_the_difference_of_gradients),
        cmocka_unit_test(curvature_is_symmetric_and_linear),
        cmocka_unit_test(gauss_newton_of_a_linear_network_is_the_hessian),
        cmocka_unit_test(gauss_newton_of_mse_on_softmax_is_at_the_probabilities),
        cmocka_unit_test(class_weights_are_the_weighted_mean),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
