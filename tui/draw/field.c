/* SPDX-License-Identifier: MIT */
#include "draw/field.h"

#include <math.h>
#include <stdlib.h>

#include "draw/axes.h"
#include "draw/contour.h"
#include "draw/halo.h"
#include "draw/number.h"
#include "draw/relief.h"
#include "draw/text.h"

enum { BULLET = 0x2022, DOT = 0xb7 };
static const double NEAR = 1. / 3, FAR = 2. / 3; /* of a path's points away from the map */

enum { MARKER_GAP = 16, BAR = 2, LEGEND_LEAST_W = 34, LEGEND_LEAST_H = 5 };

static const double CROWDED = 1.6; /* lines a cell */

/* ---- heights ----------------------------------------------------------------------------------- */

double field_place(const struct field *f, double z)
{
    double place;

    if (isnan(z))
        return NAN;
    place = f->z_axis.log && z <= 0 ? -1 : axis_place(&f->z_axis, z);
    return fmin(fmax(place, -1), 2);
}

int field_shade(double place)
{
    if (isnan(place))
        return 0;
    return place <= 0 ? 1 : place >= 1 ? SHADES : 1 + (int)(place * SHADES);
}

void field_square(const struct field *f, int column, int row, double z[4])
{
    const float *low = f->z + (size_t)row * (size_t)f->columns + column, *high = low + f->columns;

    z[0] = field_place(f, low[0]);
    z[1] = field_place(f, low[1]);
    z[2] = field_place(f, high[1]);
    z[3] = field_place(f, high[0]);
}

int field_levels(const struct field *f, int want, double level[AXIS_TICKS])
{
    return axis_ticks(&f->z_axis, want, level);
}

void field_fit(struct field *f, double decades)
{
    double lo = INFINITY, hi = -INFINITY;

    for (size_t i = 0; i < (size_t)f->columns * (size_t)f->rows; i++) {
        double z = f->z[i];
        if (!isfinite(z) || (f->z_axis.log && z <= 0))
            continue;
        lo = fmin(lo, z);
        hi = fmax(hi, z);
    }
    if (f->z_axis.log)
        lo = fmax(lo, hi * pow(10, -decades));
    axis_fit(&f->z_axis, lo, hi);
}

double field_place_at(const struct field *f, double u, double v)
{
    double column = u * (f->columns - 1), row = v * (f->rows - 1), z[4], s, t, mixed;
    int i = (int)fmin(fmax(column, 0), f->columns - 2), j = (int)fmin(fmax(row, 0), f->rows - 2);

    field_square(f, i, j, z);
    s = column - i, t = row - j;
    mixed = (1 - t) * ((1 - s) * z[0] + s * z[1]) + t * ((1 - s) * z[3] + s * z[2]);
    if (!isnan(mixed))
        return mixed;
    return z[t < .5 ? (s < .5 ? 0 : 1) : (s < .5 ? 3 : 2)];
}

/* ---- where things go ----------------------------------------------------------------------------- */

struct ground {
    const struct field *f;
    struct axes a;
    struct canvas map;    /* what the axes are laid on; its lines are braille, that the ground is seen between */
    enum mosaic mosaic;   /* of the ground */
    struct canvas legend; /* width 0: none */
    double levels[AXIS_TICKS], level_place[AXIS_TICKS];
    int level_count;
    struct rect label[AXIS_TICKS]; /* of lines of equal height, on the map */
    int labels;
};

static int want_levels(int h)
{
    return h <= 8 ? 3 : h <= 16 ? 5 : 7;
}

static int label_width(const struct ground *g)
{
    char text[NUMBER_SIZE];
    int widest = g->f->z_name ? canvas_width(&g->legend, g->f->z_name) - BAR - 1 : 0;

    for (int i = 0; i < g->level_count; i++) {
        axis_label(&g->f->z_axis, g->levels, g->level_count, i, text, sizeof text);
        widest = text_width(text) > widest ? text_width(text) : widest;
    }
    return widest;
}

static struct ground lay(const struct field *f, struct canvas *c)
{
    struct ground g = {.f = f};
    int room;

