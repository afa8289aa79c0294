/* SPDX-License-Identifier: MIT */
/* probe/landscape on small networks, in float as they are trained. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "landscape/landscape.h"
#include "hessian/objective-network.h"
#include "two-workers.h"

static double height(const struct landscape *l, int column, int row)
{
    return l->grid.z[row * l->grid.x.points + column];
}

/* ---- networks ------------------------------------------------------------------------------- */

enum { EXAMPLES = 60 };

static const struct example {
    const char *text;
    int steps, width, lengths;
} kinds[] = {
    {"linear 20 relu bn dropout=.2 | linear 12 relu bn | linear 3", 1, 8, 0},
    {"lstm 8 bi | all | linear 3", 6, 5, 1},
    {"gru 9 | last | linear 6 bn silu linear 3", 4, 5, 0},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct bench {
    struct network_spec spec;
    struct network net;
    struct probe_batch batch;
    float *theta, *statistics, *other, *other_statistics;
    struct landscape_ask ask;
};

static float *weights(const struct bench *b, uint64_t seed)
{
    size_t n = (size_t)b->net.parameters;
    real *init = calloc(n + 1, sizeof *init), *still = calloc((size_t)b->net.statistics + 1, sizeof *still);
    float *w = calloc(n + 1, sizeof *w);

    R(network).init(&b->net, seed, init, still);
    for (size_t i = 0; i < n; i++)
        w[i] = (float)(init[i] + .1 * noise(seed, i));
    free(init);
    free(still);
    return w;
}

static float *running(const struct bench *b, uint64_t seed)
{
    float *s = calloc((size_t)b->net.statistics + 1, sizeof *s);

    for (int64_t i = 0; i < b->net.statistics; i++)
        s[i] = (float)(.1 + fabs(noise(seed + 50, (uint64_t)i)));
    return s;
}

static void bench_open(struct bench *b, const struct example *x)
{
    struct err e = {0};

    memset(b, 0, sizeof *b);
    must(spec_parse(&b->spec, x->text, &e), &e);
    must(R(network).build(&b->net, &b->spec, (struct shape){x->steps, x->width}, &e), &e);
    must(probe_batch_init(&b->batch, EXAMPLES, x->steps, x->width, b->net.layer[b->net.count - 1].out.steps,
                          x->lengths, &e),
         &e);
    for (int i = 0; i < EXAMPLES * x->steps * x->width; i++)
        b->batch.x[i] = (float)noise(1, (uint64_t)i);
    for (int i = 0; i < EXAMPLES * b->batch.answers; i++)
        b->batch.labels[i] = (uint8_t)(i * 7 % 3);
    for (int i = 0; x->lengths && i < EXAMPLES; i++)
        b->batch.lengths[i] = 1 + i % x->steps;
    b->theta = weights(b, 1);
    b->other = weights(b, 2);
    b->statistics = running(b, 1);
    b->other_statistics = running(b, 2);
    b->ask = (struct landscape_ask){
        .point = {.spec = &b->spec,
                  .theta = b->theta,
                  .statistics = b->statistics,
                  .batch = &b->batch,
                  .loss = "cross_entropy",
                  .shards = 2,
                  .pool = pool},
        .wish = {.points = 5},
    };
}

static void bench_close(struct bench *b)
{
    R(network).free(&b->net);
    probe_batch_free(&b->batch);
    free(b->theta);
    free(b->statistics);
    free(b->other);
    free(b->other_statistics);
}

static struct landscape landscape_of(const struct bench *b)
{
    struct landscape l;
    struct err e = {0};

    must(landscape_run(&b->ask, &l, &e), &e);
    return l;
}

/* What the network says at these weights, by the objective itself. */
static double loss_at(struct bench *b, const float *theta, const float *statistics)
{
    struct network net;
    struct objective_network source = {.network = &net,
                                       .batch = &b->batch,
                                       .statistics = statistics,
                                       .loss = R(losses).find("cross_entropy"),
                                       .pool = pool,
                                       .shards = 2,
                                       .batch_statistics = b->ask.point.batch_statistics};
    struct objective o;
    struct err e = {0};
    double f;

    must(R(network).build(&net, &b->spec, (struct shape){b->batch.steps, b->batch.width}, &e), &e);
    must(R(objective_network).open(&source, &o, &e), &e);
    must(o.f(&o, theta, &f, &e), &e);
    R(objective_network).close(&source);
    R(network).free(&net);
    return f;
}

static void a_networks_middle_is_its_loss(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct bench b;
        const float *path[3];
        bench_open(&b, &kinds[i]);
        float *third = weights(&b, 3);
        path[0] = b.other, path[1] = third, path[2] = b.theta;
        for (int kind = 0; kind < LANDSCAPE_CURVE; kind++) {
            struct landscape l;
            b.ask.wish.kind = (enum landscape_kind)kind;
            b.ask.wish.no_figures = kind != LANDSCAPE_RANDOM;
            b.ask.other = kind == LANDSCAPE_LINE ? b.other : NULL;
            b.ask.other_statistics = kind == LANDSCAPE_LINE ? b.other_statistics : NULL;
            b.ask.path = path;
            b.ask.path_points = 3;
            l = landscape_of(&b);
            assert_true(height(&l, l.grid.x.zero, l.grid.y.zero) == loss_at(&b, b.theta, b.statistics));
            if (kind == LANDSCAPE_LINE)
                assert_true(l.grid.z[l.grid.x.zero + l.grid.x.parts] ==
                            loss_at(&b, b.other, b.other_statistics));
            if (kind == LANDSCAPE_RANDOM)
                assert_true(l.foot[0].sharpness.percent > 0 && l.foot[0].highest > 0 &&
                            l.foot[0].sharpness.loss == l.foot[0].loss);
            assert_int_equal(l.grid.done, l.grid.of);
            landscape_free(&l);
        }
        free(third);
        bench_close(&b);
    }
}

