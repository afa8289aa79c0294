/* SPDX-License-Identifier: MIT */
#include "draw/relief.h"

#include <math.h>
#include <stdlib.h>

static const double PI = 3.14159265358979323846, BEHIND = .04; /* what touches the surface is seen */

const struct eye eye_standard = {.turn = -.6, .tilt = .6, .zoom = 1, .height = 1};

void eye_limit(struct eye *e)
{
    e->turn = remainder(e->turn, 2 * PI);
    e->tilt = fmin(fmax(e->tilt, PI / 36), PI / 2);
    e->zoom = fmin(fmax(e->zoom, .2), 5);
    e->height = fmin(fmax(e->height, .2), 5);
}

/* ---- projection ------------------------------------------------------------------------------- */

struct relief_spot relief_project(const struct relief *r, double u, double v, double place)
{
    double a = 2 * u - 1, b = 2 * v - 1, z = (place - (1 + RELIEF_FLOOR) / 2) * r->rise;
    double across = a * r->turn[0] - b * r->turn[1], away = a * r->turn[1] + b * r->turn[0];

    return (struct relief_spot){r->w / 2. + r->scale * across, r->h / 2. - r->scale * (away * r->tilt[1] + z * r->tilt[0]),
                                away * r->tilt[0] - z * r->tilt[1]};
}

int relief_sees(const struct relief *r, struct relief_spot at)
{
    int x = (int)floor(at.x), y = (int)floor(at.y);
    const struct relief_pixel *p;

    if (!(at.x >= 0 && at.y >= 0 && at.x < r->w && at.y < r->h))
        return 0;
    p = &r->pixel[(size_t)y * (size_t)r->w + (size_t)x];
    return !p->shade || at.depth <= (double)p->depth + BEHIND;
}

/* ---- pixels ----------------------------------------------------------------------------------- */

struct corner {
    struct relief_spot at;
    double place, shadow; /* 0 … 1 */
};

static void put(struct relief *r, int x, int y, double depth, double place, double shadow)
{
    struct relief_pixel *p = &r->pixel[(size_t)y * (size_t)r->w + (size_t)x];

    if (p->shade && depth >= (double)p->depth)
        return;
    p->depth = (float)depth;
    p->shade = (uint16_t)shade_make(field_shade(place), (int)(shadow * (SHADOWS - 1) + .5));
}

