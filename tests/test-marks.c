/* SPDX-License-Identifier: MIT */
/* view/: what is drawn of values: plots, strips, bars, and the axes of what has diverged. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/axis.h"
#include "draw/bar.h"
#include "draw/canvas.h"
#include "app/layout.h"
#include "draw/number.h"
#include "draw/plot.h"
#include "draw/strip.h"
#include "draw/text.h"

/* Values a run can bring: not finite, huge, equal; the plot draws or leaves out, and stays inside. */
static void plots_stand_any_value(void **state)
{
    const double x[] = {0, 1, 2, 3, 4};
    const float wild[] = {NAN, INFINITY, -1, 0, 3e38f}, flat[] = {1, 1, 1, 1, 1};
    struct series s[2] = {{.name = "a", .count = 5, .x = x, .y = wild, .lo = wild, .hi = wild, .marker = 0x25c6,
                           .plain = '*'},
                          {.name = "b", .stroke = STROKE_BAND, .count = 5, .x = x, .y = flat, .lo = flat, .hi = wild,
                           .plain = '.'}};

    (void)state;
    for (int log = 0; log < 2; log++)
        for (int size = 1; size < 30; size++) {
            struct plot p = {.series = s, .series_count = 2, .now = NAN, .cross = 2};
            struct canvas c;
            double lo, hi;
            p.y.log = log;
            axis_fit_progress(&p.x, 4);
            assert_int_equal(plot_extent(&p, 1, &lo, &hi), 1);
            axis_fit(&p.y, lo, hi);
            assert_int_equal(canvas_init(&c, 2 * size, size, (enum charset)(size % 3)), 0);
            plot_draw(&p, &c);
            canvas_free(&c);
        }
}

/* A strip tells what is small from what has vanished, what is not finite, and what is not known yet. */
static void strips_tell_what_has_no_shade(void **state)
{
    static const double x[] = {0, 1, 2, 3, 4};
    static const float z[][2] = {{1, 1e-3f}, {1, 0}, {1, NAN}, {1, INFINITY}, {1, 1}};
    static const char names[2][STRIP_NAME] = {"0 linear", "2 bn"};
    struct plot p = {.x = {.lo = 0, .hi = 9}, .now = NAN, .cross = NAN};
    struct strip s = {.plot = &p, .z = {.log = 1}, .rows = 2, .names = names, .count = 5, .x = x, .z_at = z[0],
                      .stride = 2};
    struct canvas c;
    char *text;
    double lo, hi;

    (void)state;
    assert_int_equal(strip_extent(&s, 6, &lo, &hi), 1);
    assert_true(lo < 1.01e-3 && lo > .99e-3 && hi == 1);
    axis_fit(&s.z, lo, hi);
    assert_int_equal(canvas_init(&c, 22, 2, CHARSET_ASCII), 0);
    strip_draw(&s, &c);
    text = canvas_to_text(&c);
    assert_string_equal(text, " 0 linear  |@@@@@\n 2 bn      |.0xx@\n");
    free(text);
    for (int i = 12; i < 17; i++) { /* where grounds are shown, they are enough */
        struct cell cell = canvas_cell(&c, i, 0);
        assert_true(cell.ch == ' ' && cell.shade == SHADES);
    }
    assert_int_equal(canvas_cell(&c, 13, 1).ch, '0');
    assert_int_equal(strip_extent(&s, 2, &lo, &hi), 1); /* what is a thousandth of its neighbour has vanished */
    assert_true(lo == 1 && hi == 1);
    assert_float_equal(strip_x_at(&s, &c, 15), 3, 1e-9);
    canvas_free(&c);
}

/* One divergence takes the scale from nobody: it is marked, and the shades of the others stay as they were. */
/* Where numbers stand in the axis's own row, marks beside and at them leave every number whole. */
static void marks_leave_the_strips_numbers(void **state)
{
    static const double x[] = {0, 500, 1000};
    float z[3 * 6];
    static const char names[6][STRIP_NAME] = {"a", "b", "c", "d", "e", "f"};
    struct plot_mark mark = {.glyph = 0x25b4, .style = STYLE_EDIT, .name = "edit"};
    struct plot p = {.x = {.lo = 0, .hi = 1000, .whole = 1, .unit = "step"}, .now = NAN, .cross = NAN, .marks = &mark};
    struct strip s = {.plot = &p, .z = {.lo = .1, .hi = 1, .log = 1}, .rows = 6, .names = names, .count = 3, .x = x, .z_at = z, .stride = 6};

    (void)state;
    for (int i = 0; i < 3 * 6; i++)
        z[i] = 1;
    for (int charset = 0; charset < 3; charset++) {
        struct canvas c;
        char *marked;
        assert_int_equal(canvas_init(&c, 40, 6, (enum charset)charset), 0);
        for (p.mark_count = 1, mark.x = 0; mark.x <= 1000; mark.x += 10) {
            canvas_clear(&c);
            strip_draw(&s, &c);
            marked = canvas_to_text(&c);
            assert_non_null(strstr(marked, "500"));
            assert_non_null(strstr(marked, charset == CHARSET_ASCII ? "^" : charset == CHARSET_BLOCK ? "▲" : "▴"));
            free(marked);
        }
        canvas_free(&c);
    }
}

