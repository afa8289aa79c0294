/* SPDX-License-Identifier: MIT */
/* Line search for the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6):
 *   f(t) ≤ f(0) + c₁ t f'(0)     and     |f'(t)| ≤ c₂ |f'(0)|.
 * First t grows until two points enclose such a t, then the bracket shrinks. Trials come from the cubic
 * through two points' values and slopes. Constants and safeguards are those of PyTorch's L-BFGS. */
#include "optim/wolfe.h"

#include <math.h>

static const double C1 = 1e-4, C2 = .9, TOLERANCE = 1e-9;
enum { TRIALS = 25 };

/* Minimiser of the cubic through a and b, kept within [least, most] (formula 3.59). An f that is not finite only says
 * "too far": then the middle. */
static double cubic(const struct wolfe_point *a, const struct wolfe_point *b, double least, double most)
{
    const struct wolfe_point *l = a->t <= b->t ? a : b, *r = l == a ? b : a;
    double d1 = l->slope + r->slope - 3 * (l->f - r->f) / (l->t - r->t),
           square = d1 * d1 - l->slope * r->slope;
    double d2 = sqrt(square), t;

    if (!(square >= 0))
        return (least + most) / 2;
    t = r->t - (r->t - l->t) * ((r->slope + d2 - d1) / (r->slope - l->slope + 2 * d2));
    return isnan(t) ? (least + most) / 2 : fmin(fmax(t, least), most);
}

static int falls_too_little(const struct wolfe_point *p, const struct wolfe_point *start)
{
    return p->f > start->f + C1 * p->t * start->slope;
}

static int flat_enough(const struct wolfe_point *p, const struct wolfe_point *start)
{
    return fabs(p->slope) <= -C2 * start->slope;
}

/* The next trial inside a bracket; one that stays close to an end twice is moved a tenth inwards. */
static double inside(const struct wolfe_point end[2], int *close)
{
    double least = fmin(end[0].t, end[1].t), most = fmax(end[0].t, end[1].t), margin = .1 * (most - least);
    double t = cubic(&end[0], &end[1], least, most);

    if (fmin(most - t, t - least) >= margin) {
        *close = 0;
    } else if (*close || t >= most || t <= least) {
        t = fabs(t - most) < fabs(t - least) ? most - margin : least + margin;
        *close = 0;
    } else {
        *close = 1;
    }
    return t;
}

/* Shrink the bracket `end`; `unused` is the gradient neither end holds. */
static int zoom(const struct wolfe_line *l, const struct wolfe_point *start, struct wolfe_point end[2],
                void *unused, int trials, struct wolfe_point *found)
{
    int low = end[0].f <= end[1].f ? 0 : 1, close = 0, done = 0, r;

    while (!done && trials++ < TRIALS && !(fabs(end[1].t - end[0].t) * l->size < TOLERANCE)) {
        struct wolfe_point p = {.t = inside(end, &close), .gradient = unused};
        if ((r = l->at(l->context, &p)) != 0)
            return r;
        if (falls_too_little(&p, start) || p.f >= end[low].f) {
            unused = end[!low].gradient;
            end[!low] = p;
            low = end[0].f <= end[1].f ? 0 : 1;
            continue;
        }
        done = flat_enough(&p, start);
        unused = end[low].gradient;
        if (!done && p.slope * (end[!low].t - end[low].t) >= 0) {
            unused = end[!low].gradient;
            end[!low] = end[low];
        }
        end[low] = p;
    }
    *found = end[low];
    return 0;
}

int strong_wolfe(const struct wolfe_line *l, const struct wolfe_point *start, double t, void *const spare[2],
                 struct wolfe_point *found)
{
    struct wolfe_point last = *start, p = {.t = t, .gradient = spare[0]};
    int trials, r = l->at(l->context, &p);

    for (trials = 0; r == 0 && trials < TRIALS; trials++) {
        double further;
        void *unused = last.gradient == start->gradient ? spare[1] : last.gradient;
        if (falls_too_little(&p, start) || (trials > 1 && p.f >= last.f))
            break;
        if (flat_enough(&p, start)) {
            *found = p;
            return 0;
        }
        if (p.slope >= 0)
            break;
        further = cubic(&last, &p, p.t + .01 * (p.t - last.t), 10 * p.t);
        last = p;
        p = (struct wolfe_point){.t = further, .gradient = unused};
        r = l->at(l->context, &p);
    }
    if (r != 0)
        return r;
    struct wolfe_point end[2] = {trials < TRIALS ? last : *start, p};
    void *third = last.gradient == start->gradient ? spare[1] : start->gradient;
    return zoom(l, start, end, third, trials, found);
}
