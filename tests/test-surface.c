/* probe/: surfaces seen whole, formulas, the race. The registry is walked: a new surface is tested by being
 * listed. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "probe/formula.h"
#include "probe/race.h"
#include "probe/surface.h"

static void close_to(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.12g, expected %.12g", got, want);
}

/* ---- every surface ---------------------------------------------------------------------------- */

/* Largest entry, at least 1: what differences are measured by. */
static double scale_of(const double *v, int n)
{
    double most = 1;

    for (int i = 0; i < n; i++)
        most = fmax(most, fabs(v[i]));
    return most;
}

/* Gradient against central differences of f, Hessian against those of the gradient; as a share of what
 * rounding and the next derivative may do. */
static void check_derivatives(const struct surface *s, const double *at, double tolerance)
{
    double x[SURFACE_MOST], g[SURFACE_MOST], up[SURFACE_MOST], down[SURFACE_MOST],
        h[SURFACE_MOST * SURFACE_MOST];
    double f = s->f(s, at, g, h), of_g = scale_of(g, s->n) + fabs(f), of_h = scale_of(h, s->n * s->n) + of_g;

    memcpy(x, at, sizeof x);
    for (int i = 0; i < s->n; i++) {
        double step = 1e-5 * fmax(1, fabs(at[i])), rise;
        x[i] = at[i] + step;
        rise = s->f(s, x, up, NULL);
        x[i] = at[i] - step;
        rise -= s->f(s, x, down, NULL);
        x[i] = at[i];
        if (!(fabs(rise / (2 * step) - g[i]) <= tolerance * of_g))
            fail_msg("%s: gradient %d is %.12g, by differences %.12g", s->name, i, g[i], rise / (2 * step));
        for (int j = 0; j < s->n; j++)
            if (!(fabs((up[j] - down[j]) / (2 * step) - h[i * s->n + j]) <= tolerance * of_h))
                fail_msg("%s: Hessian %d %d is %.12g, by differences %.12g", s->name, i, j, h[i * s->n + j],
                         (up[j] - down[j]) / (2 * step));
    }
}

static void random_point(const struct surface *s, uint64_t k, double *x)
{
    struct rng r = {.seed = 3, .purpose = RNG_PROBE};

    for (int i = 0; i < s->n; i++) {
        int axis = i < 2 ? i : 1;
        x[i] = s->window[axis].low +
               (s->window[axis].high - s->window[axis].low) * rng_uniform(&r, k, (uint64_t)i);
    }
}

static void derivatives_are_exact(void **state)
{
    const struct surface *s;

    (void)state;
    for (int i = 0; (s = surface_at(i)) != NULL; i++)
        for (uint64_t k = 0; k < 50; k++) {
            double x[SURFACE_MOST] = {0};
            random_point(s, k, x);
            check_derivatives(s, x, 2e-6);
        }
}

/* What is not asked for is not needed, and the Hessian is symmetric to the bit. */
static void parts_are_the_same_alone(void **state)
{
    const struct surface *s;

    (void)state;
    for (int i = 0; (s = surface_at(i)) != NULL; i++) {
        double g[SURFACE_MOST], alone[SURFACE_MOST], h[SURFACE_MOST * SURFACE_MOST];
        double f = s->f(s, s->start, g, h);
        assert_true(f == s->f(s, s->start, NULL, NULL) && f == s->f(s, s->start, alone, NULL));
        assert_memory_equal(g, alone, (size_t)s->n * sizeof *g);
        for (int k = 0; k < s->n * s->n; k++)
            close_to(h[k], h[k % s->n * s->n + k / s->n], 1e-12 * scale_of(h, s->n * s->n));
    }
}

static void descriptors_are_whole(void **state)
{
    const struct surface *s;
    int count = 0;

    (void)state;
    for (; (s = surface_at(count)) != NULL; count++) {
        assert_ptr_equal(surface_find(s->name), s);
        assert_true(s->n >= 1 && s->n <= SURFACE_MOST && s->optima <= SURFACE_OPTIMA);
        assert_true(s->title && s->formula && s->axis[0] && s->axis[1]);
        for (int i = 0; i < 2 && i < s->n; i++) {
            assert_true(s->window[i].low < s->window[i].high);
            assert_true(s->start[i] >= s->window[i].low && s->start[i] <= s->window[i].high);
        }
    }
    assert_true(count >= 15);
    assert_null(surface_find("chains"));
    assert_null(surface_at(-1));
}

