/* SPDX-License-Identifier: MIT */
/* net/: what shards and workers may change, and must not: of every layer and loss of the registries. Compiled twice. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "math/products.h"
#include "numbers.h"
#include "network-with-batch.h"
#include "two-workers.h"

/* Networks whose products are large enough for both libraries to have their share (math/products.h). */
static const struct {
    const char *text;
    struct shape in;
    int examples;
} wide[] = {
    {"linear 256 relu bn dropout linear 160 gelu | linear 41", {1, 99}, 200},
    {"lstm 64 bi | all | linear 41", {9, 40}, 60},
    {"gru 72 | last | linear 600 tanh linear 40", {7, 40}, 100},
};

/* The same bits whoever computes: gradient, products with H and with G. */
static void check_workers(struct tried *b, const char *what)
{
    size_t bytes = sizeof(real) * (size_t)b->n;
    real *kept = malloc(3 * bytes + 1), *now[3];
    struct pool *shared = pool;

    for (int k = 0; k < 3; k++)
        now[k] = kept + k * b->n;
    for (int workers = 1; workers <= 3; workers++) {
        assert_int_equal(pool_new(&pool, workers, NULL), 0);
        for (int k = 0; k < 3; k++) {
            if (k == 0)
                loss_at(b, b->out);
            else
                (k == 1 ? R(network).hessian_vector : R(network).gauss_newton_vector)(b->work, pool, &b->job, b->v,
                                                                                     b->out);
            if (workers == 1)
                memcpy(now[k], b->out, bytes);
            else if (memcmp(now[k], b->out, bytes) != 0)
                fail_msg("%s: %d workers give other bits", what, workers);
        }
        pool_free(pool);
    }
    pool = shared;
    free(kept);
}

static void bits_do_not_depend_on_workers(void **state)
{
    (void)state;
    every_combination(check_workers);
}

static void nor_with_the_other_library(void **state)
{
    (void)state;
    for (int source = PRODUCTS_AUTO; source <= PRODUCTS_ONEDNN; source++)
        for (size_t k = 0; k < sizeof wide / sizeof *wide; k++) {
            struct tried b;
            tried_open(&b, wide[k].text, wide[k].in, SHARDS, wide[k].examples);
            b.net.blas = R(products_blas)((enum products_source)source);
            check_workers(&b, wide[k].text);
            tried_close(&b);
        }
}

/* Two networks of one process may have different ones, and agree but for rounding. */
static void libraries_agree(void **state)
{
    double within = sizeof(real) == sizeof(double) ? 1e-12 : 1e-4;
    int differ = 0;

    (void)state;
    for (size_t k = 0; k < sizeof wide / sizeof *wide; k++) {
        struct tried a, b;
        tried_open(&a, wide[k].text, wide[k].in, SHARDS, wide[k].examples);
        tried_open(&b, wide[k].text, wide[k].in, SHARDS, wide[k].examples);
        a.net.blas = R(products_blas)(PRODUCTS_OPENBLAS);
        b.net.blas = R(products_blas)(PRODUCTS_ONEDNN);
        near(loss_at(&b, b.gradient), loss_at(&a, a.gradient), within, wide[k].text);
        differ |= memcmp(a.gradient, b.gradient, sizeof(real) * (size_t)a.n) != 0;
        for (int64_t i = 0; i < a.n; i++)
            near(b.gradient[i], a.gradient[i], within, wide[k].text);
        tried_close(&a);
        tried_close(&b);
    }
    assert_int_equal(differ, R(products_blas)(PRODUCTS_ONEDNN) != &R(blas)); /* each had its own */
}

