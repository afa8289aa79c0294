/* optim/: optimizers. Compiled twice, as the numeric rooms are. What PyTorch computes is
 * tests/parity's; here stand what every one must do, and what PyTorch does not have. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/rng.h"
#include "optim/optimizer.h"

/* ---- surfaces and runs ---------------------------------------------------------------------- */

enum { SIDE = 10, MOST = 128 };

/* f and its gradient at x; n elements. */
struct surface {
    size_t n;
    double start[SIDE];
    double (*f)(const double *x, double *gradient);
};

static double quadratic(const double *x, double *gradient)
{
    double f = 0;

    for (int i = 0; i < SIDE; i++) {
        gradient[i] = (1 + i) * (x[i] - 1);
        f += gradient[i] * (x[i] - 1) / 2;
    }
    return f;
}

static double rosenbrock(const double *x, double *gradient)
{
    double a = 1 - x[0], b = x[1] - x[0] * x[0];

    gradient[0] = -2 * a - 400 * x[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
}

static const struct surface surfaces[] = {{SIDE, {0}, quadratic}, {2, {-1.2, 1}, rosenbrock}};

struct asked {
    const struct surface *on;
    int times, nan_at; /* give up at this evaluation; 0: never */
};

static double ask(void *context, const real *theta, real *gradient)
{
    struct asked *q = context;
    double x[SIDE], g[SIDE], f;

    for (size_t i = 0; i < q->on->n; i++)
        x[i] = (double)theta[i];
    f = q->on->f(x, g);
    for (size_t i = 0; i < q->on->n; i++)
        gradient[i] = (real)g[i];
    return ++q->times == q->nan_at ? NAN : f;
}

/* An optimizer with its state; plain, so that a run is copied by copying it. */
struct run {
    const struct optimizer *kind;
    struct optimizer_args a;
    size_t n, used; /* used: bits of the slots */
    real theta[MOST], slot[OPTIMIZER_SLOTS][MOST];
    double scalar[OPTIMIZER_SCALARS];
    struct optimizer_size size;
    real vector[40 * SIDE];
    double scalars[40];
};

static void run_start(struct run *r, const struct optimizer *kind, const struct optimizer_args *a, size_t n)
{
    memset(r, 0, sizeof *r);
    r->kind = kind;
    r->a = *a;
    r->a.t = 0;
    r->a.history_size = 5;
    r->n = n;
    r->used = R(optimizers).slots_used(kind, a);
    if (kind->size)
        r->size = kind->size(&r->a);
    assert_true(r->size.vectors <= 40 && r->size.scalars <= 40);
    if (kind->start) {
        real *const slot[] = {r->slot[0], r->slot[1], r->slot[2]};
        kind->start(a, n, slot);
    }
}

/* The element-wise step in parts that end where `cut` says. */
static void run_parts(struct run *r, const real *gradient, const size_t *cut, size_t cuts)
{
    size_t from = 0;

    r->a.t++;
    if (r->kind->begin)
        r->kind->begin(&r->a, r->scalar);
    for (size_t k = 0; k < cuts; from = cut[k++]) {
        real *slot[OPTIMIZER_SLOTS];
        for (int i = 0; i < OPTIMIZER_SLOTS; i++)
            slot[i] = r->used >> i & 1 ? r->slot[i] + from : NULL;
        r->kind->step(&r->a, cut[k] - from, r->theta + from, gradient + from, slot);
    }
}

static double run_whole(struct run *r, struct asked *q)
{
    struct optimizer_closure c = {ask, q};
    struct optimizer_memory m = {r->vector, r->scalars, malloc(r->size.scratch * r->n * sizeof(real)),
                                 malloc(r->size.scratch_scalars * sizeof(double))};
    double f;

    memset(m.scratch, 0xff, r->size.scratch * r->n * sizeof(real)); /* NaN: nothing may be read from it */
    memset(m.scratch_scalar, 0xff, r->size.scratch_scalars * sizeof(double));
    r->a.t++;
    f = r->kind->step_whole(&r->a, &c, r->n, r->theta, &m);
    free(m.scratch);
    free(m.scratch_scalar);
    return f;
}

/* One step on a surface; returns f before it. */
static double run_step(struct run *r, struct asked *q)
{
    real gradient[SIDE];
    double f;

    if (r->kind->step_whole)
        return run_whole(r, q);
    f = ask(q, r->theta, gradient);
    run_parts(r, gradient, &r->n, 1);
    return f;
}

static void run_to_start(struct run *r, const struct surface *s)
{
    for (size_t i = 0; i < s->n; i++)
        r->theta[i] = (real)s->start[i];
}

/* ---- what every optimizer must do ------------------------------------------------------------ */

static void registry_finds_each_by_name(void **state)
{
    const struct optimizer *o;
    int count = 0;

    (void)state;
    for (; (o = R(optimizers).at(count)) != NULL; count++) {
        assert_ptr_equal(R(optimizers).find(o->name), o);
        assert_true((o->step != NULL) != (o->step_whole != NULL && o->size != NULL));
    }
    assert_true(count >= 14);
    assert_null(R(optimizers).find("sgdd"));
}

/* The least f within `steps`, at whichever of some rates gets there. */
static double lowest(const struct optimizer *o, const struct surface *s, int steps)
{
    struct asked q = {.on = s};
    struct run r;
    double least = INFINITY;

    for (double lr = 1; lr > 5e-4; lr /= 3) {
        struct optimizer_args a = R(optimizers).defaults(o);
        a.lr = lr;
        run_start(&r, o, &a, s->n);
        run_to_start(&r, s);
        for (int t = 0; t < steps; t++) {
            double f = run_step(&r, &q);
            least = f < least ? f : least;
        }
    }
    return least;
}

static void each_goes_down(void **state)
{
    const struct optimizer *o;

    (void)state;
    for (int i = 0; (o = R(optimizers).at(i)) != NULL; i++) {
        double bowl = lowest(o, &surfaces[0], 2000), valley = lowest(o, &surfaces[1], 2000);
        if (!(bowl < .01 * 27.5 && valley < .05 * 24.2))
            fail_msg("%s: %g on the quadratic, %g on Rosenbrock", o->name, bowl, valley);
    }
}

/* Default numbers, and everything switched on. */
static struct optimizer_args variant(const struct optimizer *o, int which)
{
    struct optimizer_args a = R(optimizers).defaults(o);

    if (which == 0)
        return a;
    a.weight_decay = .01;
    a.amsgrad = which & 1;
    a.centered = which >> 1 & 1;
    a.nesterov = which & 1;
    a.momentum = which & 2 ? .9 : 0;
    a.line_search_fn = which & 1;
    return a;
}

enum { VARIANTS = 4 };

static void random_gradient(real *gradient, size_t n, int t)
{
    struct rng r = {.seed = 5, .purpose = RNG_INIT};

    for (size_t i = 0; i < n; i++)
        gradient[i] = (real)rng_normal(&r, (uint64_t)t, i);
}

/* Parts begin on whole vectors, as optimizer.h asks. */
static void a_step_in_parts_has_the_same_bits(void **state)
{
    static const size_t whole[] = {103}, parts[] = {16, 32, 64, 103};
    const struct optimizer *o;
    struct run a, b;
    real gradient[MOST];

    (void)state;
    for (int i = 0; (o = R(optimizers).at(i)) != NULL; i++)
        for (int v = 0; o->step && v < VARIANTS; v++) {
            struct optimizer_args numbers = variant(o, v);
            run_start(&a, o, &numbers, 103);
            run_start(&b, o, &numbers, 103);
            for (int t = 0; t < 12; t++) {
                random_gradient(gradient, 103, t);
                run_parts(&a, gradient, whole, 1);
                run_parts(&b, gradient, parts, 4);
            }
            assert_memory_equal(a.theta, b.theta, sizeof a.theta);
            assert_memory_equal(a.slot, b.slot, sizeof a.slot);
        }
}

/* θ, slots and scalars are all there is: a copy of them goes on with the same bits. */
static void saved_state_goes_on_the_same(void **state)
{
    const struct optimizer *o;
    struct run a, b;

    (void)state;
    for (int i = 0; (o = R(optimizers).at(i)) != NULL; i++)
        for (int v = 0; v < VARIANTS; v++) {
            struct optimizer_args numbers = variant(o, v);
            struct asked q = {.on = &surfaces[1]};
            numbers.max_iter = 3;
            numbers.lr = o->step_whole ? .5 : 1e-3;
            run_start(&a, o, &numbers, 2);
            run_to_start(&a, q.on);
            for (int t = 0; t < 4; t++)
                run_step(&a, &q);
            b = a;
            b.a = numbers;
            b.a.history_size = a.a.history_size;
            b.a.t = a.a.t;
            for (int t = 0; t < 4; t++) {
                run_step(&a, &q);
                run_step(&b, &q);
            }
            assert_memory_equal(a.theta, b.theta, sizeof a.theta);
        }
}

static void unused_slots_are_not_needed(void **state)
{
    static const struct {
        const char *name;
        int variant;
        unsigned used;
    } rows[] = {{"sgd", 0, 0},     {"sgd", 2, 1},     {"adam", 0, 3},  {"adam", 1, 7},    {"adamw", 1, 7},
                {"rmsprop", 0, 1}, {"rmsprop", 2, 7}, {"lbfgs", 0, 0}, {"adagrad", 0, 1}, {"nadam", 3, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct optimizer *o = R(optimizers).find(rows[i].name);
        struct optimizer_args a = variant(o, rows[i].variant);
        assert_int_equal(R(optimizers).slots_used(o, &a), rows[i].used);
    }
}

/* ---- by hand --------------------------------------------------------------------------------- */

static void close_to(real got, double want)
{
    if (!(fabs((double)got - want) <= 4e-7))
        fail_msg("%.9g, expected %.9g", (double)got, want);
}

static void lion_by_hand(void **state)
{
    static const real g1[] = {2, -3, 0}, g2[] = {(real)-.1, 1, 4};
    const struct optimizer *o = R(optimizers).find("lion");
    struct optimizer_args a = R(optimizers).defaults(o);
    struct run r;

    (void)state;
    assert_true(a.beta1 == .9 && a.beta2 == .99 && a.lr == 1e-4);
    a.lr = .1;
    a.weight_decay = .5;
    run_start(&r, o, &a, 3);
    r.theta[0] = 1, r.theta[1] = -1, r.theta[2] = (real).5;
    run_parts(&r, g1, &r.n, 1); /* u = 1, −1, 0 */
    close_to(r.theta[0], .85);
    close_to(r.theta[1], -.85);
    close_to(r.theta[2], .475);
    close_to(r.slot[0][1], -.03);
    run_parts(&r, g2, &r.n, 1); /* means .008, .073, .4: u = 1, 1, 1 */
    close_to(r.theta[0], .7075);
    close_to(r.theta[1], -.9075);
    close_to(r.theta[2], .35125);
    close_to(r.slot[0][1], -.0197);
}

static void root_mean_square_adagrad_by_hand(void **state)
{
    static const real g[] = {3, 4, 0, 5};
    static const double want[] = {.9, .786862915, .786862915, .645441559}; /* σ = 3, √12.5, √(25/3), √12.5 */
    const struct optimizer *o = R(optimizers).find("adagrad_rms");
    struct optimizer_args a = R(optimizers).defaults(o);
    struct run r;

    (void)state;
    a.lr = .1;
    run_start(&r, o, &a, 1);
    r.theta[0] = 1;
    for (int t = 0; t < 4; t++) {
        run_parts(&r, g + t, &r.n, 1);
        close_to(r.theta[0], want[t]);
    }
}

#ifdef SADDLE_DOUBLE /* in float these figures do not come out */

/* ---- the lecture's slide: y ≈ b + w x, sum of squares, from (−120, −4) ------------------------ */

static double regression(const double *x, double *gradient)
{
    static const double at[] = {338, 333, 328, 207, 226, 25, 179, 60, 208, 606},
                        y[] = {640, 633, 619, 393, 428, 27, 193, 66, 226, 1591};
    double f = 0;

    gradient[0] = gradient[1] = 0;
    for (int i = 0; i < 10; i++) {
        double r = x[0] + x[1] * at[i] - y[i];
        gradient[0] += 2 * r;
        gradient[1] += 2 * r * at[i];
        f += r * r;
    }
    return f;
}

/* Walk; count spurts in b (moves of more than half, apart by more than a hundred steps) after the first
 * hundred steps, and note where each is fastest. */
static int walk_slide(const char *name, double lr, int steps, int *spurt, int room, double *end)
{
    static const struct surface slide = {2, {-120, -4}, regression};
    const struct optimizer *o = R(optimizers).find(name);
    struct optimizer_args a = R(optimizers).defaults(o);
    struct asked q = {.on = &slide};
    struct run r;
    int count = 0, last = -1000;
    double fastest = 0;

    a.lr = lr;
    run_start(&r, o, &a, 2);
    run_to_start(&r, &slide);
    for (int t = 1; t <= steps; t++) {
        double before = (double)r.theta[0], moved;
        run_step(&r, &q);
        moved = fabs((double)r.theta[0] - before);
        if (t <= 100 || moved < .5)
            continue;
        if (t - last > 100) {
            count++;
            fastest = 0;
        }
        if (moved > fastest && count <= room) {
            fastest = moved;
            spurt[count - 1] = t;
        }
        last = t;
    }
    *end = (double)r.theta[0];
    return count;
}

static void the_slides_adagrad_goes_by_spurts(void **state)
{
    int spurt[3] = {0};
    double b;

    (void)state;
    assert_int_equal(walk_slide("adagrad_rms", 1, 2000, spurt, 3, &b), 3);
    assert_in_range(spurt[0], 700, 740);
    assert_in_range(spurt[1], 1175, 1215);
    assert_in_range(spurt[2], 1730, 1770);
    assert_true(fabs(b + 187.186) < .01);
    assert_int_equal(walk_slide("adagrad_rms", .1, 2000, spurt, 0, &b), 0);
    assert_int_equal(walk_slide("adagrad", 1, 100000, spurt, 0, &b), 0);
    assert_true(fabs(b + 188.367) < .01);
}

#endif

/* ---- L-BFGS ----------------------------------------------------------------------------------- */

static void lbfgs_start(struct run *r, const struct surface *s, int search)
{
    const struct optimizer *o = R(optimizers).find("lbfgs");
    struct optimizer_args a = R(optimizers).defaults(o);

    a.line_search_fn = search;
    a.max_iter = 8;
    run_start(r, o, &a, s->n);
    run_to_start(r, s);
}

static void lbfgs_finds_the_bottom(void **state)
{
    struct asked q;
    struct run r;

    (void)state;
    for (int s = 0; s < 2; s++) {
        q = (struct asked){.on = &surfaces[s]};
        lbfgs_start(&r, q.on, OPTIMIZER_STRONG_WOLFE);
        for (int t = 0; t < 20; t++)
            run_whole(&r, &q);
        for (size_t i = 0; i < r.n; i++)
            assert_true(fabs((double)r.theta[i] - 1) < (sizeof(real) == 8 ? 1e-4 : 1e-2));
        assert_int_equal((int)r.scalars[1], q.times); /* evaluations, kept in the state */
    }
}

/* Whichever evaluation gives NaN, θ and state are to the bit what they were. */
static void a_step_given_up_leaves_no_trace(void **state)
{
    (void)state;
    for (int search = 0; search < 2; search++)
        for (int at = 1; at < 9; at++) {
            struct asked q = {.on = &surfaces[1]};
            struct run r, before, clean;
            lbfgs_start(&r, q.on, search);
            r.a.lr = .5;
            run_whole(&r, &q);
            run_whole(&r, &q);
            clean = before = r;
            q.nan_at = q.times + at;
            assert_true(isnan(run_whole(&r, &q)));
            assert_memory_equal(r.theta, before.theta, sizeof r.theta);
            assert_memory_equal(r.vector, before.vector, sizeof r.vector);
            assert_memory_equal(r.scalars, before.scalars, sizeof r.scalars);
            run_whole(&r, &q);
            run_whole(&clean, &q);
            assert_memory_equal(r.theta, clean.theta, sizeof r.theta);
        }
}

/* x − log x: infinite where x ≤ 0, to where a full step leads. */
static double barrier(const double *x, double *gradient)
{
    gradient[0] = x[0] > 0 ? 1 - 1 / x[0] : 0;
    return x[0] > 0 ? x[0] - log(x[0]) : INFINITY;
}

static void a_search_comes_back_from_infinity(void **state)
{
    static const struct surface wall = {1, {9}, barrier};
    struct asked q = {.on = &wall};
    struct run r;

    (void)state;
    lbfgs_start(&r, &wall, OPTIMIZER_STRONG_WOLFE);
    r.a.lr = 40;
    for (int t = 0; t < 10; t++)
        assert_true(isfinite(run_whole(&r, &q)));
    assert_true(fabs((double)r.theta[0] - 1) < 1e-3);
}

static void clipping_keeps_the_norm(void **state)
{
    (void)state;
    assert_true(optimizer_clip(0, 5) == 1);
    assert_true(optimizer_clip(1, .5) == 1);
    assert_true(fabs(optimizer_clip(1, 4) - .25) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registry_finds_each_by_name),
        cmocka_unit_test(each_goes_down),
        cmocka_unit_test(a_step_in_parts_has_the_same_bits),
        cmocka_unit_test(saved_state_goes_on_the_same),
        cmocka_unit_test(unused_slots_are_not_needed),
        cmocka_unit_test(lion_by_hand),
        cmocka_unit_test(root_mean_square_adagrad_by_hand),
#ifdef SADDLE_DOUBLE
        cmocka_unit_test(the_slides_adagrad_goes_by_spurts),
#endif
        cmocka_unit_test(lbfgs_finds_the_bottom),
        cmocka_unit_test(a_step_given_up_leaves_no_trace),
        cmocka_unit_test(a_search_comes_back_from_infinity),
        cmocka_unit_test(clipping_keeps_the_norm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