    g.map = *c;
    g.mosaic = c->charset == CHARSET_BRAILLE ? c->mosaic : MOSAIC_NONE;
    g.level_count = field_levels(f, f->levels ? f->levels : want_levels(c->h), g.levels);
    for (int i = 0; i < g.level_count; i++)
        g.level_place[i] = field_place(f, g.levels[i]);
    room = label_width(&g) + BAR + 1;
    if (c->w >= LEGEND_LEAST_W && c->h >= LEGEND_LEAST_H) {
        g.map = canvas_part(c, (struct rect){0, 0, c->w - room - 2, c->h});
        g.legend = canvas_part(c, (struct rect){c->w - room, 0, room, c->h});
    }
    g.map.mosaic = MOSAIC_NONE;
    g.a = axes_lay(&f->x, &f->y, 0, &g.map);
    return g;
}

/* In rows from the top, 0 … rows. */
static double row_place(double at, int rows)
{
    return 1 - at / rows;
}

/* ---- drawing ----------------------------------------------------------------------------------- */

/* Six or eight pixels in a cell, by two shades. */
static void draw_pixels(struct ground *g)
{
    int down = mosaic_rows(g->mosaic), shade[MOSAIC_PIXELS];

    for (int y = 0; y < g->a.rows; y++)
        for (int x = 0; x < g->a.c.w; x++) {
            for (int i = 0; i < MOSAIC_ACROSS * down; i++) {
                double u = (x + (i % MOSAIC_ACROSS + .5) / MOSAIC_ACROSS) / g->a.c.w, row = y + (i / MOSAIC_ACROSS + .5) / down;
                shade[i] = field_shade(field_place_at(g->f, u, row_place(row, g->a.rows)));
            }
            canvas_put(&g->a.c, x, y, STYLE_TEXT, ' ');
            canvas_pixels(&g->a.c, x, y, g->mosaic, shade);
        }
}

/* Two pixels in a cell, or one where the charset has no halves, or where they differ so little that they are not worth
 * another colour on the way to the terminal. */
static void draw_shades(struct ground *g)
{
    double apart = g->a.c.charset == CHARSET_ASCII ? 0 : .25;

    for (int y = 0; y < g->a.rows; y++)
        for (int x = 0; x < g->a.c.w; x++) {
            double u = (x + .5) / g->a.c.w, upper = field_place_at(g->f, u, row_place(y + .5 - apart, g->a.rows));
            double lower = field_place_at(g->f, u, row_place(y + .5 + apart, g->a.rows));
            canvas_put(&g->a.c, x, y, STYLE_TEXT, ' ');
            if (abs(field_shade(upper) - field_shade(lower)) > 1)
                canvas_halves(&g->a.c, x, y, field_shade(upper), field_shade(lower));
            else
                canvas_shade(&g->a.c, x, y, field_shade(field_place_at(g->f, u, row_place(y + .5, g->a.rows))));
        }
}

struct pen {
    struct canvas *c;
    enum style style;
    char plain;
    int across, down; /* dots of a cell on a path, which has an edge; 0: a line of the surface */
};

static void pen_dot(void *pen, int x, int y)
{
    const struct pen *p = pen;

    canvas_dot(p->c, x, y, p->style, p->plain);
    if (p->across)
        canvas_edge(p->c, x / p->across, y / p->down);
}

/* From the grid's points to dots. */
static void draw_piece(struct ground *g, int column, int row, const struct line_piece *p)
{
    struct pen pen = {&g->a.c, STYLE_CONTOUR, '.', 0, 0};
    double w = (double)(g->a.c.w * g->a.across - 1) / (g->f->columns - 1);
    double h = (double)(g->a.rows * g->a.down - 1) / (g->f->rows - 1), bottom = g->a.rows * g->a.down - 1;

    line_walk((int)lround((column + p->x0) * w), (int)lround(bottom - (row + p->y0) * h),
              (int)lround((column + p->x1) * w), (int)lround(bottom - (row + p->y1) * h), pen_dot, &pen);
}

