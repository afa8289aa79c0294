/* Landscapes of functions whose answers are known: grid, slices, directions, principal components, sharpness.
 * In double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "math/start.h"
#include "net/network.h"
#include "probe/landscape-find.h"
#include "probe/pca.h"
#include "probe/sharpness.h"
#include "probe/slice.h"
#include "probe/surface.h"

static struct pool *pool;

static double noise(uint64_t stream, uint64_t i)
{
    struct rng r = {.seed = 5, .purpose = RNG_PROBE};
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

/* ---- a surface as an objective -------------------------------------------------------------- */

static int surface_value(const struct objective *o, const real *x, double *f, struct err *e)
{
    const struct surface *s = o->context;

    (void)e;
    *f = s->f(s, x, NULL, NULL);
    return 0;
}

static int surface_gradient(const struct objective *o, const real *x, double *f, real *g, struct err *e)
{
    const struct surface *s = o->context;

    (void)e;
    *f = s->f(s, x, g, NULL);
    return 0;
}

static int surface_product(const struct objective *o, const real *x, const real *v, real *out, struct err *e)
{
    const struct surface *s = o->context;
    double h[SURFACE_MOST * SURFACE_MOST];

    (void)e;
    s->f(s, x, NULL, h);
    for (int i = 0; i < s->n; i++) {
        out[i] = 0;
        for (int j = 0; j < s->n; j++)
            out[i] += h[i * s->n + j] * v[j];
    }
    return 0;
}

static struct objective on_surface(const struct surface *s)
{
    return (struct objective){.n = s->n,
                              .context = (void *)s,
                              .f = surface_value,
                              .gradient = surface_gradient,
                              .hessian_vector = surface_product};
}

static struct objective on(const char *name)
{
    const struct surface *s = surface_find(name);

    assert_non_null(s);
    return on_surface(s);
}

/* Quadratics ½ xᵀAx + c of these tests, as surfaces with their own numbers. */
struct bowl {
    double a[9], c;
};

static double bowl_f(const struct surface *s, const double *x, double *g, double *h)
{
    const struct bowl *b = s->data;
    double f = b->c;

    for (int i = 0; i < s->n; i++) {
        double ax = 0;
        for (int j = 0; j < s->n; j++)
            ax += b->a[i * s->n + j] * x[j];
        f += x[i] * ax / 2;
        if (g)
            g[i] = ax;
        for (int j = 0; h && j < s->n; j++)
            h[i * s->n + j] = b->a[i * s->n + j];
    }
    return f;
}

/* ---- the grid ------------------------------------------------------------------------------- */

static void coordinates_come_out_exactly(void **state)
{
    struct landscape_axis a;

    (void)state;
    for (int points = 3; points <= 101; points += 2) {
        a = landscape_axis_around(points, .7);
        assert_true(landscape_axis_at(&a, 0) == -.7 && landscape_axis_at(&a, points - 1) == .7);
        assert_true(landscape_axis_at(&a, points / 2) == 0);
        a = landscape_axis_line(points, .5);
        assert_true(landscape_axis_at(&a, a.zero) == 0 && landscape_axis_at(&a, a.zero + a.parts) == 1);
        assert_true(a.zero >= 0 && a.zero + a.parts < points);
        near(landscape_axis_at(&a, points - 1) + landscape_axis_at(&a, 0), 1, 1e-12, "a line's margins");
        a = landscape_axis_between(points, -.3, 1.1);
        assert_true(landscape_axis_at(&a, a.zero) == 0);
        near(landscape_axis_at(&a, points - 1) - landscape_axis_at(&a, 0), 1.4, 1e-12, "a range");
        near(landscape_axis_at(&a, 0), -.3, .71 / (points - 1), "its beginning");
    }
    a = landscape_axis_line(81, .5);
    assert_true(landscape_axis_at(&a, 0) == -.5 && landscape_axis_at(&a, 80) == 1.5);
}

