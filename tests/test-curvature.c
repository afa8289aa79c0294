/* probe/ on networks: Lanczos, trace and density against the whole spectrum on small networks of each kind;
 * slices; verdicts. In double; probe_f comes in through its neutral door. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "probe/lanczos.h"
#include "probe/objective-network.h"
#include "probe/probe.h"
#include "workers.h"

enum { EXAMPLES = 60, STEPS = 4, WIDTH = 5, ENDS = 5 };

/* The batches and points of these tests. */
static double made(uint64_t stream, uint64_t i)
{
    return noise_of(8, stream, i);
}

/* ---- a small network of each kind ----------------------------------------------------------- */

static const struct example {
    const char *text;
    int steps, width;
} kinds[] = {
    {"linear 20 relu bn dropout=.2 | linear 12 relu bn | linear 3", 1, 8},
    {"linear 20 tanh bn | linear 12 tanh | linear 3", 1, 8},
    {"lstm 8 | last | linear 3", STEPS, WIDTH},
    {"gru 9 | all | linear 3", STEPS, WIDTH},
    {"rnn 8 bi | center | linear 6 bn silu linear 3", STEPS, WIDTH},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct bench {
    struct network_spec spec;
    struct network net;
    struct probe_batch batch;
    float *theta, *statistics;
    real *point, *still; /* the same, as `real` */
    struct objective_network source;
    struct objective f;
};

static void fill_batch(struct probe_batch *b)
{
    for (int i = 0; i < b->examples * b->steps * b->width; i++)
        b->x[i] = (float)made(1, (uint64_t)i);
    for (int i = 0; i < b->examples * b->answers; i++)
        b->labels[i] = (uint8_t)(i % 11 == 7 ? LOSS_IGNORED : i * 7 % 3);
}

static void make_point(struct bench *b)
{
    size_t n = (size_t)b->net.parameters, m = (size_t)b->net.statistics;

    b->theta = calloc(n + 1, sizeof *b->theta);
    b->statistics = calloc(m + 1, sizeof *b->statistics);
    b->point = calloc(n + 1, sizeof *b->point);
    b->still = calloc(m + 1, sizeof *b->still);
    R(network).init(&b->net, 1, b->point, b->still);
    for (size_t i = 0; i < n; i++)
        b->point[i] = b->theta[i] = (float)(b->point[i] + .2 * made(2, i));
    for (size_t i = 0; i < m; i++)
        b->still[i] = b->statistics[i] = (float)(b->still[i] + .2 * fabs(made(4, i)));
}

static void bench_open(struct bench *b, const struct example *x, int slice, int batch_statistics)
{
    struct err e = {0};

    memset(b, 0, sizeof *b);
    must(spec_parse(&b->spec, x->text, &e), &e);
    must(R(network).build(&b->net, &b->spec, (struct shape){x->steps, x->width}, &e), &e);
    must(probe_batch_init(&b->batch, EXAMPLES, x->steps, x->width, b->net.layer[b->net.count - 1].out.steps,
                          0, &e),
         &e);
    fill_batch(&b->batch);
    make_point(b);
    b->source = (struct objective_network){.network = &b->net,
                                           .batch = &b->batch,
                                           .statistics = b->still,
                                           .loss = R(losses).at(0),
                                           .pool = pool,
                                           .shards = 2,
                                           .slice = slice,
                                           .batch_statistics = batch_statistics};
    must(R(objective_network).open(&b->source, &b->f, &e), &e);
}

static void bench_close(struct bench *b)
{
    R(objective_network).close(&b->source);
    R(network).free(&b->net);
    probe_batch_free(&b->batch);
    free(b->theta);
    free(b->statistics);
    free(b->point);
    free(b->still);
}

static struct curvature hessian_of(const struct bench *b, int gauss_newton)
{
    struct curvature c = {.objective = &b->f, .theta = b->point, .gauss_newton = gauss_newton};
    struct err e = {0};

    must(R(curvature).open(&c, &e), &e);
    return c;
}

static struct spectrum spectrum_of(const struct curvature *c)
{
    struct spectrum s;
    struct err e = {0};

    must(R(spectrum).whole(c, &s, NULL, NULL, &e), &e);
    return s;
}

/* ---- the objective -------------------------------------------------------------------------- */

/* Value, gradient and both products of the batch whole and in slices of 7; the gradient against differences.
 */
static void slices_add_up(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct bench whole, sliced;
        struct err e = {0};
        int64_t n;
        double f[3];
        real *v, *out[2];
        bench_open(&whole, &kinds[k], EXAMPLES, 0);
        bench_open(&sliced, &kinds[k], 7, 0);
        n = whole.f.n;
        v = calloc((size_t)n, sizeof *v);
        for (int i = 0; i < 2; i++)
            out[i] = calloc((size_t)n, sizeof *v);
        for (int64_t i = 0; i < n; i++)
            v[i] = made(3, (uint64_t)i);
        must(whole.f.f(&whole.f, whole.point, &f[0], &e), &e);
        must(sliced.f.f(&sliced.f, whole.point, &f[1], &e), &e);
        near(f[1], f[0], 1e-12, kinds[k].text);
        for (int what = 0; what < 3; what++) {
            for (int i = 0; i < 2; i++) {
                const struct objective *o = i ? &sliced.f : &whole.f;
                if (what == 0)
                    must(o->gradient(o, whole.point, &f[2], out[i], &e), &e);
                else
                    must((what == 1 ? o->hessian_vector : o->gauss_newton_vector)(o, whole.point, v, out[i],
                                                                                  &e),
                         &e);
            }
            near(f[2], f[0], 1e-12, kinds[k].text);
            for (int64_t i = 0; i < n; i++)
                near(out[1][i], out[0][i], 1e-11, kinds[k].text);
        }
        free(v);
        free(out[0]);
        free(out[1]);
        bench_close(&whole);
        bench_close(&sliced);
    }
}