/* At each: no slope, nothing curves down, nothing in the window is lower. */
static void optima_are_optima(void **state)
{
    const struct surface *s;

    (void)state;
    for (int i = 0; (s = surface_at(i)) != NULL; i++)
        for (int k = 0; k < s->optima; k++) {
            struct surface_point p;
            double x[SURFACE_MOST];
            assert_int_equal(surface_look(s, s->optimum[k], &p, NULL), 0);
            close_to(p.gradient_norm, 0, 1e-12 * p.eigenvalue[s->n - 1] * (1 + fabs(s->optimum[k][0])));
            assert_true(p.eigenvalue[0] >= -1e-12 * p.eigenvalue[s->n - 1]);
            for (uint64_t t = 0; t < 200; t++) {
                random_point(s, t, x);
                assert_true(s->f(s, x, NULL, NULL) >= p.f);
            }
        }
}

/* ---- the lecture's figures at a point --------------------------------------------------------- */

static struct surface_point look(const char *name, double x, double y)
{
    const double at[SURFACE_MOST] = {x, y};
    struct surface_point p;

    assert_int_equal(surface_look(surface_find(name), at, &p, NULL), 0);
    return p;
}

static void the_chain_at_its_saddle(void **state)
{
    struct surface_point p = look("chain", 0, 0);

    (void)state;
    close_to(p.f, 1, 0);
    close_to(p.gradient_norm, 0, 0);
    close_to(p.eigenvalue[0], -2, 1e-15);
    close_to(p.eigenvalue[1], 2, 1e-15);
    close_to(p.limit, 1, 1e-15);
    /* along (1, 1)/√2 by the length a√2, where the quadratic model says 1 − 2a² */
    close_to(look("chain", .1, .1).f, .9801, 1e-15);
    close_to(look("chain", .4, .4).f, .7056, 1e-15);
    close_to(look("chain", 1, 1).f, 0, 0);
}

static void the_regression_is_elongated(void **state)
{
    struct surface_point p = look("regression", -120, -4);

    (void)state;
    close_to(p.eigenvalue[1], 1.74683e6, 5);
    close_to(p.eigenvalue[0], 5.573, 5e-4);
    close_to(p.eigenvalue[1] / p.eigenvalue[0], 313418, .5);
    close_to(p.limit, 1.145e-6, 5e-10);
}

static void squared_error_is_flat_where_it_is_wrong(void **state)
{
    static const struct {
        double y1, y2, mse, ce;
    } row[] = {{-10, 10, 1.17e-8, 1.414}, {-7, 5, 3.5e-5, 1.414}, {0, 0, .7071, .7071}};

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        close_to(look("softmax_mse", row[i].y1, row[i].y2).gradient_norm, row[i].mse, .01 * row[i].mse);
        close_to(look("softmax_ce", row[i].y1, row[i].y2).gradient_norm, row[i].ce, 3e-4);
    }
}

static void a_value_that_is_not_finite_is_told(void **state)
{
    const double far[SURFACE_MOST] = {1e200, 1e200};
    struct surface_point p;
    struct err e = {0};

    (void)state;
    assert_int_equal(surface_look(surface_find("rosenbrock"), far, &p, &e), -ERR_DIVERGED);
    assert_non_null(strstr(e.text, "rosenbrock"));
}

/* ---- a formula the user types ------------------------------------------------------------------ */

static struct surface parsed(struct formula *p, const char *text)
{
    struct err e = {0};

    if (formula_parse(p, text, &e) != 0)
        fail_msg("%s: %s", text, e.text);
    return formula_surface(p);
}

static double value(const char *text, double x, double y)
{
    const double at[] = {x, y};
    struct formula p;
    struct surface s = parsed(&p, text);

    return s.f(&s, at, NULL, NULL);
}