/* Each point once; no level before the one coarser than it; the picture whole from the first level on. */
static void the_grid_grows_coarse_to_fine(void **state)
{
    static const int sizes[][2] = {{21, 21}, {33, 17}, {5, 9}, {3, 3}, {81, 1}, {3, 1}, {22, 101}};

    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct landscape_axis x = landscape_axis_around(sizes[k][0], 1), y = landscape_axis_none();
        struct landscape_grid g;
        struct err e = {0};
        int column, row, levels = 0, stride = 0;
        if (sizes[k][1] > 1)
            y = landscape_axis_around(sizes[k][1], 1);
        must(landscape_grid_init(&g, &x, &y, &e), &e);
        float *picture = calloc((size_t)g.of, sizeof *picture);
        while (landscape_grid_next(&g, &column, &row)) {
            assert_false(g.known[row * x.points + column]);
            if (g.stride != stride) { /* a level was whole before this point */
                landscape_grid_picture(&g, picture);
                for (int i = 0; i < g.of; i++)
                    near(picture[i],
                         landscape_axis_at(&x, i % x.points) - 2 * landscape_axis_at(&y, i / x.points), 1e-6,
                         "a plane between known points");
                stride = g.stride;
                levels++;
            }
            landscape_grid_put(&g, column, row,
                               landscape_axis_at(&x, column) - 2 * landscape_axis_at(&y, row));
        }
        assert_int_equal(g.done, g.of);
        assert_int_equal(g.stride, 1);
        if (sizes[k][0] == 21)
            assert_int_equal(levels, 3); /* 5 × 5, 7 × 7, 11 × 11, then 21 × 21 */
        free(picture);
        landscape_grid_free(&g);
    }
}

static void what_is_not_finite_stays(void **state)
{
    struct landscape_axis x = landscape_axis_around(5, 1), y = x;
    struct landscape_grid g;
    struct err e = {0};
    float picture[25];
    double lo, hi;
    int column, row, at_lo, at_hi;

    (void)state;
    must(landscape_grid_init(&g, &x, &y, &e), &e);
    landscape_grid_picture(&g, picture);
    assert_true(isnan(picture[12]));
    assert_int_equal(landscape_grid_extent(&g, &lo, &hi, &at_lo, &at_hi), 0);
    while (landscape_grid_next(&g, &column, &row))
        landscape_grid_put(&g, column, row, column == 0 ? NAN : column == 4 ? INFINITY : column * 10 + row);
    landscape_grid_picture(&g, picture);
    for (row = 0; row < 5; row++)
        assert_true(isnan(picture[row * 5]) && isinf(picture[row * 5 + 4]) &&
                    picture[row * 5 + 2] == 20 + row);
    assert_int_equal(landscape_grid_extent(&g, &lo, &hi, &at_lo, &at_hi), 1);
    assert_true(lo == 10 && hi == 34 && at_lo == 1 && at_hi == 23);
    landscape_grid_free(&g);
    x.points = 2;
    assert_int_equal(landscape_grid_init(&g, &x, &y, &e), -ERR_INPUT);
}

/* ---- slices of surfaces --------------------------------------------------------------------- */

static struct landscape look(const struct objective *o, const real *theta, const struct landscape_wish *w)
{
    struct landscape_of of = {.objective = o, .theta = theta, .pool = pool};
    struct landscape l;
    struct err e = {0};

    must(R(landscape_find).find(&of, w, &l, &e), &e);
    return l;
}

static double height(const struct landscape *l, int column, int row)
{
    return l->grid.z[row * l->grid.x.points + column];
}

