/* SPDX-License-Identifier: MIT */
/* view/: text and its width, numbers, ticks, the canvas's edges, the layout. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/axis.h"
#include "draw/bar.h"
#include "draw/canvas.h"
#include "app/view.h"
#include "train/panes.h"
#include "draw/number.h"
#include "draw/plot.h"
#include "draw/strip.h"
#include "draw/text.h"

static void text_is_decoded_whole_or_replaced(void **state)
{
    const char *s = "aé→😀\xff\xc3", *cut = "\xe2\x86";
    static const uint32_t expected[] = {'a', 0xe9, 0x2192, 0x1f600, 0xfffd, 0xfffd, 0};

    (void)state;
    for (int i = 0; i < 7; i++)
        assert_int_equal(text_next(&s), expected[i]);
    assert_int_equal(text_next(&cut), 0xfffd);
    assert_int_equal(text_width("a→é日本e\xcc\x81"), 8);
    for (uint32_t ch = 1; ch < 0x110000; ch += ch < 0x3000 ? 1 : 97) {
        char bytes[5] = {0};
        const char *p = bytes;
        if (ch >= 0xd800 && ch < 0xe000)
            continue;
        text_encode(ch, bytes);
        assert_int_equal(text_next(&p), ch);
    }
}

static void numbers_have_at_most_four_digits(void **state)
{
    static const struct {
        double v;
        const char *text;
    } cases[] = {
        {0, "0"},          {1, "1"},         {1.5, "1.5"},         {1.23456, "1.235"}, {12.3456, "12.35"},
        {123.456, "123.5"}, {3412, "3,412"}, {41234, "41,230"},    {.5, "0.5"},        {.012345, "0.01235"},
        {.001, "1e-3"},    {3.2e-4, "3.2e-4"}, {-1500, "-1,500"},  {2e9, "2e9"},       {NAN, "–"},
        {INFINITY, "inf"}, {1e-8, "1e-8"},   {.00099999, "1e-3"},
    };
    char text[NUMBER_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        number_short(text, sizeof text, cases[i].v);
        assert_string_equal(text, cases[i].text);
    }
}

static void readings_keep_their_width(void **state)
{
    char text[NUMBER_SIZE];

    (void)state;
    number_reading(text, sizeof text, 1.2, 4);
    assert_string_equal(text, "1.200");
    number_reading(text, sizeof text, .7061, 4);
    assert_string_equal(text, "0.706");
    number_reading(text, sizeof text, 8.016e-4, 3);
    assert_string_equal(text, "8.02e-4");
    number_reading(text, sizeof text, .0016, 3);
    assert_string_equal(text, "1.60e-3");
    number_reading(text, sizeof text, .0316, 3);
    assert_string_equal(text, "0.032");
    number_share(text, sizeof text, .7149);
    assert_string_equal(text, ".715");
    number_share(text, sizeof text, 1);
    assert_string_equal(text, "1.000");
    number_scaled(text, sizeof text, 41234);
    assert_string_equal(text, "41.2 k");
    number_scaled(text, sizeof text, 999.7);
    assert_string_equal(text, "1.00 k");
    number_count(text, sizeof text, 18446744073709551615u);
    assert_string_equal(text, "18,446,744,073,709,551,615");
}

static void times_read_as_on_a_clock(void **state)
{
    char text[NUMBER_SIZE];

    (void)state;
    number_time(text, sizeof text, 83.9);
    assert_string_equal(text, "1:23");
    number_time(text, sizeof text, 3723);
    assert_string_equal(text, "1:02:03");
    number_time(text, sizeof text, NAN);
    assert_string_equal(text, "0:00");
}

/* Any range gets rising ticks inside it, not too many, and at least two where two are wanted. */
static void ticks_are_round_and_inside(void **state)
{
    double ticks[AXIS_TICKS];

    (void)state;
    for (int log = 0; log < 2; log++)
        for (int i = 0; i < 400; i++)
            for (int want = 1; want < 12; want++) {
                struct axis a = {.log = log};
                double lo = log || i % 3 ? pow(10, i % 17 - 8) : 0, hi = lo * (1 + i / 7.) + pow(10, i % 5 - 6);
                int n;
                axis_fit(&a, lo, hi);
                assert_true(a.lo <= lo * (1 + 1e-9) && a.hi >= hi * (1 - 1e-9));
                n = axis_ticks(&a, want, ticks);
                assert_in_range(n, want > 1 ? 1 : 0, want);
                for (int k = 0; k < n; k++) {
                    assert_true(axis_place(&a, ticks[k]) > -1e-6 && axis_place(&a, ticks[k]) < 1 + 1e-6);
                    assert_true(k == 0 || ticks[k] > ticks[k - 1]);
                }
            }
}

