/* SPDX-License-Identifier: MIT */
/* Verdicts and limits on functions whose answer is known: quadratics. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "math/start.h"
#include "numbers.h"
#include "optim/optimizer.h"
#include "hessian/lanczos.h"
#include "hessian/spectrum.h"
#include "hessian/stability.h"
#include "hessian/verdict.h"

enum { MOST = 40 };

struct quadratic { /* ½ Σ λ_i θ_i² + Σ b_i θ_i */
    double lambda[MOST], b[MOST];
};

static int q_value(const struct objective *o, const real *x, double *f, struct err *e)
{
    const struct quadratic *q = o->context;

    (void)e;
    *f = 0;
    for (int64_t i = 0; i < o->n; i++)
        *f += q->lambda[i] * x[i] * x[i] / 2 + q->b[i] * x[i];
    return 0;
}

static int q_gradient(const struct objective *o, const real *x, double *f, real *g, struct err *e)
{
    const struct quadratic *q = o->context;

    for (int64_t i = 0; i < o->n; i++)
        g[i] = q->lambda[i] * x[i] + q->b[i];
    return q_value(o, x, f, e);
}

static int q_product(const struct objective *o, const real *x, const real *v, real *out, struct err *e)
{
    const struct quadratic *q = o->context;

    (void)x, (void)e;
    for (int64_t i = 0; i < o->n; i++)
        out[i] = q->lambda[i] * v[i];
    return 0;
}

/* The verdict at x by the whole spectrum, and once more by both ends. */
static struct verdict_report judge(struct quadratic *q, int n, const real *x)
{
    struct objective o = {
        .n = n, .context = q, .f = q_value, .gradient = q_gradient, .hessian_vector = q_product};
    struct curvature c = {.objective = &o, .theta = x};
    struct verdict_facts f = {.n = n, .gradient_curvature = NAN};
    struct verdict_report r, again;
    struct spectrum s;
    struct lanczos_ask ask = {.top = 2, .bottom = 2};
    struct lanczos_result l;
    struct err e = {0};
    real g[MOST];
    double value, ends[4];

    must(R(curvature).open(&c, &e), &e);
    must(o.gradient(&o, x, &value, g, &e), &e);
    for (int i = 0; i < n; i++)
        f.gradient_norm += g[i] * g[i];
    f.gradient_norm = sqrt(f.gradient_norm);
    must(R(spectrum).whole(&c, &s, NULL, NULL, &e), &e);
    f.values = s.n;
    f.value = s.value;
    r = verdict_of(&f, VERDICT_TOLERANCE);
    R(spectrum).free(&s);
    must(R(lanczos).run(&c, &ask, &l, &e), &e);
    for (int i = 0; i < 2; i++) {
        ends[i] = l.at_bottom[i].value;
        ends[3 - i] = l.at_top[i].value;
    }
    R(lanczos).free(&l);
    f.values = 4;
    f.value = ends;
    again = verdict_of(&f, VERDICT_TOLERANCE);
    assert_int_equal(again.verdict, r.verdict);
    return r;
}

static void verdicts(void **state)
{
    struct quadratic bowl = {.lambda = {1, 2, 5, 1, 1, 3}}, saddle = {.lambda = {2, -2, 3, -.5, 0, 1}};
    struct quadratic plateau = {.lambda = {1e-5, -1e-5, 0, 0, 1e-6, 0}}, slope = {.b = {.3, 0, 0, 0, 0, 0}};
    struct quadratic dead = {.lambda = {1, 2}}; /* all other directions level, as behind dead ReLUs */
    real origin[MOST] = {0}, off[MOST] = {1}, near_by[MOST] = {.02f};
    struct verdict_report r;
    char words[80];

    (void)state;
    r = judge(&bowl, 6, origin);
    assert_int_equal(r.verdict, VERDICT_MINIMUM);
    near(r.ratio_all, 1, 0, "ratio");
    near(r.asymmetry, 0, 1e-15, "no negative curvature");
    assert_int_equal(judge(&bowl, 6, off).verdict, VERDICT_SLOPE);
    r = judge(&saddle, 6, origin);
    assert_int_equal(r.verdict, VERDICT_SADDLE);
    verdict_words(&r, words, sizeof words);
    assert_string_equal(words, "saddle with 2 descending directions");
    near(r.ratio_all, 3 / 6., 1e-15, "positive / all");
    near(r.ratio_signed, 3 / 5., 1e-15, "positive / (positive + negative)");
    near(r.asymmetry, 2 / 3., 1e-12, "|λmin| / λmax");
    assert_int_equal(r.zeros, 1);
    assert_int_equal(judge(&plateau, 6, origin).verdict, VERDICT_PLATEAU);
    assert_non_null(strstr(judge(&saddle, 6, origin).evidence, "1 zero, that is within 0.0003 (0.0001 of the largest)"));
    r = judge(&dead, MOST, origin);
    assert_int_equal(r.verdict, VERDICT_FLAT);
    assert_true(r.zeros == MOST - 2 && r.negative == 0);
    assert_non_null(strstr(r.evidence, "level along most directions"));
    dead.lambda[7] = -.1; /* one way down is enough */
    assert_int_equal(judge(&dead, MOST, origin).verdict, VERDICT_SADDLE);
    r = judge(&slope, 6, origin);
    assert_int_equal(r.verdict, VERDICT_SLOPE);
    assert_non_null(strstr(r.evidence, "|g| = 0.3 > 0.01: not a critical point"));
    assert_null(strstr(r.evidence, "may change the verdict"));
    r = judge(&saddle, 6, near_by); /* |g| = 0.04 */
    assert_int_equal(r.verdict, VERDICT_SLOPE);
    assert_non_null(strstr(r.evidence, "more probe_frames"));
    assert_null(strstr(judge(&saddle, 6, off).evidence, "may change the verdict"));
    assert_null(strstr(judge(&bowl, 6, near_by).evidence, "may change the verdict")); /* nowhere down across it */
}