/* Along its eigenvectors a quadratic is the sum of two parabolas. */
static void a_quadratic_along_its_eigenvectors(void **state)
{
    static const struct bowl b = {.a = {3, 1, 0, 1, 3, 0, 0, 0, -1}, .c = 2}; /* eigenvalues 4, 2, −1 */
    struct surface s = {.name = "bowl", .n = 3, .f = bowl_f, .data = &b};
    struct objective o = on_surface(&s);
    struct landscape_wish w = {.kind = LANDSCAPE_TOP, .points = 9};
    const real at[3] = {0, 0, 0};
    const double second[2] = {2, -1};

    (void)state;
    for (int ends = 0; ends < 2; ends++) {
        w.kind = ends ? LANDSCAPE_ENDS : LANDSCAPE_TOP;
        struct landscape l = look(&o, at, &w);
        near(l.direction[0].eigenvalue, 4, 1e-9, "λmax");
        near(l.direction[1].eigenvalue, second[ends], 1e-9, "the other");
        near(l.direction[0].curvature, 4, 1e-9, "curvature along it");
        near(l.direction[0].slope, 0, 1e-12, "slope");
        near(l.direction[0].length, 1, 1e-12, "length");
        near(l.foot[0].highest, 4, 1e-9, "λmax under it");
        assert_true(l.foot[0].converged && l.direction[1].converged);
        for (int i = 0; i < 81; i++) {
            double x = landscape_axis_at(&l.grid.x, i % 9), y = landscape_axis_at(&l.grid.y, i / 9);
            near(l.grid.z[i], 2 + 2 * x * x + second[ends] / 2 * y * y, 1e-9, "a height");
        }
        assert_true(height(&l, 4, 4) == 2 && l.foot[0].loss == 2);
        landscape_free(&l);
    }
}

/* The extent chosen is where the quadratic model has doubled the loss. */
static void the_extent_is_where_the_loss_doubles(void **state)
{
    static const struct bowl b = {.a = {8, 0, 0, 0, 2, 0, 0, 0, 1e-9}, .c = 0};
    struct surface s = {.name = "bowl", .n = 3, .f = bowl_f, .data = &b};
    struct objective o = on_surface(&s);
    struct landscape_wish w = {.kind = LANDSCAPE_TOP, .points = 5, .no_figures = 1};
    const real at[3] = {0, 0, 1e5}; /* f = 5 */
    struct landscape l = look(&o, at, &w);

    (void)state;
    near(height(&l, 4, 2), 10, 1e-9, "at the right edge");
    near(height(&l, 2, 4), 10, 1e-9, "at the upper edge");
    near(landscape_axis_at(&l.grid.x, 4), sqrt(5. / 4), 1e-9, "the steep axis");
    near(landscape_axis_at(&l.grid.y, 4), sqrt(5.), 1e-9, "the flat one");
    assert_true(l.foot[0].highest > 0 &&
                isnan(l.foot[0].sharpness.percent)); /* known already; not asked for */
    landscape_free(&l);
    w.extent = .25;
    l = look(&o, at, &w);
    assert_true(landscape_axis_at(&l.grid.x, 0) == -.25 && landscape_axis_at(&l.grid.y, 4) == .25);
    landscape_free(&l);
}

/* 1 + 5·10⁻⁴ x² + 10 x⁴ + 0 y²: flat to second order, and yet a gorge. */
static double gorge_f(const struct surface *s, const double *x, double *g, double *h)
{
    (void)s;
    if (g) {
        g[0] = 1e-3 * x[0] + 40 * x[0] * x[0] * x[0];
        g[1] = 0;
    }
    if (h) {
        memset(h, 0, 4 * sizeof *h);
        h[0] = 1e-3 + 120 * x[0] * x[0];
    }
    return 1 + 5e-4 * x[0] * x[0] + 10 * pow(x[0], 4);
}

static void an_extent_is_halved_where_the_model_holds_too_little(void **state)
{
    struct surface s = {.name = "gorge", .n = 2, .f = gorge_f};
    struct objective o = on_surface(&s);
    struct landscape_wish w = {.kind = LANDSCAPE_TOP, .points = 5, .no_figures = 1};
    const real at[2] = {0, 200};
    struct landscape l = look(&o, at, &w);

    (void)state;
    /* the model says √2000 = 44.7; 64 times less is the first that rises by 3 at most */
    near(landscape_axis_at(&l.grid.x, 4), sqrt(2000.) / 64, 1e-9, "the axis");
    near(height(&l, 4, 2), 1 + 5e-4 * 2000 / 4096 + 10 * 4e6 / pow(64, 4), 1e-9, "its end");
    near(landscape_axis_at(&l.grid.y, 4), 100, 1e-9, "where nothing rises, half of |θ|");
    landscape_free(&l);
}

