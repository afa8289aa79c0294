/* SPDX-License-Identifier: MIT */
/* Heights over two axes: lines of equal height, the map on a canvas of every size, and as SVG. */
#include "test.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "draw/contour.h"
#include "draw/field.h"
#include "draw/halo.h"

enum { N = 33 };

/* A bowl (x − 1)² + 4 y² over −2 … 2 and −1 … 1, a path and two marks in it. */
struct scene {
    float z[N * N];
    struct field_path path[2];
    struct field_mark mark[2];
    struct field f;
};

static const double way_x[] = {-1.5, -1, 0, .5, 3, NAN, 1}, way_y[] = {.9, .5, -.2, .1, .1, 0, 0};

static void scene_init(struct scene *s, int logarithmic)
{
    *s = (struct scene){
        .path = {{.name = "sgd", .style = STYLE_SERIES_1, .marker = 0x25cf, .plain = 'a', .count = 7, .x = way_x,
                  .y = way_y},
                 {.name = "a<b & \"c\"", .style = STYLE_SERIES_2, .plain = 'b', .count = 3, .x = way_x, .y = way_y,
                  .stride = 2}},
        .mark = {{.name = "start", .x = -1.5, .y = .9, .style = STYLE_STRONG, .glyph = 0x25cb, .plain = 'O'},
                 {.name = "minimum", .x = 1, .y = 0, .style = STYLE_STRONG, .glyph = 0xd7, .plain = 'X'}},
        .f = {.name = "a bowl", .x = {.lo = -2, .hi = 2, .unit = "x"}, .y = {.lo = -1, .hi = 1, .unit = "y"},
              .z_name = "loss", .columns = N, .rows = N, .path_count = 2, .mark_count = 2},
    };
    for (int j = 0; j < N; j++)
        for (int i = 0; i < N; i++) {
            double x = -2 + 4. * i / (N - 1), y = -1 + 2. * j / (N - 1);
            s->z[j * N + i] = (float)((x - 1) * (x - 1) + 4 * y * y);
        }
    s->f.z = s->z;
    s->f.paths = s->path;
    s->f.marks = s->mark;
    s->f.z_axis.log = logarithmic;
    field_fit(&s->f, 4);
}

static void a_square_is_cut_where_the_height_is(void **state)
{
    const double slope[4] = {0, 1, 1, 0}, peak[4] = {0, 0, 1, 0}, saddle[4] = {1, 0, 1, 0}, hole[4] = {0, NAN, 1, 0};
    struct line_piece p[2];

    (void)state;
    assert_int_equal(contour_square(slope, .25, p), 1);
    assert_true(fabs(p[0].x0 - .25) < 1e-12 && fabs(p[0].x1 - .25) < 1e-12 && fabs(p[0].y0 - p[0].y1) == 1);
    assert_int_equal(contour_square(slope, 2, p), 0);
    assert_int_equal(contour_square(peak, .5, p), 1);
    assert_true(p[0].x0 + p[0].y0 == 1.5 && p[0].x1 + p[0].y1 == 1.5);
    assert_int_equal(contour_square(hole, .5, p), 0);
    /* The middle, .5, is above the level: the high corners (0,0) and (1,1) are joined, the low ones cut off. */
    assert_int_equal(contour_square(saddle, .4, p), 2);
    for (int i = 0; i < 2; i++)
        assert_true(fabs(p[i].x0 + p[i].x1 - p[i].y0 - p[i].y1) > .3);
    assert_int_equal(contour_square(saddle, .6, p), 2);
    for (int i = 0; i < 2; i++)
        assert_true(fabs(p[i].x0 + p[i].x1 + p[i].y0 + p[i].y1 - 2) > .3);
}

static void a_line_is_cut_at_the_edges(void **state)
{
    struct line_piece across = {-10, 5, 30, 5}, beside = {-3, -1, 5, -1}, wild = {0, 0, INFINITY, 3},
                      far = {-1e300, 5, 1e300, 5};

    (void)state;
    assert_int_equal(line_clip(&across, 20, 10), 1);
    assert_true(across.x0 == 0 && across.x1 == 20 && across.y0 == 5 && across.y1 == 5);
    assert_int_equal(line_clip(&beside, 20, 10), 0);
    assert_int_equal(line_clip(&wild, 20, 10), 0);
    if (line_clip(&far, 20, 10))
        assert_true(far.x0 >= -1e-6 && far.x1 <= 20 + 1e-6);
}