static void formulas_bind_as_usual(void **state)
{
    (void)state;
    close_to(value("1 + 2 * 3 - 4 / 2", 0, 0), 5, 0);
    close_to(value("8/4/2", 0, 0), 1, 0);
    close_to(value("7-4-2", 0, 0), 1, 0);
    close_to(value("2^3^2", 0, 0), 512, 0);
    close_to(value("-x^2", 3, 0), -9, 0);
    close_to(value("(-x)^2", 3, 0), 9, 0);
    close_to(value("x^-1 * - -y", 4, 2), .5, 0);
    close_to(value("2*-x", 3, 0), -6, 0);
    close_to(value(" .5e1+1.E-1 ", 0, 0), 5.1, 1e-15);
    close_to(value("cos(pi) + sin(pi/2) + exp(0) + log(1) + sqrt(16) + abs(-2)", 0, 0), 7, 1e-15);
}

static void formulas_have_exact_derivatives(void **state)
{
    static const char *const texts[] = {"sin(x*y)+cos(x-y)", "exp(x/y)*log(x*x+y*y)", "sqrt(1+x^2)*abs(y)",
                                        "(x+2*y)^3",         "(1+x*x)^(y+x)",         "x/(1+y^2)-y^-2",
                                        "3-(-x)*y",          "abs(x-y)^1.5",          "2^x",
                                        "(x-1)^2^1"};
    static const double at[][2] = {{.7, 1.3}, {-1.2, .4}, {2, -.6}};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            const double x[SURFACE_MOST] = {at[k][0], at[k][1]};
            struct formula p;
            struct surface s = parsed(&p, texts[i]);
            check_derivatives(&s, x, 2e-6);
        }
}

/* The same surfaces typed: to the last digits, at the corners of powers too. */
static void a_formula_is_the_surface_it_spells(void **state)
{
    static const char *const pair[][2] = {{"saddle", "x^2-y^2"},
                                          {"monkey", "x^3-3*x*y^2"},
                                          {"chain", "(1-x*y)^2"},
                                          {"rosenbrock", "(1-x)^2+100*(y-x^2)^2"},
                                          {"himmelblau", "(x^2+y-11)^2+(x+y^2-7)^2"},
                                          {"crescent", "10*(x^2+y^2-1)^2+(x^2+(y+1)^2)/2"},
                                          {"rastrigin", "20+x^2-10*cos(2*pi*x)+y^2-10*cos(2*pi*y)"}};
    static const double at[][2] = {{0, 0}, {1, 1}, {-.3, 1.7}};

    (void)state;
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            double g[2][2], h[2][4];
            struct formula p;
            struct surface s = parsed(&p, pair[i][1]);
            const struct surface *same = surface_find(pair[i][0]);
            close_to(s.f(&s, at[k], g[0], h[0]), same->f(same, at[k], g[1], h[1]), 1e-10);
            for (int j = 0; j < 4; j++) {
                close_to(g[0][j / 2], g[1][j / 2], 1e-10);
                close_to(h[0][j], h[1][j], 1e-10);
            }
        }
}

static void constants_are_flat(void **state)
{
    static const char *const texts[] = {"x^0", "sqrt(0)", "0^0*3", "abs(x)*0"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const double x[] = {0, 0};
        double g[2], h[4];
        struct formula p;
        struct surface s = parsed(&p, texts[i]);
        s.f(&s, x, g, h);
        for (int j = 0; j < 4; j++)
            assert_true(g[j / 2] == 0 && h[j] == 0);
    }
    assert_true(isnan(value("log(x)", -1, 0)));
}

static void errors_point_at_the_place(void **state)
{
    static const struct {
        const char *text, *told;
    } row[] = {{"", "character 1: expected a number"},
               {"x + ", "character 5: expected a number, x, y, a function or \"(\", but it ends here"},
               {"x + * y", "character 5: expected a number, x, y, a function or \"(\", not \"*\""},
               {"x y", "character 3: expected an operator or the end, not \"y\""},
               {"2x", "character 2: expected an operator"},
               {"(x", "character 3: expected an operator or \")\", but it ends here"},
               {"x)", "character 2: expected an operator or the end, not \")\""},
               {"sin x", "character 5: expected \"(\", not \"x\""},
               {"x+tan(y)", "character 3: \"tan\" is not known"},
               {"x·y", "character 2: expected an operator or the end, not \"·\""},
               {"(x−1)*z", "character 3: expected an operator or \")\", not \"−\""},
               {"1e", "character 3: expected the digits of an exponent, but it ends here"},
               {"x+1e999", "character 3: the number is too large"},
               {".", "character 1: expected digits"},
               {"0x10", "character 2: expected an operator"},
               {"inf", "character 1: \"inf\" is not known"}};

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct formula p;
        struct err e = {0};
        assert_int_equal(formula_parse(&p, row[i].text, &e), -ERR_USAGE);
        if (!strstr(e.text, row[i].told))
            fail_msg("\"%s\": %s", row[i].text, e.text);
    }
}

