/* SPDX-License-Identifier: MIT */
/* Colour maps, contrast, and the bytes that bring a canvas to a terminal, read back as a terminal reads them. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/escape.h"
#include "draw/field.h"
#include "draw/text.h"

enum { W = 60, H = 20, STANDARD = -1, RGB = 1 << 24 };

static double lightness(struct rgb c)
{
    double y = colour_luminance(c);

    return y > .008856 ? 116 * cbrt(y) - 16 : 903.3 * y;
}

static int packed(struct rgb c)
{
    return RGB | c.r << 16 | c.g << 8 | c.b;
}

/* Lightness rises everywhere, over the whole map, and in no place much faster than in the mean. */
static void maps_rise_evenly(void **state)
{
    (void)state;
    for (int m = 0; m < COLORMAP_COUNT; m++) {
        double before = lightness(colormap_at((enum colormap)m, 0)), begin = before;
        double mean = (lightness(colormap_at((enum colormap)m, 1)) - begin) / 50;
        assert_true(mean * 50 > 70);
        for (int i = 1; i <= 50; i++) {
            double now = lightness(colormap_at((enum colormap)m, i / 50.));
            if (now <= before - (i == 1 ? .01 : 0) || now - before > 2.2 * mean)
                fail_msg("%s: %g to %g at %d of 50", colormap_name((enum colormap)m), before, now, i);
            before = now;
        }
        assert_int_equal(colormap_find(colormap_name((enum colormap)m)), m);
    }
    assert_int_equal(colormap_find("jet"), -1);
}

/* … among 256 colours too, in fewer steps; never by a hue that the map has not. */
static void maps_of_256_colours_rise(void **state)
{
    (void)state;
    for (int m = 0; m < COLORMAP_COUNT; m++) {
        double before = 0;
        int steps = 0;
        for (int level = 1; level <= SHADES; level++) {
            struct rgb own = colormap_at((enum colormap)m, (level - 1.) / (SHADES - 1));
            double now = lightness(colour_of_index(colormap_index((enum colormap)m, level)));
            if (now < before || fabs(now - lightness(own)) > 8)
                fail_msg("%s: %g after %g at level %d, where the map has %g", colormap_name((enum colormap)m), now, before, level, lightness(own));
            steps += now > before;
            before = now;
        }
        assert_in_range(steps, 12, SHADES);
    }
}

/* Numbers and lines on them, as they are sent. */
static void everything_is_seen_in_256_colours(void **state)
{
    (void)state;
    for (int p = 0; p < THEME_COUNT; p++)
        for (int m = 0; m < COLORMAP_COUNT; m++)
            for (int level = 1; level <= SHADES; level++)
                for (int s = 0; s < STYLE_COUNT; s++) {
                    int ground = style_ground_index((enum theme)p, (enum colormap)m, level);
                    double contrast = colour_contrast(colour_of_index(style_on_index((enum theme)p, (enum style)s, ground)), colour_of_index(ground));
                    if (contrast < (s == STYLE_CONTOUR ? 1.85 : 2.95))
                        fail_msg("%s, theme %d, level %d, style %d: %g", colormap_name((enum colormap)m), p, level, s, contrast);
                }
}

/* The published ends and middles, within what a polynomial fitted to a table leaves open. */
static void maps_are_the_published_ones(void **state)
{
    static const struct {
        enum colormap map;
        struct rgb low, middle, high;
    } maps[] = {{COLORMAP_CIVIDIS, {0, 34, 78}, {125, 124, 120}, {254, 232, 56}},
                {COLORMAP_VIRIDIS, {68, 1, 84}, {33, 145, 140}, {253, 231, 37}},
                {COLORMAP_INFERNO, {0, 0, 4}, {188, 55, 84}, {252, 255, 164}}};

    (void)state;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        for (int k = 0; k < 3; k++) {
            struct rgb c = colormap_at(maps[i].map, k / 2.), to = k == 0 ? maps[i].low : k == 1 ? maps[i].middle : maps[i].high;
            assert_true(abs(c.r - to.r) < 6 && abs(c.g - to.g) < 6 && abs(c.b - to.b) < 18);
        }
}

