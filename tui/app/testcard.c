/* SPDX-License-Identifier: MIT */
#include "app/testcard.h"

#include <math.h>

#include "app/actions.h"
#include "app/app.h"
#include "app/command-line.h"

enum { WIDTH = 76, RING_W = 12, RING_H = 6, RING_GAP = 2, ROW = RING_H + 1, TEXT_AT = 5 };

struct words {
    const char *lines, *maps, *since;
};

static struct words words_of(enum mosaic kind, enum charset charset)
{
    static const struct words of[MOSAIC_COUNT] = {
        {"lines of 2×4 dots", "maps of 1×2 pixels, ▀", "in most fonts"},
        {"lines of 2×3 pixels", "maps of 2×3 pixels in two colours", "Unicode 13, 2020"},
        {"lines of 2×4 pixels", "maps of 2×4 pixels in two colours", "Unicode 16, 2024"},
    };
    static const struct words console = {"here lines of 1×2 pixels", "maps of 1×2 pixels", "a console's font has no braille"};
    static const struct words ascii = {"here lines of characters", "maps of denser and thinner ones", "braille needs a UTF-8 locale"};
    static const struct words no_font = {"cannot be shown here:", "a console's font lacks them", ""};
    static const struct words no_locale = {"cannot be shown here:", "they need a UTF-8 locale", ""};

    if (charset == CHARSET_BRAILLE)
        return of[kind];
    if (kind == MOSAIC_NONE)
        return charset == CHARSET_BLOCK ? console : ascii;
    return charset == CHARSET_BLOCK ? no_font : no_locale;
}

unsigned command_testcard(struct app *a, const char *rest)
{
    (void)rest;
    if (a->options.plain)
        app_say(a, 1, "testcard: there is nothing to see without a screen");
    else
        a->model.ui.mode = MODE_TESTCARD;
    return REACT_DRAW;
}

unsigned action_cells(struct app *a, int kind)
{
    return command_cells(a, mosaic_name((enum mosaic)kind));
}

/* A ring with a diagonal through it, in dots. */
static void draw_lines(struct canvas *c)
{
    int across, down, w, h;

    canvas_dots(c, &across, &down);
    w = across * c->w, h = down * c->h;
    for (int i = 0; i < 4 * (w + h); i++) {
        double turn = 2 * 3.14159265358979323846 * i / (4 * (w + h)), t = i / (4. * (w + h));
        canvas_dot(c, (int)((w - 1) * (.5 + .5 * cos(turn)) + .5), (int)((h - 1) * (.5 + .5 * sin(turn)) + .5), STYLE_SERIES_1, 'o');
        canvas_dot(c, (int)((w - 1) * t + .5), (int)((h - 1) * (1 - t) + .5), STYLE_SERIES_1, '.');
    }
}

/* Of a bowl; a step in it makes a ring. */
static int shade_at(double u, double v)
{
    double far = hypot(2 * u - 1, 2 * v - 1);

    return far > 1 ? 0 : shade_make(1 + (int)(far * 20) + (far > .6 ? SHADES / 2 : 0), 0);
}

static void draw_map(struct canvas *c, enum mosaic kind)
{
    int across = kind ? MOSAIC_ACROSS : 1, down = kind ? mosaic_rows(kind) : 2, shade[MOSAIC_PIXELS];

    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w; x++) {
            for (int i = 0; i < across * down; i++)
                shade[i] = shade_at((x + (i % across + .5) / across) / c->w, (y + (i / across + .5) / down) / c->h);
            if (kind)
                canvas_pixels(c, x, y, kind, shade);
            else
                canvas_halves(c, x, y, shade[0], shade[1]);
        }
}

static void draw_row(const struct model *m, struct canvas *c, enum mosaic kind)
{
    struct canvas text = canvas_part(c, (struct rect){0, 0, c->w - 2 * (RING_W + RING_GAP), c->h});
    struct canvas lines = canvas_part(c, (struct rect){c->w - 2 * RING_W - RING_GAP, 0, RING_W, RING_H});
    struct canvas map = canvas_part(c, (struct rect){c->w - RING_W, 0, RING_W, RING_H});
    int chosen = m->ui.mosaic == kind, lacking = kind != MOSAIC_NONE && c->charset != CHARSET_BRAILLE;
    struct words words = words_of(kind, c->charset);

    canvas_put(&text, 1, 0, STYLE_KEY, '1' + (uint32_t)kind);
    canvas_format(&text, TEXT_AT - 2, 0, chosen ? STYLE_STRONG : STYLE_TEXT, "%s %s", chosen ? "▸" : " ", mosaic_name(kind));
    canvas_format(&text, TEXT_AT, 1, STYLE_KEY, ":cells %s", mosaic_name(kind));
    canvas_text(&text, TEXT_AT, 2, lacking ? STYLE_WARNING : STYLE_QUIET, words.lines);
    canvas_text(&text, TEXT_AT, 3, lacking ? STYLE_WARNING : STYLE_QUIET, words.maps);
    canvas_text(&text, TEXT_AT, 4, STYLE_QUIET, words.since);
    if (lacking)
        return;
    lines.mosaic = kind;
    draw_lines(&lines);
    draw_map(&map, kind);
}

void testcard_draw(const struct model *m, struct canvas *c)
{
    int w = c->w < WIDTH ? c->w : WIDTH, all = MOSAIC_COUNT * ROW + 1;
    struct canvas box = canvas_part(c, (struct rect){(c->w - w) / 2, 0, w, c->h}), page;

    canvas_clear(&box);
    page = canvas_frame(&box, 1, "test card", "whole rings: the font has them");
    page = canvas_part(&page, (struct rect){0, page.h >= all, page.w - 1, page.h});
    for (int kind = 0; kind < MOSAIC_COUNT; kind++) {
        struct canvas row = canvas_part(&page, (struct rect){0, kind * ROW, page.w, ROW});
        draw_row(m, &row, (enum mosaic)kind);
    }
}
