/* net/: what must hold of every layer and loss, walked through the registries, so that a new one is tested by
 * being listed. Compiled twice: in double gradients and curvature against differences, in both builds what
 * depends on shards and workers. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/start.h"
#include "net/network.h"

enum { STEPS = 4, WIDTH = 5, EXAMPLES = 7, CLASSES = 3, SHARDS = 3, TOPOLOGIES = 3, MODES = 4 };

static struct pool *pool;
static const int lengths[EXAMPLES] = {4, 1, 3, 2, 4, 2, 3};

/* ---- a network to try ----------------------------------------------------------------------- */

struct bench {
    struct network net;
    struct workspace *work;
    struct batch_job job;
    int64_t n;
    real *theta, *statistics, *gradient, *v, *out;
    int ignored; /* examples whose label does not count, at the end of the batch */
    int skip;    /* the batch begins at this example */
    int whole;   /* examples in all */
};

/* Numbers that look random, by index. */
static real noise(uint64_t stream, uint64_t i)
{
    struct rng r = {.seed = 5, .purpose = RNG_PROBE};
    return (real)rng_normal(&r, stream, i);
}

static void fill(void *context, int first, int count, real *x, int ld, uint8_t *labels)
{
    const struct bench *b = context;
    int own = b->net.layer[b->net.count - 1].out.steps;

    for (int i = 0; i < count; i++) {
        int example = b->skip + first + i;
        for (int t = 0; t < b->net.in.steps; t++)
            for (int f = 0; f < b->net.in.width; f++)
                x[(t * count + i) * ld + f] = noise(1, (uint64_t)(example * 1000 + t * 50 + f));
        for (int t = 0; t < own; t++)
            labels[t * count + i] = (uint8_t)(example >= b->whole - b->ignored ? LOSS_IGNORED
                                                                               : (example * 5 + t) % b->net.classes);
    }
}

static void bench_open(struct bench *b, const struct network_spec *s, struct shape in, int shards, int examples)
{
    struct err e = {0};

    memset(b, 0, sizeof *b);
    if (R(network).build(&b->net, s, in, &e) != 0)
        fail_msg("%s", e.text);
    b->n = b->net.parameters;
    b->work = R(network).workspace_new(&b->net, shards, examples);
    assert_non_null(b->work);
    b->theta = calloc((size_t)b->n + 1, sizeof(real));
    b->statistics = calloc((size_t)b->net.statistics + 1, sizeof(real));
    b->gradient = calloc((size_t)b->n + 1, sizeof(real));
    b->v = calloc((size_t)b->n + 1, sizeof(real));
    b->out = calloc((size_t)b->n + 1, sizeof(real));
    R(network).init(&b->net, 1, b->theta, b->statistics);
    for (int64_t i = 0; i < b->n; i++) {
        b->theta[i] += (real).3 * noise(2, (uint64_t)i);
        b->v[i] = noise(3, (uint64_t)i);
    }
    for (int64_t i = 0; i < b->net.statistics; i++)
        b->statistics[i] += (real).2 * fabs(noise(4, (uint64_t)i));
    b->whole = examples;
    b->job = (struct batch_job){.theta = b->theta,
                                .statistics = b->statistics,
                                .loss = R(losses).at(0),
                                .loss_args = {.label_smoothing = .1},
                                .examples = examples,
                                .fill = fill,
                                .fill_context = b,
                                .seed = 3,
                                .step = 9,
                                .dropout = .4};
}

static void bench_close(struct bench *b)
{
    R(network).workspace_free(b->work);
    R(network).free(&b->net);
    free(b->theta);
    free(b->statistics);
    free(b->gradient);
    free(b->v);
    free(b->out);
}

static double loss_at(struct bench *b, real *gradient)
{
    struct batch_result r;

    R(network).gradient(b->work, pool, &b->job, gradient, &r);
    return r.loss;
}

static void text_open(struct bench *b, const char *text, struct shape in, int shards, int examples)
{
    struct network_spec s;
    struct err e = {0};

    if (spec_parse(&s, text, &e) != 0)
        fail_msg("%s", e.text);
    bench_open(b, &s, in, shards, examples);
}

/* Every layer kind stands once where it may overwrite its input and once where it may not; above it all
 * frames, one frame, or every frame with a loss of its own. */
static struct network_spec around(const struct layer_kind *kind, int topology)
{
    static const char *const above[TOPOLOGIES] = {"bn last linear 3", "center linear 6 bn tanh linear 3",
                                                  "all ln linear 3"};
    struct layer_spec l = spec_layer(kind->name), linear = spec_layer("linear");
    struct network_spec s = {0}, tail;

