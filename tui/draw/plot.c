/* SPDX-License-Identifier: MIT */
#include "draw/plot.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/glyph.h"
#include "draw/line.h"
#include "draw/text.h"

enum { LEVEL_LINE = 0x254c, ZONE_SHADE = 0x2591, MARKER_GAP = 6 };

static struct axes lay(const struct plot *p, struct canvas *c)
{
    return axes_lay(&p->x, &p->y, p->label_room, c);
}

/* Row of a reference line, −1 when it is out of sight. */
static int level_row(const struct plot *p, const struct axes *f, int i)
{
    double place = axis_place(&p->y, p->levels[i].y);

    return place >= 0 && place <= 1 ? axes_dot_y(f, p->levels[i].y) / f->down : -1;
}

static void draw_levels(const struct plot *p, struct axes *f)
{
    for (int i = 0; i < p->level_count; i++)
        for (int x = 0, row = level_row(p, f, i); x < f->c.w && row >= 0; x++)
            canvas_put(&f->c, x, row, p->levels[i].style, LEVEL_LINE);
}

/* At least the row it lies in. */
static void draw_zones(const struct plot *p, struct axes *f)
{
    for (int i = 0; i < p->zone_count; i++) {
        int top = axes_dot_y(f, p->zones[i].hi) / f->down, bottom = axes_dot_y(f, p->zones[i].lo) / f->down;
        for (int y = top < 0 ? 0 : top; y <= bottom && y < f->rows; y++)
            for (int x = 0; x < f->c.w; x++)
                canvas_put(&f->c, x, y, STYLE_LEVEL, ZONE_SHADE);
    }
}

static int run_is_free(const struct axes *f, int x, int y, int width)
{
    uint32_t line = glyph_for(f->c.charset, LEVEL_LINE);

    for (int i = 0; i < width; i++)
        if (canvas_cell(&f->c, x + i, y).ch != line)
            return 0;
    return x >= 0;
}

/* The last column where so much of a reference line is free left of `right`, −1: none. */
static int free_run(const struct axes *f, int row, int width, int right)
{
    for (int x = right - width; x >= 1; x--)
        if (run_is_free(f, x, row, width))
            return x;
    return -1;
}

/* A name with the line on both sides of it, or for want of that without; what follows a comma may be left out. */
static void name_level(struct axes *f, const struct plot_level *level, int row)
{
    int whole = canvas_width(&f->c, level->name), brief = (int)strcspn(level->name, ","), x;

    for (int width = whole; width; width = width > brief ? brief : 0)
        for (int line = 1; line >= 0; line--) {
            x = free_run(f, row, width + 2 + 2 * line, f->c.w - line);
            if (x < 0)
                continue;
            canvas_format(&f->c, x + line, row, level->style, " %.*s ",
                          width < whole ? brief : (int)strlen(level->name), level->name);
            return;
        }
}

static int is_first_in_row(const struct plot *p, const struct axes *f, int i)
{
    for (int k = 0; k < i; k++)
        if (level_row(p, f, k) == level_row(p, f, i))
            return 0;
    return 1;
}

/* Names stand where no curve passes, as far right as can be, one in a row. */
static void name_levels(const struct plot *p, struct axes *f)
{
    for (int i = 0; i < p->level_count; i++)
        if (level_row(p, f, i) >= 0 && is_first_in_row(p, f, i))
            name_level(f, &p->levels[i], level_row(p, f, i));
}

static void draw_upright(struct axes *f, int column, enum style s)
{
    for (int y = 0; y < f->rows; y++)
        canvas_put(&f->c, column, y, s, 0x250a);
}

/* A mark at a number of the axis goes into the row above if numbers share the axis's row: numbers stay whole. */
static int mark_row(const struct axes *f, const struct canvas *c, int column)
{
    uint32_t ch = canvas_cell(c, column, f->axis_row).ch;
    int in_label = ch < 0x80 && (isalnum((int)ch) || ch == '.' || ch == ',');

    return f->axis_row - (f->axis_row == f->label_row && in_label && f->axis_row > 0);
}