static double side(struct relief_spot a, struct relief_spot b, double x, double y)
{
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

static double least(double a, double b, double c)
{
    a = a < b ? a : b;
    return a < c ? a : c;
}

static double most(double a, double b, double c)
{
    return -least(-a, -b, -c);
}

/* The shares of a and b at pixel centres fall or rise evenly along a row. */
static void fill(struct relief *r, const struct corner *a, const struct corner *b, const struct corner *c)
{
    const double area = side(a->at, b->at, c->at.x, c->at.y), edge = 1e-9;
    const double left = floor(most(least(a->at.x, b->at.x, c->at.x), 0, 0)), right = least(most(a->at.x, b->at.x, c->at.x), r->w - 1, r->w - 1);
    const double top = floor(most(least(a->at.y, b->at.y, c->at.y), 0, 0)), bottom = least(most(a->at.y, b->at.y, c->at.y), r->h - 1, r->h - 1);
    const double rise_s = (b->at.y - c->at.y) / area, rise_t = (c->at.y - a->at.y) / area;

    if (!(fabs(area) > edge))
        return;
    for (int y = (int)top; y <= bottom; y++) {
        double s = side(b->at, c->at, left + .5, y + .5) / area, t = side(c->at, a->at, left + .5, y + .5) / area;
        for (int x = (int)left; x <= right; x++, s += rise_s, t += rise_t) {
            double q = 1 - s - t;
            if (s < -edge || t < -edge || q < -edge)
                continue;
            put(r, x, y, s * a->at.depth + t * b->at.depth + q * c->at.depth, s * a->place + t * b->place + q * c->place,
                s * a->shadow + t * b->shadow + q * c->shadow);
        }
    }
}

/* ---- the surface ------------------------------------------------------------------------------ */

static double place_of(const struct relief *r, int column, int row)
{
    double place = r->place[(size_t)row * (size_t)r->f->columns + (size_t)column];

    return isnan(place) ? NAN : fmin(fmax(place, 0), 1);
}

/* The slope of the place along an axis, a grid point apart; 0 beside what is not known. */
static double slope(const struct relief *r, int column, int row, int along_x)
{
    int last = along_x ? r->f->columns - 1 : r->f->rows - 1, at = along_x ? column : row;
    int from = at > 0 ? at - 1 : at, to = at < last ? at + 1 : at;
    double low = along_x ? place_of(r, from, row) : place_of(r, column, from);
    double high = along_x ? place_of(r, to, row) : place_of(r, column, to), d = (high - low) / (to - from);

    return isfinite(d) ? d * last / 2 : 0;
}

/* By the light from the left, before and above the picture (Lambert); turning the surface turns its shadows. */
static double shadow_of(const struct relief *r, int column, int row)
{
    static const double light[] = {-.62, -.31, .72}, DEEPEST = .8;
    double a = -slope(r, column, row, 1) * r->rise, b = -slope(r, column, row, 0) * r->rise;
    double across = a * r->turn[0] - b * r->turn[1], away = a * r->turn[1] + b * r->turn[0];
    double lit = (across * light[0] + away * light[1] + light[2]) / sqrt(1 + a * a + b * b);

    return DEEPEST * (1 - fmin(fmax(lit, 0), 1));
}

int relief_shadow(const struct relief *r, int column, int row)
{
    return (int)((SHADOWS - 1) * (shadow_of(r, column, row) + shadow_of(r, column + 1, row + 1)) / 2 + .5);
}

static struct corner corner_at(const struct relief *r, int column, int row)
{
    double place = place_of(r, column, row);

    return (struct corner){relief_project(r, (double)column / (r->f->columns - 1), (double)row / (r->f->rows - 1), place), place,
                           shadow_of(r, column, row)};
}

/* Left out where a corner is not known. */
static void fill_square(struct relief *r, const struct corner *low, const struct corner *high)
{
    if (isnan(low[0].place + low[1].place + high[0].place + high[1].place))
        return;
    fill(r, &low[0], &low[1], &high[1]);
    fill(r, &low[0], &high[1], &high[0]);
}

/* Row after row, each point of the grid once; two rows of corners in `corner`. */
static void fill_surface(struct relief *r, struct corner *corner)
{
    int columns = r->f->columns;

    for (int row = 0; row < r->f->rows; row++) {
        struct corner *high = corner + (row & 1) * columns, *low = corner + (~row & 1) * columns;
        for (int column = 0; column < columns; column++)
            high[column] = corner_at(r, column, row);
        for (int column = 0; row > 0 && column + 1 < columns; column++)
            fill_square(r, &low[column], &high[column]);
    }
}

static void look_from(struct relief *r)
{
    const double WIDEST = 1.45; /* half the diagonal, and an edge */
    double high;

    eye_limit(&r->eye);
    r->turn[0] = cos(r->eye.turn), r->turn[1] = sin(r->eye.turn);
    r->tilt[0] = cos(r->eye.tilt), r->tilt[1] = sin(r->eye.tilt);
    r->rise = .9 * r->eye.height;
    high = WIDEST * r->tilt[1] + (1 - RELIEF_FLOOR) / 2 * r->rise * r->tilt[0];
    r->scale = r->eye.zoom * fmin(r->w / 2. / WIDEST, r->h / 2. / high);
}

int relief_init(struct relief *r, const struct field *f, int w, int h)
{
    size_t points = (size_t)f->columns * (size_t)f->rows;
    struct corner *corner = malloc(2 * (size_t)f->columns * sizeof *corner);

    *r = (struct relief){.f = f, .eye = *f->eye, .w = w, .h = h};
    r->pixel = w < 1 || h < 1 ? NULL : calloc((size_t)w * (size_t)h, sizeof *r->pixel);
    r->place = malloc(points * sizeof *r->place);
    if (!corner || !r->pixel || !r->place) {
        free(corner);
        relief_free(r);
        return -1;
    }
    look_from(r);
    for (size_t i = 0; i < points; i++)
        r->place[i] = field_place(f, f->z[i]);
    fill_surface(r, corner);
    free(corner);
    return 0;
}

void relief_free(struct relief *r)
{
    free(r->pixel);
    free(r->place);
    r->pixel = NULL;
    r->place = NULL;
}
