/* SPDX-License-Identifier: MIT */
/* math/: the eigensolver that can be cancelled against LAPACK's own in one piece; orthogonal factors. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "math/eigen.h"
#include "math/orthogonal.h"
#include "math/start.h"

/* A symmetric matrix, with eigenvalues of high multiplicity where `rank` is below n. */
static double *matrix(int n, int rank)
{
    struct rng r = {.seed = 11, .purpose = RNG_PROBE};
    double *a = calloc((size_t)n * (size_t)n, sizeof *a);

    for (int k = 0; k < rank; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                a[i * n + j] += (k % 2 ? -1 : 1) * rng_normal(&r, (uint64_t)k, (uint64_t)i) *
                                rng_normal(&r, (uint64_t)k, (uint64_t)j) / n;
    return a;
}

static void compare(int n, int rank)
{
    size_t size = (size_t)n * (size_t)n;
    double *a = matrix(n, rank), *v = malloc(sizeof *v * size), *w = malloc(sizeof *w * size);
    double *values = malloc(sizeof *values * (size_t)n), *want = malloc(sizeof *want * (size_t)n);
    struct err e;

    memcpy(v, a, sizeof *v * size);
    memcpy(w, a, sizeof *w * size);
    assert_int_equal(eigen_symmetric_large(n, v, values, NULL, NULL, &e), 0);
    assert_int_equal(eigen_symmetric(n, w, want, 0, &e), 0);
    for (int k = 0; k < n; k++) {
        assert_true(fabs(values[k] - want[k]) < 1e-12 * n);
        for (int i = 0; i < n; i++) {
            double product = 0, overlap = 0;
            for (int j = 0; j < n; j++) {
                product += a[i * n + j] * v[k * n + j];
                overlap += v[i * n + j] * v[k * n + j];
            }
            assert_true(fabs(product - values[k] * v[k * n + i]) < 1e-12 * n);
            assert_true(fabs(overlap - (i == k)) < 1e-12 * n);
        }
    }
    free(a);
    free(v);
    free(w);
    free(values);
    free(want);
}

static void pairs_are_those_of_the_matrix(void **state)
{
    (void)state;
    for (int n = 1; n <= 300; n = n * 7 / 3 + 1)
        compare(n, n);
    compare(33, 33);
    compare(120, 7);
}

static int count_down(void *context)
{
    int *left = context;
    return --*left < 0;
}

static void it_can_be_called_off_anywhere(void **state)
{
    int n = 150, asked = 0, r = -ERR_CANCELLED;
    double *values = malloc(sizeof *values * (size_t)n);
    struct err e;

    (void)state;
    for (; r == -ERR_CANCELLED; asked++) {
        double *a = matrix(n, 20);
        int left = asked;
        r = eigen_symmetric_large(n, a, values, count_down, &left, &e);
        free(a);
    }
    assert_int_equal(r, 0);
    assert_in_range(asked, 8, 100);
    free(values);
}

static void what_is_not_finite_is_refused(void **state)
{
    int n = 100;
    double *a = matrix(n, 5), values[100];
    struct err e;

    (void)state;
    a[n * 70 + 3] = NAN;
    assert_int_equal(eigen_symmetric_large(n, a, values, NULL, NULL, &e), -ERR_DIVERGED);
    free(a);
}

/* Columns of length 1 across one another, which with the old ones make an upper triangle whose diagonal is positive. */
static void orthogonal_factors_are_those_of_the_matrix(void **state)
{
    struct rng r = {.seed = 12, .purpose = RNG_PROBE};

    (void)state;
    for (int rows = 1; rows <= 100; rows = rows * 2 + 1)
        for (int columns = 1; columns <= rows; columns = columns * 3 + 1) {
            double *a = malloc(sizeof *a * (size_t)(rows * columns)), *q = malloc(sizeof *q * (size_t)(rows * columns));
            for (int i = 0; i < rows * columns; i++)
                a[i] = q[i] = rng_normal(&r, (uint64_t)rows, (uint64_t)i);
            assert_int_equal(orthogonal_factor(rows, columns, q), 0);
            for (int j = 0; j < columns; j++)
                for (int k = 0; k < columns; k++) {
                    double overlap = 0, triangle = 0; /* (QᵀQ)_jk, (QᵀA)_jk */
                    for (int i = 0; i < rows; i++) {
                        overlap += q[j * rows + i] * q[k * rows + i];
                        triangle += q[j * rows + i] * a[k * rows + i];
                    }
                    assert_true(fabs(overlap - (j == k)) < 1e-12);
                    assert_true(j < k || (j == k ? triangle > 0 : fabs(triangle) < 1e-12 * rows));
                }
            free(a);
            free(q);
        }
}

static int start(void **state)
{
    (void)state;
    return math_start(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_those_of_the_matrix),
        cmocka_unit_test(it_can_be_called_off_anywhere),
        cmocka_unit_test(what_is_not_finite_is_refused),
        cmocka_unit_test(orthogonal_factors_are_those_of_the_matrix),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
