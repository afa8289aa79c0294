/* SPDX-License-Identifier: MIT */
#include "formula-landscapes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PLANE = 33, PATH = 24 };

static const struct landscape_direction unknown = {
    .length = 1, .slope = NAN, .curvature = NAN, .eigenvalue = NAN, .residual = NAN, .share = NAN};

/* A valley along y = x² − 1 that falls to the right. */
static double valley(double x, double y)
{
    double off = y - x * x / 4 + 1;

    return .8 + 1.6 * off * off / (1 + .2 * off * off) + .15 * (x - 2) * (x - 2);
}

static void begin(struct landscape_view *v, enum landscape_kind kind, int axes)
{
    uint64_t version = v->version;

    memset(v, 0, sizeof *v);
    v->version = version;
    v->status = LANDSCAPE_DONE;
    v->known = v->whole = 1;
    v->plan = (struct landscape_plan){.kind = kind, .axes = axes};
    v->asked = v->plan;
    v->step = 1200;
    v->epoch = 6;
    v->seconds = 3.4;
    v->frames = 512;
    v->parameters = 86569;
    v->axes = axes;
    v->x.direction = v->y.direction = unknown;
    v->y.points = 1;
    v->feet = 1;
    v->line_barrier = v->curve_barrier = NAN;
    v->foot[0] = v->foot[1] = (struct landscape_foot){
        .loss = NAN, .highest = NAN, .residual = NAN, .sharpness = {.percent = NAN, .epsilon = 1e-3}};
}

static double at(const struct landscape_side *s, int i)
{
    return s->points > 1 ? s->lo + (s->hi - s->lo) * i / (s->points - 1) : 0;
}

static void find_ends(struct landscape_view *v)
{
    v->least = INFINITY, v->most = -INFINITY;
    for (int i = 0; i < v->x.points * v->y.points; i++) {
        double x = at(&v->x, i % v->x.points), y = at(&v->y, i / v->x.points), z = v->z[i];
        if (z < v->least)
            v->least = z, v->least_at[0] = x, v->least_at[1] = y;
        if (z > v->most)
            v->most = z, v->most_at[0] = x, v->most_at[1] = y;
    }
}

/* Between the points of a coarse level, as straight lines have it. */
static double coarse(const struct landscape_view *v, int column, int row, int stride)
{
    int c = column / stride * stride, r = row / stride * stride;
    int c1 = c + stride < v->x.points ? c + stride : c, r1 = r + stride < v->y.points ? r + stride : r;
    double s = (double)(column - c) / stride, t = (double)(row - r) / stride;
    double low = (1 - s) * valley(at(&v->x, c), at(&v->y, r)) + s * valley(at(&v->x, c1), at(&v->y, r));
    double high = (1 - s) * valley(at(&v->x, c), at(&v->y, r1)) + s * valley(at(&v->x, c1), at(&v->y, r1));

    return (1 - t) * low + t * high;
}

static void valley_path(struct landscape_view *v)
{
    v->path_points = PATH;
    for (int i = 0; i < PATH; i++) {
        double u = (double)i / (PATH - 1);
        v->path[i][0] = -3.2 * (1 - u);
        v->path_step[i] = (uint64_t)i * 1200 / (PATH - 1);
        v->path_point[i] = (struct landscape_path_point){3.1 - 2 * u, 3.3 - 2.2 * u, 1.4 * sin(3.14159 * u) * (1 - u), 4.1 * (1 - u)};
        v->path[i][1] = 2.6 * (1 - u) * (1 - u) - 1.1 * u * (1 - u) + .3 * (1 - u) * (i % 2 ? 1 : -1);
    }
}

