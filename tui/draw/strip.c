/* SPDX-License-Identifier: MIT */
#include "draw/strip.h"

#include <math.h>

#include "draw/axes.h"
#include "draw/number.h"
#include "draw/text.h"

enum { READING_W = 8, READING_LEAST = 30, MARGIN = 1, AXIS_LEAST = 5, LESS_W = 7,
       VANISHED = '0', BEYOND = '!', NOT_FINITE = 0x2717 };

static int name_width(const struct strip *s, const struct canvas *c)
{
    int widest = 0;

    for (int i = 0; i < s->rows; i++)
        if (canvas_width(c, s->names[i]) > widest)
            widest = canvas_width(c, s->names[i]);
    return widest;
}

static int has_readings(const struct strip *s, const struct canvas *c)
{
    return s->readings && c->w >= READING_LEAST + name_width(s, c);
}

static struct axes lay(const struct strip *s, struct canvas *c)
{
    static const struct axis none = {0};
    struct axes a = axes_lay(&s->plot->x, &none, MARGIN + name_width(s, c) + (has_readings(s, c) ? READING_W : 0), c);

    if (s->rows > a.rows) { /* rows are worth more than a line for the axis beside its numbers, and then both */
        a.label_row = a.axis_row = c->h > s->rows || c->h >= AXIS_LEAST ? c->h - 1 : -1;
        a.rows = c->h - (a.axis_row >= 0);
        a.c = canvas_part(c, (struct rect){a.left + 1, 0, c->w - a.left - 1, a.rows});
    }
    return a;
}

/* Of two values the one that must not be lost: what is not finite, else the larger. */
static float worse(float a, float b)
{
    return !isfinite(a) ? a : !isfinite(b) ? b : fmaxf(a, b);
}

static int index_at(const struct strip *s, double x)
{
    struct series points = {.x = s->x, .count = s->count};

    return series_index(&points, x);
}

int strip_value(const struct strip *s, int row, double from, double to, float *value)
{
    int first = index_at(s, from) + 1, last = index_at(s, to);

    if (last < 0 || from > s->x[s->count - 1])
        return 0;
    *value = s->z_at[(last < first ? last : first) * s->stride + row];
    for (int i = first; i <= last; i++)
        *value = worse(*value, s->z_at[i * s->stride + row]);
    return 1;
}

int strip_is_beyond(const struct strip *s, float value)
{
    return isfinite(value) && value > s->z.hi * (1 + 1e-6);
}

static int step_of(const struct strip *s, float value)
{
    double place = value > 0 ? axis_place(&s->z, value) : -1;

    return place < -1e-9 ? 0 : place >= 1 ? STRIP_SHADES : place <= 0 ? 1 : 1 + (int)(place * STRIP_SHADES);
}

/* Denser as it is larger, and never blank: blank is what is not known. The ground tells them further apart. */
static uint32_t glyph_of(enum charset charset, int shade)
{
    static const uint32_t blocks[STRIP_SHADES] = {0x2591, 0x2591, 0x2592, 0x2592, 0x2592,
                                            0x2593, 0x2593, 0x2593, 0x2588, 0x2588};
    static const char plain[STRIP_SHADES + 1] = ".,:-=+*#%@";

    return charset == CHARSET_ASCII ? (unsigned char)plain[shade - 1] : blocks[shade - 1];
}

static void draw_cell(const struct strip *s, struct canvas *c, int x, int y, float value)
{
    int shade = isfinite(value) ? step_of(s, value) : 0;

    if (!isfinite(value))
        canvas_put(c, x, y, STYLE_DANGER, NOT_FINITE);
    else if (!shade)
        canvas_put(c, x, y, STYLE_WARNING, VANISHED);
    else {
        canvas_dense(c, x, y, STYLE_SERIES_4, glyph_of(c->charset, shade), shade_make(shade * SHADES / STRIP_SHADES, 0));
        if (strip_is_beyond(s, value))
            canvas_put(c, x, y, STYLE_WARNING, BEYOND);
    }
}

/* The first line of a row of the strip, where the lines are shared out. */
static int line_of(int row, int rows, int lines)
{
    return row * lines / rows;
}

static void draw_row(const struct strip *s, struct axes *a, int row, int y)
{
    double width = (s->plot->x.hi - s->plot->x.lo) / (a->c.w > 1 ? a->c.w - 1 : 1);
    float value;

    for (int x = 0; x < a->c.w; x++) {
        double middle = s->plot->x.lo + x * width;
        if (strip_value(s, row, middle - width / 2, middle + width / 2, &value))
            draw_cell(s, &a->c, x, y, value);
    }
}

static void draw_name(const struct strip *s, const struct axes *a, struct canvas *c, int row, int y)
{
    char text[NUMBER_SIZE];

    if (a->left < 0)
        return;
    canvas_text(c, MARGIN, y, STYLE_TEXT, s->names[row]);
    if (!has_readings(s, c))
        return;
    number_reading(text, sizeof text, s->readings[row], 2);
    canvas_text_right(c, a->left - 1, y, STYLE_QUIET, text);
}