static void linear_ticks_are_enough(void **state)
{
    double ticks[AXIS_TICKS];

    (void)state;
    for (int i = 1; i < 300; i++) {
        struct axis a = {0};
        axis_fit(&a, 0, i * 1e-4);
        for (int want = 2; want < 9; want++)
            assert_true(axis_ticks(&a, want, ticks) >= 2);
    }
}

/* There is no step 0.2: an axis of few steps has few ticks. */
static void steps_have_whole_ticks(void **state)
{
    double ticks[AXIS_TICKS];

    (void)state;
    for (int hi = 1; hi < 300; hi++)
        for (int want = 2; want < 12; want++) {
            struct axis a = {.hi = hi, .whole = 1};
            int n = axis_ticks(&a, want, ticks);
            assert_in_range(n, 2, want);
            for (int i = 0; i < n; i++)
                assert_true(ticks[i] == floor(ticks[i]));
        }
}

static void tick_labels_have_equal_decimals(void **state)
{
    struct axis share = {.lo = 0, .hi = .9, .share = 1}, steps = {.lo = 0, .hi = 4000}, rate = {.lo = 0, .hi = 2e-3};
    const double shares[] = {0, .25, .5}, thousands[] = {0, 1000}, rates[] = {0, 1e-3};
    char text[NUMBER_SIZE];

    (void)state;
    axis_label(&share, shares, 3, 2, text, sizeof text);
    assert_string_equal(text, ".50");
    axis_label(&share, shares, 3, 0, text, sizeof text);
    assert_string_equal(text, "0");
    axis_label(&steps, thousands, 2, 1, text, sizeof text);
    assert_string_equal(text, "1,000");
    axis_label(&rate, rates, 2, 1, text, sizeof text);
    assert_string_equal(text, "1e-3");
}

static void axes_move_by_steps(void **state)
{
    struct axis a = {0};
    double last = 0;
    int moves = 0;

    (void)state;
    for (int step = 1; step <= 10000; step++) {
        axis_fit_progress(&a, step);
        assert_true(a.hi >= step && a.hi >= last && a.hi <= 1.5 * step + 1);
        moves += a.hi != last;
        last = a.hi;
    }
    assert_true(moves < 45);
}