/* Batch norm by the batch: another loss, and its product is still the difference of its gradients. */
static void a_whole_batch_may_be_asked_for(void **state)
{
    const double h = 1e-5;
    struct bench rest, batch;
    struct err e = {0};
    double a, b, c;
    real *v, *hv, *up, *down;
    size_t n;

    (void)state;
    bench_open(&rest, &kinds[0], 7, 0);
    bench_open(&batch, &kinds[0], 7, 1);
    n = (size_t)batch.f.n;
    v = calloc(4 * n, sizeof *v);
    hv = v + n, up = hv + n, down = up + n;
    must(rest.f.f(&rest.f, rest.point, &a, &e), &e);
    must(batch.f.f(&batch.f, rest.point, &b, &e), &e);
    assert_true(fabs(a - b) > 1e-3);
    for (size_t i = 0; i < n; i++)
        v[i] = made(3, i);
    must(batch.f.hessian_vector(&batch.f, batch.point, v, hv, &e), &e);
    for (size_t i = 0; i < n; i++)
        batch.point[i] += h * v[i];
    must(batch.f.gradient(&batch.f, batch.point, &c, up, &e), &e);
    for (size_t i = 0; i < n; i++)
        batch.point[i] -= 2 * h * v[i];
    must(batch.f.gradient(&batch.f, batch.point, &c, down, &e), &e);
    for (size_t i = 0; i < n; i++)
        near(hv[i], (up[i] - down[i]) / (2 * h), 1e-4 * (1 + fabs(hv[i])), "H v by the batch");
    free(v);
    bench_close(&rest);
    bench_close(&batch);
}

/* ---- Lanczos against the whole spectrum ------------------------------------------------------ */

static void compare_ends(const struct spectrum *s, const struct lanczos_result *l, double within,
                         const char *what)
{
    double scale = fmax(fabs(s->value[0]), fabs(s->value[s->n - 1]));

    assert_int_equal(l->top, ENDS);
    for (int i = 0; i < l->top; i++)
        near(l->at_top[i].value, s->value[s->n - 1 - i], within * scale, what);
    for (int i = 0; i < l->bottom; i++)
        near(l->at_bottom[i].value, s->value[i], within * scale, what);
}

static void lanczos_finds_both_ends(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct lanczos_ask ask = {
            .top = ENDS, .bottom = ENDS, .tolerance = 1e-6, .most_products = 2000, .pool = pool};
        struct lanczos_result l;
        struct err e = {0};
        struct bench b;
        struct curvature c;
        struct spectrum s;
        bench_open(&b, &kinds[k], 0, 0);
        assert_true(b.f.n > 200 && b.f.n < 700);
        c = hessian_of(&b, 0);
        s = spectrum_of(&c);
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        compare_ends(&s, &l, 1e-9, kinds[k].text);
        assert_true(l.converged && l.products < 2000);
        R(lanczos).free(&l);
        ask.tolerance = 0; /* as a probe asks */
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        assert_true(l.converged);
        for (int i = 0; i < ENDS; i++) {
            near(l.at_top[i].residual, 0, .1 * fabs(l.at_top[i].value), "residual at the top");
            near(l.at_bottom[i].residual, 0, .1 * fabs(l.at_bottom[i].value), "residual at the bottom");
        }
        compare_ends(&s, &l, .01, kinds[k].text);
        R(lanczos).free(&l);
        R(spectrum).free(&s);
        bench_close(&b);
    }
}