static void draw_marks(const struct plot *p, struct axes *f, struct canvas *c)
{
    for (int i = 0; i < p->mark_count; i++) {
        const struct plot_mark *m = &p->marks[i];
        int column = axes_dot_x(f, m->x) / f->across;
        if (m->x < p->x.lo || m->x > p->x.hi)
            continue;
        if (m->line)
            draw_upright(f, column, m->style);
        if (f->axis_row >= 0)
            canvas_put(c, f->left + 1 + column, mark_row(f, c, f->left + 1 + column), m->style, m->glyph);
    }
}

void plot_draw_events(const struct plot *p, struct axes *a, struct canvas *c)
{
    draw_marks(p, a, c);
    if (isfinite(p->now) && p->now >= p->x.lo && p->now <= p->x.hi)
        draw_upright(a, axes_dot_x(a, p->now) / a->across, STYLE_QUIET);
    if (isfinite(p->cross) && p->cross >= p->x.lo && p->cross <= p->x.hi)
        draw_upright(a, axes_dot_x(a, p->cross) / a->across, STYLE_FOCUS);
}

struct pen {
    struct axes *f;
    const struct series *s;
    int x, y;      /* last dot */
    int drawn;     /* whether there is one */
};

/* Dashes are counted along the horizontal, so that they read the same on slopes. */
static int stroke_skips(enum stroke s, int across, int x)
{
    int cell = across == 2 ? x / 2 : x;

    return (s == STROKE_DASHED && cell % 3 == 2) || (s == STROKE_DOTTED && (across == 2 ? x % 3 : x % 2) != 0);
}

static void pen_dot(void *pen, int x, int y)
{
    const struct pen *p = pen;

    if (x < 0 || y < 0 || x >= p->f->c.w * p->f->across || y >= p->f->rows * p->f->down)
        return;
    if (!stroke_skips(p->s->stroke, p->f->across, x))
        canvas_dot(&p->f->c, x, y, p->s->style, p->s->plain);
}

static void pen_to(struct pen *p, int x, int y)
{
    line_walk(p->drawn ? p->x : x, p->drawn ? p->y : y, x, y, pen_dot, p);
    p->x = x, p->y = y;
    p->drawn = 1;
}

static void draw_line(const struct plot *p, const struct series *s, struct axes *f)
{
    struct pen pen = {.f = f, .s = s};

    for (int i = 0; i < s->count; i++) {
        int outside = i + 1 < s->count && s->x[i + 1] < p->x.lo;
        if (!isfinite(s->y[i]) || !isfinite(axis_place(&p->y, s->y[i])))
            pen.drawn = 0;
        else if (!outside)
            pen_to(&pen, axes_dot_x(f, s->x[i]), axes_dot_y(f, s->y[i]));
        if (s->x[i] > p->x.hi)
            break;
    }
}

static int is_upright(enum stroke s)
{
    return s == STROKE_STEM || s == STROKE_AREA || s == STROKE_LOOSE;
}

/* Base of the uprights. */
static int base_dot(const struct plot *p, const struct axes *f)
{
    double place = p->y.log ? 0 : axis_place(&p->y, 0);
    int dots = f->rows * f->down, y = place > 0 ? axes_dot_y(f, 0) : dots - 1;

    return y < 0 ? 0 : y >= dots ? dots - 1 : y;
}

static void draw_upright_dots(const struct plot *p, const struct series *s, struct axes *f, int x, int y)
{
    struct pen pen = {.f = f, .s = s};
    int base = base_dot(p, f), step = y < base ? -1 : 1, skip = s->stroke == STROKE_LOOSE ? 2 : 1;

    for (int at = base; at >= 0 && at < f->rows * f->down; at += skip * step) {
        pen_dot(&pen, x, at);
        if (step < 0 ? at <= y : at >= y)
            break;
    }
}

static void draw_stems(const struct plot *p, const struct series *s, struct axes *f)
{
    for (int i = 0; i < s->count; i++) {
        int x = axes_dot_x(f, s->x[i]), last = x, y;
        if (isnan(axis_place(&p->y, s->y[i])))
            continue;
        y = axes_dot_y(f, s->y[i]);
        if (s->stroke == STROKE_AREA && i + 1 < s->count && isfinite(s->y[i + 1]))
            last = axes_dot_x(f, s->x[i + 1]) - 1;
        for (; x <= last || x == axes_dot_x(f, s->x[i]); x++)
            draw_upright_dots(p, s, f, x, y);
    }
}