static void a_divergence_leaves_the_shades(void **state)
{
    enum { POINTS = 40 };
    static const char names[2][STRIP_NAME] = {"a", "b"};
    double x[POINTS], lo, hi, before;
    float z[POINTS][2];
    struct plot p = {.x = {.lo = 0, .hi = POINTS - 1}, .now = NAN, .cross = NAN};
    struct strip s = {.plot = &p, .z = {.log = 1}, .rows = 2, .names = names, .count = POINTS, .x = x, .z_at = z[0],
                      .stride = 2};
    struct canvas c;
    char *text;

    (void)state;
    for (int i = 0; i < POINTS; i++)
        x[i] = i, z[i][0] = i < 20 ? 1 : 3, z[i][1] = .01f;
    assert_int_equal(strip_extent(&s, 6, &lo, &before), 1);
    z[30][0] = 7e14f, z[30][1] = 1e9f;
    z[31][0] = 50; /* a spike, but no divergence */
    assert_int_equal(strip_extent(&s, 6, &lo, &hi), 1);
    assert_true(before == 3 && hi == 50 && lo > .009 && lo < .011);
    z[31][0] = 3;
    assert_int_equal(strip_extent(&s, 6, &lo, &hi), 1);
    assert_true(hi == before);
    axis_fit(&s.z, lo, hi);
    assert_true(strip_is_beyond(&s, z[30][0]) && !strip_is_beyond(&s, z[31][0]));
    assert_int_equal(canvas_init(&c, 4 + POINTS, 3, CHARSET_ASCII), 0);
    strip_draw(&s, &c);
    assert_int_equal(strip_legend(&s, &c, 0, 2) > 0, 1);
    text = canvas_to_text(&c);
    assert_non_null(strstr(text, "!"));
    assert_non_null(strstr(text, " more !"));
    free(text);
    canvas_free(&c);
    for (int i = 0; i < POINTS; i++) /* of a run that is large all along nothing is beyond */
        z[i][0] = 1e12f;
    assert_int_equal(strip_extent(&s, 6, &lo, &hi), 1);
    assert_true(hi > 9e11);
}

static void bars_are_as_long_as_their_share(void **state)
{
    static const char *const expected[] = {"████\n", "██▌\n", "▏\n", "\n"};
    static const double shares[] = {7, .625, 1e-9, NAN};
    struct canvas c;

    (void)state;
    for (int i = 0; i < 4; i++) {
        char *text;
        assert_int_equal(canvas_init(&c, 6, 1, CHARSET_BRAILLE), 0);
        bar_draw(&c, 0, 0, 4, shares[i], STYLE_SERIES_1, '#');
        text = canvas_to_text(&c);
        assert_string_equal(text, expected[i]);
        free(text);
        canvas_free(&c);
    }
}

/* A divergence over twenty decades and more keeps its beginning in sight, on few round ticks. */
static void a_log_axis_holds_a_divergence(void **state)
{
    static const double ends[] = {1e6, 1e12, 1e25, 1e38, 1e150};

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct axis a = {.log = 1};
        double ticks[AXIS_TICKS];
        char label[32];
        int n;
        axis_fit(&a, 2.5, ends[i]);
        assert_true(a.lo <= 2.5 && a.lo >= 1 && a.hi >= ends[i]);
        n = axis_ticks(&a, 6, ticks);
        assert_in_range(n, 2, 6);
        for (int k = 0; k < n; k++) {
            axis_label(&a, ticks, n, k, label, sizeof label);
            assert_in_range(strlen(label), 1, 5);
        }
    }
    struct axis a = {.log = 1};
    axis_fit(&a, 1e-30, 2);
    assert_true(a.lo >= 1e-13 && a.lo <= 1e-11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plots_stand_any_value),
        cmocka_unit_test(strips_tell_what_has_no_shade), cmocka_unit_test(marks_leave_the_strips_numbers),
        cmocka_unit_test(a_divergence_leaves_the_shades),
        cmocka_unit_test(bars_are_as_long_as_their_share),
        cmocka_unit_test(a_log_axis_holds_a_divergence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