static void the_nearest_colour_is_near(void **state)
{
    (void)state;
    for (int i = 16; i < 256; i++)
        assert_int_equal(packed(colour_of_index(colour_nearest(colour_of_index(i)))), packed(colour_of_index(i)));
    for (int k = 0; k < 4096; k++) {
        struct rgb c = {(uint8_t)(k % 16 * 17), (uint8_t)(k / 16 % 16 * 17), (uint8_t)(k / 256 * 17)}, n = colour_of_index(colour_nearest(c));
        int best = 1 << 30, got = (n.r - c.r) * (n.r - c.r) + (n.g - c.g) * (n.g - c.g) + (n.b - c.b) * (n.b - c.b);
        for (int i = 16; i < 256; i++) {
            struct rgb o = colour_of_index(i);
            int d = (o.r - c.r) * (o.r - c.r) + (o.g - c.g) * (o.g - c.g) + (o.b - c.b) * (o.b - c.b);
            best = d < best ? d : best;
        }
        assert_int_equal(got, best);
    }
    assert_true(fabs(colour_contrast((struct rgb){0, 0, 0}, (struct rgb){255, 255, 255}) - 21) < 1e-9);
}

/* On every ground of every map, lit or in shadow, marks reach WCAG's 3; lines of equal height stay quieter. */
static void everything_is_seen_on_every_ground(void **state)
{
    (void)state;
    for (int p = 0; p < THEME_COUNT; p++)
        for (int m = 0; m < COLORMAP_COUNT; m++)
            for (int level = 1; level <= SHADES; level++)
                for (int shadow = 0; shadow < SHADOWS; shadow++) {
                    struct rgb ground = style_ground((enum theme)p, (enum colormap)m, shade_make(level, shadow));
                    for (int s = 0; s < STYLE_COUNT; s++)
                        assert_true(colour_contrast(style_on((enum theme)p, (enum style)s, ground), ground) >=
                                    (s == STYLE_CONTOUR ? 1.85 : 2.95));
                }
}

/* A path or mark on a map is seen on every colour of every map, by itself or by its edge, and stands out from its edge. */
static void paths_are_seen_on_every_height(void **state)
{
    (void)state;
    for (int p = 0; p < THEME_COUNT; p++)
        for (int s = 0; s < STYLE_COUNT; s++) {
            struct rgb way = style_way((enum theme)p, (enum style)s), edge = style_edge();
            assert_true(colour_contrast(way, edge) >= 3);
            for (int m = 0; m < COLORMAP_COUNT; m++)
                for (int i = 0; i <= 1000; i++) {
                    struct rgb ground = style_height((enum theme)p, (enum colormap)m, i / 1000.);
                    assert_true(fmax(colour_contrast(way, ground), colour_contrast(edge, ground)) >= 3);
                }
        }
}

/* On a screen too, by the colours of its cell and by those around it, in true colour and in 256; a path keeps its own. */
static void paths_are_seen_on_every_shade(void **state)
{
    (void)state;
    for (int p = 0; p < THEME_COUNT; p++)
        for (int m = 0; m < COLORMAP_COUNT; m++)
            for (int level = 1; level <= SHADES; level++)
                for (int s = 0; s < STYLE_COUNT; s++) {
                    const struct cell cell = {.ch = 0x2801, .style = (uint8_t)s, .shade = (uint16_t)level, .low = (uint16_t)level, .edged = 1};
                    struct cell_colours c = cell_colours(cell, (enum theme)p, (enum colormap)m);
                    struct rgb front = colour_of_index(colour_nearest(c.front)), back = colour_of_index(style_ground_index((enum theme)p, (enum colormap)m, c.shade));
                    assert_true(colour_contrast(c.front, c.back) >= 3);
                    assert_true(colour_contrast(front, back) >= 3);
                    assert_true(colour_luminance(c.front) >= .45);
                }
}

/* ---- a terminal ------------------------------------------------------------------------------- */

struct seen {
    uint32_t ch, mark;
    int front, back;
    unsigned attributes;
};

struct screen {
    struct seen cell[W * H];
    struct seen pen;
    int x, y;
    int is_old; /* it drops characters of recent versions of Unicode, as tmux does that knows no width of them */
};