/* Draw only every second, fourth … line if it is so steep that several would share a cell. */
static int line_stride(const struct ground *g, const double z[4])
{
    double across = fmax(fabs(z[1] - z[0]), fabs(z[2] - z[3])) * (g->f->columns - 1) / g->a.c.w;
    double up = fmax(fabs(z[3] - z[0]), fabs(z[2] - z[1])) * (g->f->rows - 1) / g->a.rows, lines = hypot(across, up) * g->level_count;
    int stride = 1;

    while (lines > CROWDED * stride && stride <= g->level_count)
        stride *= 2;
    return stride;
}

/* Whether any line goes through the square: most have none. */
static int is_crossed(const struct ground *g, const double z[4])
{
    double lo = fmin(fmin(z[0], z[1]), fmin(z[2], z[3])), hi = fmax(fmax(z[0], z[1]), fmax(z[2], z[3]));

    for (int i = 0; i < g->level_count; i++)
        if (g->level_place[i] >= lo && g->level_place[i] <= hi)
            return 1;
    return 0;
}

/* Without braille the shades' edges are the lines: a cell or its half leaves no room for both. */
static void draw_contours(struct ground *g)
{
    struct line_piece piece[2];
    double z[4];

    for (int row = 0; row + 1 < g->f->rows && g->a.c.charset == CHARSET_BRAILLE; row++)
        for (int column = 0; column + 1 < g->f->columns; column++) {
            field_square(g->f, column, row, z);
            if (!is_crossed(g, z))
                continue;
            for (int i = 0, stride = line_stride(g, z); i < g->level_count; i += stride) {
                int n = contour_square(z, g->level_place[i], piece);
                for (int k = 0; k < n; k++)
                    draw_piece(g, column, row, &piece[k]);
            }
        }
}

/* Whether a line lies along a row under so many columns, alone. */
static int lies_along(const struct ground *g, double level, int x, int y, int columns)
{
    for (int i = x; i < x + columns; i++) {
        double u = (i + .5) / g->a.c.w, top = field_place_at(g->f, u, row_place(y, g->a.rows));
        double bottom = field_place_at(g->f, u, row_place(y + 1, g->a.rows));
        if (!((top >= level) != (bottom >= level)) || fabs(top - bottom) * g->level_count > CROWDED)
            return 0;
    }
    return 1;
}

/* Whether it crosses a row under so many columns from one side to the other, alone, with room for a number in its place. */
static int crosses(const struct ground *g, double level, int x, int y, int columns)
{
    double v = row_place(y + .5, g->a.rows), left = field_place_at(g->f, (double)x / g->a.c.w, v);
    double right = field_place_at(g->f, (double)(x + columns) / g->a.c.w, v);
    double middle = field_place_at(g->f, (x + columns / 2.) / g->a.c.w, v), apart = fabs(right - left) * g->level_count;

    return (left >= level) != (right >= level) && apart < 1 && fabs(middle - level) < .45 * fabs(right - left);
}

/* Of what moves along a path: numbers would move out of its way. */
static int is_moving(const struct field *f, const struct field_mark *m)
{
    for (int i = 0; i < f->path_count; i++)
        if (f->paths[i].name == m->name)
            return 1;
    return 0;
}

/* Where only lines and the ground are so far, and no mark will be. */
static int is_unwritten(const struct ground *g, int x, int y, int columns)
{
    for (int i = x; i < x + columns; i++) {
        uint32_t ch = canvas_cell(&g->a.c, i, y).ch;
        if (ch != ' ' && !(ch >= 0x2800 && ch < 0x2900))
            return 0;
    }
    for (int i = 0; i < g->f->mark_count; i++) {
        int column = axes_dot_x(&g->a, g->f->marks[i].x) / g->a.across;
        if (!is_moving(g->f, &g->f->marks[i]) && column >= x && column < x + columns &&
            axes_dot_y(&g->a, g->f->marks[i].y) / g->a.down == y)
            return 0;
    }
    return 1;
}

/* The cell nearest to the middle where so many columns of a line are free, flat or crossed; −1: none. */
static int label_cell(const struct ground *g, double level, int columns, int (*holds)(const struct ground *, double, int, int, int))
{
    int best = -1, nearest = 1 << 30;

    for (int at = 0; at < g->a.rows * g->a.c.w; at++) {
        int x = at % g->a.c.w, y = at / g->a.c.w, away = abs(2 * x + columns - g->a.c.w) + 4 * abs(2 * y - g->a.rows);
        if (x > 0 && x + columns < g->a.c.w && away < nearest && holds(g, level, x, y, columns) && is_unwritten(g, x - 1, y, columns + 2))
            best = at, nearest = away;
    }
    return best;
}