/* As many shards as you like, some of them empty: the same numbers but for rounding. */
static void shards_may_be_empty(void **state)
{
    static const char *const nets[] = {"linear 6 bn relu dropout linear 3", "lstm 4x2 bi dropout=.3 | last | linear 3",
                                       "gru 4 | all | ln linear 6 bn linear 3"};
    double within = sizeof(real) == sizeof(double) ? 1e-10 : 2e-3;

    (void)state;
    for (size_t k = 0; k < sizeof nets / sizeof *nets; k++)
        for (int examples = 1; examples <= 3; examples++) {
            struct tried a, b;
            tried_open(&a, nets[k], (struct shape){STEPS, WIDTH}, 1, examples);
            tried_open(&b, nets[k], (struct shape){STEPS, WIDTH}, 5, examples);
            near(loss_at(&b, b.gradient), loss_at(&a, a.gradient), within, nets[k]);
            for (int64_t i = 0; i < a.n; i++)
                near(b.gradient[i], a.gradient[i], within, nets[k]);
            R(network).hessian_vector(a.work, pool, &a.job, a.v, a.out);
            R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out);
            for (int64_t i = 0; i < a.n; i++)
                near(b.out[i], a.out[i], within * (1 + largest(a.out, a.n)), nets[k]);
            tried_close(&a);
            tried_close(&b);
        }
}

/* The gradients of eight shards, alone, come together as a tree. Each alone has the scale of an eighth of the batch. */
static void shards_are_summed_over_a_tree(void **state)
{
    static const char net[] = "linear 6 relu linear 3";
    int order_shows = 0;
    struct tried b, one;
    real *of[8];

    (void)state;
    tried_open(&b, net, (struct shape){1, WIDTH}, 8, 8);
    loss_at(&b, b.gradient);
    tried_open(&one, net, (struct shape){1, WIDTH}, 1, 8);
    one.job.examples = 1;
    for (int s = 0; s < 8; s++) {
        of[s] = malloc(sizeof(real) * (size_t)b.n);
        one.skip = s;
        loss_at(&one, of[s]);
    }
    for (int64_t i = 0; i < b.n; i++) {
        real sum = of[0][i], left = (of[0][i] + of[1][i]) + (of[2][i] + of[3][i]);
        real right = (of[4][i] + of[5][i]) + (of[6][i] + of[7][i]);
        for (int s = 1; s < 8; s++)
            sum += of[s][i];
        order_shows += sum != left + right;
        assert_true(b.gradient[i] == (left + right) / 8);
    }
    assert_true(order_shows > 0);
    for (int s = 0; s < 8; s++)
        free(of[s]);
    tried_close(&one);
    tried_close(&b);
}

/* A sum of five has the order that the header says. */
static void sums_of_shards_have_their_order(void **state)
{
    static const double x[] = {1, 0x1p-53, 0x1p-53, 0x1p-53, 0x1p-53, 1, 0x1p-53};
    double pair = x[2] + x[3], four = (x[0] + x[1]) + pair;
    struct shard_sum t = {0};

    (void)state;
    assert_true(shard_total(&t) == 0);
    for (int s = 0; s < 5; s++)
        shard_add(&t, x[s]);
    assert_true(shard_total(&t) == four + x[4]);
    for (int s = 5; s < 7; s++)
        shard_add(&t, x[s]);
    assert_true(shard_total(&t) == four + ((x[4] + x[5]) + x[6]));
}

/* At rest the curvature of a batch is the mean of its slices'. */
static void slices_add_up(void **state)
{
    double within = sizeof(real) == sizeof(double) ? 1e-11 : 1e-3;
    struct tried b;

    (void)state;
    tried_open(&b, "lstm 4 | center | linear 6 bn relu dropout=.2 | linear 3", (struct shape){STEPS, WIDTH}, 2,
              EXAMPLES);
    b.job.running_statistics = b.job.no_masks = 1;
    R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out);
    for (int slice = 0; slice < 2; slice++) {
        b.skip = slice ? 3 : 0;
        b.job.examples = slice ? EXAMPLES - 3 : 3;
        R(network).hessian_vector(b.work, pool, &b.job, b.v, b.gradient);
        for (int64_t i = 0; i < b.n; i++)
            b.out[i] -= b.gradient[i] * (real)b.job.examples / EXAMPLES;
    }
    near(largest(b.out, b.n), 0, within, "what is left of the whole");
    tried_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_do_not_depend_on_workers),
        cmocka_unit_test(nor_with_the_other_library),
        cmocka_unit_test(libraries_agree),
        cmocka_unit_test(shards_may_be_empty),
        cmocka_unit_test(shards_are_summed_over_a_tree),
        cmocka_unit_test(sums_of_shards_have_their_order),
        cmocka_unit_test(slices_add_up),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
