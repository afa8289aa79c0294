/* SPDX-License-Identifier: MIT */
/* A landscape as plot and field: what is known, where it stands, and as SVG. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "landscape/picture.h"
#include "markup.h"

static const char *const names[2] = {"flat & wide", "sharp"};

/* Heights x² + 3y² + 1, known up to `points` of them. */
static struct landscape hollow(int axes, int points)
{
    struct landscape l = {.kind = LANDSCAPE_RANDOM, .axes = axes, .feet = 1};
    struct landscape_axis x = landscape_axis_around(21, 2), y = landscape_axis_none();
    int column, row;

    if (axes == 2)
        y = landscape_axis_around(21, 1);
    for (int i = 0; i < 2; i++)
        l.direction[i] = (struct landscape_direction){.name = i ? "second" : "first", .eigenvalue = NAN, .share = NAN};
    assert_int_equal(landscape_grid_init(&l.grid, &x, &y, NULL), 0);
    while (l.grid.done < points && landscape_grid_next(&l.grid, &column, &row)) {
        double a = landscape_axis_at(&x, column), b = landscape_axis_at(&y, row);
        landscape_grid_put(&l.grid, column, row, a * a + 3 * b * b + 1);
    }
    return l;
}

static void a_field_of_two_axes(void **state)
{
    struct landscape l = hollow(2, 441);
    struct landscape_picture p;

    (void)state;
    l.path_points = 2;
    l.path = calloc(2, sizeof *l.path);
    l.path[0][0] = -1, l.path[0][1] = .5;
    l.direction[0].eigenvalue = 2.5;
    l.direction[1].share = .125;
    assert_int_equal(landscape_picture_init(&p, &l, names), 0);
    assert_int_equal(p.axes, 2);
    assert_true(p.field.x.lo == -2 && p.field.x.hi == 2 && p.field.y.lo == -1 && p.field.y.hi == 1);
    assert_true(p.field.z[0] == 8 && p.field.z[10 * 21 + 10] == 1 && !p.field.z_axis.log);
    assert_string_equal(p.field.x.unit, "first, λ 2.5");
    assert_string_equal(p.field.y.unit, "second, 12.5 %");
    assert_true(p.field.path_count == 1 && p.field.paths->x[0] == -1 && p.field.paths->y[0] == .5);
    char *svg = landscape_picture_svg(&p, "a < b", THEME_LIGHT);
    markup_check(svg);
    assert_int_equal(markup_count(svg, "g", "axis"), 2);
    assert_true(markup_count(svg, "g", "legend") > 0 && markup_has(svg, "data-name", "path"));
    free(svg);
    landscape_picture_free(&p);
    landscape_free(&l);
}

static void a_plot_of_one_axis(void **state)
{
    struct landscape l = hollow(1, 21);
    struct landscape_picture p;

    (void)state;
    l.feet = 2;
    assert_int_equal(landscape_picture_init(&p, &l, names), 0);
    assert_int_equal(p.plot.series->count, 21);
    assert_true(p.plot.series->x[0] == -2 && p.plot.series->y[0] == 5 && p.plot.y.lo <= 1 && p.plot.y.hi >= 5);
    assert_true(p.plot.mark_count == 2 && p.plot.marks[0].x == 0 && p.plot.marks[1].x == 1);
    char *svg = landscape_picture_svg(&p, "a line", THEME_DARK);
    markup_check(svg);
    assert_true(markup_has(svg, "data-name", "loss"));
    assert_true(strstr(svg, "flat &amp; wide") && strstr(svg, "sharp"));
    free(svg);
    landscape_picture_free(&p);
    landscape_free(&l);
}

/* Nothing known, one level known, heights of many orders, and those that are not finite. */
static void whatever_is_known_can_be_drawn(void **state)
{
    (void)state;
    for (int axes = 1; axes <= 2; axes++)
        for (int points = 0; points < 40; points += 13) {
            struct landscape l = hollow(axes, points);
            struct landscape_picture p;
            char *svg;
            if (points == 26)
                l.grid.z[0] = INFINITY, l.grid.z[20] = NAN;
            if (points == 39)
                l.grid.z[0] = 1e5;
            assert_int_equal(landscape_picture_init(&p, &l, names), 0);
            if (points == 39)
                assert_true(axes == 2 ? p.field.z_axis.log : p.plot.y.log);
            svg = landscape_picture_svg(&p, "part", THEME_CONTRAST);
            markup_check(svg);
            free(svg);
            landscape_picture_free(&p);
            landscape_free(&l);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_of_two_axes),
        cmocka_unit_test(a_plot_of_one_axis),
        cmocka_unit_test(whatever_is_known_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