/* On every surface of the registry, along every kind: the middle is the point's value to the bit. */
static void the_middle_is_the_point(void **state)
{
    (void)state;
    for (int i = 0; surface_at(i); i++)
        for (int kind = LANDSCAPE_RANDOM; kind <= LANDSCAPE_ENDS; kind++) {
            const struct surface *s = surface_at(i);
            struct objective o = on_surface(s);
            struct landscape_wish w = {.kind = (enum landscape_kind)kind, .points = 7, .no_figures = 1};
            struct landscape_of of = {.objective = &o, .theta = s->start, .pool = pool};
            struct landscape l;
            struct err e = {0};
            must(R(landscape_find).find(&of, &w, &l, &e), &e);
            assert_true(height(&l, 3, 3) == s->f(s, s->start, NULL, NULL));
            assert_int_equal(l.grid.done, 49);
            landscape_free(&l);
        }
}

static void a_line_joins_two_points(void **state)
{
    struct objective o = on("rosenbrock");
    const struct surface *s = surface_find("rosenbrock");
    const real from[2] = {-1.2, 1}, to[2] = {1, 1};
    struct landscape_of of = {.objective = &o, .theta = from, .other = to};
    struct landscape_wish w = {.kind = LANDSCAPE_LINE, .points = 41};
    struct landscape l;
    struct err e = {0};

    (void)state;
    must(R(landscape_find).find(&of, &w, &l, &e), &e);
    assert_int_equal(l.axes, 1);
    assert_int_equal(l.feet, 2);
    assert_int_equal(l.grid.y.points, 1);
    for (int i = 0; i < 41; i++) {
        double a = landscape_axis_at(&l.grid.x, i), x[2] = {-1.2 + 2.2 * a, 1};
        near(l.grid.z[i], s->f(s, x, NULL, NULL), 1e-9, "on the line");
    }
    assert_true(l.grid.z[10] == s->f(s, from, NULL, NULL) && l.grid.z[30] == s->f(s, to, NULL, NULL));
    assert_true(l.foot[0].loss == l.grid.z[10] && l.foot[1].loss == l.grid.z[30]);
    near(l.foot[1].highest, 1001.6006, 1e-3, "λmax at (1, 1)"); /* H = [[802, −400], [−400, 200]] */
    assert_true(l.foot[0].sharpness.loss == l.foot[0].loss && l.foot[1].sharpness.percent > 0);
    near(l.direction[0].length, 2.2, 1e-12, "its length");
    landscape_free(&l);
    of.other = NULL;
    assert_int_equal(R(landscape_find).find(&of, &w, &l, &e), -ERR_INPUT);
}

/* ---- directions ----------------------------------------------------------------------------- */

static void the_gradient_and_its_turn(void **state)
{
    const struct surface *s = surface_find("rosenbrock");
    struct objective o = on("rosenbrock");
    const real at[2] = {-1.2, 1}, flat[2] = {1, 1};
    real g[2], u[2], v[2];
    struct err e = {0};
    double f;
    int turns;

    (void)state;
    must(R(directions).gradient(&o, at, 1, u, v, &turns, &e), &e);
    o.gradient(&o, at, &f, g, &e);
    near(u[0] * g[1] - u[1] * g[0], 0, 1e-12 * 233, "u is along the gradient");
    assert_true(u[0] * g[0] > 0 && turns);
    near(R(directions).dot(2, u, v), 0, 1e-15, "v is orthogonal");
    near(R(directions).dot(2, v, v), 1, 1e-14, "and of length 1");
    real hg[2];
    o.hessian_vector(&o, at, g, hg, &e);
    assert_true(R(directions).dot(2, v, hg) > 0);
    assert_int_equal(R(directions).gradient(&o, flat, 1, u, v, &turns, &e), -ERR_INPUT);
    assert_true(s->n == 2);
}

/* Where H g is along g, the second direction is a random one across. */
static void a_gradient_that_does_not_turn(void **state)
{
    static const struct bowl b = {.a = {2, 0, 0, 0, 2, 0, 0, 0, 2}};
    struct surface s = {.name = "bowl", .n = 3, .f = bowl_f, .data = &b};
    struct objective o = on_surface(&s);
    const real at[3] = {1, 2, 3};
    real u[3], v[3];
    struct err e = {0};
    int turns;

    (void)state;
    must(R(directions).gradient(&o, at, 1, u, v, &turns, &e), &e);
    assert_false(turns);
    near(R(directions).dot(3, u, v), 0, 1e-15, "orthogonal");
    near(R(directions).dot(3, v, v), 1, 1e-14, "of length 1");
}