/* The height of each line, in it: where it lies flat, or else where it goes up. */
static void label_contours(struct ground *g)
{
    enum { LEAST_W = 40, LEAST_H = 12 };
    char text[NUMBER_SIZE];

    if (g->a.c.w < LEAST_W || g->a.rows < LEAST_H || g->a.c.charset != CHARSET_BRAILLE)
        return;
    for (int i = 0; i < g->level_count; i++) {
        int best, w;
        axis_label(&g->f->z_axis, g->levels, g->level_count, i, text, sizeof text);
        w = canvas_width(&g->a.c, text);
        best = label_cell(g, g->level_place[i], w, lies_along);
        if (best < 0)
            best = label_cell(g, g->level_place[i], w, crosses);
        if (best < 0)
            continue;
        canvas_text(&g->a.c, best % g->a.c.w, best / g->a.c.w, STYLE_QUIET, text);
        g->label[g->labels++] = (struct rect){best % g->a.c.w, best / g->a.c.w, w, 1};
    }
}

/* What a path has left of a number says nothing. */
static void drop_crossed_labels(struct ground *g)
{
    for (int i = 0; i < g->labels; i++) {
        struct rect r = g->label[i];
        int crossed = 0;
        for (int x = r.x; x < r.x + r.w; x++)
            crossed |= canvas_cell(&g->a.c, x, r.y).edged;
        for (int x = r.x; x < r.x + r.w && crossed; x++)
            if (!canvas_cell(&g->a.c, x, r.y).edged)
                canvas_put(&g->a.c, x, r.y, STYLE_TEXT, ' ');
    }
}

static void put(struct ground *g, int x, int y, enum style s, uint32_t glyph, char plain)
{
    canvas_put(&g->a.c, x, y, s, g->a.c.charset == CHARSET_ASCII ? (unsigned char)plain : glyph);
    canvas_edge(&g->a.c, x, y);
}

/* From point to point, in dots; what is outside is cut off. */
static struct line_piece path_piece(const struct ground *g, const struct field_path *p, int i)
{
    size_t stride = p->stride ? (size_t)p->stride : 1, at = (size_t)i * stride, next = at + stride;
    double w = g->a.c.w * g->a.across - 1, h = g->a.rows * g->a.down - 1;

    return (struct line_piece){axis_place(g->a.x, p->x[at]) * w, (1 - axis_place(g->a.y, p->y[at])) * h,
                               axis_place(g->a.x, p->x[next]) * w, (1 - axis_place(g->a.y, p->y[next])) * h};
}

static void draw_line(struct ground *g, const struct field_path *p)
{
    struct pen pen = {&g->a.c, p->style, p->plain, g->a.across, g->a.down};

    for (int i = 0; i + 1 < p->count; i++) {
        struct line_piece l = path_piece(g, p, i);
        if (line_clip(&l, g->a.c.w * g->a.across - 1, g->a.rows * g->a.down - 1))
            line_walk((int)lround(l.x0), (int)lround(l.y0), (int)lround(l.x1), (int)lround(l.y1), pen_dot, &pen);
    }
}

/* A marker wherever the way has come so many cells further; `turn` of the way to the first is gone already, so that ways that
 * coincide take turns. */
static void draw_markers(struct ground *g, const struct field_path *p, double turn)
{
    double come = MARKER_GAP * turn, w = g->a.c.w * g->a.across - 1, h = g->a.rows * g->a.down - 1;

    for (int i = 0; p->marker && i + 1 < p->count; i++) {
        struct line_piece l = path_piece(g, p, i);
        double length = hypot((l.x1 - l.x0) / g->a.across, (l.y1 - l.y0) / g->a.down), t = (MARKER_GAP - come) / length;
        double x = l.x0 + t * (l.x1 - l.x0), y = l.y0 + t * (l.y1 - l.y0);
        come += length;
        if (!(come >= MARKER_GAP))
            continue;
        come = 0;
        if (x >= 0 && x <= w && y >= 0 && y <= h)
            put(g, (int)lround(x) / g->a.across, (int)lround(y) / g->a.down, p->style, p->marker, p->plain);
    }
}

