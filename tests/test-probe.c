/* probe/: Lanczos, trace and density against the whole spectrum on small networks of each kind; slices; verdicts and
 * limits on functions whose answer is known. In double; probe_f comes in through its neutral door. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "math/start.h"
#include "probe/basis.h"
#include "probe/lanczos.h"
#include "probe/objective-network.h"
#include "probe/probe.h"
#include "probe/stability.h"

enum { EXAMPLES = 60, STEPS = 4, WIDTH = 5, ENDS = 5 };

static struct pool *pool;

static double noise(uint64_t stream, uint64_t i)
{
    struct rng r = {.seed = 8, .purpose = RNG_PROBE};
    return rng_normal(&r, stream, i);
}

static void near(double got, double want, double within, const char *what)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%s: %.12g, expected %.12g within %.2g", what, got, want, within);
}

static void must(int result, const struct err *e)
{
    if (result != 0)
        fail_msg("%s", e->text);
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
        b->x[i] = (float)noise(1, (uint64_t)i);
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
        b->point[i] = b->theta[i] = (float)(b->point[i] + .2 * noise(2, i));
    for (size_t i = 0; i < m; i++)
        b->still[i] = b->statistics[i] = (float)(b->still[i] + .2 * fabs(noise(4, i)));
}

static void bench_open(struct bench *b, const struct example *x, int slice, int batch_statistics)
{
    struct err e = {0};

    memset(b, 0, sizeof *b);
    must(spec_parse(&b->spec, x->text, &e), &e);
    must(R(network).build(&b->net, &b->spec, (struct shape){x->steps, x->width}, &e), &e);
    must(probe_batch_init(&b->batch, EXAMPLES, x->steps, x->width, b->net.layer[b->net.count - 1].out.steps, 0, &e),
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

/* Value, gradient and both products of the batch whole and in slices of 7; the gradient against differences. */
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
            v[i] = noise(3, (uint64_t)i);
        must(whole.f.f(&whole.f, whole.point, &f[0], &e), &e);
        must(sliced.f.f(&sliced.f, whole.point, &f[1], &e), &e);
        near(f[1], f[0], 1e-12, kinds[k].text);
        for (int what = 0; what < 3; what++) {
            for (int i = 0; i < 2; i++) {
                const struct objective *o = i ? &sliced.f : &whole.f;
                if (what == 0)
                    must(o->gradient(o, whole.point, &f[2], out[i], &e), &e);
                else
                    must((what == 1 ? o->hessian_vector : o->gauss_newton_vector)(o, whole.point, v, out[i], &e), &e);
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
        v[i] = noise(3, i);
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

static void compare_ends(const struct curvature *c, const struct spectrum *s, const struct lanczos_result *l,
                         double within, const char *what)
{
    double scale = fmax(fabs(s->value[0]), fabs(s->value[s->n - 1]));

    (void)c;
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
        struct lanczos_ask ask = {.top = ENDS, .bottom = ENDS, .tolerance = 1e-6, .most_products = 2000, .pool = pool};
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
        compare_ends(&c, &s, &l, 1e-9, kinds[k].text);
        assert_true(l.converged && l.products < 2000);
        R(lanczos).free(&l);
        ask.tolerance = 0; /* as a probe asks */
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        assert_true(l.converged);
        for (int i = 0; i < ENDS; i++)
            assert_true(l.at_top[i].residual <= .1 * fabs(l.at_top[i].value) &&
                        fabs(l.at_top[i].value - s.value[s.n - 1 - i]) <= .1 * fabs(l.at_top[i].value));
        R(lanczos).free(&l);
        R(spectrum).free(&s);
        bench_close(&b);
    }
}

/* Memory for few rows: many restarts, the same pairs. */
static void lanczos_restarts(void **state)
{
    struct lanczos_ask ask = {.top = ENDS, .bottom = ENDS, .tolerance = 1e-6, .most_products = 3000, .pool = pool};
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
    compare_ends(&c, &s, &l, 1e-9, "restarted");
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
                 share_above(s.n, s.value, NULL, at[i] * s.value[s.n - 1]), .03, "share of the eigenvalues above");
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
        v[i] = noise(6, (uint64_t)i);
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

/* ---- functions whose answer is known ---------------------------------------------------------- */

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
    struct objective o = {.n = n, .context = q, .f = q_value, .gradient = q_gradient, .hessian_vector = q_product};
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
    s = spectrum_of(&c);
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
    real origin[MOST] = {0}, off[MOST] = {1};
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
    r = judge(&slope, 6, origin);
    assert_int_equal(r.verdict, VERDICT_SLOPE);
    assert_non_null(strstr(r.evidence, "|g| = 0.3 > 0.01: no critical point"));
}

/* Multiple eigenvalues close the Krylov space at once: new directions find the others. */
static void a_closed_space_is_opened(void **state)
{
    struct quadratic q = {0};
    struct objective o = {.n = MOST, .context = &q, .f = q_value, .gradient = q_gradient, .hessian_vector = q_product};
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

/* Just below the limit a quadratic's eigenvector shrinks, just above it grows: by the optimizer's own steps. */
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
    struct optimizer_args plain = R(optimizers).defaults(R(optimizers).find("sgd")), heavy = plain, nesterov, damped;
    const struct optimizer_args *const each[] = {&plain, &heavy, &nesterov, &damped};

    (void)state;
    heavy.momentum = .9;
    damped = nesterov = heavy;
    nesterov.nesterov = 1;
    damped.dampening = .4;
    near(stability_of("sgd", &plain).limit, 2, 0, "gradient descent");
    near(stability_of("sgd", &heavy).limit, 3.8, 1e-12, "heavy ball");
    near(stability_of("sgd", &nesterov).limit, 3.8 / 2.8, 1e-12, "Nesterov");
    for (int i = 0; i < 4; i++) {
        double limit = stability_of("sgd", each[i]).limit;
        assert_true(grows("sgd", *each[i], .99 * limit) < 1);
        assert_true(!(grows("sgd", *each[i], 1.01 * limit) < 2));
    }
    assert_true(stability_of("adamw", &plain).preconditioned && isnan(stability_of("lion", &plain).limit));
    near(stability_of("adam", &plain).limit, 38, 1e-9, "Adam");
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
        near(f.hessian.at_top[i].value, d.hessian.at_top[i].value, .05 * d.hessian.at_top[0].value, "top");
        near(f.hessian.at_bottom[i].value, d.hessian.at_bottom[i].value, .05 * d.hessian.at_top[0].value, "bottom");
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

static int setup(void **state)
{
    (void)state;
    return math_start(NULL) != 0 || pool_new(&pool, 2, NULL) != 0;
}

static int teardown(void **state)
{
    (void)state;
    pool_free(pool);
    return 0;
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
        cmocka_unit_test(verdicts),
        cmocka_unit_test(a_closed_space_is_opened),
        cmocka_unit_test(limits_are_the_optimizers_own),
        cmocka_unit_test(float_and_double_say_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