static void formulas_are_bounded(void **state)
{
    char text[2 * FORMULA_TEXT];
    struct formula p;
    struct err e = {0};

    (void)state;
    for (int depth = 1; depth <= 100; depth++) { /* each level leaves two values waiting */
        char *to = text;
        text[0] = 0;
        for (int i = 0; i < depth && i < 60; i++)
            to = stpcpy(to, "1+x*(");
        to = stpcpy(to, "y");
        for (int i = 0; i < depth && i < 60; i++)
            to = stpcpy(to, ")");
        if (formula_parse(&p, text, &e) == 0) {
            struct surface s = formula_surface(&p);
            const double at[] = {.5, 2};
            close_to(s.f(&s, at, NULL, NULL), 2, 1e-12);
            assert_true(depth < FORMULA_DEPTH);
        } else {
            assert_true(depth >= FORMULA_DEPTH);
        }
    }
    assert_non_null(strstr(e.text, "longer than"));
    memset(text, '^', sizeof text);
    for (size_t i = 0; i < 200; i += 2)
        text[i] = 'x';
    text[199] = 0;
    assert_int_equal(formula_parse(&p, text, &e), -ERR_USAGE);
    assert_non_null(strstr(e.text, "nested more than 32 deep"));
    memset(text, '-', sizeof text);
    strcpy(text + 250, "x");
    assert_int_equal(formula_parse(&p, text, &e), 0);
    assert_int_equal(p.count, 1);
}

/* Whatever is typed: an error with a sentence, or a surface with a value. */
static void noise_is_parsed_or_refused(void **state)
{
    static const char *const piece[] = {"x",    "y", "1", "2.5",  "pi",   "+",    "-",     "*",
                                        "/",    "^", "(", ")",    "sin(", "log(", "sqrt(", "abs(",
                                        "exp(", " ", ",", "\303", "e",    "."};
    struct rng r = {.seed = 9, .purpose = RNG_PROBE};
    int fine = 0;

    (void)state;
    for (uint64_t t = 0; t < 30000; t++) {
        char text[FORMULA_TEXT + 64] = "", *to = text;
        uint64_t pieces = 1 + rng_word(&r, t, 0) % (t % 3 ? 6 : 40);
        struct formula p;
        struct err e = {0};
        for (uint64_t k = 0; k < pieces; k++)
            to = stpcpy(to, piece[rng_word(&r, t, 1 + k) % (sizeof piece / sizeof *piece)]);
        if (formula_parse(&p, text, &e) == 0) {
            struct surface s = formula_surface(&p);
            double g[2], h[4];
            s.f(&s, s.start, g, h);
            fine++;
        } else {
            assert_true(e.code == ERR_USAGE && e.text[0]);
        }
    }
    assert_true(fine > 300);
}

/* ---- the race ---------------------------------------------------------------------------------- */

static struct racer_setup setup_of(const char *optimizer, double lr)
{
    const struct optimizer *o = R(optimizers).find(optimizer);
    struct racer_setup setup = {.optimizer = optimizer, .args = R(optimizers).defaults(o)};

    setup.args.lr = lr;
    return setup;
}

static struct race *race_from(const struct surface *s, double x, double y)
{
    const double start[SURFACE_MOST] = {x, y};
    struct race *r;

    assert_int_equal(race_new(&r, s, start, NULL), 0);
    return r;
}

static struct race *race_of_one(const char *surface, double x, double y, const char *optimizer, double lr)
{
    struct race *r = race_from(surface_find(surface), x, y);
    struct racer_setup setup = setup_of(optimizer, lr);

    assert_int_equal(race_add(r, &setup, NULL), 0);
    return r;
}

