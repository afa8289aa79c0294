/* SPDX-License-Identifier: MIT */
#include "landscape/text.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

void landscape_point_words(const struct landscape_view *v, int point, char *out, size_t size)
{
    const struct landscape_path_point *p = &v->path_point[point];
    char step[NUMBER_SIZE], own[NUMBER_SIZE], plane[NUMBER_SIZE], distance[NUMBER_SIZE], length[NUMBER_SIZE];

    number_count(step, sizeof step, v->path_step[point]);
    number_reading(own, sizeof own, p->loss, 3);
    number_reading(plane, sizeof plane, p->on_plane, 3);
    number_reading(distance, sizeof distance, p->distance, 2);
    number_reading(length, sizeof length, p->length, 2);
    snprintf(out, size, "step %s: loss %s here, %s on the plane, distance %s from it, %s from the middle", step, own, plane, distance, length);
}

void landscape_barrier_words(const struct landscape_view *v, char *out, size_t size)
{
    char line[NUMBER_SIZE], curve[NUMBER_SIZE];

    number_reading(line, sizeof line, v->line_barrier, 3);
    number_reading(curve, sizeof curve, v->curve_barrier, 3);
    *out = '\0';
    if (isfinite(v->line_barrier) && isfinite(v->curve_barrier))
        snprintf(out, size, "line %s, curve %s", line, curve);
    else if (isfinite(v->line_barrier))
        snprintf(out, size, "line %s", line);
}

/* Points of the path, a line each, no more than there is room for and evenly. */
static int write_path(const struct landscape_view *v, char line[][PLAIN_LANDSCAPE_SIZE])
{
    int n = v->path_points < PLAIN_LANDSCAPE_PATH ? v->path_points : PLAIN_LANDSCAPE_PATH;

    for (int i = 0; i < n; i++) {
        size_t used = (size_t)snprintf(line[i], PLAIN_LANDSCAPE_SIZE, "path, ");
        landscape_point_words(v, n > 1 ? i * (v->path_points - 1) / (n - 1) : 0, line[i] + used, PLAIN_LANDSCAPE_SIZE - used);
    }
    return n;
}

static void write_head(const struct landscape_view *v, char *line)
{
    char step[NUMBER_SIZE], frames[NUMBER_SIZE], points[2 * NUMBER_SIZE];

    number_count(step, sizeof step, v->step);
    number_count(frames, sizeof frames, (uint64_t)v->frames);
    snprintf(points, sizeof points, v->axes == 1 ? "%d" : "%d by %d", v->x.points, v->y.points);
    snprintf(line, PLAIN_LANDSCAPE_SIZE, "step %s%s: landscape %s%s%.200s: %s points, %s frames, in %.1f s", step,
             v->average ? ", at the average x" : "", landscape_kind_name((int)v->plan.kind), *v->plan.file ? " to " : "", v->plan.file, points, frames,
             v->seconds);
}

static void write_side(const char *name, const struct landscape_side *s, char *line)
{
    char lo[NUMBER_SIZE], hi[NUMBER_SIZE], value[NUMBER_SIZE], residual[NUMBER_SIZE], more[128] = "";
    const struct landscape_direction *d = &s->direction;

    number_short(lo, sizeof lo, s->lo);
    number_short(hi, sizeof hi, s->hi);
    number_short(value, sizeof value, d->eigenvalue);
    number_reading(residual, sizeof residual, d->residual, 2);
    if (isfinite(d->eigenvalue))
        snprintf(more, sizeof more, ", eigenvalue %s, |Hv-lv| %s%s", value, residual,
                 d->converged ? "" : ", not converged");
    else if (isfinite(d->share))
        snprintf(more, sizeof more, ", %.1f %% of the path's variance", 100 * d->share);
    snprintf(line, PLAIN_LANDSCAPE_SIZE, "%s axis: %s, from %s to %s%s", name, d->name ? d->name : "", lo, hi, more);
}

static void write_place(const struct landscape_view *v, double z, const double at[2], char *out, size_t size)
{
    char height[NUMBER_SIZE], x[NUMBER_SIZE], y[NUMBER_SIZE];

    number_short(height, sizeof height, z);
    number_reading(x, sizeof x, at[0], 3);
    number_reading(y, sizeof y, at[1], 3);
    snprintf(out, size, v->axes == 1 ? "%s at %s" : "%s at %s, %s", height, x, y);
}

static void write_heights(const struct landscape_view *v, char *line)
{
    char here[NUMBER_SIZE], least[128], most[128], bad[64] = "";

    number_short(here, sizeof here, v->loss);
    write_place(v, v->least, v->least_at, least, sizeof least);
    write_place(v, v->most, v->most_at, most, sizeof most);
    if (v->not_finite)
        snprintf(bad, sizeof bad, "; %d heights are not finite", v->not_finite);
    snprintf(line, PLAIN_LANDSCAPE_SIZE, "loss here %s, lowest %s, highest %s%s", here, least, most, bad);
}

static void write_foot(const struct landscape_foot *f, const char *where, char *line)
{
    char loss[NUMBER_SIZE], highest[NUMBER_SIZE], residual[NUMBER_SIZE], percent[NUMBER_SIZE], epsilon[NUMBER_SIZE];

    number_short(loss, sizeof loss, f->loss);
    number_short(highest, sizeof highest, f->highest);
    number_reading(residual, sizeof residual, f->residual, 2);
    number_short(percent, sizeof percent, f->sharpness.percent);
    number_short(epsilon, sizeof epsilon, f->sharpness.epsilon);
    snprintf(line, PLAIN_LANDSCAPE_SIZE,
             "%s: loss %s, highest eigenvalue %s, |Hv-lv| %s%s, sharpness %s%s %% within %s", where, loss, highest, residual,
             f->converged ? "" : ", not converged", f->sharpness.settled ? "" : "at least ", percent, epsilon);
}

int plain_landscape(struct plain_landscape *told, const struct landscape_view *v,
                    char line[PLAIN_LANDSCAPE_LINES][PLAIN_LANDSCAPE_SIZE])
{
    enum landscape_status before = told->status;
    char barrier[96];
    int n = 0;

    told->status = v->status;
    if (v->known && v->whole && v->drawn != told->drawn) {
        told->drawn = v->drawn;
        write_head(v, line[n++]);
        write_side("first", &v->x, line[n++]);
        if (v->axes == 2)
            write_side("second", &v->y, line[n++]);
        write_heights(v, line[n++]);
        write_foot(&v->foot[0], "here", line[n++]);
        if (v->feet == 2)
            write_foot(&v->foot[1], "there", line[n++]);
        landscape_barrier_words(v, barrier, sizeof barrier);
        if (*barrier)
            snprintf(line[n++], PLAIN_LANDSCAPE_SIZE, "barrier: %s, above the straight line between both losses%s", barrier,
                     v->curve_barrier > v->line_barrier ? "; the curve, trained on other frames, finds no better way" : "");
        if (v->axes == 2)
            n += write_path(v, line + n);
    } else if (v->status == LANDSCAPE_CANCELLED && before != v->status)
        snprintf(line[n++], PLAIN_LANDSCAPE_SIZE, "landscape cancelled");
    return n; /* a failure is in the log */
}