/* Memory for few rows: many restarts, the same pairs. */
static void lanczos_restarts(void **state)
{
    struct lanczos_ask ask = {
        .top = ENDS, .bottom = ENDS, .tolerance = 1e-6, .most_products = 3000, .pool = pool};
    struct lanczos_result l, again;
    struct err e = {0};
    struct bench b;
    struct curvature c;
    struct spectrum s;

    (void)state;
    bench_open(&b, &kinds[1], 0, 0);
    c = hessian_of(&b, 0);
    s = spectrum_of(&c);
    ask.memory = sizeof(real) * (unsigned long long)b.f.n * 21;
    must(R(lanczos).run(&c, &ask, &l, &e), &e);
    compare_ends(&s, &l, 1e-9, "restarted");
    assert_true(l.products > 60);
    ask.pool = NULL;
    must(R(lanczos).run(&c, &ask, &again, &e), &e);
    assert_memory_equal(l.at_top[0].vector, again.at_top[0].vector, sizeof(real) * (size_t)b.f.n);
    R(lanczos).free(&again);
    ask.memory = sizeof(real) * (unsigned long long)b.f.n * 12;
    assert_int_equal(R(lanczos).run(&c, &ask, &again, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "ask for fewer"));
    R(lanczos).free(&l);
    R(spectrum).free(&s);
    bench_close(&b);
}

static int stop_at_three(void *context, int products, int most, int converged)
{
    (void)context, (void)most, (void)converged;
    return products == 3;
}

static void lanczos_can_be_called_off(void **state)
{
    struct lanczos_ask ask = {.top = 2, .progress = stop_at_three};
    atomic_int cancel = 1;
    struct lanczos_result l;
    struct err e = {0};
    struct bench b;
    struct curvature c;

    (void)state;
    bench_open(&b, &kinds[2], 0, 0);
    c = hessian_of(&b, 0);
    assert_int_equal(R(lanczos).run(&c, &ask, &l, &e), -ERR_CANCELLED);
    ask.progress = NULL;
    b.f.cancel = &cancel;
    assert_int_equal(R(lanczos).run(&c, &ask, &l, &e), -ERR_CANCELLED);
    bench_close(&b);
}

static void gauss_newton_is_never_negative(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct bench b;
        struct curvature c;
        struct spectrum s;
        bench_open(&b, &kinds[k], 0, 0);
        c = hessian_of(&b, 1);
        s = spectrum_of(&c);
        assert_true(s.value[0] > -1e-12 * s.value[s.n - 1] && s.asymmetry < 1e-12 * s.value[s.n - 1]);
        R(spectrum).free(&s);
        bench_close(&b);
    }
}

/* ---- trace, density, blocks ------------------------------------------------------------------ */

/* Of n values, weighing 1/n each unless told. */
static double share_above(int n, const double *value, const double *weight, double x)
{
    double share = 0;

    for (int i = 0; i < n; i++)
        share += value[i] > x ? weight ? weight[i] : 1. / n : 0;
    return share;
}

static void trace_and_density_agree_with_the_spectrum(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct bench b;
        struct curvature c;
        struct spectrum s;
        struct trace_estimate t;
        struct density d;
        struct err e = {0};
        double sum = 0, mean = 0, squares = 0, at[3] = {.02, .1, .3};
        bench_open(&b, &kinds[k], 0, 0);
        c = hessian_of(&b, 0);
        s = spectrum_of(&c);
        must(R(trace).estimate(&c, 64, 3, pool, &t, NULL, NULL, &e), &e);
        near(t.mean, s.trace, 4 * t.error, "trace");
        for (int i = 0; i < s.n; i++)
            squares += s.value[i] * s.value[i];
        assert_true(t.error > 0 && t.error < 1.5 * sqrt(2 * squares / 64)); /* variance 2 Σ_{i≠j} H_ij² */
        must(R(density).estimate(&c, 8, 30, 3, pool, &d, NULL, NULL, &e), &e);
        must(R(trace).estimate(&c, 8, 3, pool, &t, NULL, NULL, &e), &e);
        for (int i = 0; i < d.count; i++) {
            sum += d.weight[i];
            mean += d.weight[i] * d.value[i];
        }
        near(sum, 1, 1e-12, "weight");
        near(mean * s.n, t.mean, 1e-9 * s.n, "mean of the density, of the same random vectors");
        for (int i = 0; i < 3; i++)
            near(share_above(d.count, d.value, d.weight, at[i] * s.value[s.n - 1]),
                 share_above(s.n, s.value, NULL, at[i] * s.value[s.n - 1]), .03,
                 "share of the eigenvalues above");
        R(density).free(&d);
        R(spectrum).free(&s);
        bench_close(&b);
    }
}

