/* SPDX-License-Identifier: MIT */
#include "draw/style.h"

#include <string.h>

/* Columns: 256 colours on dark, on light, high contrast; 16 on dark, on light; 8; attributes with colour, without. */
struct row {
    short dark, light, contrast, dark16, light16, eight;
    unsigned char with, without;
};

static const struct row rows[STYLE_COUNT] = {
    [STYLE_TEXT] = {-1, -1, -1, -1, -1, -1, 0, 0},
    [STYLE_QUIET] = {245, 243, -1, 8, 8, -1, 0, INK_DIM},
    [STYLE_STRONG] = {-1, -1, -1, -1, -1, -1, INK_BOLD, INK_BOLD},
    [STYLE_FRAME] = {242, 246, -1, 8, 7, -1, 0, 0},
    [STYLE_TITLE] = {252, 238, -1, 7, 0, -1, 0, 0},
    [STYLE_FOCUS] = {43, 29, 46, 10, 2, 2, INK_BOLD, INK_BOLD},
    [STYLE_FOCUS_TITLE] = {43, 29, 46, 10, 2, 2, INK_BOLD, INK_BOLD | INK_REVERSE},
    [STYLE_CHOSEN] = {-1, -1, -1, -1, -1, -1, INK_BOLD, INK_BOLD | INK_REVERSE},
    [STYLE_KEY] = {43, 29, 46, 10, 2, 2, 0, INK_BOLD},
    [STYLE_CARET] = {-1, -1, -1, -1, -1, -1, INK_REVERSE, INK_UNDERLINE},
    [STYLE_EDIT] = {227, 130, 226, 11, 3, 3, INK_BOLD, INK_BOLD},
    [STYLE_WARNING] = {220, 130, 226, 11, 3, 3, INK_BOLD, INK_BOLD},
    [STYLE_DANGER] = {203, 160, 196, 9, 1, 1, INK_BOLD, INK_BOLD | INK_REVERSE},
    [STYLE_RAW] = {61, 68, 250, 6, 6, 6, 0, INK_DIM},
    [STYLE_LEVEL] = {242, 246, 250, 8, 8, -1, 0, INK_DIM},
    [STYLE_AHEAD] = {250, 240, -1, 7, 8, -1, 0, 0},
    [STYLE_CONTOUR] = {66, 66, 244, 8, 8, 4, 0, INK_DIM},
    [STYLE_SERIES_1] = {74, 25, 51, 14, 4, 6, 0, INK_BOLD},
    [STYLE_SERIES_2] = {214, 166, 226, 11, 1, 3, 0, 0},
    [STYLE_SERIES_3] = {36, 29, 46, 10, 2, 2, 0, 0},
    [STYLE_SERIES_4] = {175, 133, 201, 13, 5, 5, 0, 0},
    [STYLE_SERIES_5] = {255, 235, 231, 15, 0, 7, 0, INK_BOLD},
    [STYLE_SERIES_6] = {228, 94, 208, 12, 6, 4, 0, 0},
    [STYLE_RUN_A] = {74, 25, 51, 14, 4, 6, INK_BOLD, INK_BOLD},
    [STYLE_RUN_B] = {214, 130, 226, 11, 1, 3, INK_BOLD, INK_BOLD},
    [STYLE_RUN_C] = {175, 97, 201, 13, 5, 5, INK_BOLD, INK_BOLD},
    [STYLE_RUN_D] = {36, 29, 46, 10, 2, 2, INK_BOLD, INK_BOLD},
    [STYLE_BESIDE_A] = {74, 25, 51, 14, 4, 6, 0, INK_DIM},
    [STYLE_BESIDE_B] = {214, 130, 226, 11, 1, 3, 0, INK_DIM},
    [STYLE_BESIDE_C] = {175, 97, 201, 13, 5, 5, 0, INK_DIM},
    [STYLE_BESIDE_D] = {36, 29, 46, 10, 2, 2, 0, INK_DIM},
    [STYLE_GHOST] = {242, 246, 244, 8, 7, -1, 0, INK_DIM},
};

static int row_colour(const struct row *r, enum theme p, int colours)
{
    if (p == THEME_TERMINAL)
        return colours >= 8 ? r->eight : -1;
    if (colours >= 256)
        return p == THEME_LIGHT ? r->light : p == THEME_CONTRAST ? r->contrast : r->dark;
    if (colours >= 16)
        return p == THEME_LIGHT ? r->light16 : r->dark16;
    return colours >= 8 ? r->eight : -1;
}

struct ink style_ink(enum theme p, int colours, enum style s)
{
    const struct row *r = &rows[s];

    if (colours < 8)
        return (struct ink){-1, r->without};
    if (p == THEME_TERMINAL) /* it has no greys of its own to be quiet in */
        return (struct ink){row_colour(r, p, colours), r->with | (r->without & INK_DIM)};
    return (struct ink){row_colour(r, p, colours), r->with};
}

/* ---- grounds ------------------------------------------------------------------------------------ */

