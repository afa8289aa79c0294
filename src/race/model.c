/* SPDX-License-Identifier: MIT */
#include "race/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "math/eigen.h"
#include "race/model-private.h"

enum { SLICE = 8 }; /* steps between two looks at the clock */

static const double MOST_ZOOM = 1e-9, MOST_WIDE = 2e12;

/* ---- what is seen ------------------------------------------------------------------------------- */

void race_model_look_around(struct race_model *s)
{
    race_heights(s->surface, s->start, &s->x, &s->y, s->z);
}

void race_model_whole(struct race_model *s)
{
    s->x = race_window(s->surface, 0);
    s->y = race_window(s->surface, 1);
    race_model_look_around(s);
}

static double middle_of(const struct race_range *a)
{
    return (a->lo + a->hi) / 2;
}

/* About `still`, which keeps its share of the range. */
static void widen(struct race_range *a, double factor, double still)
{
    double half = (a->hi - a->lo) / 2 * factor;

    if (half > MOST_ZOOM * fmax(1, fabs(still)) && 2 * half < MOST_WIDE) {
        a->lo = still - (still - a->lo) * factor;
        a->hi = still + (a->hi - still) * factor;
    }
}

void race_model_zoom_at(struct race_model *s, int by, double x, double y)
{
    widen(&s->x, ldexp(1, -by), x);
    widen(&s->y, ldexp(1, -by), y);
    race_model_look_around(s);
}

void race_model_zoom(struct race_model *s, int by)
{
    race_model_zoom_at(s, by, middle_of(&s->x), middle_of(&s->y));
}

static void shift(struct race_range *a, double by)
{
    a->lo += by;
    a->hi += by;
}

void race_model_move(struct race_model *s, double right, double up)
{
    shift(&s->x, right);
    shift(&s->y, up);
    race_model_look_around(s);
}

void race_model_pan(struct race_model *s, int right, int up)
{
    race_model_move(s, (s->x.hi - s->x.lo) / 4 * right, (s->y.hi - s->y.lo) / 4 * up);
}

static void centre(struct race_range *a, double middle)
{
    double half = (a->hi - a->lo) / 2;

    a->lo = middle - half;
    a->hi = middle + half;
}

void race_model_centre(struct race_model *s)
{
    const struct racer *r = race_racer(s->race, s->leader);

    if (!r)
        return;
    centre(&s->x, r->x[0]);
    centre(&s->y, r->x[1]);
    race_model_look_around(s);
}

/* So that v is in it, a little from its end. */
static void reach(struct race_range *a, double v)
{
    double margin = (fmax(a->hi, v) - fmin(a->lo, v)) / 20;

    a->lo = v < a->lo ? v - margin : a->lo;
    a->hi = v > a->hi ? v + margin : a->hi;
}

int race_model_show_start(struct race_model *s)
{
    struct race_range x = s->x, y = s->y;

    reach(&x, s->start[0]);
    reach(&y, s->start[1]);
    if (x.lo == s->x.lo && x.hi == s->x.hi && y.lo == s->y.lo && y.hi == s->y.hi)
        return 0;
    if (!(x.hi - x.lo < MOST_WIDE && y.hi - y.lo < MOST_WIDE))
        return -1;
    s->x = x;
    s->y = y;
    race_model_look_around(s);
    return 1;
}

void race_model_levels(struct race_model *s)
{
    s->linear ^= 1;
}

/* ---- what came of it ------------------------------------------------------------------------------ */

static void put_point(struct race_curve *c, uint64_t step, double loss, const double *x)
{
    c->step[c->count] = (double)step;
    c->loss[c->count] = (float)loss;
    c->x[c->count] = x[0];
    c->y[c->count++] = x[1];
}

static void follow(struct race_model *s, int i)
{
    const struct racer *r = race_racer(s->race, i);
    struct race_curve *c = &s->curve[i];

    c->count = 0;
    for (int k = 0; k < r->points; k++)
        put_point(c, r->trail[k].step, r->trail[k].loss, r->trail[k].x);
    if (r->points == 0 || r->trail[r->points - 1].step != r->steps)
        put_point(c, r->steps, r->loss, r->x);
}

/* Of the two signs the one whose largest part is positive. */
static void find_directions(struct race_model *s, const double *hessian)
{
    int n = s->surface->n;
    double value[SURFACE_MOST];

    memcpy(s->direction, hessian, (size_t)(n * n) * sizeof *hessian);
    if (eigen_symmetric(n, s->direction, value, 1, NULL) != 0)
        memset(s->direction, 0, sizeof s->direction);
    for (int k = 0; k < n; k++) {
        double *v = &s->direction[k * n], most = 0;
        for (int i = 0; i < n; i++)
            most = fabs(v[i]) > fabs(most) * (1 + 1e-9) ? v[i] : most;
        for (int i = 0; i < n && most < 0; i++)
            v[i] = -v[i];
    }
}