/* Shades rise with the height along a row, and contours lie where it says. */
static void the_map_has_the_heights_shape(void **state)
{
    struct scene s;
    struct canvas c;
    double x, y;

    (void)state;
    scene_init(&s, 0);
    s.f.path_count = s.f.mark_count = 0;
    assert_int_equal(canvas_init(&c, 60, 21, CHARSET_BRAILLE), 0);
    field_draw(&s.f, &c);
    for (int row = 0; row < c.h; row++)
        for (int column = 0; column < c.w; column++)
            if (field_point_at(&s.f, &c, column, row, &x, &y)) {
                double place = axis_place(&s.f.z_axis, (x - 1) * (x - 1) + 4 * y * y);
                assert_in_range(cell_ground(canvas_cell(&c, column, row)), (int)fmax(1, floor((place - .08) * SHADES)),
                                (int)((place + .08) * SHADES + 1));
            }
    canvas_free(&c);
}

static void what_is_not_known_is_empty(void **state)
{
    struct scene s;
    struct canvas c;
    double x, y;
    int known = 0;

    (void)state;
    scene_init(&s, 1);
    s.f.path_count = s.f.mark_count = 0;
    for (int i = 0; i < N * N; i++)
        if (i % N < N / 2)
            s.z[i] = NAN;
    assert_int_equal(canvas_init(&c, 60, 20, CHARSET_BRAILLE), 0);
    field_draw(&s.f, &c);
    for (int column = 0; column < c.w; column++)
        if (field_point_at(&s.f, &c, column, 3, &x, &y)) {
            struct cell cell = canvas_cell(&c, column, 3);
            assert_true(x < -.2 ? cell.shade == 0 && cell.ch == ' ' : x < .2 || cell.shade > 0);
            known += cell.shade > 0;
        }
    assert_true(known > 10);
    for (int i = 0; i < N * N; i++)
        s.z[i] = NAN;
    field_fit(&s.f, 4);
    field_draw(&s.f, &c);
    canvas_free(&c);
}

static void draw_guarded(const struct field *f, int w, int h, enum charset charset)
{
    enum { EDGE = 2, SENTINEL = 0x2603 };
    struct canvas c, part;

    assert_int_equal(canvas_init(&c, w + 2 * EDGE, h + 2 * EDGE, charset), 0);
    for (int i = 0; i < c.w * c.h; i++)
        c.cells[i] = (struct cell){.ch = SENTINEL, .style = STYLE_COUNT, .shade = 77, .low = 77};
    part = canvas_part(&c, (struct rect){EDGE, EDGE, w, h});
    field_draw(f, &part);
    for (int i = 0; i < c.w * c.h; i++) {
        int x = i % c.w, y = i / c.w, outside = x < EDGE || y < EDGE || x >= EDGE + w || y >= EDGE + h;
        struct cell cell = c.cells[i];
        if (outside && (cell.ch != SENTINEL || cell.style != STYLE_COUNT || cell.shade != 77))
            fail_msg("%d×%d writes outside, at %d, %d", w, h, x - EDGE, y - EDGE);
        if (!outside && charset == CHARSET_ASCII)
            assert_true(cell.ch == SENTINEL || (cell.ch >= ' ' && cell.ch < 127));
    }
    canvas_free(&c);
}

static void any_size_stays_inside(void **state)
{
    struct scene s;

    (void)state;
    for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
        scene_init(&s, logarithmic);
        s.z[5 * N + 5] = NAN;
        s.z[6 * N + 6] = INFINITY;
        for (int w = 1; w <= 60; w++)
            for (int h = 1; h <= 30; h++)
                draw_guarded(&s.f, w, h, (enum charset)((w + h) % 3));
    }
}

/* Without backgrounds a shade is a glyph, and what stands on it keeps its place. */
static void shades_are_glyphs_where_colours_lack(void **state)
{
    struct scene s;
    struct canvas c;
    char *text;

    (void)state;
    scene_init(&s, 0);
    assert_int_equal(canvas_init(&c, 50, 12, CHARSET_ASCII), 0);
    field_draw(&s.f, &c);
    text = canvas_to_text(&c);
    for (const char *glyph = ".:-=+*#%aOX"; *glyph; glyph++)
        if (!strchr(text, *glyph))
            fail_msg("no '%c' in\n%s", *glyph, text);
    free(text);
    canvas_free(&c);
}