    linear.width = WIDTH;
    l.width = 4;
    l.levels = 2;
    l.bidirectional = topology != 2;
    l.rate = kind->cell ? .25 : l.rate;
    l.select = SELECT_CENTER;
    s.layer[s.count++] = linear;
    s.layer[s.count++] = l;
    l.select = SELECT_ALL;
    s.layer[s.count++] = linear;
    s.layer[s.count++] = spec_layer("silu");
    s.layer[s.count++] = l;
    assert_int_equal(spec_parse(&tail, above[topology], NULL), 0);
    for (int i = 0; i < tail.count; i++)
        s.layer[s.count++] = tail.layer[i];
    return s;
}

typedef void check(struct bench *b, const char *what);

static void every_combination(check *run)
{
    for (int k = 0; R(layers).at(k); k++)
        for (int topology = 0; topology < TOPOLOGIES; topology++) {
            struct network_spec s = around(R(layers).at(k), topology);
            struct bench b;
            bench_open(&b, &s, (struct shape){STEPS, WIDTH}, SHARDS, EXAMPLES);
            for (int loss = 0; R(losses).at(loss); loss++)
                for (int mode = 0; mode < MODES; mode++) {
                    char what[96];
                    b.job.loss = R(losses).at(loss);
                    b.job.running_statistics = mode == 1;
                    b.job.no_masks = mode == 2;
                    b.job.lengths = mode == 3 && topology == 2 ? lengths : NULL; /* every frame has its loss */
                    snprintf(what, sizeof what, "%s, topology %d, %s, mode %d", R(layers).at(k)->name, topology,
                             b.job.loss->name, mode);
                    run(&b, what);
                }
            bench_close(&b);
        }
}

static double largest(const real *x, int64_t n)
{
    double most = 0;

    for (int64_t i = 0; i < n; i++)
        most = fabs((double)x[i]) > most ? fabs((double)x[i]) : most;
    return most;
}

static void near(double got, double want, double within, const char *what)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%s: %.12g, expected %.12g within %.3g", what, got, want, within);
}

#ifdef SADDLE_DOUBLE
/* ---- against differences -------------------------------------------------------------------- */

static double dot(const real *a, const real *b, int64_t n)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

static void step_along(struct bench *b, const real *v, double h)
{
    for (int64_t i = 0; i < b->n; i++)
        b->theta[i] += (real)h * v[i];
}

static void check_gradient(struct bench *b, const char *what)
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

static void check_curvature(struct bench *b, const char *what)
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

static void check_symmetry(struct bench *b, const char *what)
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
    struct bench b;

    (void)state;
    text_open(&b, "linear 4", (struct shape){1, WIDTH}, SHARDS, EXAMPLES);
    for (int k = 0; R(losses).at(k); k++) {
        b.job.loss = R(losses).at(k);
        if (b.job.loss->gauss_newton)
            continue;
        R(network).hessian_vector(b.work, pool, &b.job, b.v, b.gradient);
        R(network).gauss_newton_vector(b.work, pool, &b.job, b.v, b.out);
        for (int64_t i = 0; i < b.n; i++)
            near(b.out[i], b.gradient[i], 1e-13, b.job.loss->name);
    }
    bench_close(&b);
}

/* Split at the probabilities: 2 |R{p}|², from differences of the probabilities. */
static void gauss_newton_of_mse_on_softmax_is_at_the_probabilities(void **state)
{
    const double h = 1e-5;
    struct batch_result r;
    struct bench b;
    double p[2][EXAMPLES * 4], want = 0;

    (void)state;
    text_open(&b, "linear 6 tanh linear 4", (struct shape){1, WIDTH}, SHARDS, EXAMPLES);
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
    bench_close(&b);
}

/* Σ w_y L / Σ w_y, the smoothed part weighted class by class. */
static void class_weights_are_the_weighted_mean(void **state)
{
    static const double weight[CLASSES] = {.5, 2, 3.25};
    double sum = 0, weights = 0, p[CLASSES];
    struct bench b;

    (void)state;
    text_open(&b, "linear 6 tanh linear 3", (struct shape){1, WIDTH}, SHARDS, EXAMPLES);
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
    bench_close(&b);
}
#endif

/* ---- shards and workers --------------------------------------------------------------------- */

/* The same bits whoever computes: gradient, products with H and with G. */
static void check_workers(struct bench *b, const char *what)
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