static int is_inside(const struct axis *a, double v)
{
    double place = axis_place(a, v);

    return place >= 0 && place <= 1;
}

/* The nearer the larger and clearer. */
static void draw_points(struct ground *g, const struct field_path *p)
{
    size_t stride = p->stride ? (size_t)p->stride : 1;

    for (int i = 0; p->away && i < p->count; i++) {
        double x = p->x[(size_t)i * stride], y = p->y[(size_t)i * stride], away = p->away[i];
        if (!(away >= 0) || !is_inside(g->a.x, x) || !is_inside(g->a.y, y))
            continue;
        put(g, axes_dot_x(&g->a, x) / g->a.across, axes_dot_y(&g->a, y) / g->a.down,
            away < FAR ? p->style : STYLE_QUIET, away < NEAR ? BULLET : DOT, away < NEAR ? 'o' : '.');
    }
}

static void draw_marks(struct ground *g)
{
    for (int i = 0; i < g->f->mark_count; i++) {
        const struct field_mark *m = &g->f->marks[i];
        if (is_inside(g->a.x, m->x) && is_inside(g->a.y, m->y))
            put(g, axes_dot_x(&g->a, m->x) / g->a.across, axes_dot_y(&g->a, m->y) / g->a.down, m->style, m->glyph, m->plain);
    }
}

static void draw_legend(struct ground *g)
{
    int rows = g->a.rows, last = -1;
    char text[NUMBER_SIZE];

    for (int y = 0; y < rows; y++)
        for (int x = 0; x < BAR; x++)
            canvas_halves(&g->legend, x, y, field_shade(row_place(y + .25, rows)), field_shade(row_place(y + .75, rows)));
    for (int i = g->level_count; i-- > 0;) {
        int row = (int)floor((1 - axis_place(&g->f->z_axis, g->levels[i])) * rows);
        row = row < 0 ? 0 : row >= rows ? rows - 1 : row;
        if (row <= last)
            continue;
        last = row;
        axis_label(&g->f->z_axis, g->levels, g->level_count, i, text, sizeof text);
        canvas_text(&g->legend, BAR + 1, row, STYLE_QUIET, text);
    }
    if (g->f->z_name && g->a.label_row >= 0)
        canvas_text(&g->legend, 0, g->a.label_row, STYLE_QUIET, g->f->z_name);
}

static void name_y(struct ground *g)
{
    if (g->f->y.unit && g->a.label_row >= 0 && canvas_width(&g->map, g->f->y.unit) <= g->a.left - 1)
        canvas_text_right(&g->map, g->a.left - 1, g->a.axis_row, STYLE_QUIET, g->f->y.unit);
}

void field_draw(const struct field *f, struct canvas *c)
{
    struct ground g;

    if (c->w < 1 || c->h < 1)
        return;
    g = lay(f, c);
    if (f->eye) {
        g.map.mosaic = g.mosaic;
        relief_draw(f, &g.map);
        if (g.legend.w > 0)
            draw_legend(&g);
        return;
    }
    if (g.mosaic)
        draw_pixels(&g);
    else
        draw_shades(&g);
    draw_contours(&g);
    label_contours(&g);
    for (int i = 0; i < f->path_count; i++)
        draw_line(&g, &f->paths[i]);
    for (int i = 0; i < f->path_count; i++)
        draw_markers(&g, &f->paths[i], .5 + .5 * i / f->path_count);
    for (int i = 0; i < f->path_count; i++)
        draw_points(&g, &f->paths[i]);
    draw_marks(&g);
    drop_crossed_labels(&g);
    halo_draw(&g.a.c);
    axes_draw(&g.a, &g.map);
    name_y(&g);
    if (g.legend.w > 0)
        draw_legend(&g);
}

int field_point_at(const struct field *f, struct canvas *c, int column, int row, double *x, double *y)
{
    struct ground g = lay(f, c);

    if (f->eye)
        return 0;
    *x = axes_x_at(&g.a, column);
    *y = axes_y_at(&g.a, row);
    return isfinite(*x) && isfinite(*y);
}