static void random_directions_are_normalised_by_filter(void **state)
{
    struct network_spec spec;
    struct network net;
    struct err e = {0};
    real *theta, *u, *v, *other, *statistics;
    size_t n;

    (void)state;
    must(spec_parse(&spec, "lstm 5 bi | last | linear 7 bn relu | linear 3", &e), &e);
    must(R(network).build(&net, &spec, (struct shape){4, 6}, &e), &e);
    n = (size_t)net.parameters;
    theta = calloc(4 * n, sizeof *theta);
    statistics = calloc((size_t)net.statistics + 1, sizeof *statistics);
    u = theta + n, v = u + n, other = v + n;
    R(network).init(&net, 1, theta, statistics);
    R(directions).random(net.places, net.place, theta, 3, u, v);
    for (int i = 0; i < net.places; i++) {
        const struct place *p = &net.place[i];
        int64_t columns = p->dims == 2 ? p->shape[1] : p->count;
        for (int64_t at = p->offset; at < p->offset + p->count; at += columns) {
            double length = p->dims == 2 ? sqrt(R(directions).dot(columns, theta + at, theta + at)) : 0;
            near(sqrt(R(directions).dot(columns, u + at, u + at)), length, 1e-12, p->name);
            near(sqrt(R(directions).dot(columns, v + at, v + at)), length, 1e-12, p->name);
            near(R(directions).dot(columns, u + at, v + at), 0, 1e-12, p->name);
        }
    }
    near(R(directions).dot(net.parameters, u, v), 0, 1e-12, "orthogonal as a whole");
    R(directions).random(net.places, net.place, theta, 4, other, v);
    assert_true(memcmp(other, u, sizeof *u * n) != 0);
    R(directions).random(net.places, net.place, theta, 3, other, v);
    assert_memory_equal(other, u, sizeof *u * n);
    free(theta);
    free(statistics);
    R(network).free(&net);
}

/* ---- principal components ------------------------------------------------------------------- */

enum { LONG = 70000, PATH = 12 }; /* more than one piece */

static void a_straight_path_has_one_component(void **state)
{
    static real store[PATH][LONG], u[LONG], v[LONG];
    const real *point[PATH];
    double at[PATH][2], share[2];
    struct err e = {0};

    (void)state;
    for (int i = 0; i < PATH; i++) {
        for (int k = 0; k < LONG; k++)
            store[i][k] = noise(1, (uint64_t)k) + (i * i - 121) * .01 * noise(2, (uint64_t)k);
        point[i] = store[i];
    }
    must(R(pca).axes(LONG, PATH, point, 1, pool, u, v, at, share, &e), &e);
    near(share[0], 1, 1e-9, "one axis explains all");
    near(share[1], 0, 1e-9, "the other nothing");
    near(R(directions).dot(LONG, u, v), 0, 1e-12, "orthogonal");
    near(R(directions).dot(LONG, v, v), 1, 1e-12, "of length 1");
    for (int i = 0; i < PATH; i++) {
        real d[LONG];
        for (int k = 0; k < LONG; k++)
            d[k] = store[i][k] - store[PATH - 1][k];
        near(-at[i][0], sqrt(R(directions).dot(LONG, d, d)), 1e-8, "a coordinate is a distance");
        near(at[i][1], 0, 1e-8, "no other coordinate");
    }
    for (int i = 0; i < PATH; i++)
        point[i] = store[3];
    assert_int_equal(R(pca).axes(LONG, PATH, point, 1, pool, u, v, at, share, &e), -ERR_INPUT);
    assert_int_equal(R(pca).axes(LONG, 1, point, 1, pool, u, v, at, share, &e), -ERR_INPUT);
}

/* Points of an ellipse in a plane of many dimensions: the half axes' squares are the shares, and the
 * coordinates bring the points back. */
