/* SPDX-License-Identifier: MIT */
#include "landscape/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ----------------------------------------------------------------------------------- */

double landscape_axis_at(const struct landscape_axis *a, int i)
{
    return a->span * ((double)(i - a->zero) / a->parts);
}

struct landscape_axis landscape_axis_around(int points, double extent)
{
    int half = points / 2;
    return (struct landscape_axis){
        .points = points, .zero = half, .parts = half > 0 ? half : 1, .span = extent};
}

struct landscape_axis landscape_axis_line(int points, double beyond)
{
    int parts = (int)lround((points - 1) / (1 + 2 * beyond));

    if (parts % 2 != (points - 1) % 2) /* as many points before 0 as after 1 */
        parts--;
    if (parts < 1)
        parts = 2;
    return (struct landscape_axis){
        .points = points, .zero = (points - 1 - parts) / 2, .parts = parts, .span = 1};
}

struct landscape_axis landscape_axis_between(int points, double lo, double hi)
{
    struct landscape_axis a = {.points = points, .parts = points - 1, .span = hi - lo};

    a.zero = (int)lround(-lo / (hi - lo) * a.parts);
    return a;
}

struct landscape_axis landscape_axis_none(void)
{
    return (struct landscape_axis){.points = 1, .parts = 1};
}

/* ---- the grid ------------------------------------------------------------------------------- */

static int fits(const struct landscape_axis *a)
{
    return a->points >= LANDSCAPE_LEAST_POINTS && a->points <= LANDSCAPE_MOST_POINTS;
}

int landscape_grid_init(struct landscape_grid *g, const struct landscape_axis *x,
                        const struct landscape_axis *y, struct err *e)
{
    int longest = x->points > y->points ? x->points : y->points;
    size_t count;

    memset(g, 0, sizeof *g);
    if (!fits(x) || (y->points != 1 && !fits(y)))
        return err_set(e, ERR_INPUT, "expected %d to %d points along an axis", LANDSCAPE_LEAST_POINTS,
                       LANDSCAPE_MOST_POINTS);
    *g = (struct landscape_grid){.x = *x, .y = *y, .of = x->points * y->points, .at_hand = 1};
    while (3 * g->at_hand <= longest - 1)
        g->at_hand *= 2;
    count = (size_t)g->of;
    g->z = malloc(sizeof *g->z * count);
    g->known = calloc(count, 1);
    if (!g->z || !g->known) {
        landscape_grid_free(g);
        return err_memory(e, "a landscape", (sizeof *g->z + 1) * count);
    }
    for (size_t i = 0; i < count; i++)
        g->z[i] = NAN;
    return 0;
}

void landscape_grid_free(struct landscape_grid *g)
{
    free(g->z);
    free(g->known);
    memset(g, 0, sizeof *g);
}

static int on_level(const struct landscape_axis *a, int i, int stride)
{
    return i == 0 || i == a->points - 1 || (i - a->zero) % stride == 0;
}

int landscape_grid_next(struct landscape_grid *g, int *column, int *row)
{
    while (g->at_hand > 0) {
        for (; g->next < g->of; g->next++) {
            *column = g->next % g->x.points;
            *row = g->next / g->x.points;
            if (!g->known[g->next] && on_level(&g->x, *column, g->at_hand) &&
                on_level(&g->y, *row, g->at_hand))
                return 1;
        }
        g->stride = g->at_hand;
        g->at_hand /= 2;
        g->next = 0;
    }
    return 0;
}

void landscape_grid_put(struct landscape_grid *g, int column, int row, double z)
{
    int at = row * g->x.points + column;

    g->done += !g->known[at];
    g->z[at] = z;
    g->known[at] = 1;
}

int landscape_grid_extent(const struct landscape_grid *g, double *lo, double *hi, int *at_lo, int *at_hi)
{
    int found = 0;

    for (int i = 0; i < g->of; i++) {
        if (!g->known[i] || !isfinite(g->z[i]))
            continue;
        if (!found || g->z[i] < *lo)
            *lo = g->z[*at_lo = i];
        if (!found || g->z[i] > *hi)
            *hi = g->z[*at_hi = i];
        found = 1;
    }
    return found;
}

/* ---- the picture ---------------------------------------------------------------------------- */

/* The neighbours of i on the last whole level, and how far i stands between them. */
static double between(const struct landscape_axis *a, int i, int stride, int *low, int *high)
{
    for (*low = i; !on_level(a, *low, stride); --*low)
        ;
    for (*high = i; !on_level(a, *high, stride); ++*high)
        ;
    return *high > *low ? (double)(i - *low) / (*high - *low) : 0;
}

/* a at 0, b at 1; an end that is not asked for does no harm, whatever it is. */
static double mixed(double a, double b, double at)
{
    return at == 0 ? a : at == 1 ? b : a + at * (b - a);
}

static double shown(const struct landscape_grid *g, int column, int row)
{
    int left, right, below, above, wide = g->x.points;
    double across, up;

    if (g->known[row * wide + column])
        return g->z[row * wide + column];
    if (g->stride == 0)
        return NAN;
    across = between(&g->x, column, g->stride, &left, &right);
    up = between(&g->y, row, g->stride, &below, &above);
    return mixed(mixed(g->z[below * wide + left], g->z[below * wide + right], across),
                 mixed(g->z[above * wide + left], g->z[above * wide + right], across), up);
}

void landscape_grid_picture(const struct landscape_grid *g, float *out)
{
    for (int row = 0; row < g->y.points; row++)
        for (int column = 0; column < g->x.points; column++)
            out[row * g->x.points + column] = (float)shown(g, column, row);
}