static void take_colours(struct screen *t, const int *code, int n)
{
    static const unsigned inks[] = {[1] = INK_BOLD, [2] = INK_DIM, [4] = INK_UNDERLINE, [7] = INK_REVERSE};

    for (int i = 0; i < n; i++) {
        int k = code[i], *colour = k >= 40 && k < 50 ? &t->pen.back : &t->pen.front;
        if (k == 0)
            t->pen = (struct seen){' ', 0, STANDARD, STANDARD, 0};
        else if (k < 8)
            t->pen.attributes |= inks[k];
        else if ((k == 38 || k == 48) && code[i + 1] == 2) {
            *colour = RGB | code[i + 2] << 16 | code[i + 3] << 8 | code[i + 4];
            i += 4;
        } else if (k == 38 || k == 48) {
            assert_int_equal(code[i + 1], 5);
            *colour = code[i + 2];
            i += 2;
        } else if (k >= 30 && k < 38)
            t->pen.front = k - 30;
        else if (k == 39 || k == 49)
            *colour = STANDARD;
        else
            fail_msg("colour %d", k);
    }
}

static const char *take_sequence(struct screen *t, const char *at)
{
    int code[16] = {0}, n = 1;

    assert_int_equal(*at++, '[');
    for (; (*at >= '0' && *at <= '9') || *at == ';'; at++)
        if (*at == ';')
            assert_true(++n < 16);
        else
            code[n - 1] = code[n - 1] * 10 + *at - '0';
    if (*at == 'H')
        t->y = code[0] - 1, t->x = code[1] - 1;
    else if (*at == 'C')
        t->x += code[0] ? code[0] : 1;
    else if (*at == 'm')
        take_colours(t, code, n);
    else
        fail_msg("sequence %c", *at);
    return at + 1;
}

static void read_bytes(struct screen *t, const struct escape_page *o)
{
    char *text = malloc(o->used + 1);
    const char *at = text;

    assert_non_null(text);
    memcpy(text, o->bytes, o->used);
    text[o->used] = '\0';
    while (*at) {
        uint32_t ch;
        if (*at == '\033') {
            at = take_sequence(t, at + 1);
            continue;
        }
        ch = text_next(&at);
        if (text_columns(ch) == 0) {
            t->cell[t->y * W + t->x - 1].mark = ch;
            continue;
        }
        if (t->is_old && ch > 0xffff)
            continue;
        assert_true(t->x >= 0 && t->x < W && t->y >= 0 && t->y < H);
        t->cell[t->y * W + t->x] = t->pen;
        t->cell[t->y * W + t->x].ch = ch;
        t->x += text_columns(ch);
    }
    free(text);
}

static int shown_ground(const struct canvas *c, enum theme p, int colours, int shade)
{
    struct rgb ground;

    if (!shade)
        return STANDARD;
    ground = style_ground(p, c->colormap, shade);
    return colours == TRUE_COLOUR ? packed(ground) : style_ground_index(p, c->colormap, shade);
}

static void check_pixels(const struct canvas *c, enum theme p, int colours, struct cell cell, struct seen s)
{
    enum mosaic kind = (enum mosaic)cell.mosaic;
    int bits = mosaic_bits(kind, s.ch);

    assert_true(bits >= 0);
    for (int i = 0; i < MOSAIC_ACROSS * mosaic_rows(kind); i++)
        assert_int_equal(bits >> i & 1 ? s.front : s.back, shown_ground(c, p, colours, cell.pixels >> i & 1 ? cell.shade : cell.low));
}

static void check_halves(const struct canvas *c, enum theme p, int colours, struct cell cell, struct seen s)
{
    int upper = s.ch == 0x2580 ? s.front : s.back, lower = s.ch == 0x2584 ? s.front : s.back;

    assert_true(s.ch == 0x2580 || s.ch == 0x2584 || s.ch == ' ');
    assert_int_equal(s.attributes, 0);
    assert_int_equal(upper, shown_ground(c, p, colours, cell.shade));
    assert_int_equal(lower, shown_ground(c, p, colours, cell.low));
}

