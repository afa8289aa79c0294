/* SPDX-License-Identifier: MIT */
/* Sextants and octants: their characters, the two colours of a cell, what draws with them, and the test card. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/field.h"
#include "draw/mosaic.h"
#include "draw/svg.h"
#include "draw/text.h"
#include "scripted-app.h"

static const enum mosaic kinds[] = {MOSAIC_SEXTANTS, MOSAIC_OCTANTS};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Names in Unicode's charts number the pixels row by row: SEXTANT-135 is the left half. */
static void patterns_are_unicodes(void **state)
{
    static const struct {
        enum mosaic kind;
        unsigned bits;
        uint32_t glyph;
    } cases[] = {
        {MOSAIC_SEXTANTS, 0x01, 0x1fb00}, {MOSAIC_SEXTANTS, 0x14, 0x1fb13}, {MOSAIC_SEXTANTS, 0x15, 0x258c}, {MOSAIC_SEXTANTS, 0x16, 0x1fb14},
        {MOSAIC_SEXTANTS, 0x29, 0x1fb27}, {MOSAIC_SEXTANTS, 0x2a, 0x2590},  {MOSAIC_SEXTANTS, 0x2b, 0x1fb28}, {MOSAIC_SEXTANTS, 0x3e, 0x1fb3b},
        {MOSAIC_OCTANTS, 0x01, 0x1cea8},  {MOSAIC_OCTANTS, 0x04, 0x1cd00},  {MOSAIC_OCTANTS, 0x08, 0x1cd03},  {MOSAIC_OCTANTS, 0x0f, 0x2580},
        {MOSAIC_OCTANTS, 0x10, 0x1cd09},  {MOSAIC_OCTANTS, 0xf8, 0x1cde1},  {MOSAIC_OCTANTS, 0xfb, 0x1cde3},  {MOSAIC_OCTANTS, 0xfe, 0x1cde5},
        {MOSAIC_OCTANTS, 0xff, 0x2588},   {MOSAIC_OCTANTS, 0x80, 0x1cea0},  {MOSAIC_OCTANTS, 0x40, 0x1cea3},
    };
    int own[KINDS] = {0, 0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(mosaic_glyph(cases[i].kind, cases[i].bits), cases[i].glyph);
    for (int k = 0; k < KINDS; k++)
        for (int bits = 0; bits < 1 << MOSAIC_ACROSS * mosaic_rows(kinds[k]); bits++) {
            uint32_t glyph = mosaic_glyph(kinds[k], (unsigned)bits);
            assert_int_equal(mosaic_bits(kinds[k], glyph), bits); /* so all differ */
            assert_int_equal(text_columns(glyph), 1);
            own[k] += k ? glyph >= 0x1cd00 && glyph <= 0x1cde5 : glyph >= 0x1fb00 && glyph <= 0x1fb3b;
        }
    assert_int_equal(own[0], 60);
    assert_int_equal(own[1], 230);
    assert_int_equal(mosaic_bits(MOSAIC_OCTANTS, 'x'), -1);
    assert_int_equal(mosaic_of('x'), MOSAIC_NONE);
    assert_int_equal(mosaic_of(0x28ff), MOSAIC_NONE);
    assert_int_equal(mosaic_as_braille(mosaic_glyph(MOSAIC_OCTANTS, 0xff)), 0x28ff);
    assert_int_equal(mosaic_as_braille(mosaic_glyph(MOSAIC_OCTANTS, 0x04)), 0x2802);
    for (int k = 0; k < MOSAIC_COUNT; k++)
        assert_int_equal(mosaic_find(mosaic_name((enum mosaic)k)), k);
    assert_int_equal(mosaic_find("eighths"), -1);
}

static double light_of(int shade)
{
    return colour_luminance(style_ground(THEME_DARK, COLORMAP_GREY, shade));
}

/* What is lost of the lightness of a cell's pixels, each group of which has one shade. */
static double lost(const int *shade, int count, struct mosaic_split s)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += pow(shade_level(shade[i]) - shade_level(s.bits >> i & 1 ? s.front : s.back), 2);
    return sum;
}