void canned_valley(struct landscape_view *v, int stride)
{
    begin(v, LANDSCAPE_PCA, 2);
    v->x = (struct landscape_side){.points = PLANE, .zero = 24, .lo = -3.84, .hi = 1.28, .direction = unknown};
    v->y = (struct landscape_side){.points = PLANE, .zero = 10, .lo = -1.4, .hi = 3.08, .direction = unknown};
    v->x.direction.name = "first principal component";
    v->x.direction.share = .812;
    v->y.direction.name = "second principal component";
    v->y.direction.share = .124;
    for (int i = 0; i < PLANE * PLANE; i++)
        v->z[i] = (float)coarse(v, i % PLANE, i / PLANE, stride);
    v->columns = v->rows = (PLANE - 1) / stride + 1;
    v->loss = valley(0, 0);
    valley_path(v);
    find_ends(v);
    if (stride > 1) {
        v->whole = 0;
        v->status = LANDSCAPE_RUNNING;
        v->done = 431, v->of = PLANE * PLANE;
        snprintf(v->text, sizeof v->text, "landscape, point");
        return;
    }
    v->foot[0] = (struct landscape_foot){.loss = v->loss, .highest = 12.345, .residual = .0123, .converged = 1,
                                         .sharpness = {.epsilon = 1e-3, .percent = 14.62, .loss = v->loss,
                                                       .highest = 3.4, .gradients = 20, .settled = 1}};
}

void canned_line(struct landscape_view *v)
{
    begin(v, LANDSCAPE_LINE, 1);
    snprintf(v->plan.file, sizeof v->plan.file, "large-batch.safetensors");
    v->asked = v->plan;
    v->x = (struct landscape_side){.points = 81, .zero = 20, .lo = -.5, .hi = 1.5, .direction = unknown};
    v->x.direction.name = "line";
    v->x.direction.length = 14.2;
    for (int i = 0; i < 81; i++) {
        double a = at(&v->x, i), flat = a * a, sharp = (a - 1) * (a - 1);
        v->z[i] = (float)(.9 + 3 * flat / (.6 + flat) * 12 * sharp / (.2 + 12 * sharp) + .1 * a);
    }
    v->columns = 81, v->rows = 1;
    v->loss = v->z[20];
    find_ends(v);
    v->feet = 2;
    v->foot[0] = (struct landscape_foot){.loss = v->z[20], .highest = 3.21, .residual = .004, .converged = 1,
                                         .sharpness = {.epsilon = 1e-3, .percent = 12.1, .settled = 1}};
    v->foot[1] = (struct landscape_foot){.loss = v->z[60], .highest = 214.6, .residual = 51, .converged = 0,
                                         .sharpness = {.epsilon = 1e-3, .percent = 241.7, .settled = 0}};
}

/* The same ends, of which a curve goes round the barrier. */
void canned_curve(struct landscape_view *v)
{
    begin(v, LANDSCAPE_CURVE, 1);
    snprintf(v->plan.file, sizeof v->plan.file, "run B");
    v->asked = v->plan;
    v->x = (struct landscape_side){.points = 81, .zero = 0, .lo = 0, .hi = 1, .direction = unknown};
    v->x.direction.name = "line";
    v->x.direction.length = 22.5;
    for (int i = 0; i < 81; i++) {
        double a = at(&v->x, i), hill = a * (1 - a);
        v->z[i] = (float)(.81 + .03 * a + 14.4 * hill * hill);
        v->curve[i] = (float)(.81 + .03 * a + 8.9 * hill * hill * hill);
    }
    v->curve_points = v->columns = 81, v->rows = 1;
    v->line_barrier = .9, v->curve_barrier = .1391;
    v->loss = v->z[0];
    find_ends(v);
    v->feet = 2;
    v->foot[0].loss = v->z[0];
    v->foot[1].loss = v->z[80];
}

void canned_slice(struct landscape_view *v)
{
    begin(v, LANDSCAPE_TOP, 1);
    v->x = (struct landscape_side){.points = 81, .zero = 40, .lo = -.8, .hi = .8, .direction = unknown};
    v->x.direction = (struct landscape_direction){
        .name = "top eigenvector", .length = 1, .slope = -.31, .curvature = 9.82, .eigenvalue = 9.82, .residual = .0021,
        .converged = 1, .share = NAN};
    for (int i = 0; i < 81; i++) {
        double a = at(&v->x, i);
        v->z[i] = (float)(1.4 - .31 * a + 4.91 * a * a - 1.8 * a * a * a);
    }
    v->columns = 81, v->rows = 1;
    v->loss = v->z[40];
    find_ends(v);
    v->foot[0] = (struct landscape_foot){.loss = v->loss, .highest = 9.82, .residual = .0021, .converged = 1,
                                         .sharpness = {.epsilon = 1e-3, .percent = 321, .settled = 0}};
}