static void a_plane_path_is_found_again(void **state)
{
    enum { M = 8, N = 50 };
    real store[M][N], a[N] = {0}, b[N] = {0}, u[N], v[N];
    const real *point[M];
    double at[M][2], share[2];
    struct err e = {0};

    (void)state;
    a[3] = .6, a[20] = .8;
    b[3] = .8, b[20] = -.6;
    for (int i = 0; i < M; i++) {
        double angle = 2 * M_PI * i / M;
        for (int k = 0; k < N; k++)
            store[i][k] = k + 3 * cos(angle) * a[k] + sin(angle) * b[k];
        point[i] = store[i];
    }
    must(R(pca).axes(N, M, point, 1, NULL, u, v, at, share, &e), &e);
    near(share[0], .9, 1e-12, "3² of 3² + 1²");
    near(share[1], .1, 1e-12, "1² of it");
    near(fabs(R(directions).dot(N, u, a)), 1, 1e-12, "the long axis");
    near(fabs(R(directions).dot(N, v, b)), 1, 1e-12, "the short one");
    assert_true(at[M - 1][0] == 0 && at[M - 1][1] == 0 && at[0][0] <= 0 && at[0][1] <= 0);
    for (int i = 0; i < M; i++)
        for (int k = 0; k < N; k++)
            near(store[M - 1][k] + at[i][0] * u[k] + at[i][1] * v[k], store[i][k], 1e-12, "a point");
    store[2][7] = NAN;
    assert_int_equal(R(pca).axes(N, M, point, 1, NULL, u, v, at, share, &e), -ERR_DIVERGED);
}

/* The path stands on the plane: heights there are the path's own losses. */
static void a_landscape_of_a_path(void **state)
{
    struct objective o = on("himmelblau");
    const real points[4][2] = {{0, 0}, {1, .5}, {2, 1.5}, {3, 2}};
    const real *path[4] = {points[0], points[1], points[2], points[3]};
    struct landscape_of of = {.objective = &o, .theta = points[3], .path = path, .path_points = 4};
    struct landscape_wish w = {.kind = LANDSCAPE_PCA, .points = 21};
    struct landscape l;
    struct err e = {0};

    (void)state;
    must(R(landscape_find).find(&of, &w, &l, &e), &e);
    assert_int_equal(l.path_points, 4);
    near(l.direction[0].share + l.direction[1].share, 1, 1e-12, "a plane is all of a plane");
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 2; k++) {
            const struct landscape_axis *axis = k ? &l.grid.y : &l.grid.x;
            assert_true(l.path[i][k] > landscape_axis_at(axis, 0));
            assert_true(l.path[i][k] < landscape_axis_at(axis, 20));
        }
    assert_true(height(&l, l.grid.x.zero, l.grid.y.zero) == l.foot[0].loss && l.foot[0].loss == 0);
    landscape_free(&l);
    of.path_points = 1;
    assert_int_equal(R(landscape_find).find(&of, &w, &l, &e), -ERR_INPUT);
}

/* ---- sharpness ------------------------------------------------------------------------------ */

static struct sharpness_report sharpness(const struct bowl *b, int n, const real *x, const real *along,
                                         double epsilon)
{
    struct surface s = {.name = "bowl", .n = n, .f = bowl_f, .data = b};
    struct objective o = on_surface(&s);
    struct sharpness_report r;
    struct err e = {0};

    must(R(sharpness).find(&o, x, along, epsilon, &r, NULL, NULL, &e), &e);
    return r;
}

/* The largest value of a quadratic that curves upwards lies in a corner of the box, and of eight the test can
 * try all. */
static double by_corners(const struct bowl *b, int n, const real *x, double epsilon)
{
    struct surface s = {.n = n, .data = b};
    double best = bowl_f(&s, x, NULL, NULL), here = best;

    for (int mask = 0; mask < 1 << n; mask++) {
        real y[3];
        for (int i = 0; i < n; i++)
            y[i] = x[i] + (mask >> i & 1 ? 1 : -1) * epsilon * (fabs(x[i]) + 1);
        best = fmax(best, bowl_f(&s, y, NULL, NULL));
    }
    return 100 * (best - here) / (1 + here);
}