/* The directions that are handed out are as long as it says, orthogonal on a plane, and lead to its heights. */
static void check_vectors(struct bench *b, const struct landscape *l)
{
    int64_t n = b->net.parameters;
    float *theta = calloc((size_t)n, sizeof *theta);
    double length[2] = {0, 0}, dot = 0, x = landscape_axis_at(&l->grid.x, 0), y = landscape_axis_at(&l->grid.y, 0);

    assert_true((l->vector[1] != NULL) == (l->axes == 2));
    for (int64_t i = 0; i < n; i++) {
        double u = (double)l->vector[0][i], v = l->axes == 2 ? (double)l->vector[1][i] : 0;
        theta[i] = (float)((double)b->theta[i] + x * u + y * v);
        length[0] += u * u, length[1] += v * v, dot += u * v;
    }
    for (int i = 0; i < l->axes; i++)
        near(sqrt(length[i]), l->direction[i].length, 1e-6 * l->direction[i].length, "length");
    near(dot, 0, 1e-3 * sqrt(length[0] * length[1]), "orthogonal");
    near(height(l, 0, 0), loss_at(b, theta, b->statistics), 2e-4 * height(l, 0, 0), "the lowest corner");
    free(theta);
}

static void directions_lead_to_the_heights(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct bench b;
        struct landscape l;
        bench_open(&b, &kinds[i]);
        const float *path[] = {b.other, b.theta};
        b.ask.path = path, b.ask.path_points = 2;
        b.ask.wish.no_figures = 1;
        for (int kind = 0; kind < LANDSCAPE_CURVE; kind++) {
            b.ask.wish.kind = (enum landscape_kind)kind;
            b.ask.other = kind == LANDSCAPE_LINE ? b.other : NULL;
            b.ask.wish.vectors = 0;
            l = landscape_of(&b);
            assert_true(!l.vector[0] && !l.vector[1]);
            landscape_free(&l);
            b.ask.wish.vectors = 1;
            l = landscape_of(&b);
            check_vectors(&b, &l);
            landscape_free(&l);
        }
        bench_close(&b);
    }
}