/* Steps until the loss is below, `most` when it never is. */
static int steps_until(struct race *r, double loss, int most)
{
    int t = 0;

    while (t < most && !(race_racer(r, 0)->loss < loss)) {
        race_step(r);
        t++;
    }
    assert_int_equal(race_racer(r, 0)->steps, t);
    race_free(r);
    return t;
}

static void gradient_descent_leaves_the_saddle(void **state)
{
    static const struct {
        double epsilon;
        int steps;
    } row[] = {{1e-1, 34}, {1e-3, 83}, {1e-6, 155}, {1e-9, 228}};
    struct race *r = race_of_one("chain", 1e-3, -1e-3, "sgd", .05);

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_int_equal(
            steps_until(race_of_one("chain", row[i].epsilon, row[i].epsilon, "sgd", .05), .01, 1000),
            row[i].steps);
    for (int t = 0; t < 1000; t++) /* exactly from the other side: into it */
        race_step(r);
    close_to(race_racer(r, 0)->x[0], 0, 1e-12);
    close_to(race_racer(r, 0)->x[1], 0, 1e-12);
    close_to(race_racer(r, 0)->loss, 1, 1e-12);
    race_free(r);
}

static void a_small_rate_hardly_moves_b(void **state)
{
    struct race *r = race_of_one("regression", -120, -4, "sgd", 1e-7);

    (void)state;
    for (int t = 0; t < 100000; t++)
        race_step(r);
    close_to(race_racer(r, 0)->x[0], -123.69, .005);
    close_to(race_racer(r, 0)->x[1], 2.483, .0005);
    assert_true(race_racer(r, 0)->points <= RACE_TRAIL);
    race_free(r);
}

/* Beyond 2/λmax every step multiplies the distance by η λmax − 1 = 17,467. After two it is off any plot
 * (w near 2e9); a double holds it until the loss passes 1.8e308. */
static void a_large_rate_climbs_the_walls(void **state)
{
    struct race *r = race_of_one("regression", -120, -4, "sgd", 1e-2);

    (void)state;
    race_step(r);
    race_step(r);
    assert_true(fabs(race_racer(r, 0)->x[1]) > 1e9 && race_racer(r, 0)->loss > 1e24);
    while (race_step(r) > 0)
        assert_true(race_racer(r, 0)->steps < 50);
    assert_int_equal(race_racer(r, 0)->state, RACER_DIVERGED);
    assert_in_range(race_racer(r, 0)->steps, 33, 35);
    assert_true(isfinite(race_racer(r, 0)->loss) && isfinite(race_racer(r, 0)->x[1]));
    race_free(r);
}

/* Walk the regression; count spurts in b (moves of more than ½ after the first hundred steps, apart by more
 * than a hundred); note where each is fastest, and the middle of that move. */
static int spurts(const char *optimizer, double lr, int steps, int *at, double *b_at, int room, double *end)
{
    struct race *r = race_of_one("regression", -120, -4, optimizer, lr);
    int count = 0, last = -1000;
    double fastest = 0;

    for (int t = 1; t <= steps; t++) {
        double before = race_racer(r, 0)->x[0], moved;
        race_step(r);
        moved = fabs(race_racer(r, 0)->x[0] - before);
        if (t <= 100 || moved < .5)
            continue;
        if (t - last > 100) {
            count++;
            fastest = 0;
        }
        if (moved > fastest && count <= room) {
            fastest = moved;
            at[count - 1] = t;
            b_at[count - 1] = (before + race_racer(r, 0)->x[0]) / 2;
        }
        last = t;
    }
    *end = race_racer(r, 0)->x[0];
    race_free(r);
    return count;
}

/* In a spurt b swings by ±4 from step to step, growing out of rounding: ε or the order of a sum moves it by
 * some ten steps, and where it stands at one iteration with it. The middle is steady. */
static void the_lectures_adagrad_goes_by_spurts(void **state)
{
    static const int steps[] = {718, 1195, 1750};
    static const double b[] = {-168.7, -180.1, -187.5};
    int at[3] = {0};
    double b_at[3] = {0}, end;

    (void)state;
    assert_int_equal(spurts("adagrad_rms", 1, 2000, at, b_at, 3, &end), 3);
    for (int i = 0; i < 3; i++) {
        assert_in_range(at[i], steps[i] - 20, steps[i] + 20);
        close_to(b_at[i], b[i], 1.5);
    }
    assert_int_equal(spurts("adagrad_rms", .1, 2000, at, b_at, 0, &end), 0);
    assert_int_equal(spurts("adagrad", 1, 100000, at, b_at, 0, &end), 0);
    close_to(end, -188.37, .005);
}