static void check_screen(const struct screen *t, const struct canvas *c, enum theme p, int colours)
{
    for (int i = 0; i < W * H; i++) {
        struct cell cell = canvas_cell(c, i % W, i / W);
        struct seen s = t->cell[i];
        struct ink ink = style_ink(p, colours, (enum style)cell.style);
        if (!cell.ch)
            continue;
        if (cell_has_halves(cell, c->charset)) {
            if (cell.mosaic)
                check_pixels(c, p, colours, cell, s);
            else
                check_halves(c, p, colours, cell, s);
            continue;
        }
        assert_int_equal(s.ch, cell.ch);
        assert_int_equal(s.mark, cell.mark);
        assert_int_equal(s.back, shown_ground(c, p, colours, cell_ground(cell)));
        if (cell.ch == ' ' && !((s.attributes | ink.attributes) & (INK_REVERSE | INK_UNDERLINE)))
            continue;
        assert_int_equal(s.attributes, ink.attributes);
        if (!cell_ground(cell))
            assert_int_equal(s.front, ink.colour);
    }
}

static uint32_t random_of(uint64_t *r, uint32_t n)
{
    *r = *r * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*r >> 33) % n;
}

/* Text, wide characters, accents, halves, grounds with and without characters on them. */
static void scribble(struct canvas *c, uint64_t *r, int cells)
{
    static const char *const words[] = {"loss", "a̍", "語", " ", "⠿⡇", "│", "損失函數"};

    for (int i = 0; i < cells; i++) {
        int x = (int)random_of(r, W), y = (int)random_of(r, H), run = 1 + (int)random_of(r, 9);
        int upper = shade_make((int)random_of(r, SHADES + 1), (int)random_of(r, SHADOWS));
        int lower = random_of(r, 3) ? upper : shade_make((int)random_of(r, SHADES + 1), (int)random_of(r, SHADOWS));
        if (random_of(r, 3) == 0) {
            int shade[MOSAIC_PIXELS];
            for (int k = 0; k < MOSAIC_PIXELS; k++)
                shade[k] = random_of(r, 2) ? upper : lower;
            canvas_pixels(c, x, y, random_of(r, 2) ? MOSAIC_OCTANTS : MOSAIC_SEXTANTS, shade);
        } else if (random_of(r, 2))
            canvas_text(c, x, y, (enum style)random_of(r, STYLE_COUNT), words[random_of(r, 7)]);
        else
            for (int k = 0; k < run; k++)
                canvas_halves(c, x + k, y, upper, lower);
    }
}

static void a_terminal_shows_the_canvas(void **state)
{
    static const int depths[] = {TRUE_COLOUR, 256};
    uint64_t r = 3;

    (void)state;
    for (int round = 0; round < 24; round++) {
        enum theme p = (enum theme)(round % THEME_COUNT);
        struct escape_page page = {0};
        struct cell shown[W * H];
        struct screen t;
        struct canvas c;
        assert_int_equal(canvas_init(&c, W, H, CHARSET_BRAILLE), 0);
        c.colormap = (enum colormap)(round % COLORMAP_COUNT);
        for (int i = 0; i < W * H; i++)
            t.cell[i] = (struct seen){' ', 0, STANDARD, STANDARD, 0};
        t.pen = t.cell[0];
        t.x = t.y = 0;
        t.is_old = 0;
        c.mosaic = round % 3 ? MOSAIC_OCTANTS : MOSAIC_NONE;
        escape_blank(shown, W * H);
        for (int frame = 0; frame < 6; frame++) {
            scribble(&c, &r, 1 << (6 - frame));
            for (int left = 1, parts = 0; left; parts++) {
                page.used = 0;
                left = escape_update(&page, &c, p, depths[round % 2], shown);
                assert_int_equal(page.failed, 0);
                read_bytes(&t, &page);
                assert_true(parts < 4);
            }
            check_screen(&t, &c, p, depths[round % 2]);
        }
        page.used = 0;
        escape_update(&page, &c, p, depths[round % 2], shown);
        assert_int_equal(page.used, 0); /* nothing changed */
        escape_free(&page);
        canvas_free(&c);
    }
}