/* As many shards as you like, some of them empty: the same numbers but for rounding. */
static void shards_may_be_empty(void **state)
{
    static const char *const nets[] = {"linear 6 bn relu dropout linear 3", "lstm 4x2 bi dropout=.3 | last | linear 3",
                                       "gru 4 | all | ln linear 6 bn linear 3"};
    double within = sizeof(real) == sizeof(double) ? 1e-10 : 2e-3;

    (void)state;
    for (size_t k = 0; k < sizeof nets / sizeof *nets; k++)
        for (int examples = 1; examples <= 3; examples++) {
            struct bench a, b;
            text_open(&a, nets[k], (struct shape){STEPS, WIDTH}, 1, examples);
            text_open(&b, nets[k], (struct shape){STEPS, WIDTH}, 5, examples);
            near(loss_at(&b, b.gradient), loss_at(&a, a.gradient), within, nets[k]);
            for (int64_t i = 0; i < a.n; i++)
                near(b.gradient[i], a.gradient[i], within, nets[k]);
            R(network).hessian_vector(a.work, pool, &a.job, a.v, a.out);
            R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out);
            for (int64_t i = 0; i < a.n; i++)
                near(b.out[i], a.out[i], within * (1 + largest(a.out, a.n)), nets[k]);
            bench_close(&a);
            bench_close(&b);
        }
}

/* Batch norm of a single row: its variance is 0, the running one stays. */
static void a_batch_of_one_is_finite(void **state)
{
    struct bench b;
    real before;

    (void)state;
    text_open(&b, "linear 6 bn relu linear 3", (struct shape){1, WIDTH}, 2, 1);
    before = b.statistics[b.net.statistic[1].offset];
    assert_true(isfinite(loss_at(&b, b.gradient)));
    assert_true(isfinite(largest(b.gradient, b.n)));
    R(network).commit(b.work, b.statistics);
    assert_true(b.statistics[b.net.statistic[1].offset] == before);
    bench_close(&b);
}

/* At rest the curvature of a batch is the mean of its slices'. */
static void slices_add_up(void **state)
{
    double within = sizeof(real) == sizeof(double) ? 1e-11 : 1e-3;
    struct bench b;

    (void)state;
    text_open(&b, "lstm 4 | center | linear 6 bn relu dropout=.2 | linear 3", (struct shape){STEPS, WIDTH}, 2,
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
    bench_close(&b);
}

static void ignored_examples_do_not_count(void **state)
{
    double within = sizeof(real) == sizeof(double) ? 1e-12 : 1e-5, few;
    struct bench b;

    (void)state;
    text_open(&b, "rnn 4 | all | linear 3", (struct shape){STEPS, WIDTH}, 2, EXAMPLES);
    b.job.examples = EXAMPLES - 2;
    few = loss_at(&b, b.gradient);
    b.job.examples = EXAMPLES;
    b.ignored = 2;
    near(loss_at(&b, b.out), few, within, "loss");
    for (int64_t i = 0; i < b.n; i++)
        near(b.out[i], b.gradient[i], within, "gradient");
    bench_close(&b);
}

/* A padded batch is its sequences one by one, each a batch of its own length. */
static void padding_changes_nothing(void **state)
{
    static const char *const nets[] = {"rnn 4x2 bi | all | linear 3", "lstm 4x2 bi | all | linear 3",
                                       "linear 5 tanh gru 4x2 bi ln | linear 3"};
    double within = sizeof(real) == sizeof(double) ? 1e-12 : 1e-4;

    (void)state;
    for (size_t k = 0; k < sizeof nets / sizeof *nets; k++) {
        struct bench b;
        double sum = 0, frames = 0;
        text_open(&b, nets[k], (struct shape){STEPS, WIDTH}, 2, EXAMPLES);
        b.job.lengths = lengths;
        sum -= loss_at(&b, b.gradient);
        R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out);
        for (int i = 0; i < EXAMPLES; i++)
            frames += lengths[i];
        for (int i = 0; i < EXAMPLES; i++) {
            struct bench one;
            text_open(&one, nets[k], (struct shape){lengths[i], WIDTH}, 1, 1);
            one.skip = i;
            one.whole = EXAMPLES;
            sum += loss_at(&one, one.gradient) * lengths[i] / frames;
            R(network).hessian_vector(one.work, pool, &one.job, one.v, one.out);
            for (int64_t j = 0; j < b.n; j++) {
                b.gradient[j] -= one.gradient[j] * (real)(lengths[i] / frames);
                b.out[j] -= one.out[j] * (real)(lengths[i] / frames);
            }
            bench_close(&one);
        }
        near(sum, 0, within, nets[k]);
        near(largest(b.gradient, b.n), 0, within, nets[k]);
        near(largest(b.out, b.n), 0, 10 * within, nets[k]);
        bench_close(&b);
    }
}

