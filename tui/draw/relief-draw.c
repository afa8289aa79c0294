/* SPDX-License-Identifier: MIT */
#include "draw/relief.h"

#include <math.h>
#include <stdlib.h>

#include "draw/axes.h"
#include "draw/contour.h"
#include "draw/halo.h"
#include "draw/number.h"

enum { LEVELS = 10, PIECES_MOST = 64 };

struct scene {
    struct relief r;
    struct canvas *c; /* its lines are braille, that the surface is seen between */
    enum mosaic mosaic;
    int wide, tall;   /* pixels of a cell, about square: 1×2, or 2×4 for a mosaic */
    int across, down; /* dots of a cell */
};

static int pixel_at(const struct scene *s, int x, int y)
{
    return s->r.pixel[(size_t)y * (size_t)s->r.w + (size_t)x].shade;
}

/* Of four rows of pixels sextants show the three that theirs have their middles in. */
static void draw_mosaic(const struct scene *s)
{
    int down = mosaic_rows(s->mosaic), shade[MOSAIC_PIXELS];

    for (int y = 0; y < s->c->h; y++)
        for (int x = 0; x < s->c->w; x++) {
            for (int i = 0; i < MOSAIC_ACROSS * down; i++)
                shade[i] = pixel_at(s, x * s->wide + i % MOSAIC_ACROSS, y * s->tall + (2 * (i / MOSAIC_ACROSS) + 1) * s->tall / (2 * down));
            canvas_put(s->c, x, y, STYLE_TEXT, ' ');
            canvas_pixels(s->c, x, y, s->mosaic, shade);
        }
}

static void draw_pixels(const struct scene *s)
{
    for (int y = 0; y < s->c->h; y++)
        for (int x = 0; x < s->c->w; x++) {
            int upper = pixel_at(s, x, s->tall * y), lower = pixel_at(s, x, s->tall * y + 1);
            int near = upper && lower && abs(shade_level(upper) - shade_level(lower)) <= 1 && shade_shadow(upper) == shade_shadow(lower);
            canvas_put(s->c, x, y, STYLE_TEXT, ' ');
            canvas_halves(s->c, x, y, upper, near ? upper : lower); /* a colour that nobody misses is not sent */
        }
}

/* A line through space, dot by dot, where nothing is before it. */
static void draw_line(const struct scene *s, struct relief_spot a, struct relief_spot b, enum style style, char plain)
{
    double w = (double)s->across / s->wide, h = (double)s->down / s->tall, long_way = fmax(fabs(b.x - a.x) * w, fabs(b.y - a.y) * h);
    int n = long_way < 1 ? 1 : long_way > 4000 ? 4000 : (int)ceil(long_way);

    if (!isfinite(long_way))
        return;
    for (int i = 0; i <= n; i++) {
        double t = (double)i / n;
        struct relief_spot at = {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.depth + (b.depth - a.depth) * t};
        if (!relief_sees(&s->r, at))
            continue;
        canvas_dot(s->c, (int)floor(at.x * w), (int)floor(at.y * h), style, plain);
        if (style != STYLE_CONTOUR && style != STYLE_FRAME)
            canvas_edge(s->c, (int)floor(at.x / s->wide), (int)floor(at.y / s->tall));
    }
}

/* ---- the floor -------------------------------------------------------------------------------- */

static struct relief_spot on_floor(const struct scene *s, double u, double v)
{
    return relief_project(&s->r, u, v, RELIEF_FLOOR);
}

static void draw_contours(const struct scene *s)
{
    const struct field *f = s->r.f;
    double level[AXIS_TICKS], w = f->columns - 1, h = f->rows - 1;
    int n = field_levels(f, f->levels ? f->levels : LEVELS, level);
    struct line_piece p[2];

    for (int i = 0; i < n; i++)
        level[i] = field_place(f, level[i]);
    for (int row = 0; row + 1 < f->rows; row++)
        for (int column = 0; column + 1 < f->columns; column++) {
            const double *low = s->r.place + (size_t)row * (size_t)f->columns + column, *high = low + f->columns;
            const double z[4] = {low[0], low[1], high[1], high[0]};
            for (int i = 0; i < n; i++)
                for (int k = contour_square(z, level[i], p); k-- > 0;)
                    draw_line(s, on_floor(s, (column + p[k].x0) / w, (row + p[k].y0) / h),
                              on_floor(s, (column + p[k].x1) / w, (row + p[k].y1) / h), STYLE_CONTOUR, '.');
        }
}

static void write_at(const struct scene *s, double u, double v, const char *text)
{
    struct relief_spot at = on_floor(s, u, v);
    int x = (int)floor(at.x / s->wide), y = (int)floor(at.y / s->tall) + 1, w = canvas_width(s->c, text);

    x = at.x < s->r.w / 2. ? x - w : x + 1;
    if (x >= 0 && x + w <= s->c->w && y >= 0 && y < s->c->h)
        canvas_text(s->c, x, y, STYLE_QUIET, text);
}