/* λmax under a landscape is the probe's, which has the whole spectrum of so small a network. */
static void the_figures_are_the_probes(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct bench b;
        struct landscape l;
        struct probe_report r;
        struct err e = {0};
        bench_open(&b, &kinds[i]);
        b.ask.wish.kind = LANDSCAPE_ENDS;
        l = landscape_of(&b);
        b.ask.point.top = b.ask.point.bottom = 1;
        must(probe_run(&b.ask.point, &r, &e), &e);
        assert_true(r.whole);
        near(l.foot[0].highest, r.verdict.highest, 1e-2 * r.verdict.highest, "λmax");
        near(l.direction[1].eigenvalue, r.verdict.lowest, 5e-2 * fabs(r.verdict.lowest), "λmin");
        near(l.foot[0].loss, r.loss, 1e-5, "loss");
        probe_free(&r);
        landscape_free(&l);
        bench_close(&b);
    }
}

/* Between two networks means are mixed linearly and variances geometrically; beyond them none is negative. */
static void statistics_along_a_line(void **state)
{
    struct bench b;
    struct landscape l;
    float *theta, *statistics;
    double lo, hi;
    int at_lo, at_hi;

    (void)state;
    bench_open(&b, &kinds[0]);
    b.ask.wish = (struct landscape_wish){.kind = LANDSCAPE_LINE, .points = 9, .extent = 1.5, .no_figures = 1};
    b.ask.other = b.other;
    b.ask.other_statistics = b.other_statistics;
    l = landscape_of(&b);
    assert_int_equal(landscape_grid_extent(&l.grid, &lo, &hi, &at_lo, &at_hi), 1);
    for (int i = 0; i < 9; i++)
        assert_true(isfinite(l.grid.z[i]));
    theta = calloc((size_t)b.net.parameters, sizeof *theta);
    statistics = calloc((size_t)b.net.statistics, sizeof *statistics);
    for (int64_t i = 0; i < b.net.parameters; i++)
        theta[i] = .5f * b.theta[i] + .5f * b.other[i];
    for (int p = 0; p < b.net.statistic_places; p++)
        for (int64_t i = b.net.statistic[p].offset; i < b.net.statistic[p].offset + b.net.statistic[p].count;
             i++)
            statistics[i] = p % 2 ? sqrtf(b.statistics[i] * b.other_statistics[i])
                                  : .5f * (b.statistics[i] + b.other_statistics[i]);
    assert_int_equal(l.grid.x.parts, 2);
    near(l.grid.z[4], loss_at(&b, theta, statistics), 1e-6, "half way");
    landscape_free(&l);
    /* by the batch's own statistics those that run make no difference */
    b.ask.point.batch_statistics = 1;
    l = landscape_of(&b);
    assert_true(l.grid.z[3] == loss_at(&b, b.theta, b.other_statistics));
    assert_true(l.grid.z[5] == loss_at(&b, b.other, b.statistics));
    near(l.grid.z[4], loss_at(&b, theta, b.statistics), 1e-6, "half way");
    landscape_free(&l);
    free(theta);
    free(statistics);
    bench_close(&b);
}

static int stop_at_nine(void *context, const struct landscape *l, const char *what, int done, int of)
{
    int *seen = context;

    (void)what, (void)of;
    *seen = done;
    return l->grid.done >= 9;
}

static void it_can_be_called_off(void **state)
{
    struct bench b;
    struct landscape l;
    struct err e = {0};
    atomic_int cancel = 1;
    int seen = 0;

    (void)state;
    bench_open(&b, &kinds[0]);
    b.ask.wish.progress = stop_at_nine;
    b.ask.wish.context = &seen;
    assert_int_equal(landscape_run(&b.ask, &l, &e), -ERR_CANCELLED);
    assert_int_equal(seen, 9);
    assert_null(l.grid.z);
    b.ask.wish.progress = NULL;
    b.ask.point.cancel = &cancel;
    assert_int_equal(landscape_run(&b.ask, &l, &e), -ERR_CANCELLED);
    b.ask.point.cancel = NULL;
    b.ask.wish.points = 6;
    assert_int_equal(landscape_run(&b.ask, &l, &e), -ERR_INPUT);
    b.ask.point.loss = "none";
    assert_int_equal(landscape_run(&b.ask, &l, &e), -ERR_INPUT);
    bench_close(&b);
}

