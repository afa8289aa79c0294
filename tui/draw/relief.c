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

static void fill(struct relief *r, const struct corner *a, const struct corner *b, const struct corner *c)
{
    double area = side(a->at, b->at, c->at.x, c->at.y), edge = 1e-9;
    int left = (int)fmax(floor(fmin(a->at.x, fmin(b->at.x, c->at.x))), 0), top = (int)fmax(floor(fmin(a->at.y, fmin(b->at.y, c->at.y))), 0);
    int right = (int)fmin(fmax(a->at.x, fmax(b->at.x, c->at.x)), r->w - 1), bottom = (int)fmin(fmax(a->at.y, fmax(b->at.y, c->at.y)), r->h - 1);

    if (!(fabs(area) > edge))
        return;
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            double s = side(b->at, c->at, x + .5, y + .5) / area, t = side(c->at, a->at, x + .5, y + .5) / area, q = 1 - s - t;
            if (s < -edge || t < -edge || q < -edge)
                continue;
            put(r, x, y, s * a->at.depth + t * b->at.depth + q * c->at.depth, s * a->place + t * b->place + q * c->place,
                s * a->shadow + t * b->shadow + q * c->shadow);
        }
}

/* ---- the surface ------------------------------------------------------------------------------ */

static double place_of(const struct field *f, int column, int row)
{
    return fmin(fmax(field_place(f, f->z[(size_t)row * (size_t)f->columns + column]), 0), 1);
}

/* The slope of the place along an axis, a grid point apart; 0 beside what is not known. */
static double slope(const struct field *f, int column, int row, int along_x)
{
    int last = along_x ? f->columns - 1 : f->rows - 1, at = along_x ? column : row;
    int from = at > 0 ? at - 1 : at, to = at < last ? at + 1 : at;
    double low = along_x ? place_of(f, from, row) : place_of(f, column, from);
    double high = along_x ? place_of(f, to, row) : place_of(f, column, to), d = (high - low) / (to - from);

    return isfinite(d) ? d * last / 2 : 0;
}

/* By the light from the left, before and above the picture (Lambert); turning the surface turns its shadows. */
static double shadow_of(const struct relief *r, int column, int row)
{
    static const double light[] = {-.62, -.31, .72}, DEEPEST = .8;
    double a = -slope(r->f, column, row, 1) * r->rise, b = -slope(r->f, column, row, 0) * r->rise;
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
    double place = place_of(r->f, column, row);

    return (struct corner){relief_project(r, (double)column / (r->f->columns - 1), (double)row / (r->f->rows - 1), place), place,
                           shadow_of(r, column, row)};
}

static int is_known(const struct field *f, int column, int row)
{
    return !isnan(field_place(f, f->z[(size_t)row * (size_t)f->columns + column]));
}

static void fill_square(struct relief *r, int column, int row)
{
    struct corner c[4];

    for (int i = 0; i < 4; i++) {
        int x = column + (i == 1 || i == 2), y = row + (i > 1);
        if (!is_known(r->f, x, y))
            return;
        c[i] = corner_at(r, x, y);
    }
    fill(r, &c[0], &c[1], &c[2]);
    fill(r, &c[0], &c[2], &c[3]);
}

int relief_init(struct relief *r, const struct field *f, int w, int h)
{
    const double WIDEST = 1.45; /* half the diagonal, and an edge */
    double high;

    *r = (struct relief){.f = f, .eye = *f->eye, .w = w, .h = h};
    if (w < 1 || h < 1)
        return -1;
    r->pixel = calloc((size_t)w * (size_t)h, sizeof *r->pixel);
    if (!r->pixel)
        return -1;
    eye_limit(&r->eye);
    r->turn[0] = cos(r->eye.turn), r->turn[1] = sin(r->eye.turn);
    r->tilt[0] = cos(r->eye.tilt), r->tilt[1] = sin(r->eye.tilt);
    r->rise = .9 * r->eye.height;
    high = WIDEST * r->tilt[1] + (1 - RELIEF_FLOOR) / 2 * r->rise * r->tilt[0];
    r->scale = r->eye.zoom * fmin(w / 2. / WIDEST, h / 2. / high);
    for (int row = 0; row + 1 < f->rows; row++)
        for (int column = 0; column + 1 < f->columns; column++)
            fill_square(r, column, row);
    return 0;
}

void relief_free(struct relief *r)
{
    free(r->pixel);
    r->pixel = NULL;
}