/* All values that share a column of dots show as their least and largest. */
static void draw_band(const struct plot *p, const struct series *s, struct axes *f)
{
    struct pen pen = {.f = f, .s = s};

    for (int i = 0; i < s->count;) {
        int x = axes_dot_x(f, s->x[i]);
        float lo = INFINITY, hi = -INFINITY;
        for (; i < s->count && axes_dot_x(f, s->x[i]) == x; i++) {
            lo = fminf(lo, s->lo[i]);
            hi = fmaxf(hi, s->hi[i]);
        }
        if (isfinite(lo) && isfinite(axis_place(&p->y, lo)))
            pen_dot(&pen, x, axes_dot_y(f, lo));
        if (isfinite(hi) && isfinite(axis_place(&p->y, hi)))
            pen_dot(&pen, x, axes_dot_y(f, hi));
    }
}

static int is_spaced(const struct series *s)
{
    return s->marker && !is_upright(s->stroke) && s->stroke != STROKE_NONE;
}

static int put_marker(const struct plot *p, const struct series *s, struct axes *f, int i, int least)
{
    int x = axes_dot_x(f, s->x[i]), y = axes_dot_y(f, s->y[i]);
    double place = axis_place(&p->y, s->y[i]);

    if (!(place >= 0 && place <= 1) || x < 0 || x / f->across < least)
        return -1;
    canvas_put(&f->c, x / f->across, y / f->down, s->style, s->marker);
    return x / f->across;
}

/* From column `first` on, or one at least where there is any point. */
static void draw_markers(const struct plot *p, const struct series *s, struct axes *f, int first)
{
    int gap = is_spaced(s) ? MARKER_GAP : 1, next = first;

    for (int i = 0; s->marker && i < s->count; i++) {
        int column = put_marker(p, s, f, i, next);
        next = column < 0 ? next : column + gap;
    }
    for (int i = 0; s->marker && next == first && i < s->count; i++)
        if (put_marker(p, s, f, i, 0) >= 0)
            break;
}

/* Over all lines, so that a curve under another is told by them; curves that coincide take turns. */
static void draw_all_markers(const struct plot *p, struct axes *f)
{
    int spaced = 0, turn = 0;

    for (int i = 0; i < p->series_count; i++)
        spaced += is_spaced(&p->series[i]);
    for (int i = 0; i < p->series_count; i++) {
        const struct series *s = &p->series[i];
        draw_markers(p, s, f, is_spaced(s) ? turn * MARKER_GAP / spaced : 0);
        turn += is_spaced(s);
    }
}

/* The last point in sight, −1: none. */
static int end_of(const struct plot *p, const struct series *s)
{
    for (int i = series_index(s, p->x.hi); i >= 0 && s->x[i] >= p->x.lo; i--) {
        double place = axis_place(&p->y, s->y[i]);
        if (place >= 0 && place <= 1)
            return i;
    }
    return -1;
}

/* The clearest series first: where letters would meet, others go to the left. */
static void draw_ends(const struct plot *p, struct axes *f)
{
    enum { MOST = 16 };
    int column[MOST], row[MOST], count = 0;

    for (int k = p->series_count; k-- > 0 && count < MOST;) {
        const struct series *s = &p->series[k];
        int i = s->end ? end_of(p, s) : -1, x, y;
        if (i < 0)
            continue;
        x = axes_dot_x(f, s->x[i]) / f->across, y = axes_dot_y(f, s->y[i]) / f->down;
        for (int n = 0; n < count; n++)
            if (column[n] == x && row[n] == y)
                x--, n = -1;
        column[count] = x, row[count++] = y;
        canvas_put(&f->c, x, y, s->style, (unsigned char)s->end);
    }
}

void plot_draw(const struct plot *p, struct canvas *c)
{
    struct axes f;

    if (c->w < 1 || c->h < 1)
        return;
    f = lay(p, c);
    axes_draw(&f, c);
    draw_zones(p, &f);
    draw_levels(p, &f);
    plot_draw_events(p, &f, c);
    for (int i = 0; i < p->series_count; i++) {
        const struct series *s = &p->series[i];
        if (s->stroke == STROKE_BAND)
            draw_band(p, s, &f);
        else if (is_upright(s->stroke))
            draw_stems(p, s, &f);
        else if (s->stroke != STROKE_NONE)
            draw_line(p, s, &f);
    }
    draw_all_markers(p, &f);
    draw_ends(p, &f);
    name_levels(p, &f);
}