/* From one start in the whole space, the quadrature is exact: its moments are those of zᵀ Aᵏ z. */
static void density_closes_with_the_space(void **state)
{
    struct curvature c;
    struct density d;
    struct err e = {0};
    struct bench b;
    double mean = 0, curve[201], sum = 0;
    struct trace_estimate t;

    (void)state;
    bench_open(&b, &kinds[4], 0, 0);
    c = (struct curvature){.objective = &b.f, .theta = b.point, .first = 10, .n = 12};
    must(R(curvature).open(&c, &e), &e);
    must(R(density).estimate(&c, 1, 100, 3, NULL, &d, NULL, NULL, &e), &e);
    must(R(trace).estimate(&c, 1, 3, NULL, &t, NULL, NULL, &e), &e);
    assert_true(d.count <= 12 && isnan(t.error));
    for (int i = 0; i < d.count; i++)
        mean += d.weight[i] * d.value[i];
    near(mean * 12, t.mean, 1e-12, "zᵀ A z");
    R(density).smooth(&d, d.value[0] - 5, d.value[d.count - 1] + 5, .5, 201, curve);
    for (int i = 0; i < 201; i++)
        sum += curve[i] * (10 + d.value[d.count - 1] - d.value[0]) / 200;
    near(sum, 1, 1e-6, "area under the curve");
    R(density).free(&d);
    R(curvature).close(&c);
    bench_close(&b);
}

/* A block is that part of the whole matrix; a scaled one S H S. */
static void blocks_are_parts_of_the_matrix(void **state)
{
    struct curvature whole, part;
    struct err e = {0};
    struct bench b;
    real v[12], out[12], *full, *product, *scale;

    (void)state;
    bench_open(&b, &kinds[4], 0, 0);
    whole = hessian_of(&b, 0);
    full = calloc(3 * (size_t)b.f.n, sizeof *full);
    product = full + b.f.n;
    scale = product + b.f.n;
    for (int64_t i = 0; i < b.f.n; i++)
        scale[i] = 1 + .5 * sin((double)i);
    part = (struct curvature){.objective = &b.f, .theta = b.point, .first = 30, .n = 12, .scale = scale};
    must(R(curvature).open(&part, &e), &e);
    for (int i = 0; i < 12; i++) {
        v[i] = made(6, (uint64_t)i);
        full[30 + i] = v[i] * scale[30 + i];
    }
    must(R(curvature).multiply(&whole, full, product, &e), &e);
    must(R(curvature).multiply(&part, v, out, &e), &e);
    for (int i = 0; i < 12; i++)
        near(out[i], product[30 + i] * scale[30 + i], 1e-14, "block");
    R(curvature).close(&part);
    part.first = b.f.n - 3;
    part.n = 4;
    assert_int_equal(R(curvature).open(&part, &e), -ERR_INPUT);
    free(full);
    bench_close(&b);
}

/* ---- the neutral door ------------------------------------------------------------------------ */

static struct probe_ask ask_of(const struct bench *b)
{
    return (struct probe_ask){.spec = &b->spec,
                              .theta = b->theta,
                              .statistics = b->statistics,
                              .batch = &b->batch,
                              .loss = "cross_entropy",
                              .top = ENDS,
                              .bottom = ENDS,
                              .tolerance = VERDICT_TOLERANCE,
                              .vectors = 1,
                              .density = 1,
                              .gauss_newton = 1,
                              .blocks = 1,
                              .shards = 2,
                              .pool = pool};
}

