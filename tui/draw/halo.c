/* SPDX-License-Identifier: MIT */
#include "draw/halo.h"

#include <math.h>

/* In pixels, halves of cells, which are about square: from a path's dots up to where it is all dark, and to where nothing is
 * left. Not from its cells: their shape is what is not to be seen. */
static const double DARK = .7, CLEAR = 2.5;

enum { REACH = 2 /* cells that a halo reaches in each direction */, BRAILLE = 0x2800, DOTS = 8, HALVES = 2 };

/* Distance of a pixel's middle from the nearest dot of a character, or from the middle of one that has no dots; the pixel is
 * counted from the upper half of the character's cell. */
static double distance(uint32_t ch, int x, int y)
{
    static const struct {
        double x, y;
    } dot[DOTS] = {{.25, .25}, {.25, .75}, {.25, 1.25}, {.75, .25}, {.75, .75}, {.75, 1.25}, {.25, 1.75}, {.75, 1.75}};
    double nearest = INFINITY;

    if (ch <= BRAILLE || ch >= BRAILLE + (1 << DOTS))
        return hypot(x, y + .5 - 1);
    for (int i = 0; i < DOTS; i++)
        if ((ch - BRAILLE) >> i & 1)
            nearest = fmin(nearest, hypot(x + .5 - dot[i].x, y + .5 - dot[i].y));
    return nearest;
}

static int strength(double away)
{
    double share = (CLEAR - away) / (CLEAR - DARK);

    return (int)lround(HALO_FULL * fmin(fmax(share, 0), 1));
}

static void spread(struct canvas *c, int x, int y, const struct cell *from)
{
    for (int dy = -REACH; dy <= REACH; dy++)
        for (int dx = -REACH; dx <= REACH; dx++) {
            struct cell *to = canvas_at(c, x + dx, y + dy);
            if (!to || to->edged)
                continue;
            for (int half = 0; half < HALVES; half++) {
                int much = strength(distance(from->ch, dx, HALVES * dy + half));
                if (much <= to->halo[half] || !(half ? to->low : to->shade))
                    continue;
                to->halo[half] = (uint8_t)much;
                to->halo_style = from->style;
            }
        }
}

void halo_draw(struct canvas *c)
{
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w; x++) {
            const struct cell *cell = canvas_at(c, x, y);
            if (cell && cell->edged)
                spread(c, x, y, cell);
        }
}

/* The shade with so much of the shadow that it would have under a path. */
static uint16_t darken(uint16_t shade, int much, enum style s, enum theme p, enum colormap map)
{
    int shadow = shade_shadow(shade), all;

    if (!shade || !much)
        return shade;
    all = shade_shadow(style_under(p, s, map, shade));
    return (uint16_t)shade_make(shade_level(shade), shadow + ((all - shadow) * much + HALO_FULL / 2) / HALO_FULL);
}

struct cell halo_cell(struct cell cell, enum theme p, enum colormap map)
{
    enum style s = cell.halo_style < STYLE_COUNT ? (enum style)cell.halo_style : STYLE_TEXT;
    int upper = cell.halo[0], lower = cell.halo[1];

    if (!upper && !lower)
        return cell;
    if (cell.mosaic) /* its two colours are anywhere in it */
        upper = lower = (upper + lower + 1) / 2;
    if (cell.ch != ' ') /* its halves are one */
        upper = lower = upper > lower ? upper : lower;
    cell.shade = darken(cell.shade, upper, s, p, map);
    cell.low = darken(cell.low, lower, s, p, map);
    cell.halo[0] = cell.halo[1] = 0;
    return cell;
}