static void look_at_leader(struct race_model *s)
{
    const struct racer *r = race_racer(s->race, s->leader);
    double hessian[SURFACE_MOST * SURFACE_MOST], along = 0, square = 0;
    int n = s->surface->n;

    s->looked = r && surface_look(s->surface, r->x, &s->point, NULL) == 0 && race_edge(s->race, s->leader, &s->edge, NULL) == 0;
    if (!s->looked)
        return;
    s->surface->f(s->surface, r->x, NULL, hessian);
    find_directions(s, hessian);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            along += r->gradient[i] * hessian[i * n + j] * r->gradient[j];
    square = r->gradient_norm * r->gradient_norm;
    s->verdict = verdict_of(&(struct verdict_facts){.gradient_norm = r->gradient_norm, .gradient_curvature = square > 0 ? along / square : NAN,
                                                    .n = n, .values = n, .value = s->point.eigenvalue},
                            VERDICT_TOLERANCE);
}

void race_model_refresh(struct race_model *s)
{
    for (int i = 0; i < s->racers; i++)
        follow(s, i);
    s->leader = race_leader(s->race);
    look_at_leader(s);
}

const char *race_model_state(const struct race_model *s, int i)
{
    static const char *const words[] = {[RACER_RACING] = "racing", [RACER_STOPPED] = "arrived", [RACER_DIVERGED] = "diverged"};

    return words[race_racer(s->race, i)->state];
}

int race_model_count(const struct race_model *s, enum racer_state state)
{
    int n = 0;

    for (int i = 0; i < s->racers; i++)
        n += race_racer(s->race, i)->state == state;
    return n;
}

/* ---- steps ------------------------------------------------------------------------------------- */

int race_model_judge(struct race_model *s)
{
    int racing = 0;

    for (int i = 0; i < s->racers; i++) {
        if (s->until[0] && race_goal_reached(&s->goal, race_racer(s->race, i)))
            race_stop(s->race, i);
        racing += race_racer(s->race, i)->state == RACER_RACING;
    }
    return racing;
}

uint64_t race_model_step(struct race_model *s, uint64_t steps, int ms)
{
    double end = ms ? clock_seconds() + 1e-3 * ms : 0;
    uint64_t made = 0;
    int racing = race_model_judge(s);

    race_measure(s->race, ms > 0); /* what runs by the clock; else the race is a function of what it was told */
    while (racing && made < steps) {
        race_step(s->race);
        made++;
        racing = race_model_judge(s);
        if (ms && made % SLICE == 0 && clock_seconds() >= end)
            break;
    }
    s->steps += made;
    s->running &= racing > 0;
    if (made)
        race_model_refresh(s);
    return made;
}

static void mark_edit(struct race_model *s)
{
    double at = (double)s->steps;

    if (s->steps > 0 && s->edits < RACE_EDITS && (s->edits == 0 || s->edit[s->edits - 1] != at))
        s->edit[s->edits++] = at;
}

void race_model_restart(struct race_model *s)
{
    race_restart(s->race, NULL, NULL);
    s->steps = 0;
    s->edits = 0;
    race_model_judge(s);
    race_model_refresh(s);
}

void race_model_set_rate(struct race_model *s, int i, double lr)
{
    s->setup[i].args.lr = lr;
    race_rate(s->race, i, lr);
    mark_edit(s);
    race_model_refresh(s);
}

void race_model_rate(struct race_model *s, int i, double lr)
{
    char what[RACE_WORDS];

    if (s->setup[i].args.lr == lr)
        return;
    snprintf(what, sizeof what, "%s's rate", s->name[i]);
    race_model_before_edit(s);
    race_model_set_rate(s, i, lr);
    race_model_edited(s, what, 1);
}

void race_model_set_noise(struct race_model *s, double sigma)
{
    s->noise = sigma;
    race_noise(s->race, sigma, s->seed);
    mark_edit(s);
}

void race_model_turn_noise(struct race_model *s, int by)
{
    static const double scale[] = {0, .01, .03, .1, .3, 1, 3, 10, 30, 100};
    int count = sizeof scale / sizeof *scale, at = 0;

    if (by > 0)
        while (at < count - 1 && scale[at] <= s->noise)
            at++;
    else
        for (int i = 0; i < count; i++)
            at = scale[i] < s->noise ? i : at;
    if (s->noise == scale[at])
        return;
    race_model_before_edit(s);
    race_model_set_noise(s, scale[at]);
    race_model_edited(s, "the noise", 1);
}

/* ---- beginning and end ------------------------------------------------------------------------- */

struct race_model *race_model_new(const struct racer_words *words, struct err *e)
{
    struct race_model *s = calloc(1, sizeof *s);

    if (!s) {
        err_memory(e, "the race", sizeof *s);
        return NULL;
    }
    s->words = words;
    s->seed = 1;
    if (race_model_surface(s, RACE_FIRST_SURFACE, e) == 0) {
        s->undo.at = s->undo.count = 0;
        return s;
    }
    race_model_free(s);
    return NULL;
}

void race_model_free(struct race_model *s)
{
    if (s)
        race_free(s->race);
    free(s);
}
