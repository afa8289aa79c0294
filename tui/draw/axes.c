/* SPDX-License-Identifier: MIT */
#include "draw/axes.h"

#include <math.h>

#include "draw/number.h"
#include "draw/text.h"

static int want_rows(int h)
{
    return h <= 3 ? 2 : h <= 6 ? 3 : h <= 9 ? 4 : h <= 13 ? 6 : 8;
}

static int widest_label(const struct axes *a, int widest)
{
    char text[NUMBER_SIZE];

    for (int i = 0; i < a->tick_count; i++) {
        axis_label(a->y, a->ticks, a->tick_count, i, text, sizeof text);
        widest = text_width(text) > widest ? text_width(text) : widest;
    }
    return widest;
}

struct axes axes_lay(const struct axis *x, const struct axis *y, int label_room, struct canvas *c)
{
    struct axes a = {.x = x, .y = y, .left = -1, .axis_row = -1, .label_row = -1};
    int h = c->h, room;

    if (h >= 5)
        a.label_row = --h;
    if (h >= 3)
        a.axis_row = --h;
    a.rows = h;
    a.tick_count = axis_ticks(y, want_rows(h), a.ticks);
    room = widest_label(&a, label_room) + 2; /* a blank and the axis */
    if (c->w >= room + 8)
        a.left = room;
    a.c = canvas_part(c, (struct rect){a.left + 1, 0, c->w - a.left - 1, h});
    canvas_dots(c, &a.across, &a.down);
    return a;
}

/* Dot of a place between 0 and 1. */
static int dot_at(double place, int dots)
{
    double d = place * (dots - 1);

    return !(d > -2e4) ? -20000 : d > 2e4 ? 20000 : (int)lround(d);
}

int axes_dot_x(const struct axes *a, double x)
{
    return dot_at(axis_place(a->x, x), a->c.w * a->across);
}

int axes_dot_y(const struct axes *a, double y)
{
    return dot_at(1 - axis_place(a->y, y), a->rows * a->down);
}

static void draw_y_axis(const struct axes *a, struct canvas *c)
{
    char text[NUMBER_SIZE];
    int last = -1;

    if (a->left < 0)
        return;
    for (int y = 0; y < a->rows; y++)
        canvas_put(c, a->left, y, STYLE_FRAME, 0x2502);
    for (int i = a->tick_count; i-- > 0;) {
        int row = axes_dot_y(a, a->ticks[i]) / a->down;
        if (row <= last || row >= a->rows)
            continue;
        last = row;
        axis_label(a->y, a->ticks, a->tick_count, i, text, sizeof text);
        canvas_put(c, a->left, row, STYLE_FRAME, 0x2524);
        canvas_text_right(c, a->left - 1, row, STYLE_QUIET, text);
    }
}

/* Columns of the line of numbers: [from, to) of each that is written. */
struct labels {
    int from[AXIS_TICKS], to[AXIS_TICKS], tick[AXIS_TICKS], count;
};

/* Every `stride`-th number from tick `first` on that has room, each under its tick; the last one is moved to the left where it
 * would stand out. *dropped: some had none. */
static struct labels place_every(const struct axes *a, const struct canvas *c, const double *ticks, int n, int first, int stride, int *dropped)
{
    struct labels l = {.count = 0};
    char text[NUMBER_SIZE];

    *dropped = 0;
    for (int i = first; i < n; i += stride) {
        int width, column;
        axis_label(a->x, ticks, n, i, text, sizeof text);
        width = canvas_width(c, text);
        column = a->left + 1 + axes_dot_x(a, ticks[i]) / a->across - width / 2;
        column = column + width > c->w ? c->w - width : column;
        column = column >= 0 ? column : 0;
        if ((l.count && column <= l.to[l.count - 1]) || column + width > c->w) {
            *dropped = 1;
            continue;
        }
        l.tick[l.count] = i;
        l.from[l.count] = column;
        l.to[l.count++] = column + width;
    }
    return l;
}

/* Where some have no room every second one is left out, so that they stay even, with 0 among them; of a logarithmic axis those
 * that have none. */