/* Every partition of levels under one light, its groups at their means, is tried: none loses less, but for rounding. */
static void two_shades_are_the_best(void **state)
{
    uint64_t r = 5;

    (void)state;
    for (int round = 0; round < 400; round++) {
        int shade[MOSAIC_PIXELS], count = round % 2 ? 8 : 6;
        double least = INFINITY, rounding = count * .25;
        struct mosaic_split s;
        for (int i = 0; i < count; i++) {
            r = r * 6364136223846793005u + 1442695040888963407u;
            shade[i] = shade_make(1 + (int)((r >> 33) % SHADES), 0);
        }
        for (unsigned bits = 0; bits < 1u << count; bits++) {
            double sum[2] = {0, 0}, squares = 0;
            int n[2] = {0, 0};
            for (int i = 0; i < count; i++)
                n[bits >> i & 1]++, sum[bits >> i & 1] += shade[i], squares += shade[i] * shade[i];
            for (int k = 0; k < 2; k++)
                squares -= n[k] ? sum[k] * sum[k] / n[k] : 0;
            least = fmin(least, squares);
        }
        s = mosaic_split(shade, count);
        assert_true(lost(shade, count, s) <= least + rounding);
    }
}

static void ground_and_none_are_two(void **state)
{
    const int corner[8] = {0, 0, 0, shade_make(9, 0), 0, shade_make(11, 2), 0, shade_make(10, 4)}, none[8] = {0}, flat[6] = {7, 7, 8, 7, 7, 7};
    const int shadow[8] = {50, 50, shade_make(50, 8), shade_make(50, 8), 50, 50, shade_make(50, 8), shade_make(50, 8)};
    struct mosaic_split s = mosaic_split(corner, 8);

    (void)state;
    assert_int_equal(s.bits, 0xa8);
    assert_int_equal(s.back, 0);
    assert_int_equal(s.front, shade_make(10, 2));
    s = mosaic_split(none, 8);
    assert_true(s.front == 0 && s.back == 0);
    s = mosaic_split(flat, 6);
    assert_true(s.front == 7 && s.back == 7); /* a level is not worth a colour */
    s = mosaic_split(shadow, 8);
    assert_true(s.bits == 0x33 || s.bits == 0xcc);
    assert_true(fabs(light_of(s.front) - light_of(s.back)) > .1);
}

/* Of a map with a steep diagonal edge: how many cells show pixels, and whether lines on it stay braille. */
static void maps_have_pixels(void **state)
{
    float z[41 * 41];
    double way[] = {-.9, .9};
    struct field_path path = {.name = "way", .style = STYLE_SERIES_1, .plain = '*', .count = 2, .x = way, .y = (double[]){.9, -.9}};
    struct field f = {.x = {.lo = -1, .hi = 1}, .y = {.lo = -1, .hi = 1}, .columns = 41, .rows = 41, .z = z, .paths = &path, .path_count = 1};

    (void)state;
    for (int i = 0; i < 41 * 41; i++)
        z[i] = i % 41 > i / 41 ? 1 : 0;
    field_fit(&f, 0);
    for (int k = 0; k < KINDS; k++)
        for (int relief = 0; relief < 2; relief++) {
            const struct eye above = {.turn = -.6, .tilt = 1, .zoom = 1, .height = 1};
            int pixels = 0, braille = 0;
            struct canvas c;
            char *svg;
            assert_int_equal(canvas_init(&c, 60, 24, CHARSET_BRAILLE), 0);
            c.mosaic = kinds[k];
            f.eye = relief ? &above : NULL;
            field_draw(&f, &c);
            for (int i = 0; i < 60 * 24; i++) {
                struct cell cell = canvas_cell(&c, i % 60, i / 60);
                pixels += cell.mosaic == kinds[k] && cell.ch == ' ';
                braille += cell.ch > 0x2800 && cell.ch < 0x2900;
                assert_true(cell.ch < 0x10000);
                assert_true(!cell.mosaic || cell.shade != cell.low);
            }
            assert_in_range(pixels, 15, 1000);
            assert_in_range(braille, 10, 1000);
            svg = canvas_to_svg(&c, THEME_DARK);
            assert_non_null(strstr(svg, "<path shape-rendering"));
            free(svg);
            canvas_free(&c);
        }
}