/* On the test card, where a terminal that has no such characters is to say so by their absence alone. */
static void a_terminal_without_octants_keeps_its_columns(void **state)
{
    struct escape_page page = {0};
    struct cell shown[W * H];
    struct screen t = {.is_old = 1};
    struct canvas c;

    (void)state;
    assert_int_equal(canvas_init(&c, W, H, CHARSET_BRAILLE), 0);
    escape_blank(shown, W * H);
    for (int i = 0; i < W * H; i++)
        t.cell[i] = (struct seen){' ', 0, STANDARD, STANDARD, 0};
    t.pen = t.cell[0];
    for (int frame = 0; frame < 2; frame++) {
        static const int shade[MOSAIC_PIXELS] = {5, 50, 5, 50, 50, 5, 5, 50};
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                canvas_put(&c, x, y, STYLE_TEXT, frame && x % 5 == 2 ? mosaic_glyph(MOSAIC_OCTANTS, 0x1b) : (uint32_t)('a' + x % 7));
        for (int y = 0; y < H && frame; y++) {
            canvas_put(&c, 4, y, STYLE_TEXT, ' ');
            canvas_pixels(&c, 4, y, MOSAIC_OCTANTS, shade);
        }
        do {
            page.used = 0;
        } while (escape_update(&page, &c, THEME_DARK, TRUE_COLOUR, shown) && (read_bytes(&t, &page), 1));
        read_bytes(&t, &page);
    }
    for (int i = 0; i < W * H; i++) {
        int x = i % W, lacks = x % 5 == 2 || x == 4;
        assert_int_equal(t.cell[i].ch, lacks ? ' ' : (uint32_t)('a' + x % 7));
    }
    escape_free(&page);
    canvas_free(&c);
}

/* A cell of two new colours costs most; a smooth map much less. */
static void bytes_are_few(void **state)
{
    float z[33 * 33];
    struct field bowl = {.x = {.lo = -1, .hi = 1}, .y = {.lo = -1, .hi = 1}, .columns = 33, .rows = 33, .z = z};
    struct escape_page page = {0};
    struct cell shown[120 * 40];
    struct canvas c;

    (void)state;
    assert_int_equal(canvas_init(&c, 120, 40, CHARSET_BRAILLE), 0);
    escape_blank(shown, 120 * 40);
    for (int i = 0; i < 33 * 33; i++)
        z[i] = (float)((i % 33 - 16) * (i % 33 - 16) + (i / 33 - 16) * (i / 33 - 16));
    field_fit(&bowl, 0);
    field_draw(&bowl, &c);
    escape_update(&page, &c, THEME_DARK, TRUE_COLOUR, shown);
    assert_in_range(page.used, 10000, 60000);
    canvas_text(&c, 3, 3, STYLE_TEXT, "step 12,345");
    page.used = 0;
    escape_update(&page, &c, THEME_DARK, TRUE_COLOUR, shown);
    assert_in_range(page.used, 11, 600);
    escape_free(&page);
    canvas_free(&c);
}

/* A screen of noise, each pixel of a colour of its own, comes in parts, none larger than a frame may be. */
static void noise_comes_in_parts(void **state)
{
    enum { WIDE = 120, HIGH = 40, FRAME = 60000 };
    uint64_t r = 5;

    (void)state;
    for (int kind = MOSAIC_NONE; kind < MOSAIC_COUNT; kind++) {
        struct escape_page page = {0};
        struct cell shown[WIDE * HIGH];
        struct canvas c;
        int parts = 0, left;
        assert_int_equal(canvas_init(&c, WIDE, HIGH, CHARSET_BRAILLE), 0);
        c.mosaic = (enum mosaic)kind;
        escape_blank(shown, WIDE * HIGH);
        for (int i = 0; i < WIDE * HIGH; i++) {
            int shade[MOSAIC_PIXELS];
            for (int k = 0; k < MOSAIC_PIXELS; k++)
                shade[k] = shade_make(1 + (int)random_of(&r, SHADES), (int)random_of(&r, SHADOWS));
            if (kind)
                canvas_pixels(&c, i % WIDE, i / WIDE, (enum mosaic)kind, shade);
            else
                canvas_halves(&c, i % WIDE, i / WIDE, shade[0], shade[1]);
        }
        do {
            page.used = 0;
            left = escape_update(&page, &c, THEME_DARK, TRUE_COLOUR, shown);
            assert_in_range(page.used, 1, FRAME);
        } while (++parts < 10 && left);
        assert_in_range(parts, 3, 5);
        for (int i = 0; i < WIDE * HIGH; i++)
            assert_true(shown[i].shade == c.cells[i].shade && shown[i].low == c.cells[i].low);
        page.used = 0;
        assert_int_equal(escape_update(&page, &c, THEME_DARK, TRUE_COLOUR, shown), 0);
        assert_int_equal(page.used, 0);
        escape_free(&page);
        canvas_free(&c);
    }
}