void strip_draw(const struct strip *s, struct canvas *c)
{
    struct axes a;
    int rows;

    if (c->w < 1 || c->h < 1 || s->rows < 1 || s->count < 1)
        return;
    a = lay(s, c);
    axes_draw(&a, c);
    rows = s->rows < a.rows ? s->rows : a.rows; /* with too few lines, some of the rows: the ends among them */
    for (int i = 0; i < rows; i++) {
        int row = rows < s->rows && rows > 1 ? i * (s->rows - 1) / (rows - 1) : i, y = line_of(i, rows, a.rows);
        draw_name(s, &a, c, row, y);
        for (; y < line_of(i + 1, rows, a.rows); y++)
            draw_row(s, &a, row, y);
    }
    plot_draw_events(s->plot, &a, c);
}

/* Whether values in sight are too small to have a shade, and whether some are beyond the last. */
static void look_for_ends(const struct strip *s, int *vanished, int *beyond)
{
    int first = index_at(s, s->plot->x.lo), last = index_at(s, s->plot->x.hi);

    *vanished = *beyond = 0;
    for (int i = first < 0 ? 0 : first; i <= last; i++)
        for (int r = 0; r < s->rows; r++) {
            float value = s->z_at[i * s->stride + r];
            *vanished |= isfinite(value) && !step_of(s, value);
            *beyond |= strip_is_beyond(s, value);
        }
}

/* " less 0 ", where there is room for it; returns the next column. */
static int legend_end(struct canvas *c, int x, int y, const char *word, uint32_t sign)
{
    if (x + LESS_W >= c->w - 1)
        return x;
    canvas_format(c, x, y, STYLE_QUIET, " %s  ", word);
    canvas_put(c, x + LESS_W - 1, y, STYLE_WARNING, sign);
    canvas_put(c, x + LESS_W, y, STYLE_QUIET, ' ');
    return x + LESS_W + 1;
}

int strip_legend(const struct strip *s, struct canvas *c, int x, int y)
{
    char lo[NUMBER_SIZE], hi[NUMBER_SIZE];
    int width, vanished, beyond;

    number_short(lo, sizeof lo, s->z.lo);
    number_short(hi, sizeof hi, s->z.hi);
    width = text_width(lo) + text_width(hi) + STRIP_SHADES + 4;
    if (x + width > c->w - 1)
        return x;
    canvas_format(c, x, y, STYLE_QUIET, " %s %*s %s ", lo, STRIP_SHADES, "", hi);
    for (int i = 0; i < STRIP_SHADES; i++)
        draw_cell(s, c, x + text_width(lo) + 2 + i, y,
                  (float)(s->z.lo * pow(s->z.hi / s->z.lo, (i + .5) / STRIP_SHADES)));
    x += width;
    look_for_ends(s, &vanished, &beyond);
    if (beyond)
        x = legend_end(c, x, y, "more", BEYOND);
    return vanished ? legend_end(c, x, y, "less", VANISHED) : x;
}

double strip_x_at(const struct strip *s, struct canvas *c, int column)
{
    struct axes a = lay(s, c);

    return axes_x_at(&a, column);
}

/* The largest finite value at a point, 0 when there is none. */
static double largest_at(const struct strip *s, int i)
{
    double largest = 0;

    for (int r = 0; r < s->rows; r++)
        if (isfinite(s->z_at[i * s->stride + r]))
            largest = fmax(largest, s->z_at[i * s->stride + r]);
    return largest;
}

/* The end of the decade that holds the median of the points' largest values. */
static double middle_of(const struct strip *s, int first, int last)
{
    enum { LEAST = -40, DECADES = 80 };
    int count[DECADES] = {0}, all = 0, seen = 0;

    for (int i = first; i <= last; i++) {
        double largest = largest_at(s, i);
        int decade = largest > 0 ? (int)floor(log10(largest)) - LEAST : -1;
        if (decade < 0)
            continue;
        count[decade < DECADES ? decade : DECADES - 1]++;
        all++;
    }
    for (int k = 0; k < DECADES; k++)
        if ((seen += count[k]) * 2 >= all && all)
            return pow(10, k + LEAST + 1);
    return INFINITY;
}

int strip_extent(const struct strip *s, double decades, double *lo, double *hi)
{
    int first = index_at(s, s->plot->x.lo), last = index_at(s, s->plot->x.hi);
    double share = pow(10, -decades), most;

    *lo = INFINITY, *hi = 0;
    first = first < 0 ? 0 : first;
    most = middle_of(s, first, last) * STRIP_ABOVE;
    for (int i = first; i <= last; i++) {
        double largest = largest_at(s, i);
        if (largest > most)
            continue;
        for (int r = 0; r < s->rows; r++) {
            double z = s->z_at[i * s->stride + r];
            if (isfinite(z) && z > 0 && z >= largest * share)
                *lo = fmin(*lo, z);
        }
        *hi = fmax(*hi, largest);
    }
    return *hi > 0;
}