/* Multiple eigenvalues close the Krylov space at once: new directions find the others. */
static void a_closed_space_is_opened(void **state)
{
    struct quadratic q = {0};
    struct objective o = {
        .n = MOST, .context = &q, .f = q_value, .gradient = q_gradient, .hessian_vector = q_product};
    real origin[MOST] = {0};
    struct curvature c = {.objective = &o, .theta = origin};
    struct lanczos_ask ask = {.top = 3, .bottom = 3};
    struct lanczos_result l;
    struct err e = {0};

    (void)state;
    for (int i = 0; i < MOST; i++)
        q.lambda[i] = i < 2 ? -1 : 2;
    must(R(curvature).open(&c, &e), &e);
    must(R(lanczos).run(&c, &ask, &l, &e), &e);
    assert_true(l.converged);
    for (int i = 0; i < 3; i++) {
        near(l.at_top[i].value, 2, 1e-12, "top");
        near(l.at_bottom[i].value, i < 2 ? -1 : 2, 1e-12, "bottom");
    }
    R(lanczos).free(&l);
}

enum { CLUSTERED = 400 };

static int clustered_gradient(const struct objective *o, const real *x, double *f, real *g, struct err *e)
{
    (void)o, (void)x, (void)f, (void)g, (void)e;
    return -ERR_INPUT;
}

/* Eigenvalues -1, -.99, -.98 …, and a few large ones. */
static double clustered(int64_t i)
{
    return i < CLUSTERED - 5 ? -1 + .01 * (double)i : 10 * (double)(i - CLUSTERED + 6);
}

static int clustered_product(const struct objective *o, const real *x, const real *v, real *out, struct err *e)
{
    (void)x, (void)e;
    for (int64_t i = 0; i < o->n; i++)
        out[i] = clustered(i) * v[i];
    return 0;
}

/* Inner pairs close together: what is called converged is near the eigenvalue of its place, or the result says that
 * pairs may be missing. */
static void inner_pairs_are_right_or_in_doubt(void **state)
{
    struct objective o = {.n = CLUSTERED, .gradient = clustered_gradient, .hessian_vector = clustered_product};
    static real origin[CLUSTERED];
    struct curvature c = {.objective = &o, .theta = origin};
    struct err e = {0};
    int sure = 0, doubtful = 0;

    (void)state;
    must(R(curvature).open(&c, &e), &e);
    for (int most = 20; most <= 400; most += 20) {
        struct lanczos_ask ask = {.top = 2, .bottom = 4, .most_products = most, .seed = (uint64_t)most};
        struct lanczos_result l;
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        for (int i = 0; i < 4; i++) {
            assert_true(!l.at_bottom[i].converged || l.at_bottom[i].residual <= .02 * fabs(l.at_bottom[i].value));
            if (!l.may_miss)
                near(l.at_bottom[i].value, clustered(i), .004, "an inner eigenvalue");
        }
        sure += !l.may_miss;
        doubtful += l.may_miss;
        R(lanczos).free(&l);
    }
    assert_true(sure > 0 && doubtful > 0);
    R(curvature).close(&c);
}