/* Where all changes all the time, every row has its turn. */
static void no_row_is_left_for_ever(void **state)
{
    enum { WIDE = 120, HIGH = 40, FRAMES = 12 };
    int renewed[HIGH] = {0};
    struct escape_page page = {0};
    struct cell shown[WIDE * HIGH];
    uint64_t r = 7;
    struct canvas c;

    (void)state;
    assert_int_equal(canvas_init(&c, WIDE, HIGH, CHARSET_BRAILLE), 0);
    escape_blank(shown, WIDE * HIGH);
    for (int frame = 0; frame < FRAMES; frame++) {
        for (int i = 0; i < WIDE * HIGH; i++)
            canvas_halves(&c, i % WIDE, i / WIDE, shade_make(1 + (int)random_of(&r, SHADES), frame % 2), shade_make(1 + (int)random_of(&r, SHADES), 0));
        page.used = 0;
        escape_update(&page, &c, THEME_DARK, TRUE_COLOUR, shown);
        for (int y = 0; y < HIGH; y++)
            renewed[y] += memcmp(&shown[y * WIDE], &c.cells[y * WIDE], WIDE * sizeof *shown) == 0;
    }
    for (int y = 0; y < HIGH; y++)
        assert_in_range(renewed[y], FRAMES / 4, FRAMES);
    escape_free(&page);
    canvas_free(&c);
}

static size_t count_of(const char *text, const char *part)
{
    size_t n = 0;

    while ((text = strstr(text, part))) {
        n++;
        text += strlen(part);
    }
    return n;
}

static void lines_have_the_colours_there_are(void **state)
{
    static const struct {
        int colours;
        const char *has, *lacks;
    } depths[] = {{TRUE_COLOUR, "48;2;", NULL}, {256, "48;5;", "8;2;"}, {16, "\033[94", "8;5;"}, {8, "\033[33", "\033[9"}, {0, "\033[0;1", "\033[3"}};

    (void)state;
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        struct escape_page page = {0};
        struct canvas c;
        char *text;
        assert_int_equal(canvas_init(&c, 20, 3, CHARSET_BRAILLE), 0);
        canvas_halves(&c, 1, 1, shade_make(80, 0), shade_make(20, 0));
        canvas_text(&c, 2, 0, STYLE_SERIES_6, "x");
        canvas_text(&c, 4, 0, STYLE_SERIES_2, "x");
        canvas_text(&c, 6, 0, STYLE_STRONG, "x");
        escape_lines(&page, &c, THEME_DARK, depths[i].colours);
        text = calloc(1, page.used + 1);
        memcpy(text, page.bytes, page.used);
        assert_int_equal(count_of(text, "\n"), 3);
        assert_non_null(strstr(text, depths[i].has));
        if (depths[i].lacks)
            assert_null(strstr(text, depths[i].lacks));
        free(text);
        escape_free(&page);
        canvas_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_rise_evenly),
        cmocka_unit_test(maps_of_256_colours_rise),
        cmocka_unit_test(everything_is_seen_in_256_colours),
        cmocka_unit_test(maps_are_the_published_ones),
        cmocka_unit_test(the_nearest_colour_is_near),
        cmocka_unit_test(everything_is_seen_on_every_ground),
        cmocka_unit_test(paths_are_seen_on_every_height),
        cmocka_unit_test(paths_are_seen_on_every_shade),
        cmocka_unit_test(a_terminal_shows_the_canvas),
        cmocka_unit_test(a_terminal_without_octants_keeps_its_columns),
        cmocka_unit_test(bytes_are_few),
        cmocka_unit_test(noise_comes_in_parts),
        cmocka_unit_test(no_row_is_left_for_ever),
        cmocka_unit_test(lines_have_the_colours_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