static void a_drawing_has_its_parts(void **state)
{
    struct scene s;
    char *text;

    (void)state;
    setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* where there is such a locale a decimal comma would break it */
    scene_init(&s, 1);
    text = field_to_svg(&s.f, THEME_LIGHT, 640, 480);
    setlocale(LC_NUMERIC, "C");
    assert_non_null(text);
    markup_check(text);
    assert_int_equal(markup_count(text, "svg", "field"), 1);
    assert_int_equal(markup_count(text, "title", NULL), 1);
    assert_int_equal(markup_count(text, "g", "axis"), 2);
    assert_int_equal(markup_count(text, "g", "x"), 1);
    assert_int_equal(markup_count(text, "g", "legend"), 1);
    assert_int_equal(markup_count(text, "g", "entry"), 4); /* two paths, two marks */
    assert_int_equal(markup_count(text, "path", "path"), 2);
    assert_int_equal(markup_count(text, "g", "mark"), 2);
    assert_true(markup_count(text, "path", "contour") >= 4);
    assert_true(markup_count(text, "text", "tick") >= 8);
    assert_true(markup_has(text, "data-name", "sgd"));
    assert_true(markup_has(text, "data-name", "a&lt;b &amp; &quot;c&quot;"));
    assert_true(markup_has(text, "data-level", "1"));
    assert_null(strstr(text, "nan"));
    free(text);
}

/* The heights are one image on whole pixels, a pixel of its own for each: nothing shines through at its border, whatever
 * the size of grid and picture. */