/* Weights whose loss is no number: the heights say so, the directions and figures refuse. */
static void nan_survives(void **state)
{
    struct bench b;
    struct landscape l;
    struct err e = {0};

    (void)state;
    bench_open(&b, &kinds[0]);
    b.theta[b.net.parameters - 1] = NAN;
    b.ask.wish.no_figures = 1;
    l = landscape_of(&b);
    for (int i = 0; i < l.grid.of; i++)
        assert_true(l.grid.known[i] && isnan(l.grid.z[i]));
    landscape_free(&l);
    b.ask.wish.kind = LANDSCAPE_GRADIENT;
    assert_int_equal(landscape_run(&b.ask, &l, &e), -ERR_DIVERGED);
    bench_close(&b);
}

/* The same bits whatever computes them. */
static void the_pool_does_not_matter(void **state)
{
    struct pool *one;
    struct bench b;
    struct err e = {0};

    (void)state;
    must(pool_new(&one, 1, &e), &e);
    for (int kind = 0; kind < LANDSCAPE_LINE; kind++) {
        struct landscape l, again;
        bench_open(&b, &kinds[1]);
        b.ask.wish.kind = (enum landscape_kind)kind;
        l = landscape_of(&b);
        b.ask.point.pool = one;
        again = landscape_of(&b);
        assert_memory_equal(l.grid.z, again.grid.z, sizeof *l.grid.z * (size_t)l.grid.of);
        assert_true(l.foot[0].highest == again.foot[0].highest);
        assert_true(l.foot[0].sharpness.percent == again.foot[0].sharpness.percent);
        landscape_free(&l);
        landscape_free(&again);
        bench_close(&b);
    }
    pool_free(one);
}

/* ---- a curve -------------------------------------------------------------------------------- */

enum { STEPS = 300 };

/* Gradient descent with momentum to a low loss, from another beginning for each. */
static void train_weights(struct bench *b, float *theta)
{
    struct network net;
    struct objective_network source = {.network = &net, .batch = &b->batch, .statistics = b->statistics,
                                       .loss = R(losses).find("cross_entropy"), .pool = pool, .shards = 2, .batch_statistics = 1};
    struct objective o;
    struct err e = {0};
    float *g, *m;
    double f;

    must(R(network).build(&net, &b->spec, (struct shape){b->batch.steps, b->batch.width}, &e), &e);
    must(R(objective_network).open(&source, &o, &e), &e);
    g = calloc((size_t)o.n, sizeof *g);
    m = calloc((size_t)o.n, sizeof *m);
    for (int step = 0; step < STEPS; step++) {
        must(o.gradient(&o, theta, &f, g, &e), &e);
        for (int64_t i = 0; i < o.n; i++) {
            m[i] = .9f * m[i] + g[i];
            theta[i] -= .05f * m[i];
        }
    }
    assert_true(f < .8);
    free(g);
    free(m);
    R(objective_network).close(&source);
    R(network).free(&net);
}

