/* SPDX-License-Identifier: MIT */
/* A field seen from a side: what is behind is hidden, from above it is the map, on canvases of every size, and as SVG. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/relief.h"
#include "markup.h"

enum { N = 33 };

struct scene {
    float z[N * N];
    struct eye eye;
    struct field_mark mark;
    struct field_path path;
    struct field f;
};

static const double way_x[] = {-.9, 0, .9, NAN, 5}, way_y[] = {0, 0, 0, 0, 5};

/* A wall along x = 0 on a plain that rises a little to the right. */
static void scene_init(struct scene *s)
{
    *s = (struct scene){.eye = eye_standard,
                        .mark = {.name = "a<b", .x = .5, .y = .5, .style = STYLE_STRONG, .glyph = 0xd7, .plain = 'X'},
                        .path = {.name = "path", .style = STYLE_SERIES_2, .plain = 'o', .count = 5, .x = way_x, .y = way_y},
                        .f = {.name = "wall", .x = {.lo = -1, .hi = 1, .unit = "x"}, .y = {.lo = -1, .hi = 1, .unit = "y"},
                              .z_name = "loss", .columns = N, .rows = N, .mark_count = 1, .path_count = 1}};
    for (int i = 0; i < N * N; i++)
        s->z[i] = i % N == N / 2 ? 1 : (float)(i % N) / (10 * N);
    s->f.z = s->z;
    s->f.marks = &s->mark;
    s->f.paths = &s->path;
    s->f.eye = &s->eye;
    field_fit(&s->f, 0);
}

/* From the left, low: the plain behind the wall is not seen, that before it is; from straight above all is. */
static void what_is_behind_is_hidden(void **state)
{
    struct scene s;
    struct relief r;

    (void)state;
    scene_init(&s);
    s.eye = (struct eye){.turn = 3.14159265358979 / 2, .tilt = .3, .zoom = 1, .height = 1};
    assert_int_equal(relief_init(&r, &s.f, 160, 120), 0);
    assert_true(relief_sees(&r, relief_project(&r, .2, .5, field_place_at(&s.f, .2, .5))));
    assert_false(relief_sees(&r, relief_project(&r, .6, .5, field_place_at(&s.f, .6, .5))));
    assert_true(relief_sees(&r, relief_project(&r, .5, .5, 1)));
    relief_free(&r);
    s.eye.tilt = 2;
    assert_int_equal(relief_init(&r, &s.f, 160, 120), 0);
    for (double u = .05; u < 1; u += .1)
        assert_true(relief_sees(&r, relief_project(&r, u, .5, field_place_at(&s.f, u, .5))));
    relief_free(&r);
}

/* Straight down with no turn, a point is where the map has it, in its colour. */
static void from_above_it_is_the_map(void **state)
{
    struct scene s;
    struct relief r;

    (void)state;
    scene_init(&s);
    for (int i = 0; i < N * N; i++)
        s.z[i] = (float)(i % N + i / N);
    field_fit(&s.f, 0);
    s.eye = (struct eye){.turn = 0, .tilt = 2, .zoom = 1, .height = 1};
    assert_int_equal(relief_init(&r, &s.f, 200, 200), 0);
    for (double u = .1; u < 1; u += .2)
        for (double v = .1; v < 1; v += .2) {
            struct relief_spot at = relief_project(&r, u, v, field_place_at(&s.f, u, v));
            int shade = r.pixel[(int)at.y * r.w + (int)at.x].shade;
            assert_true(fabs(at.x - (100 + (2 * u - 1) * r.scale)) < 1e-9 && fabs(at.y - (100 - (2 * v - 1) * r.scale)) < 1e-6);
            assert_true(abs(shade_level(shade) - field_shade(field_place_at(&s.f, u, v))) <= 1);
        }
    relief_free(&r);
}

/* All of it, however it is turned, lies in the picture. */
static void it_fits_at_every_turn(void **state)
{
    struct scene s;

    (void)state;
    scene_init(&s);
    for (double turn = -3; turn < 3.2; turn += .3)
        for (double tilt = .1; tilt < 1.6; tilt += .3) {
            struct relief r;
            s.eye = (struct eye){turn, tilt, 1, 1};
            assert_int_equal(relief_init(&r, &s.f, 120, 60), 0);
            for (int i = 0; i < 8; i++) {
                struct relief_spot at = relief_project(&r, i & 1, i >> 1 & 1, i & 4 ? 1 : RELIEF_FLOOR);
                assert_true(at.x >= 0 && at.x < 120 && at.y >= 0 && at.y < 60);
            }
            relief_free(&r);
        }
}

/* The side that faces the light is brighter. */
static void light_comes_from_the_left(void **state)
{
    struct scene s;
    struct relief r;

    (void)state;
    scene_init(&s);
    for (int i = 0; i < N * N; i++)
        s.z[i] = (float)-abs(i % N - N / 2);
    field_fit(&s.f, 0);
    s.eye.turn = 0;
    assert_int_equal(relief_init(&r, &s.f, 100, 100), 0);
    assert_true(relief_shadow(&r, 4, 9) < relief_shadow(&r, N - 6, 9));
    relief_free(&r);
}

static void any_size_stays_inside(void **state)
{
    enum { SENTINEL = 0x2603 };
    struct scene s;

    (void)state;
    scene_init(&s);
    s.z[40] = NAN;
    s.z[41] = INFINITY;
    for (int w = 1; w <= 70; w += 3)
        for (int h = 1; h <= 30; h++) {
            struct canvas c, part;
            assert_int_equal(canvas_init(&c, w + 2, h + 2, (enum charset)((w + h) % 3)), 0);
            for (int i = 0; i < c.w * c.h; i++)
                c.cells[i] = (struct cell){.ch = SENTINEL, .style = STYLE_COUNT, .shade = 77, .low = 77};
            part = canvas_part(&c, (struct rect){1, 1, w, h});
            s.eye = (struct eye){w * .1, h * .1, 1 + w * .1, 1 + h * .1};
            field_draw(&s.f, &part);
            for (int i = 0; i < c.w * c.h; i++) {
                int x = i % c.w, y = i / c.w, outside = x < 1 || y < 1 || x > w || y > h;
                assert_true(!outside || (c.cells[i].ch == SENTINEL && c.cells[i].shade == 77));
            }
            canvas_free(&c);
        }
}

static void a_picture_has_its_parts(void **state)
{
    struct scene s;
    char *text;

    (void)state;
    scene_init(&s);
    s.z[40] = NAN;
    text = field_to_svg(&s.f, THEME_LIGHT, 640, 480);
    assert_non_null(text);
    markup_check(text);
    assert_int_equal(markup_count(text, "g", "faces"), 1);
    assert_int_equal(markup_count(text, "path", "path"), 1);
    assert_int_equal(markup_count(text, "path", "floor"), 1);
    assert_int_equal(markup_count(text, "g", "mark"), 1);
    assert_true(markup_has(text, "data-name", "a&lt;b"));
    assert_null(strstr(text, "nan"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_behind_is_hidden), cmocka_unit_test(from_above_it_is_the_map),
        cmocka_unit_test(it_fits_at_every_turn),    cmocka_unit_test(light_comes_from_the_left),
        cmocka_unit_test(any_size_stays_inside),    cmocka_unit_test(a_picture_has_its_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