static struct labels place_labels(const struct axes *a, const struct canvas *c, const double *ticks, int n)
{
    int dropped, zero = 0;
    struct labels l = place_every(a, c, ticks, n, 0, 1, &dropped), thinner;

    if (!dropped || a->x->log || a->x->linear > 0 || n < 4)
        return l;
    for (int i = 0; i < n; i++)
        if (fabs(ticks[i]) < 1e-9 * (fabs(ticks[0]) + fabs(ticks[n - 1])))
            zero = i;
    thinner = place_every(a, c, ticks, n, zero % 2, 2, &dropped);
    return dropped ? l : thinner;
}

/* The numbers left of a column. */
static int labels_before(const struct labels *l, int column)
{
    int n = 0;

    while (n < l->count && l->to[n] < column)
        n++;
    return n;
}

/* The last gap before, between or behind the numbers that holds so many columns and a blank, −1: none. */
static int last_gap(const struct axes *a, const struct canvas *c, const struct labels *l, int width)
{
    int end = c->w;

    for (int i = l->count; i-- > 0; end = l->from[i] - 1)
        if (end - width > l->to[i])
            return end - width;
    return end - width > a->left ? end - width : -1;
}

/* The unit stands at the right end as long as three numbers are left beside it; or in a gap; or at the right end beside
 * two; −1: nowhere. Numbers that it takes the place of are dropped. */
static int place_unit(const struct axes *a, const struct canvas *c, struct labels *l)
{
    int unit = canvas_width(c, a->x->unit), right = c->w - unit, gap = last_gap(a, c, l, unit), beside;

    if (unit >= c->w)
        return -1;
    beside = labels_before(l, right);
    if (beside < 3 && beside < l->count && gap >= 0 && a->label_row != a->axis_row) /* no number beneath the marks */
        return gap;
    if (beside < (a->label_row == a->axis_row ? 1 : 2) && beside < l->count && !a->x->unit_first)
        return -1;
    l->count = beside;
    return right;
}

static void draw_x_labels(const struct axes *a, struct canvas *c, const double *ticks, int n)
{
    struct labels l = place_labels(a, c, ticks, n);
    int width = a->x->unit ? canvas_width(c, a->x->unit) : 0, unit = width ? place_unit(a, c, &l) : -1;
    char text[NUMBER_SIZE];

    if (a->x->bare && width && width < a->c.w)
        unit = a->left + 1 + (a->c.w - width) / 2;
    for (int i = 0; i < l.count; i++) {
        axis_label(a->x, ticks, n, l.tick[i], text, sizeof text);
        canvas_text(c, l.from[i], a->label_row, STYLE_QUIET, text);
    }
    if (unit >= 0)
        canvas_text(c, unit, a->label_row, STYLE_QUIET, a->x->unit);
}

static void draw_x_axis(const struct axes *a, struct canvas *c)
{
    double ticks[AXIS_TICKS];
    int n = axis_ticks(a->x, a->c.w < 24 ? 3 : a->c.w / 6, ticks);

    if (a->axis_row < 0)
        return;
    for (int x = a->left < 0 ? 0 : a->left; x < c->w; x++)
        canvas_put(c, x, a->axis_row, STYLE_FRAME, x == a->left ? 0x2514 : 0x2500);
    for (int i = 0; i < n; i++)
        canvas_put(c, a->left + 1 + axes_dot_x(a, ticks[i]) / a->across, a->axis_row, STYLE_FRAME, 0x252c);
    if (a->label_row >= 0)
        draw_x_labels(a, c, ticks, n);
}

void axes_draw(const struct axes *a, struct canvas *c)
{
    draw_y_axis(a, c);
    draw_x_axis(a, c);
}

double axes_x_at(const struct axes *a, int column)
{
    column -= a->left + 1;
    if (column < 0 || column >= a->c.w)
        return NAN;
    return axis_value(a->x, a->c.w > 1 ? (double)column / (a->c.w - 1) : 1);
}

double axes_y_at(const struct axes *a, int row)
{
    if (row < 0 || row >= a->rows)
        return NAN;
    return axis_value(a->y, a->rows > 1 ? 1 - (double)row / (a->rows - 1) : 1);
}