/* p1 > .9 is a cross-entropy below −ln .9, and a squared error below 2 · .1². */
static void cross_entropy_arrives_long_before(void **state)
{
    (void)state;
    assert_int_equal(steps_until(race_of_one("softmax_ce", -7, 5, "sgd", .5), -log(.9), 100), 23);
    assert_int_equal(steps_until(race_of_one("softmax_ce", -10, 10, "sgd", .5), -log(.9), 100), 31);
    assert_int_equal(steps_until(race_of_one("softmax_mse", -7, 5, "sgd", .5), .02, 50000), 40720);
}

/* Every optimizer, at some rate, on every surface with a known minimum nearby: lower than where it began. */
static void every_optimizer_can_race(void **state)
{
    struct race *r = race_from(surface_find("rosenbrock"), -1.2, 1);
    const struct optimizer *o;
    int n = 0;

    (void)state;
    for (; (o = R(optimizers).at(n)) != NULL; n++) {
        struct racer_setup setup = setup_of(o->name, o->step_whole ? 1 : 1e-3);
        assert_int_equal(race_add(r, &setup, NULL), n);
        assert_string_equal(race_racer(r, n)->label, o->name);
    }
    for (int t = 0; t < 300; t++)
        assert_int_equal(race_step(r), n);
    for (int i = 0; i < n; i++)
        if (!(race_racer(r, i)->loss < 24.2))
            fail_msg("%s: %g", race_racer(r, i)->label, race_racer(r, i)->loss);
    assert_string_equal(race_racer(r, race_leader(r))->label, "lbfgs");
    race_free(r);
}

/* A restart with everything fresh goes the same way again, noise included; another seed another way. */
static void a_race_is_a_function_of_its_setup(void **state)
{
    struct race *r = race_from(surface_find("himmelblau"), .1, .2);
    double once[16][2];
    const struct optimizer *o;
    int n = 0;

    (void)state;
    race_noise(r, 50, 7); /* as large as the slope: signs turn too */
    for (; (o = R(optimizers).at(n)) != NULL; n++) {
        struct racer_setup setup = setup_of(o->name, o->step_whole ? .1 : 1e-3);
        race_add(r, &setup, NULL);
    }
    for (int again = 0; again < 3; again++) {
        if (again == 2)
            race_noise(r, 50, 8);
        for (int t = 0; t < 50; t++)
            race_step(r);
        for (int i = 0; i < n; i++) {
            const double *x = race_racer(r, i)->x;
            if (again == 0)
                memcpy(once[i], x, sizeof once[i]);
            if ((again < 2) != (memcmp(once[i], x, sizeof once[i]) == 0))
                fail_msg("%s, time %d", race_racer(r, i)->label, again);
        }
        assert_int_equal(race_restart(r, NULL, NULL), 0);
        assert_int_equal(race_racer(r, 0)->points, 1);
    }
    race_free(r);
}

/* Three, and how they are told apart; one diverges and is named, the others go on. */
static void who_diverges_is_named(void **state)
{
    struct race *r = race_of_one("rosenbrock", -1.2, 1, "sgd", 1e-3);
    struct racer_setup wild = setup_of("sgd", 10);
    struct racer_setup nobody = {.optimizer = "sgdd"};
    struct err e = {0};

    (void)state;
    assert_int_equal(race_add(r, &wild, NULL), 1);
    assert_int_equal(race_add(r, &nobody, &e), -ERR_USAGE);
    for (int t = 0; t < 100; t++)
        race_step(r);
    assert_int_equal(race_racer(r, 0)->state, RACER_RACING);
    assert_int_equal(race_racer(r, 0)->steps, 100);
    assert_int_equal(race_racer(r, 1)->state, RACER_DIVERGED);
    assert_non_null(strstr(race_racer(r, 1)->why, "sgd 2: step "));
    assert_true(isfinite(race_racer(r, 1)->loss));
    race_stop(r, 0);
    assert_int_equal(race_step(r), 0);
    assert_int_equal(race_racer(r, 0)->steps, 100);
    assert_null(race_racer(r, 2));
    race_free(r);
}