/* Between two trained networks it stays lower than the line; its ends are theirs, and it is the same whatever computes it. */
static void a_curve_goes_round_the_barrier(void **state)
{
    struct pool *one;
    struct bench b;
    struct landscape l, again;
    struct err e = {0};

    (void)state;
    must(pool_new(&one, 1, &e), &e);
    bench_open(&b, &kinds[0]);
    train_weights(&b, b.theta);
    train_weights(&b, b.other);
    b.ask.wish = (struct landscape_wish){.kind = LANDSCAPE_CURVE, .points = 21, .vectors = 1};
    b.ask.other = b.other;
    b.ask.other_statistics = b.other_statistics;
    b.ask.train = &b.batch;
    l = landscape_of(&b);
    b.ask.point.batch_statistics = 1;
    assert_true(l.grid.z[0] == loss_at(&b, b.theta, b.statistics) && l.curve[0] == l.grid.z[0]);
    assert_true(l.grid.z[20] == loss_at(&b, b.other, b.statistics) && l.curve[20] == l.grid.z[20]);
    assert_true(l.feet == 2 && l.foot[0].loss == l.curve[0] && l.foot[1].loss == l.curve[20]);
    assert_true(l.line_barrier > .05 && l.curve_barrier < .7 * l.line_barrier);
    b.ask.point.pool = one;
    again = landscape_of(&b);
    assert_memory_equal(l.curve, again.curve, sizeof *l.curve * 21);
    assert_memory_equal(l.control, again.control, sizeof *l.control * (size_t)l.parameters);
    landscape_free(&again);
    b.ask.wish.seed = 1; /* other places on it */
    again = landscape_of(&b);
    assert_memory_not_equal(l.control, again.control, sizeof *l.control * (size_t)l.parameters);
    landscape_free(&again);
    b.ask.train = NULL;
    assert_int_equal(landscape_run(&b.ask, &again, &e), -ERR_INPUT);
    landscape_free(&l);
    bench_close(&b);
    pool_free(one);
}

static int stop_on_curve(void *context, const struct landscape *l, const char *what, int done, int of)
{
    (void)l, (void)of;
    if (strcmp(what, "curve, step") == 0)
        *(int *)context = done;
    return *(int *)context >= 3;
}

static void a_curve_can_be_called_off(void **state)
{
    struct bench b;
    struct landscape l;
    struct err e = {0};
    int steps = 0;

    (void)state;
    bench_open(&b, &kinds[2]);
    b.ask.wish = (struct landscape_wish){.kind = LANDSCAPE_CURVE, .progress = stop_on_curve, .context = &steps};
    b.ask.other = b.other;
    b.ask.train = &b.batch;
    assert_int_equal(landscape_run(&b.ask, &l, &e), -ERR_CANCELLED);
    assert_true(steps == 3 && !l.curve);
    bench_close(&b);
}

/* ---- a path beside its plane ---------------------------------------------------------------- */

/* The distances obey Pythagoras, and the losses are the network's at the point and at its place. */
static void a_path_has_its_own_losses(void **state)
{
    static const enum landscape_kind planes[] = {LANDSCAPE_PCA, LANDSCAPE_RANDOM};

    (void)state;
    for (int k = 0; k < 2; k++) {
        struct bench b;
        struct landscape l;
        bench_open(&b, &kinds[0]);
        float *third = weights(&b, 3), *fourth = weights(&b, 4);
        const float *path[] = {b.other, third, fourth, b.theta};
        b.ask.path = path, b.ask.path_points = 4;
        b.ask.wish = (struct landscape_wish){.kind = planes[k], .points = 5, .no_figures = 1};
        l = landscape_of(&b);
        assert_int_equal(l.path_points, 4);
        for (int i = 0; i < 4; i++) {
            const struct landscape_path_point *p = &l.path_point[i];
            double x = l.path[i][0] * l.direction[0].length, y = l.path[i][1] * l.direction[1].length;
            assert_true(p->loss == loss_at(&b, path[i], b.statistics));
            near(hypot(hypot(x, y), p->distance), p->length, 1e-4 * p->length + 1e-9, "length");
            assert_true(isfinite(p->on_plane) && (i == 3 || (p->length > 0 && p->distance > 1e-3 * p->length)));
        }
        assert_true(l.path_point[3].distance == 0 && l.path_point[3].on_plane == l.foot[0].loss);
        landscape_free(&l);
        free(third);
        free(fourth);
        bench_close(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_networks_middle_is_its_loss),
        cmocka_unit_test(directions_lead_to_the_heights),
        cmocka_unit_test(the_figures_are_the_probes),
        cmocka_unit_test(statistics_along_a_line),
        cmocka_unit_test(it_can_be_called_off),
        cmocka_unit_test(nan_survives),
        cmocka_unit_test(the_pool_does_not_matter),
        cmocka_unit_test(a_curve_goes_round_the_barrier),
        cmocka_unit_test(a_curve_can_be_called_off),
        cmocka_unit_test(a_path_has_its_own_losses),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