static void a_map_has_no_seams(void **state)
{
    static const int sizes[][2] = {{640, 480}, {641, 479}, {333, 1000}};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double x, y, w, h;
        struct scene s;
        char *text, *at;
        scene_init(&s, 0);
        text = field_to_svg(&s.f, THEME_LIGHT, sizes[i][0], sizes[i][1]);
        assert_non_null(strstr(text, " viewBox=\"0 0 "));
        assert_int_equal(markup_count(text, "image", "cells"), 1);
        at = strstr(text, "<image class=\"cells\"");
        assert_int_equal(sscanf(at, "<image class=\"cells\" x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &x, &y, &w, &h), 4);
        assert_true(x == floor(x) && y == floor(y) && w == floor(w) && h == floor(h) && w > 0 && h > 0);
        at = strstr(text, "<clipPath id=\"map\"><rect");
        assert_int_equal(sscanf(at, "<clipPath id=\"map\"><rect x=\"%lf\" y=\"%lf\"", &x, &y), 2);
        assert_true(strstr(text, "xlink:href=\"data:image/png;base64,iVBORw0KGgo") != NULL);
        free(text);
    }
}

/* Whether a text stands in a row of the map, between two columns. */
static int is_written(const struct canvas *c, const char *text, int from, int to)
{
    for (int y = 0; y + 2 < c->h; y++)
        for (int x = from; x + (int)strlen(text) <= to; x++) {
            size_t n = 0;
            while (text[n] && canvas_cell(c, x + (int)n, y).ch == (unsigned char)text[n])
                n++;
            if (!text[n])
                return 1;
        }
    return 0;
}

/* Lines that go straight up have their heights as well as those that lie flat. */
static void every_line_has_its_height(void **state)
{
    static const char *const heights[] = {"2", "4", "6", "8"};
    struct scene s;
    struct canvas c;

    (void)state;
    for (int upright = 0; upright < 2; upright++) {
        scene_init(&s, 0);
        s.f.path_count = s.f.mark_count = 0;
        for (int i = 0; i < N * N; i++)
            s.z[i] = 10.f * (float)(upright ? i % N : i / N) / (N - 1);
        field_fit(&s.f, 0);
        assert_int_equal(canvas_init(&c, 70, 22, CHARSET_BRAILLE), 0);
        field_draw(&s.f, &c);
        for (int i = 0; i < 4; i++)
            assert_int_equal(is_written(&c, heights[i], 10, 58), 1);
        canvas_free(&c);
    }
}

/* A number that a path goes through is not there, neither its rest; a mark keeps it away. */
static void numbers_are_whole_or_none(void **state)
{
    static const double way_up_x[] = {-1.9, 1.9}, level_y[] = {0, 0};
    const struct field_path path = {.name = "sgd", .style = STYLE_SERIES_1, .plain = 'a', .count = 2, .x = way_up_x, .y = level_y};
    struct scene s;
    struct canvas c;

    (void)state;
    scene_init(&s, 0);
    for (int i = 0; i < N * N; i++)
        s.z[i] = 1000.f * (float)(i % N) / (N - 1);
    field_fit(&s.f, 0);
    s.f.path_count = s.f.mark_count = 0;
    assert_int_equal(canvas_init(&c, 70, 22, CHARSET_BRAILLE), 0);
    field_draw(&s.f, &c);
    assert_int_equal(is_written(&c, "400", 10, 58), 1);
    canvas_clear(&c);
    s.f.paths = &path, s.f.path_count = 1;
    field_draw(&s.f, &c);
    for (int y = 0; y + 2 < c.h; y++)
        for (int x = 10; x < 55; x++)
            if (canvas_cell(&c, x, y).ch >= '0' && canvas_cell(&c, x, y).ch <= '9')
                assert_true(!canvas_cell(&c, x - 1, y).edged && !canvas_cell(&c, x + 1, y).edged);
    assert_int_equal(is_written(&c, "400", 10, 58), 0);
    canvas_clear(&c);
    s.mark[0].x = -.4, s.mark[0].y = 0;
    s.f.path_count = 0, s.f.mark_count = 1;
    field_draw(&s.f, &c);
    assert_int_equal(is_written(&c, "400", 10, 58), 1); /* elsewhere */
    canvas_free(&c);
}

/* The shadow of the upper or lower half of a cell, as it comes to the screen; −1: it is not of the map. */
static int shadow_at(const struct canvas *c, int x, int half_row)
{
    struct cell cell = halo_cell(canvas_cell(c, x, half_row / 2), THEME_DARK, COLORMAP_CIVIDIS);
    int shade = half_row % 2 ? cell.low : cell.shade;

    if (!shade)
        return -1;
    return shade_shadow(cell.edged ? style_under(THEME_DARK, (enum style)cell.style, COLORMAP_CIVIDIS, shade) : shade);
}

/* From the middle of the upper half of a cell to the nearest dot of a path, in halves of cells. */
static double distance_from_path(const struct canvas *c, int x, int y)
{
    static const int column[] = {0, 0, 0, 1, 1, 1, 0, 1}, row[] = {0, 1, 2, 0, 1, 2, 3, 3};
    double nearest = INFINITY;

    for (int i = 0; i < c->w * c->h; i++) {
        struct cell cell = canvas_cell(c, i % c->w, i / c->w);
        for (int k = 0; cell.edged && k < 8; k++)
            if ((cell.ch - 0x2800) >> k & 1)
                nearest = fmin(nearest, hypot(x + .5 - (i % c->w + .25 + column[k] / 2.), 2 * y + .5 - (2 * (i / c->w) + .25 + row[k] / 2.)));
    }
    return nearest;
}

/* On the brightest ground: the cells of a path, each dark as a whole, would else be a staircase. What is dark follows the line. */
static void the_darkness_under_a_path_fades_out(void **state)
{
    static const double slope_x[] = {-1.6, 1.5}, slope_y[] = {-.7, .8};
    enum { ALL = 8 };
    int near = 0, between = 0, far = 0;
    struct scene s;
    struct canvas c;

    (void)state;
    scene_init(&s, 0);
    for (int i = 0; i < N * N; i++)
        s.z[i] = 10;
    s.f.z_axis = (struct axis){.lo = 0, .hi = 10};
    s.path[0] = (struct field_path){.name = "sgd", .style = STYLE_SERIES_1, .plain = 'a', .count = 2, .x = slope_x, .y = slope_y};
    s.f.path_count = 1, s.f.mark_count = 0;
    assert_int_equal(canvas_init(&c, 80, 24, CHARSET_BRAILLE), 0);
    field_draw(&s.f, &c);
    for (int y = 0; y < c.h; y++)
        for (int x = 0; x < c.w; x++) {
            double away = distance_from_path(&c, x, y);
            int dark = shadow_at(&c, x, 2 * y);
            if (canvas_cell(&c, x, y).edged || dark < 0)
                continue;
            if (away < .8)
                near++, assert_in_range(dark, ALL, SHADOWS);
            else if (away > 1.3 && away < 2)
                between++, assert_in_range(dark, 1, ALL - 2);
            else if (away > 2.5)
                far++, assert_int_equal(dark, 0);
        }
    assert_true(near > 5 && between > 10 && far > 500);
    canvas_free(&c);
}

/* On dark ground there is nothing to darken. */
static void dark_ground_stays_as_it_is(void **state)
{
    struct scene s;
    struct canvas c;

    (void)state;
    scene_init(&s, 0);
    for (int i = 0; i < N * N; i++)
        s.z[i] = 0;
    assert_int_equal(canvas_init(&c, 60, 20, CHARSET_BRAILLE), 0);
    field_draw(&s.f, &c);
    for (int y = 0; y < 2 * c.h; y++)
        for (int x = 0; x < c.w; x++)
            assert_true(shadow_at(&c, x, y) <= 0);
    canvas_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_square_is_cut_where_the_height_is),
        cmocka_unit_test(a_line_is_cut_at_the_edges),
        cmocka_unit_test(the_map_has_the_heights_shape),
        cmocka_unit_test(what_is_not_known_is_empty),
        cmocka_unit_test(any_size_stays_inside),
        cmocka_unit_test(shades_are_glyphs_where_colours_lack),
        cmocka_unit_test(a_drawing_has_its_parts),
        cmocka_unit_test(a_map_has_no_seams),
        cmocka_unit_test(every_line_has_its_height),
        cmocka_unit_test(numbers_are_whole_or_none),
        cmocka_unit_test(the_darkness_under_a_path_fades_out),
        cmocka_unit_test(dark_ground_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