static int is_blank(const struct axes *f, int x, int y, int width)
{
    for (int i = 0; i < width; i++)
        if (canvas_cell(&f->c, x + i, y).ch != ' ')
            return 0;
    return 1;
}

/* The column nearest to `column` where so many blanks begin in a row, −1: none. */
static int blanks_near(const struct axes *f, int column, int y, int width)
{
    int best = -1;

    for (int x = 0; x + width <= f->c.w; x++)
        if ((best < 0 || abs(x - column) < abs(best - column)) && is_blank(f, x, y, width))
            best = x;
    return best;
}

void plot_remark(const struct plot *p, struct canvas *c, double x, const char *text)
{
    struct axes f = lay(p, c);
    int width = canvas_width(c, text) + 2, column = axes_dot_x(&f, x) / f.across - width / 2, best = -1, row = -1;

    for (int y = 0; y < f.rows; y++) {
        int at = blanks_near(&f, column, y, width);
        if (at >= 0 && (best < 0 || abs(at - column) < abs(best - column)))
            best = at, row = y;
    }
    if (best >= 0)
        canvas_format(&f.c, best, row, STYLE_QUIET, " %s ", text);
}

static void legend_sample(const struct series *s, struct canvas *c, int x, int y)
{
    static const uint32_t lines[] = {[STROKE_SOLID] = 0x2501, [STROKE_DASHED] = 0x2505, [STROKE_DOTTED] = 0x00b7, [STROKE_BAND] = 0x00b7,
                                     [STROKE_STEM] = 0x2502, [STROKE_AREA] = 0x2588, [STROKE_LOOSE] = 0x250a, [STROKE_NONE] = ' '};
    uint32_t line = c->charset == CHARSET_ASCII ? (unsigned char)s->plain : lines[s->stroke];

    canvas_put(c, x, y, s->style, line);
    canvas_put(c, x + 1, y, s->style, s->marker ? s->marker : line);
    if (s->marker)
        canvas_put(c, x + 2, y, s->style, line);
}

int plot_legend(const struct plot *p, int bands, struct canvas *c, int x, int y)
{
    for (int i = p->series_count; i-- > 0;) {
        const struct series *s = &p->series[i];
        int sample = s->marker ? 3 : 2, width = s->name ? canvas_width(c, s->name) + sample + 3 : 0;
        if (!width || !s->count || (s->stroke == STROKE_BAND) != bands || x + width > c->w - 1)
            continue;
        canvas_format(c, x, y, STYLE_QUIET, " %s ", s->name);
        legend_sample(s, c, x + width - sample - 1, y);
        canvas_put(c, x + width - 1, y, STYLE_QUIET, ' ');
        x += width;
    }
    for (int i = 0; i < p->zone_count && !bands; i++) {
        int width = canvas_width(c, p->zones[i].name) + 5;
        if (x + width > c->w - 1)
            continue;
        canvas_format(c, x, y, STYLE_QUIET, " %s    ", p->zones[i].name);
        canvas_put(c, x + width - 3, y, STYLE_LEVEL, ZONE_SHADE);
        canvas_put(c, x + width - 2, y, STYLE_LEVEL, ZONE_SHADE);
        x += width;
    }
    return x;
}

int plot_extent(const struct plot *p, int bands, double *lo, double *hi)
{
    *lo = INFINITY, *hi = -INFINITY;
    for (int k = 0; k < p->series_count; k++) {
        const struct series *s = &p->series[k];
        int band = s->stroke == STROKE_BAND;
        for (int i = 0; i < s->count && (!band || bands); i++) {
            float low = band ? s->lo[i] : s->y[i], high = band ? s->hi[i] : s->y[i];
            if (s->x[i] < p->x.lo || s->x[i] > p->x.hi)
                continue;
            if (isfinite(low) && (!p->y.log || low > 0))
                *lo = fmin(*lo, low);
            if (isfinite(high))
                *hi = fmax(*hi, high);
        }
    }
    return *hi >= *lo;
}

double plot_x_at(const struct plot *p, struct canvas *c, int column)
{
    struct axes f = lay(p, c);

    return axes_x_at(&f, column);
}

int series_index(const struct series *s, double x)
{
    int lo = 0, hi = s->count;

    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (s->x[mid] <= x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo - 1;
}