static void schedules_set_the_rate_of_each(void **state)
{
    struct race *r = race_from(surface_find("ill_conditioned"), -1.8, .5);
    struct racer_setup steps = setup_of("sgd", .01), flat = steps, plateau = setup_of("sgd", .03);

    (void)state;
    steps.schedule = schedule_at(schedule_find("step"));
    steps.schedule_args = schedule_defaults(steps.schedule);
    steps.schedule_args.step_size = 10;
    plateau.schedule = schedule_at(schedule_find("plateau"));
    plateau.schedule_args = schedule_defaults(plateau.schedule);
    plateau.schedule_args.patience = 2; /* .03 is beyond 2/100: the loss grows */
    race_add(r, &steps, NULL);
    race_add(r, &flat, NULL);
    race_add(r, &plateau, NULL);
    for (int t = 0; t < 20; t++)
        race_step(r);
    close_to(race_racer(r, 0)->rate, 1e-4, 1e-18);
    close_to(race_racer(r, 1)->rate, .01, 0);
    assert_true(race_racer(r, 2)->rate < .01);
    race_rate(r, 0, 1);
    close_to(race_racer(r, 0)->rate, .01, 1e-16);
    race_free(r);
}

static void the_trail_is_bounded_and_spans_the_way(void **state)
{
    struct race *r = race_of_one("saddle", 1, 1e-300, "sgd", 1e-4);
    const struct racer *c = race_racer(r, 0);

    (void)state;
    for (int t = 0; t < 10000; t++)
        race_step(r);
    assert_int_equal(c->stride, 16);
    assert_int_equal(c->points, 10000 / 16 + 1);
    for (int i = 0; i < c->points; i++) {
        assert_int_equal(c->trail[i].step, 16 * i);
        close_to(c->trail[i].x[0], pow(1 - 2e-4, 16. * i), 1e-10);
    }
    race_free(r);
}

static void a_start_without_a_value_is_refused(void **state)
{
    const double start[SURFACE_MOST] = {0, 1}, fine[SURFACE_MOST] = {1, 1};
    struct formula p;
    struct surface s = parsed(&p, "log(x)^2+y^2");
    struct race *r;
    struct err e = {0};

    (void)state;
    assert_int_equal(race_new(&r, &s, start, &e), -ERR_USAGE);
    assert_null(r);
    assert_int_equal(race_new(&r, &s, fine, &e), 0);
    assert_int_equal(race_restart(r, start, &e), -ERR_USAGE);
    assert_int_equal(race_leader(r), -1);
    race_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_are_whole),
        cmocka_unit_test(derivatives_are_exact),
        cmocka_unit_test(parts_are_the_same_alone),
        cmocka_unit_test(optima_are_optima),
        cmocka_unit_test(the_chain_at_its_saddle),
        cmocka_unit_test(the_regression_is_elongated),
        cmocka_unit_test(squared_error_is_flat_where_it_is_wrong),
        cmocka_unit_test(a_value_that_is_not_finite_is_told),
        cmocka_unit_test(formulas_bind_as_usual),
        cmocka_unit_test(formulas_have_exact_derivatives),
        cmocka_unit_test(a_formula_is_the_surface_it_spells),
        cmocka_unit_test(constants_are_flat),
        cmocka_unit_test(errors_point_at_the_place),
        cmocka_unit_test(formulas_are_bounded),
        cmocka_unit_test(noise_is_parsed_or_refused),
        cmocka_unit_test(gradient_descent_leaves_the_saddle),
        cmocka_unit_test(a_small_rate_hardly_moves_b),
        cmocka_unit_test(a_large_rate_climbs_the_walls),
        cmocka_unit_test(the_lectures_adagrad_goes_by_spurts),
        cmocka_unit_test(cross_entropy_arrives_long_before),
        cmocka_unit_test(every_optimizer_can_race),
        cmocka_unit_test(a_race_is_a_function_of_its_setup),
        cmocka_unit_test(who_diverges_is_named),
        cmocka_unit_test(schedules_set_the_rate_of_each),
        cmocka_unit_test(the_trail_is_bounded_and_spans_the_way),
        cmocka_unit_test(a_start_without_a_value_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