static void float_and_double_say_the_same(void **state)
{
    struct probe_report d, f;
    struct probe_ask ask;
    struct err e = {0};
    struct bench b;
    double cosine = 0;

    (void)state;
    bench_open(&b, &kinds[1], 0, 0);
    ask = ask_of(&b);
    must(probe_run(&ask, &d, &e), &e);
    must(probe_f.run(&ask, &f, &e), &e);
    assert_true(d.whole && !f.whole && d.values == d.parameters && f.values == 2 * ENDS);
    assert_true(d.hessian.converged && f.hessian.converged);
    near(f.loss, d.loss, 1e-5, "loss");
    near(f.gradient_norm, d.gradient_norm, 1e-5, "|g|");
    for (int i = 0; i < ENDS; i++) {
        near(f.hessian.at_top[i].value, d.hessian.at_top[i].value, .01 * d.hessian.at_top[0].value, "top");
        near(f.hessian.at_bottom[i].value, d.hessian.at_bottom[i].value, .01 * d.hessian.at_top[0].value,
             "bottom");
    }
    near(f.hessian.at_top[0].value, d.hessian.at_top[0].value, .01 * d.hessian.at_top[0].value, "λmax");
    for (int64_t i = 0; i < d.parameters; i++)
        cosine += (double)d.hessian.at_top[0].vector[i] * (double)f.hessian.at_top[0].vector[i];
    near(fabs(cosine), 1, .02, "cosine of the first eigenvectors");
    near(f.trace, d.trace, 5 * f.trace_error, "trace");
    assert_int_equal(d.blocks, 4);
    assert_true(d.block[0].highest <= d.hessian.at_top[0].value * (1 + 1e-9));
    assert_int_equal(f.verdict.verdict, d.verdict.verdict);
    probe_free(&d);
    probe_free(&f);
    bench_close(&b);
}

/* Points of each kind on a network. */
static struct verdict_report judge_network(struct bench *b, const char *loss)
{
    struct probe_ask ask = ask_of(b);
    struct probe_report report;
    struct verdict_report v;
    struct err e = {0};

    ask.gauss_newton = ask.blocks = ask.density = ask.vectors = 0;
    ask.loss = loss;
    must(probe_run(&ask, &report, &e), &e);
    v = report.verdict;
    probe_free(&report);
    return v;
}

static void balanced_labels(struct bench *b)
{
    for (int i = 0; i < EXAMPLES; i++)
        b->batch.labels[i] = (uint8_t)(i % 3);
}

/* With all weights zero and classes of one size the gradient is zero, but the two layers lean on each other.
 */
static void a_network_of_zeros_is_a_saddle(void **state)
{
    const struct example x = {"linear 4 tanh | linear 3", 1, 6};
    struct verdict_report v;
    struct bench b;

    (void)state;
    bench_open(&b, &x, 0, 0);
    balanced_labels(&b);
    assert_int_equal(judge_network(&b, "cross_entropy").verdict, VERDICT_SLOPE);
    memset(b.theta, 0, sizeof *b.theta * (size_t)b.f.n);
    v = judge_network(&b, "cross_entropy");
    assert_int_equal(v.verdict, VERDICT_SADDLE);
    assert_true(v.negative > 0 && v.zeros > 0 && v.asymmetry > .1 && v.ratio_all < v.ratio_signed);
    b.theta[b.f.n - 3] = 60; /* sure of the first class, for a squared error on probabilities to be flat */
    assert_int_equal(judge_network(&b, "mse_softmax").verdict, VERDICT_PLATEAU);
    bench_close(&b);
}

/* Of a network that is linear in its weights cross-entropy is convex: gradient descent ends where it is
 * least. */
static void the_end_of_a_convex_descent_is_like_a_minimum(void **state)
{
    const struct example x = {"linear 3", 1, 2};
    struct verdict_report v;
    struct err e = {0};
    struct bench b;
    real g[9];
    double f;

    (void)state;
    bench_open(&b, &x, 0, 0);
    balanced_labels(&b);
    for (int t = 0; t < 400; t++) {
        must(b.f.gradient(&b.f, b.point, &f, g, &e), &e);
        for (int i = 0; i < 9; i++)
            b.point[i] -= g[i];
    }
    for (int i = 0; i < 9; i++)
        b.theta[i] = (float)b.point[i];
    v = judge_network(&b, "cross_entropy");
    assert_int_equal(v.verdict, VERDICT_MINIMUM);
    assert_int_equal(v.zeros, 3); /* what adds one number to all logits changes nothing */
    near(v.ratio_signed, 1, 0, "none below zero");
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_add_up),
        cmocka_unit_test(a_whole_batch_may_be_asked_for),
        cmocka_unit_test(lanczos_finds_both_ends),
        cmocka_unit_test(lanczos_restarts),
        cmocka_unit_test(lanczos_can_be_called_off),
        cmocka_unit_test(gauss_newton_is_never_negative),
        cmocka_unit_test(trace_and_density_agree_with_the_spectrum),
        cmocka_unit_test(density_closes_with_the_space),
        cmocka_unit_test(blocks_are_parts_of_the_matrix),
        cmocka_unit_test(float_and_double_say_the_same),
        cmocka_unit_test(a_network_of_zeros_is_a_saddle),
        cmocka_unit_test(the_end_of_a_convex_descent_is_like_a_minimum),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
