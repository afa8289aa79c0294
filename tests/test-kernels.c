/* SPDX-License-Identifier: MIT */
/* math/: kernels by the features of processors that are made up, the self-test on products that are wrong, what the cache
 * is believed, and what computes which shape. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "libriphone-folder.h"
#include "math/kernel-choice.h"
#include "math/kernels.h"
#include "math/onednn.h"
#include "math/peak.h"
#include "math/products.h"
#include "math/self-test.h"
#include "math/start.h"

enum {
    V3 = PROCESSOR_AVX2 | PROCESSOR_FMA,
    V4 = V3 | PROCESSOR_AVX512,
    V4_BF16 = V4 | PROCESSOR_AVX512_BF16
};

static const struct processor emerald_rapids = {"GenuineIntel", 6, 207, 2, V4_BF16};

/* ---- the rule ------------------------------------------------------------------------------- */

static void kernels_follow_features(void **state)
{
    static const struct {
        struct processor p;
        const char *own, *order, *poor; /* candidates; kernels that would be poor */
    } cases[] = {
        {{"GenuineIntel", 6, 207, 2, V4_BF16}, "Prescott", "SkylakeX Cooperlake Haswell Zen", "Prescott"},
        {{"GenuineIntel", 6, 85, 4, V4}, "SkylakeX", "SkylakeX Haswell Zen", "Haswell"},
        {{"GenuineIntel", 6, 186, 2, V3}, "Prescott", "Haswell Zen", "Sandybridge"},
        {{"GenuineIntel", 6, 85, 4, PROCESSOR_AVX512}, "Nehalem", "", NULL}, /* as no processor says */
        {{"GenuineIntel", 6, 42, 7, 0}, "Sandybridge", "", NULL},
        {{"GenuineIntel", 6, 42, 7, PROCESSOR_AVX2}, "Sandybridge", "", NULL}, /* without FMA */
        {{"AuthenticAMD", 25, 17, 1, V4_BF16}, "SkylakeX", "Haswell Zen", "Nehalem"}, /* Zen 4 */
        {{"AuthenticAMD", 26, 2, 1, V4_BF16}, "Cooperlake", "SkylakeX Cooperlake Haswell Zen", "Zen"}, /* Zen 5 */
        {{"AuthenticAMD", 23, 49, 0, V3}, "Zen", "Haswell Zen", "Barcelona"},
        {{"HygonGenuine", 24, 0, 1, V3}, "Prescott", "Haswell Zen", "prescott"},
        {{"", 0, 0, 0, PROCESSOR_ARM_V8_2}, "armv8", "NEOVERSEN1", NULL},
        {{"", 0, 0, 0, PROCESSOR_ARM_V8_2}, "cortexa72", "", NULL},
        {{"", 0, 0, 0, 0}, "armv8", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *kernels[KERNELS_CANDIDATES];
        char order[128] = "";
        int n = kernels_candidates(&cases[i].p, cases[i].own, kernels);
        for (int k = 0; k < n; k++) {
            snprintf(order + strlen(order), sizeof order - strlen(order), "%s%s", k ? " " : "", kernels[k]);
            assert_false(kernels_are_poor(&cases[i].p, kernels[k]) && k == 0);
        }
        assert_string_equal(order, cases[i].order);
        if (cases[i].poor)
            assert_true(kernels_are_poor(&cases[i].p, cases[i].poor));
        assert_false(kernels_are_poor(&cases[i].p, "FutureLake")); /* who knows */
    }
}

/* ---- the self-test -------------------------------------------------------------------------- */

static int fault; /* what the product below does wrong */

static void faulty(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    blas_f.nn(m, n, k, a, lda, b, ldb, beta, c, ldc);
    if (fault == 1 && m > 64)
        c[(size_t)64 * (size_t)ldc] += 1; /* the end of a block */
    if (fault == 2)
        c[n] = 0; /* beside the row */
    if (fault == 3 && k > 1000)
        c[0] *= 1 + 0x1p-8f; /* as a shorter format rounds */
    if (fault == 4 && n == 1)
        c[0] = NAN;
    if (fault == 5 && beta != 0)
        blas_f.nn(m, n, k, a, lda, b, ldb, 0, c, ldc);
}

static void off_by_one_nt(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c,
                          int ldc)
{
    blas_f.nt(m, n, k, a, lda, b, ldb, beta, c, ldc);
    c[(m - 1) * ldc] += 1;
}

static void off_by_one_tn(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c,
                          int ldc)
{
    blas_f.tn(m, n, k, a, lda, b, ldb, beta, c, ldc);
    c[n - 1] += 1;
}

static void wrong_products_are_refused(void **state)
{
    struct blas b = blas_f;

    (void)state;
    assert_true(products_right_f(&b));
    assert_true(openblas_right_f() && openblas_right_d());
    b.nn = faulty;
    for (fault = 1; fault <= 5; fault++)
        if (products_right_f(&b))
            fail_msg("fault %d was not seen", fault);
    b = blas_f;
    b.nt = off_by_one_nt;
    assert_false(products_right_f(&b));
    b = blas_f;
    b.tn = off_by_one_tn;
    assert_false(products_right_f(&b));
    if (onednn_usable())
        assert_true(products_right_f(&onednn_f));
}

/* ---- the choice and its cache --------------------------------------------------------------- */

struct tries {
    const char *right; /* "SkylakeX": the only right one; NULL: none */
    int broken;        /* nothing can be tried */
    int count;
};

static int try(void *context, const char *kernels)
{
    struct tries *t = context;

    t->count++;
    return t->broken ? -1 : t->right && strcmp(kernels, t->right) == 0;
}

static const char *choose(struct tries *t, const char *path)
{
    t->count = 0;
    return kernels_decide(&emerald_rapids, "Prescott", "OpenBLAS 0.3.21", path, try, t);
}

static void the_first_right_one_is_remembered(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct tries t = {.right = "SkylakeX"};

    (void)state;
    snprintf(path, sizeof path, "%s/deep/kernels", dir);
    assert_string_equal(choose(&t, path), "SkylakeX");
    assert_int_equal(t.count, 1);
    assert_string_equal(choose(&t, path), "SkylakeX");
    assert_int_equal(t.count, 0);
    assert_string_equal(kernels_decide(&emerald_rapids, "Prescott", "OpenBLAS 0.3.22", path, try, &t), "SkylakeX");
    assert_int_equal(t.count, 1); /* another library: tried again */
    unlink(path);
    t.right = "Haswell";
    assert_string_equal(choose(&t, path), "Haswell");
    assert_int_equal(t.count, 3);
    unlink(path);
    t.right = NULL;
    assert_null(choose(&t, path));
    assert_int_equal(t.count, 4);
    assert_null(choose(&t, path));
    assert_int_equal(t.count, 0);
    unlink(path);
    t.broken = 1; /* nothing was found out, and nothing is remembered */
    assert_null(choose(&t, path));
    assert_int_equal(access(path, F_OK), -1);
    remove_folder(dir);
}

/* What is not of this format, processor and library, or names what the processor lacks, is written anew. */
static void a_foreign_cache_is_ignored(void **state)
{
    static const char head[] = "saddle kernels 1\nprocessor GenuineIntel 6 207 2 f\nlibrary OpenBLAS 0.3.21\nown Prescott\n";
    static const char *const rest[] = {
        "kernels \n", "kernels", "kernels Pentium\n", "kernels SkylakeX", "kernels SkylakeX\nmore\n", "kernels SkylakeX \n", "",
    };
    static const char *const whole[] = {
        "", "\n", "saddle kernels 2\nprocessor GenuineIntel 6 207 2 f\nlibrary OpenBLAS 0.3.21\nown Prescott\nkernels Haswell\n",
        "saddle kernels 1\nprocessor GenuineIntel 6 207 3 f\nlibrary OpenBLAS 0.3.21\nown Prescott\nkernels Haswell\n",
        "saddle kernels 1\nprocessor GenuineIntel 6 207 2 f\nlibrary OpenBLAS 0.3.21\nown Nehalem\nkernels Haswell\n",
        "\377\377\377\377",
    };
    char *dir = temporary_folder(), path[256], text[512], *kept;
    struct tries t = {.right = "Cooperlake"};
    size_t size, rests = sizeof rest / sizeof *rest;

    (void)state;
    snprintf(path, sizeof path, "%s/kernels", dir);
    for (size_t i = 0; i < rests + sizeof whole / sizeof *whole; i++) {
        snprintf(text, sizeof text, "%s%s", i < rests ? head : "", i < rests ? rest[i] : whole[i - rests]);
        assert_int_equal(file_replace(path, text, strlen(text), NULL), 0);
        assert_string_equal(choose(&t, path), "Cooperlake");
        assert_int_equal(t.count, 2);
        assert_int_equal(file_read(path, 4096, &kept, &size, NULL), 0);
        snprintf(text, sizeof text, "%skernels Cooperlake\n", head);
        assert_string_equal(kept, text);
        free(kept);
    }
    unlink(path);
    assert_string_equal(choose(&t, "/proc/nowhere/kernels"), "Cooperlake"); /* that cannot be written */
    assert_string_equal(choose(&t, NULL), "Cooperlake");
    remove_folder(dir);
}

/* A child that has none of such kernels ends with that answer; so does one that never answers, after a while. */
static void children_try_kernels(void **state)
{
    (void)state;
    assert_int_equal(kernels_try_child(NULL, "NoSuchKernels"), 0);
    assert_int_equal(kernels_child(), -1);
}

/* This program was begun again before main, once, if there was reason to. */
static void it_began_again_once(void **state)
{
    (void)state;
    assert_null(getenv("SADDLE_KERNELS"));
    assert_int_equal(kernels_choose(), 0);
    assert_null(getenv("SADDLE_KERNELS"));
    assert_true(!onednn_built_in() || onednn_usable());
}

/* ---- shapes --------------------------------------------------------------------------------- */

static void shapes_have_their_library(void **state)
{
    static const struct {
        enum products_kind kind;
        int m, n, k, onednn;
    } cases[] = {
        {PRODUCTS_NT, 256, 1024, 1024, 1}, {PRODUCTS_NT, 16, 1024, 256, 1},  {PRODUCTS_NT, 1, 1024, 256, 0},
        {PRODUCTS_NT, 7, 24, 33, 0},       {PRODUCTS_NN, 256, 256, 256, 1},  {PRODUCTS_NN, 256, 1024, 41, 0},
        {PRODUCTS_TN, 1024, 741, 256, 0},  {PRODUCTS_TN, 256, 256, 256, 1},  {PRODUCTS_TN, 41, 1024, 256, 1},
        {PRODUCTS_NT, 65536, 65536, 65536, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(products_by_onednn(cases[i].kind, cases[i].m, cases[i].n, cases[i].k), cases[i].onednn);
    assert_ptr_equal(products_blas_f(PRODUCTS_OPENBLAS), &blas_f);
    if (onednn_usable())
        assert_ptr_equal(products_blas_f(PRODUCTS_ONEDNN), &onednn_f);
    assert_true(products_right_f(products_blas_f(PRODUCTS_AUTO)));
}

/* Without oneDNN, or without its condition, a run that asks for it is refused and OpenBLAS serves the others. */
static void onednn_has_a_condition(void **state)
{
    char *threads = getenv("OMP_NUM_THREADS") ? strdup(getenv("OMP_NUM_THREADS")) : NULL, text[160];
    struct err e = {0};

    (void)state;
    unsetenv("OMP_NUM_THREADS");
    assert_int_equal(products_check(PRODUCTS_ONEDNN, &e), -ERR_USAGE);
    assert_non_null(strstr(e.text, "choose openblas or auto"));
    assert_int_equal(products_check(PRODUCTS_AUTO, &e), 0);
    assert_ptr_equal(products_blas_f(PRODUCTS_AUTO), &blas_f);
    products_describe(PRODUCTS_AUTO, text, sizeof text);
    assert_null(strstr(text, "oneDNN"));
    if (threads)
        setenv("OMP_NUM_THREADS", threads, 1);
    free(threads);
    assert_int_equal(products_check(PRODUCTS_ONEDNN, &e), onednn_usable() ? 0 : -ERR_USAGE);
}

static void figures_are_figures(void **state)
{
    (void)state;
    assert_true(peak_gflops() > 1e-3 && peak_gflops() < 1e5);
    assert_true(products_gflops(PRODUCTS_AUTO) > 1e-3);
    assert_true(strlen(peak_instructions()) > 0);
}

static int start(void **state)
{
    (void)state;
    return math_start(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_follow_features),
        cmocka_unit_test(wrong_products_are_refused),
        cmocka_unit_test(the_first_right_one_is_remembered),
        cmocka_unit_test(a_foreign_cache_is_ignored),
        cmocka_unit_test(children_try_kernels),
        cmocka_unit_test(it_began_again_once),
        cmocka_unit_test(shapes_have_their_library),
        cmocka_unit_test(onednn_has_a_condition),
        cmocka_unit_test(figures_are_figures),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