/* Steps above the chosen one cannot matter to one direction, and what is left out is not read. */
static void steps_that_reach_no_loss_are_left_out(void **state)
{
    struct bench b;

    (void)state;
    text_open(&b, "lstm 4x3 | center | linear 3", (struct shape){STEPS, WIDTH}, 1, 2);
    assert_int_equal(b.net.layer[0].need_first, STEPS / 2);
    assert_int_equal(b.net.layer[0].need_last, STEPS / 2);
    bench_close(&b);
    text_open(&b, "lstm 4 bi tanh | last | linear 3", (struct shape){STEPS, WIDTH}, 1, 2);
    assert_int_equal(b.net.layer[0].need_first, STEPS - 1);
    bench_close(&b);
    text_open(&b, "lstm 4 bi bn | last | linear 3", (struct shape){STEPS, WIDTH}, 1, 2);
    assert_int_equal(b.net.layer[0].need_first, 0);
    bench_close(&b);
}

/* Called off before it began, a pass says so, and the next one is whole. */
static void a_pass_can_be_called_off(void **state)
{
    atomic_int cancel = 1;
    struct batch_result r;
    struct bench b;
    double loss;

    (void)state;
    text_open(&b, "lstm 4 | all | linear 6 bn relu | linear 3", (struct shape){STEPS, WIDTH}, 2, EXAMPLES);
    loss = loss_at(&b, b.gradient);
    b.job.cancel = &cancel;
    R(network).gradient(b.work, pool, &b.job, b.gradient, &r);
    assert_true(r.cancelled);
    assert_int_equal(R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out), -ERR_CANCELLED);
    cancel = 0;
    R(network).gradient(b.work, pool, &b.job, b.gradient, &r);
    assert_true(!r.cancelled && r.loss == loss);
    bench_close(&b);
}

/* ---- dropout -------------------------------------------------------------------------------- */

/* The factor by which a network of nothing but dropout multiplied each input. */
static void dropped(struct bench *b, uint64_t step, double *out)
{
    b->job.step = step;
    loss_at(b, b->out);
    for (int i = 0; i < b->job.examples; i++)
        for (int j = 0; j < b->net.classes; j++)
            out[i * b->net.classes + j] =
                (double)R(network).logits(b->work, i)[j] / (double)noise(1, (uint64_t)(i * 1000 + j));
}

static void dropout_keeps_the_mean_and_its_mask(void **state)
{
    enum { N = 48, B = 200 };
    static double one[B * N], same[B * N], other[B * N];
    double mean = 0, differ = 0;
    struct bench a, b;

    (void)state;
    text_open(&a, "dropout=.25", (struct shape){1, N}, 1, B);
    text_open(&b, "dropout=.25", (struct shape){1, N}, 3, B);
    dropped(&a, 4, one);
    dropped(&b, 4, same);
    dropped(&b, 5, other);
    for (int i = 0; i < B * N; i++) {
        assert_true(one[i] == 0 || fabs(one[i] - 1 / .75) < 1e-5);
        assert_true(one[i] == same[i]);
        mean += one[i] / (B * N);
        differ += one[i] != other[i];
    }
    near(mean, 1, .025, "mean of the mask");
    near(differ / (B * N), 2 * .25 * .75, .025, "share of places where two steps differ");
    b.job.no_masks = 1;
    dropped(&b, 4, one);
    near(one[17], 1, 1e-6, "without masks");
    bench_close(&a);
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
#ifdef SADDLE_DOUBLE
        cmocka_unit_test(gradients_are_differences_of_the_loss),
        cmocka_unit_test(curvature_is_the_difference_of_gradients),
        cmocka_unit_test(curvature_is_symmetric_and_linear),
        cmocka_unit_test(gauss_newton_of_a_linear_network_is_the_hessian),
        cmocka_unit_test(gauss_newton_of_mse_on_softmax_is_at_the_probabilities),
        cmocka_unit_test(class_weights_are_the_weighted_mean),
#endif
        cmocka_unit_test(bits_do_not_depend_on_workers),
        cmocka_unit_test(shards_may_be_empty),
        cmocka_unit_test(a_batch_of_one_is_finite),
        cmocka_unit_test(slices_add_up),
        cmocka_unit_test(ignored_examples_do_not_count),
        cmocka_unit_test(padding_changes_nothing),
        cmocka_unit_test(steps_that_reach_no_loss_are_left_out),
        cmocka_unit_test(a_pass_can_be_called_off),
        cmocka_unit_test(dropout_keeps_the_mean_and_its_mask),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