/* Just below the limit a quadratic's eigenvector shrinks, just above it grows: by the optimizer's own steps.
 */
static double grows(const char *name, struct optimizer_args a, double eta)
{
    const struct optimizer *o = R(optimizers).find(name);
    real x[REAL_PAD] = {1}, g[REAL_PAD] = {0}, slot[OPTIMIZER_SLOTS][REAL_PAD] = {{0}};
    real *slots[OPTIMIZER_SLOTS] = {slot[0], slot[1], slot[2]};
    double early = 0, late = 0;

    a.lr = eta;
    for (int t = 1; t <= 4000; t++) {
        a.t = (uint64_t)t;
        g[0] = x[0];
        o->step(&a, 1, x, g, slots);
        if (t > 400 && t <= 500)
            early = fmax(early, fabs(x[0]));
        if (t > 3900)
            late = fmax(late, fabs(x[0]));
    }
    return late / early;
}

static void limits_are_the_optimizers_own(void **state)
{
    struct optimizer_args plain = R(optimizers).defaults(R(optimizers).find("sgd")), heavy = plain, nesterov,
                          damped;
    const struct optimizer_args *const each[] = {&plain, &heavy, &nesterov, &damped};

    (void)state;
    heavy.momentum = .9;
    damped = nesterov = heavy;
    nesterov.nesterov = 1;
    damped.dampening = .4;
    near(stability_of("sgd", &plain).limit, 2, 0, "gradient descent");
    assert_null(stability_formula("sgd", &plain));
    assert_string_equal(stability_formula("sgd", &heavy), "2+2 momentum");
    assert_string_equal(stability_formula("adamw", &heavy), "2(1+beta1)/(1-beta1)");
    near(stability_of("sgd", &heavy).limit, 3.8, 1e-12, "heavy ball");
    near(stability_of("sgd", &nesterov).limit, 3.8 / 2.8, 1e-12, "Nesterov");
    near(stability_of("sgd", &heavy).small, .2, 1e-12, "heavy ball in small batches");
    near(stability_of("sgd", &heavy).large, 3.8, 1e-12, "heavy ball in large batches");
    near(stability_of("sgd", &plain).small, 2, 0, "small batches");
    near(stability_of("sgd", &plain).large, 2, 0, "large batches");
    assert_true(isnan(stability_of("sgd", &nesterov).small) && isnan(stability_of("adam", &plain).large));
    for (int i = 0; i < 4; i++) {
        double limit = stability_of("sgd", each[i]).limit;
        assert_true(grows("sgd", *each[i], .99 * limit) < 1);
        assert_true(!(grows("sgd", *each[i], 1.01 * limit) < 2));
    }
    assert_true(stability_of("adamw", &plain).preconditioned && isnan(stability_of("lion", &plain).limit));
    plain.sam = OPTIMIZER_SAM;
    assert_true(isnan(stability_of("sgd", &plain).limit)); /* of the gradient nearby nothing is known */
    plain.sam = OPTIMIZER_SAM_OFF;
    near(stability_of("adam", &plain).limit, 38, 1e-9, "Adam");
}

static int setup(void **state)
{
    (void)state;
    return math_start(NULL);
}

static void the_limit_that_applies_is_named(void **state)
{
    static const struct {
        double small, large, noise;
        int batch_norm;
        const char *words;
    } rows[] = {
        {2, 2, .87, 0, "small batches (noise 87 %): batch sharpness settles at 2/lr, lmax below it"},
        {.2, 3.8, .87, 0, "small batches (noise 87 %): batch sharpness settles at 2(1-momentum)/lr, lmax below it"},
        {.2, 3.8, .1, 1, "large batches (noise 10 %): batch sharpness settles at 2(1+momentum)/lr, as lmax does; "
                         "batch norm couples examples, the limit ignores that"},
        {NAN, NAN, .6, 0, "small batches (noise 60 %): no limit of batch sharpness is known for this optimizer"},
        {2, 2, NAN, 0, "batch sharpness is not known here"},
    };
    char words[240];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stability s = {.limit = 2, .small = rows[i].small, .large = rows[i].large};
        stability_batch_words(&s, rows[i].noise, rows[i].batch_norm, words, sizeof words);
        assert_string_equal(words, rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts),
        cmocka_unit_test(a_closed_space_is_opened),
        cmocka_unit_test(inner_pairs_are_right_or_in_doubt),
        cmocka_unit_test(limits_are_the_optimizers_own),
        cmocka_unit_test(the_limit_that_applies_is_named),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