static void a_symmetric_log_axis_has_both_signs(void **state)
{
    static const double ends[][2] = {{-3, 7}, {-1e-7, 2e5}, {0, 12}, {-40, 0}, {-1e12, 1e-9}, {0, 0}, {NAN, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct axis a = {.linear = 1e-3};
        double ticks[AXIS_TICKS], before = -INFINITY;
        axis_fit(&a, ends[i][0], ends[i][1]);
        assert_true(a.lo <= 0 && a.hi >= 0 && a.hi > a.lo);
        assert_true(isnan(ends[i][0]) || (a.lo <= ends[i][0] && a.hi >= ends[i][1]));
        assert_true(fabs(axis_place(&a, a.lo)) < 1e-12 && fabs(axis_place(&a, a.hi) - 1) < 1e-12);
        for (int k = 0; k <= 20; k++) {
            double v = axis_value(&a, k / 20.);
            assert_true(v > before || k == 0);
            assert_true(fabs(axis_place(&a, v) - k / 20.) < 1e-9);
            before = v;
        }
        for (int want = 1; want <= AXIS_TICKS; want++) {
            int n = axis_ticks(&a, want, ticks), zero = 0;
            assert_true(n >= 1 && n <= want);
            for (int k = 0; k < n; k++) {
                assert_true(ticks[k] >= a.lo * 1.00001 && ticks[k] <= a.hi * 1.00001 &&
                            (k == 0 || ticks[k] > ticks[k - 1]));
                zero |= ticks[k] == 0;
            }
            assert_true(zero);
        }
    }
}

/* Uprights stand on zero, up and down; what counts as zero is shaded. */
static void stems_stand_on_zero(void **state)
{
    static const double x[] = {0, 5, 10};
    static const float y[] = {-9, NAN, 9};
    struct series s = {.stroke = STROKE_STEM, .plain = 'o', .marker = '@', .count = 3, .x = x, .y = y};
    struct plot_zone zone = {-.4, .4, "zero"};
    struct plot p = {.x = {.lo = 0, .hi = 10, .bare = 1}, .y = {.lo = -10, .hi = 10}, .series = &s, .series_count = 1,
                     .zones = &zone, .zone_count = 1, .now = NAN, .cross = NAN};
    struct canvas c;
    int rows[2] = {0};

    (void)state;
    assert_int_equal(canvas_init(&c, 40, 23, CHARSET_ASCII), 0);
    plot_draw(&p, &c);
    for (int i = 0; i < 40 * 23; i++) {
        if (c.cells[i].ch == 'o' || c.cells[i].ch == '@')
            rows[i % 40 > 20]++;
        if (c.cells[i].ch == ':')
            assert_int_equal(i / 40, 10);
    }
    assert_in_range(rows[0], 9, 11);
    assert_in_range(rows[1], 9, 11);
    assert_int_equal(canvas_cell(&c, 39, 1).ch, '@');
    assert_int_equal(canvas_cell(&c, 20, 10).ch, ':');
    canvas_free(&c);
}

static void canvas_cuts_at_its_edges(void **state)
{
    struct canvas c, part;
    char *text;

    (void)state;
    assert_int_equal(canvas_init(&c, 6, 3, CHARSET_BRAILLE), 0);
    part = canvas_part(&c, (struct rect){1, 1, 4, 1});
    canvas_text(&part, -2, 0, STYLE_TEXT, "abcdefgh");
    canvas_text(&part, 0, 1, STYLE_TEXT, "below");
    canvas_text(&part, 0, -1, STYLE_TEXT, "above");
    text = canvas_to_text(&c);
    assert_string_equal(text, "\n cdef\n\n");
    free(text);
    canvas_free(&c);
}

static void wide_characters_never_hang_over(void **state)
{
    struct canvas c, part;
    char *text;

    (void)state;
    assert_int_equal(canvas_init(&c, 5, 2, CHARSET_BRAILLE), 0);
    part = canvas_part(&c, (struct rect){0, 0, 3, 2});
    canvas_text(&part, 0, 0, STYLE_TEXT, "日本");
    canvas_text(&part, 0, 1, STYLE_TEXT, "日");
    canvas_put(&part, 0, 1, STYLE_TEXT, 'x'); /* half of it is gone: so is the other */
    text = canvas_to_text(&c);
    assert_string_equal(text, "日\nx\n");
    free(text);
    canvas_free(&c);
}

static void controls_are_no_glyphs(void **state)
{
    struct canvas c;
    char *text;

    (void)state;
    assert_int_equal(canvas_init(&c, 3, 1, CHARSET_BRAILLE), 0);
    canvas_put(&c, 0, 0, STYLE_TEXT, 0x1b);
    canvas_put(&c, 1, 0, STYLE_TEXT, 0x9b);
    canvas_put(&c, 2, 0, STYLE_TEXT, 'x');
    text = canvas_to_text(&c);
    assert_string_equal(text, "??x\n");
    free(text);
    canvas_free(&c);
}

static void dots_add_up_in_a_cell(void **state)
{
    struct canvas c;
    char *text;

    (void)state;
    assert_int_equal(canvas_init(&c, 1, 1, CHARSET_BRAILLE), 0);
    canvas_dot(&c, 0, 0, STYLE_SERIES_1, '*');
    canvas_dot(&c, 1, 3, STYLE_SERIES_1, '*');
    canvas_dot(&c, 2, 0, STYLE_SERIES_1, '*');
    text = canvas_to_text(&c);
    assert_string_equal(text, "⢁\n");
    free(text);
    canvas_dot(&c, 0, 0, STYLE_RAW, '.'); /* what is faint gives way, and does not come back */
    assert_int_equal(canvas_cell(&c, 0, 0).style, STYLE_SERIES_1);
    canvas_free(&c);
}

static int overlap(struct rect a, struct rect b)
{
    return a.w > 0 && b.w > 0 && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

enum { RECTS = LAYOUT_PANES + 2 };

static struct rect rect_of(const struct layout *l, int i)
{
    return i < LAYOUT_PANES ? l->pane[i] : i == LAYOUT_PANES ? l->status : l->footer;
}

static void check_layout(const struct layout *l, int w, int h)
{
    int area = 0;

    for (int i = 0; i < RECTS; i++) {
        struct rect r = rect_of(l, i);
        assert_true(r.w >= 0 && r.h >= 0 && r.x >= 0 && r.y >= 0 && r.x + r.w <= w && r.y + r.h <= h);
        for (int k = 0; k < i; k++)
            assert_false(overlap(r, rect_of(l, k)));
        area += r.w * r.h;
    }
    assert_true(l->too_small ? area == 0 : area == w * h); /* no hole either */
}

static void check_view(const struct view *v, int w, int h)
{
    for (int focus = 0; focus < view_panes(v); focus++)
        for (int large = 0; large < 2; large++) {
            struct layout l = view_layout(v, w, h, focus, large);
            check_layout(&l, w, h);
            assert_int_equal(l.too_small, w < 40 || h < 12);
            assert_true(l.too_small || l.pane[focus].w > 0);
            for (int pane = view_panes(v); pane < LAYOUT_PANES; pane++)
                assert_true(l.pane[pane].w == 0);
        }
}

static void layout_never_overlaps(void **state)
{
    (void)state;
    assert_true(view_count() >= 4);
    for (int v = 0; views[v]; v++)
        for (int w = 1; w <= 250; w++)
            for (int h = 1; h <= 80; h++)
                check_view(views[v], w, h);
}

static void full_layout_has_what_it_must(void **state)
{
    static const int must[] = {TRAIN_LOSS, TRAIN_ACCURACY, TRAIN_RATE, TRAIN_SETTINGS, TRAIN_LOG};
    struct layout l = view_layout(&train_view, 80, 24, TRAIN_SETTINGS, 0);

    (void)state;
    for (size_t i = 0; i < sizeof must / sizeof *must; i++)
        assert_true(l.pane[must[i]].w > 0);
    assert_true(l.pane[TRAIN_SETTINGS].h >= 6);
    l = view_layout(&train_view, 120, 40, TRAIN_SETTINGS, 0);
    for (size_t i = 0; i < sizeof must / sizeof *must; i++)
        assert_true(l.pane[must[i]].w > 0);
}

static void palettes_fit_their_colours(void **state)
{
    static const int counts[] = {0, 8, 16, 256};

    (void)state;
    for (int p = 0; p < THEME_COUNT; p++)
        for (size_t i = 0; i < 4; i++)
            for (int s = 0; s < STYLE_COUNT; s++) {
                struct ink ink = style_ink((enum theme)p, counts[i], (enum style)s);
                assert_true(ink.colour >= -1 && (ink.colour < counts[i] || ink.colour == -1));
            }
    assert_int_equal(theme_find("light"), THEME_LIGHT);
    assert_int_equal(theme_find("pink"), -1);
}

/* WCAG 2.1: 4.5 for what is read, 3 for what is only seen. The terminal's own colours are not known, but are all it has. */
static void every_style_can_be_read(void **state)
{
    static const enum style seen[] = {STYLE_FRAME, STYLE_RAW, STYLE_LEVEL, STYLE_CONTOUR, STYLE_SERIES_1, STYLE_SERIES_2, STYLE_SERIES_3,
                                      STYLE_SERIES_4, STYLE_SERIES_5, STYLE_SERIES_6, STYLE_BESIDE_A, STYLE_BESIDE_B, STYLE_BESIDE_C,
                                      STYLE_BESIDE_D, STYLE_GHOST};

    (void)state;
    for (int p = 0; p < THEME_COUNT; p++)
        for (int s = 0; s < STYLE_COUNT; s++) {
            double needs = 4.5, has = colour_contrast(style_rgb((enum theme)p, (enum style)s), theme_paper((enum theme)p));
            for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
                needs = seen[i] == (enum style)s ? 3 : needs;
            if (p == THEME_TERMINAL)
                assert_true(style_ink((enum theme)p, 256, (enum style)s).colour < 8);
            else if (has < needs)
                fail_msg("theme %d, style %d: contrast %.2f, at least %.1f", p, s, has, needs);
        }
}

/* A curve that lies under another, of evaluations beside training, is seen by its markers, also where there are no colours;
 * those of curves that coincide take turns. */
static void markers_lie_on_top_of_lines(void **state)
{
    enum { POINTS = 60 };
    double x[POINTS];
    float y[POINTS];
    struct series s[] = {{.stroke = STROKE_DASHED, .marker = 0x25c6, .style = STYLE_SERIES_2, .plain = 'o', .count = POINTS, .x = x, .y = y},
                         {.stroke = STROKE_SOLID, .style = STYLE_SERIES_1, .plain = '*', .count = POINTS, .x = x, .y = y}};
    struct plot p = {.x = {.hi = POINTS - 1}, .y = {.hi = 1}, .series = s, .series_count = 2, .now = NAN, .cross = NAN};
    struct canvas c;

    (void)state;
    for (int i = 0; i < POINTS; i++)
        x[i] = i, y[i] = .1f + .8f * (float)i / POINTS;
    assert_int_equal(canvas_init(&c, 40, 12, CHARSET_BRAILLE), 0);
    for (int pass = 0; pass < 2; pass++) {
        int seen[2] = {0, 0};
        canvas_clear(&c);
        plot_draw(&p, &c);
        for (int i = 0; i < c.w * c.h; i++) {
            uint32_t ch = canvas_cell(&c, i % c.w, i / c.w).ch;
            seen[0] += ch == 0x25c6, seen[1] += ch == 0x25cf;
        }
        assert_true(seen[0] >= 4);
        assert_true(pass ? seen[1] >= 4 : !seen[1]);
        s[1].marker = 0x25cf; /* both have them: neither hides the other's */
    }
    s[0].count = s[1].count = 1; /* a first point has its marker */
    canvas_clear(&c);
    s[1].x = x + 30, s[1].y = y + 30;
    plot_draw(&p, &c);
    assert_int_equal(canvas_cell(&c, axes_lay(&p.x, &p.y, 0, &c).left + 1, 8).ch, 0x25c6);
    canvas_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_decoded_whole_or_replaced),
        cmocka_unit_test(numbers_have_at_most_four_digits),
        cmocka_unit_test(readings_keep_their_width),
        cmocka_unit_test(times_read_as_on_a_clock),
        cmocka_unit_test(ticks_are_round_and_inside),
        cmocka_unit_test(linear_ticks_are_enough),
        cmocka_unit_test(steps_have_whole_ticks),
        cmocka_unit_test(tick_labels_have_equal_decimals),
        cmocka_unit_test(axes_move_by_steps),
        cmocka_unit_test(a_symmetric_log_axis_has_both_signs), cmocka_unit_test(stems_stand_on_zero),
        cmocka_unit_test(canvas_cuts_at_its_edges),
        cmocka_unit_test(wide_characters_never_hang_over),
        cmocka_unit_test(controls_are_no_glyphs),
        cmocka_unit_test(dots_add_up_in_a_cell),
        cmocka_unit_test(layout_never_overlaps),
        cmocka_unit_test(full_layout_has_what_it_must),
        cmocka_unit_test(palettes_fit_their_colours),
        cmocka_unit_test(every_style_can_be_read),
        cmocka_unit_test(markers_lie_on_top_of_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