int shade_make(int level, int shadow)
{
    return level < 1 ? 0 : level + (SHADES + 1) * shadow;
}

int shade_level(int shade)
{
    return shade % (SHADES + 1);
}

int shade_shadow(int shade)
{
    return shade / (SHADES + 1);
}

/* The terminal's own colours, as well as they can be known. */
static const struct {
    struct rgb paper, text;
} papers[THEME_COUNT] = {{{0x14, 0x17, 0x1c}, {0xd8, 0xdb, 0xe0}}, {{255, 255, 255}, {0x1b, 0x1e, 0x23}}, {{0, 0, 0}, {255, 255, 255}},
                           {{0x14, 0x17, 0x1c}, {0xd8, 0xdb, 0xe0}}};

struct rgb theme_paper(enum theme p)
{
    return papers[p].paper;
}

struct rgb theme_text(enum theme p)
{
    return papers[p].text;
}

struct rgb style_rgb(enum theme p, enum style s)
{
    int colour = style_ink(p, 256, s).colour;

    return colour < 0 ? theme_text(p) : colour_of_index(colour);
}

/* The greys on light paper: low is the paper. */
static int is_reversed(enum theme p, enum colormap map)
{
    return map == COLORMAP_GREY && p == THEME_LIGHT;
}

struct rgb style_height(enum theme p, enum colormap map, double place)
{
    return colormap_at(map, is_reversed(p, map) ? 1 - place : place);
}

/* With the edge's luminance .004 and contrast 3: the edge is seen on grounds above .112, the way on those below .117. */
static const double WAY_LUMINANCE = .45;

struct rgb style_way(enum theme p, enum style s)
{
    struct rgb c = style_rgb(p == THEME_CONTRAST ? p : THEME_DARK, s), way = c;

    for (int i = 1; i <= 50 && colour_luminance(way) < WAY_LUMINANCE; i++)
        way = colour_mix(c, (struct rgb){255, 255, 255}, i / 50.);
    return way;
}

struct rgb style_edge(void)
{
    return (struct rgb){0x0b, 0x0d, 0x10};
}

static struct rgb in_shadow(struct rgb c, int shade)
{
    static const double DARKEST = .25;

    return colour_mix(c, (struct rgb){0, 0, 0}, (1 - DARKEST) * shade_shadow(shade) / (SHADOWS - 1));
}

struct rgb style_ground(enum theme p, enum colormap map, int shade)
{
    return in_shadow(style_height(p, map, (shade_level(shade) - 1.) / (SHADES - 1)), shade);
}

int style_ground_index(enum theme p, enum colormap map, int shade)
{
    int level = shade_level(shade), index = colormap_index(map, is_reversed(p, map) ? SHADES + 1 - level : level);

    return shade_shadow(shade) ? colour_nearest(in_shadow(colour_of_index(index), shade)) : index;
}

static struct rgb nearest(struct rgb c)
{
    return colour_of_index(colour_nearest(c));
}

int style_under(enum theme p, enum style s, enum colormap map, int shade)
{
    static const double ENOUGH = 3.2;
    struct rgb way = style_way(p, s), way_sent = nearest(way);
    int shadow = shade_shadow(shade);

    for (; shadow < SHADOWS - 1; shadow++) { /* for terminals of 256 colours as well */
        int darker = shade_make(shade_level(shade), shadow);
        if (colour_contrast(way, style_ground(p, map, darker)) >= ENOUGH &&
            colour_contrast(way_sent, colour_of_index(style_ground_index(p, map, darker))) >= ENOUGH)
            break;
    }
    return shade_make(shade_level(shade), shadow);
}

/* Towards white or black, no farther than it takes; among 256 colours as it is sent. */
static struct rgb seen_on(enum theme p, enum style s, struct rgb ground, int sent)
{
    static const double MARK = 3, CONTOUR = 1.9;
    const struct rgb black = {0, 0, 0}, white = {255, 255, 255}, c = style_rgb(p, s);
    double enough = s == STYLE_CONTOUR ? CONTOUR : MARK;

    for (int i = 0; i <= 20; i++) {
        struct rgb light = colour_mix(c, white, i / 20.), dark = colour_mix(c, black, i / 20.);
        double lighter = colour_contrast(sent ? nearest(light) : light, ground);
        double darker = colour_contrast(sent ? nearest(dark) : dark, ground);
        if (lighter >= enough || darker >= enough)
            return lighter > darker ? light : dark;
    }
    return colour_contrast(white, ground) > colour_contrast(black, ground) ? white : black;
}

struct rgb style_on(enum theme p, enum style s, struct rgb ground)
{
    return seen_on(p, s, ground, 0);
}

int style_on_index(enum theme p, enum style s, int ground)
{
    return colour_nearest(seen_on(p, s, colour_of_index(ground), 1));
}

int theme_find(const char *name)
{
    static const char *const names[THEME_COUNT] = {"dark", "light", "contrast", "terminal"};

    for (int i = 0; i < THEME_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}
