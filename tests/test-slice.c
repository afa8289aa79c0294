/* SPDX-License-Identifier: MIT */
/* Landscapes of functions that are known: the grid, slices along every kind of direction. In double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "surface-objective.h"
#include "landscape/find.h"
#include "two-workers.h"

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

/* In two dimensions every plane is the same one: from the coordinates come the points again. */
static void a_path_falls_on_other_planes(void **state)
{
    struct objective o = on("himmelblau");
    const real points[3][2] = {{0, 0}, {1, .5}, {2, 1.5}};
    const real *path[3] = {points[0], points[1], points[2]};
    struct landscape_of of = {.objective = &o, .theta = points[2], .path = path, .path_points = 3};
    struct landscape_wish w = {.kind = LANDSCAPE_GRADIENT, .points = 3, .no_figures = 1};
    struct landscape l;
    struct err e = {0};
    real g[2];
    double f, length;

    (void)state;
    must(R(landscape_find).find(&of, &w, &l, &e), &e);
    assert_int_equal(l.path_points, 3);
    assert_true(l.path[2][0] == 0 && l.path[2][1] == 0);
    o.gradient(&o, points[2], &f, g, &e);
    length = hypot(g[0], g[1]);
    for (int i = 0; i < 2; i++) {
        double dx = points[i][0] - points[2][0], dy = points[i][1] - points[2][1];
        near(l.path[i][0], (dx * g[0] + dy * g[1]) / length, 1e-12, "along the gradient");
        near(fabs(l.path[i][1]), fabs(dy * g[0] - dx * g[1]) / length, 1e-12, "across it");
    }
    landscape_free(&l);
    w.axes = 1;
    must(R(landscape_find).find(&of, &w, &l, &e), &e);
    assert_int_equal(l.path_points, 0);
    landscape_free(&l);
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
        cmocka_unit_test(a_landscape_of_a_path),
        cmocka_unit_test(a_path_falls_on_other_planes),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