/* Along the two edges of the floor that are nearest: the ends' values, and the name between them. */
static void name_edges(const struct scene *s)
{
    const struct axis *axes[] = {&s->r.f->x, &s->r.f->y};
    double near_v = s->r.turn[0] > 0 ? 0 : 1, near_u = s->r.turn[1] > 0 ? 0 : 1;
    char text[NUMBER_SIZE];

    for (int i = 0; i < 2; i++) {
        for (int end = 0; end < 2; end++) {
            number_short(text, sizeof text, end ? axes[i]->hi : axes[i]->lo);
            write_at(s, i ? near_u : .06 + .88 * end, i ? .06 + .88 * end : near_v, text);
        }
        if (axes[i]->unit)
            write_at(s, i ? near_u : .5, i ? .5 : near_v, axes[i]->unit);
    }
}

static void draw_floor(const struct scene *s)
{
    static const double corner[][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};

    for (int i = 0; i < 4; i++) {
        const double *a = corner[i], *b = corner[(i + 1) % 4];
        draw_line(s, on_floor(s, a[0], a[1]), on_floor(s, b[0], b[1]), STYLE_FRAME, '-');
    }
    draw_contours(s);
}

/* ---- on the surface --------------------------------------------------------------------------- */

/* The spot of a point of the plane, 0 where it is not over the grid. */
static int on_surface(const struct scene *s, double u, double v, struct relief_spot *at)
{
    double place;

    if (!(u >= -1e-9 && u <= 1 + 1e-9 && v >= -1e-9 && v <= 1 + 1e-9))
        return 0;
    place = field_place_at(s->r.f, u, v);
    *at = relief_project(&s->r, u, v, fmin(fmax(place, 0), 1));
    return isfinite(place);
}

/* In pieces no longer than the grid is fine, so that it lies on the surface. */
static void draw_piece(const struct scene *s, const struct field_path *p, const double from[2], const double to[2])
{
    double cells = hypot((to[0] - from[0]) * s->r.f->columns, (to[1] - from[1]) * s->r.f->rows);
    int n = !(cells > 1) ? 1 : cells > PIECES_MOST ? PIECES_MOST : (int)ceil(cells);
    struct relief_spot a = {0, 0, 0}, b;
    int known = on_surface(s, from[0], from[1], &a);

    for (int i = 1; i <= n; i++) {
        double t = (double)i / n;
        int next = on_surface(s, from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, &b);
        if (known && next)
            draw_line(s, a, b, p->style, p->plain);
        known = next;
        a = b;
    }
}

static void draw_path(const struct scene *s, const struct field_path *p)
{
    const struct field *f = s->r.f;
    size_t stride = p->stride ? (size_t)p->stride : 1;
    double at[2], before[2] = {NAN, NAN};

    for (int i = 0; i < p->count; i++) {
        at[0] = axis_place(&f->x, p->x[(size_t)i * stride]);
        at[1] = axis_place(&f->y, p->y[(size_t)i * stride]);
        if (isfinite(at[0] + at[1] + before[0] + before[1]))
            draw_piece(s, p, before, at);
        before[0] = at[0], before[1] = at[1];
    }
}

/* What stands on it is always seen: it says where somebody is. */
static void draw_mark(const struct scene *s, const struct field_mark *m)
{
    struct relief_spot at;
    int ascii = s->c->charset == CHARSET_ASCII;

    if (!on_surface(s, axis_place(&s->r.f->x, m->x), axis_place(&s->r.f->y, m->y), &at))
        return;
    canvas_put(s->c, (int)floor(at.x / s->wide), (int)floor(at.y / s->tall), m->style, ascii ? (unsigned char)m->plain : m->glyph);
    canvas_edge(s->c, (int)floor(at.x / s->wide), (int)floor(at.y / s->tall));
}

void relief_draw(const struct field *f, struct canvas *c)
{
    struct canvas lines = *c;
    struct scene s = {.c = &lines, .mosaic = c->charset == CHARSET_BRAILLE ? c->mosaic : MOSAIC_NONE};

    lines.mosaic = MOSAIC_NONE;
    canvas_dots(&lines, &s.across, &s.down);
    s.wide = s.mosaic ? MOSAIC_ACROSS : 1;
    s.tall = 2 * s.wide;
    if (relief_init(&s.r, f, s.wide * c->w, s.tall * c->h) != 0)
        return;
    if (s.mosaic)
        draw_mosaic(&s);
    else
        draw_pixels(&s);
    draw_floor(&s);
    name_edges(&s);
    for (int i = 0; i < f->path_count; i++)
        draw_path(&s, &f->paths[i]);
    for (int i = 0; i < f->mark_count; i++)
        draw_mark(&s, &f->marks[i]);
    halo_draw(s.c);
    relief_free(&s.r);
}