static void sharpness_of_quadratics(void **state)
{
    static const struct bowl round = {.a = {10, 0, 0, 0, 4, 0, 0, 0, 1}, .c = 1},
                             coupled = {.a = {2, 1, .5, 1, 3, -1, .5, -1, 4}, .c = .5},
                             valley = {.a = {2, 1, 1, 2}, .c = 0}, saddle = {.a = {1, 0, 0, -9}, .c = 3};
    const real zero[3] = {0, 0, 0}, away[3] = {.4, -2, 1}, top[2] = {1, 1};
    struct sharpness_report r;

    (void)state;
    /* from 0 with a hint: ½ ε² (10 + 4 + 1), of 1 + 1 */
    r = sharpness(&round, 3, zero, away, 1e-2);
    near(r.percent, 100 * .5 * 1e-4 * 15 / 2, 1e-12, "round, at its minimum");
    assert_true(r.settled && r.loss == 1 && r.epsilon == 1e-2);
    r = sharpness(&round, 3, away, NULL, 0);
    near(r.percent, by_corners(&round, 3, away, 1e-3), 1e-12, "round, on its slope");
    assert_true(r.settled && r.epsilon == SHARPNESS_EPSILON);
    r = sharpness(&coupled, 3, away, NULL, .1);
    near(r.percent, by_corners(&coupled, 3, away, .1), 1e-9, "coupled");
    /* without a hint there is nothing to follow at a minimum; with it 3 ε² */
    assert_true(sharpness(&valley, 2, zero, NULL, 1e-3).percent == 0);
    near(sharpness(&valley, 2, zero, top, 1e-3).percent, 100 * 3e-6, 1e-12, "a valley along its top");
    /* a saddle: up along the first alone, the second stays where it is */
    r = sharpness(&saddle, 2, (const real[]){.5, 0}, NULL, .01);
    near(r.percent, 100 * .5 * (.515 * .515 - .25) / (1 + 3.125), 1e-9, "a saddle");
}

static int late_nan(const struct objective *o, const real *x, double *f, struct err *e)
{
    (void)o, (void)e;
    *f = x[0] > 1 ? NAN : x[0];
    return 0;
}

static int late_nan_gradient(const struct objective *o, const real *x, double *f, real *g, struct err *e)
{
    g[0] = 1;
    return late_nan(o, x, f, e);
}

static void a_box_that_holds_nan_is_infinitely_sharp(void **state)
{
    struct objective o = {.n = 1, .f = late_nan, .gradient = late_nan_gradient};
    struct sharpness_report r;
    struct err e = {0};

    (void)state;
    must(R(sharpness).find(&o, (const real[]){.99}, NULL, .01, &r, NULL, NULL, &e), &e);
    assert_true(isinf(r.percent));
    assert_int_equal(R(sharpness).find(&o, (const real[]){2}, NULL, .01, &r, NULL, NULL, &e), -ERR_DIVERGED);
}

static int start(void **state)
{
    (void)state;
    return math_start(NULL) || pool_new(&pool, 2, NULL);
}

static int end(void **state)
{
    (void)state;
    pool_free(pool);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coordinates_come_out_exactly),
        cmocka_unit_test(the_grid_grows_coarse_to_fine),
        cmocka_unit_test(what_is_not_finite_stays),
        cmocka_unit_test(a_quadratic_along_its_eigenvectors),
        cmocka_unit_test(the_extent_is_where_the_loss_doubles),
        cmocka_unit_test(an_extent_is_halved_where_the_model_holds_too_little),
        cmocka_unit_test(the_middle_is_the_point),
        cmocka_unit_test(a_line_joins_two_points),
        cmocka_unit_test(the_gradient_and_its_turn),
        cmocka_unit_test(a_gradient_that_does_not_turn),
        cmocka_unit_test(random_directions_are_normalised_by_filter),
        cmocka_unit_test(a_straight_path_has_one_component),
        cmocka_unit_test(a_plane_path_is_found_again),
        cmocka_unit_test(a_landscape_of_a_path),
        cmocka_unit_test(sharpness_of_quadratics),
        cmocka_unit_test(a_box_that_holds_nan_is_infinitely_sharp),
    };
    return cmocka_run_group_tests(tests, start, end);
}