static char *screen_of(struct stage *s, enum charset charset)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, 80, 24, charset), 0);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    canvas_free(&c);
    return text;
}

static int holds(struct stage *s, enum charset charset, const char *words)
{
    char *text = screen_of(s, charset);
    int found = strstr(text, words) != NULL;

    free(text);
    return found;
}

static int holds_any(struct stage *s, uint32_t from, uint32_t to)
{
    char *text = screen_of(s, CHARSET_BRAILLE);
    const char *at = text;
    uint32_t ch;
    int n = 0;

    while ((ch = text_next(&at)))
        n += ch >= from && ch <= to;
    free(text);
    return n;
}

static void curves_are_drawn_in_them(void **state)
{
    struct stage *s = *state;

    assert_true(holds_any(s, 0x2801, 0x28ff) > 10 && !holds_any(s, 0x1cd00, 0x1cde5));
    stage_play(s, ":cells octants<Enter>");
    assert_true(holds_any(s, 0x1cd00, 0x1cde5) > 10 && !holds_any(s, 0x2801, 0x28ff));
    stage_play(s, ":cells sextants<Enter>");
    assert_true(holds_any(s, 0x1fb00, 0x1fb3b) > 10 && !holds_any(s, 0x2801, 0x28ff));
    stage_play(s, ":cells blocks<Enter>");
    assert_true(holds(s, CHARSET_BRAILLE, "cells: expected braille, sextants or octants"));
    assert_int_equal(s->app.model.ui.mosaic, MOSAIC_SEXTANTS);
}

static void the_test_card_shows_and_chooses(void **state)
{
    struct stage *s = *state;

    stage_play(s, ":testcard<Enter>");
    assert_int_equal(s->app.model.ui.mode, MODE_TESTCARD);
    assert_true(holds(s, CHARSET_BRAILLE, ":cells braille") && holds(s, CHARSET_BRAILLE, ":cells sextants") &&
                holds(s, CHARSET_BRAILLE, ":cells octants"));
    assert_in_range(holds_any(s, 0x2801, 0x28ff), 20, 72);
    assert_in_range(holds_any(s, 0x1fb00, 0x1fb3b), 20, 72);
    assert_in_range(holds_any(s, 0x1cd00, 0x1cde5), 20, 72);
    stage_play(s, "3");
    assert_int_equal(s->app.model.ui.mosaic, MOSAIC_OCTANTS);
    assert_true(holds(s, CHARSET_BRAILLE, "3 ▸ octants"));
    stage_play(s, "1<Esc>");
    assert_int_equal(s->app.model.ui.mosaic, MOSAIC_NONE);
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
}

static void other_characters_have_none(void **state)
{
    static const struct {
        enum charset charset;
        const char *says, *card;
    } cases[] = {{CHARSET_ASCII, "cells: octants need a UTF-8 locale", "they need a UTF-8 locale"},
                 {CHARSET_BLOCK, "cells: the console's font has no octants", "a console's font lacks them"}};
    struct stage *s = *state;

    for (int i = 0; i < 2; i++) {
        app_take_charset(&s->app, cases[i].charset);
        stage_play(s, ":cells octants<Enter>");
        assert_true(holds(s, cases[i].charset, cases[i].says));
        assert_int_equal(s->app.model.ui.mosaic, MOSAIC_NONE);
        stage_play(s, "<Esc>:testcard<Enter>");
        assert_true(holds(s, cases[i].charset, cases[i].card));
        stage_play(s, "<Esc>");
        s->app.model.ui.mosaic = MOSAIC_OCTANTS; /* as the configuration may say */
        app_take_charset(&s->app, cases[i].charset);
        assert_int_equal(s->app.model.ui.mosaic, MOSAIC_NONE);
        assert_true(holds(s, cases[i].charset, cases[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_unicodes),
        cmocka_unit_test(two_shades_are_the_best),
        cmocka_unit_test(ground_and_none_are_two),
        cmocka_unit_test(maps_have_pixels),
        WITH_APP(curves_are_drawn_in_them),
        WITH_APP(the_test_card_shows_and_chooses),
        WITH_APP(other_characters_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
