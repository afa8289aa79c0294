/* SPDX-License-Identifier: MIT */
#include "lecture/loss-descent.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *plane_loss_title(enum plane_loss which)
{
    return which == PLANE_MSE ? "MSE" : "cross-entropy";
}

const struct surface *plane_loss_surface(enum plane_loss which)
{
    return surface_find(which == PLANE_MSE ? "softmax_mse" : "softmax_ce");
}

/* p1. exp(−1000 − y) is 0 in double for every y of the plane: the third class takes no part. */
static double probability(double y1, double y2)
{
    return 1 / (1 + exp(y2 - y1));
}

struct plane_point plane_point_at(enum plane_loss which, double y1, double y2)
{
    const struct surface *s = plane_loss_surface(which);
    const double at[] = {y1, y2};
    struct plane_point p = {.p = probability(y1, y2)};

    p.loss = s->f(s, at, p.gradient, NULL);
    p.norm = hypot(p.gradient[0], p.gradient[1]);
    return p;
}

int plane_point_parse(const char *text, double y[2], struct err *e)
{
    const char *at = text;
    int good = 1;

    for (int k = 0; k < 2 && good; k++) {
        char *end;
        y[k] = strtod(at, &end);
        good = end > at && fabs(y[k]) <= PLANE_END;
        at = end + strspn(end, " ");
        if (k == 0 && *at == ',')
            at++;
    }
    if (good && *at == '\0')
        return 0;
    return err_set(e, ERR_USAGE, "\"%.40s\": expected y1,y2 from %d to %d, such as -7,5", text, -PLANE_END, PLANE_END);
}

int plane_number_parse(const char *what, const char *text, double most, double *number, struct err *e)
{
    char *end;

    *number = strtod(text, &end);
    if (end == text || *end || !(*number > 0 && *number <= most))
        return err_set(e, ERR_USAGE, "%s %.40s: expected a number above 0 and at most %g", what, text, most);
    return 0;
}

void loss_descent_begin(struct loss_descent *d, enum plane_loss which, double y1, double y2, double rate, double goal)
{
    *d = (struct loss_descent){.which = which, .rate = rate, .goal = goal, .start = {y1, y2}, .y = {y1, y2}};
    d->arrived = probability(y1, y2) > goal;
}

/* With q = 1 − p the gradients are (−q, q) of cross-entropy and 4pq² (−1, 1) of MSE. Written out, since hundreds of
 * millions of steps may be wanted; q from the exponential, so that no digits are lost near p = 1. */
int loss_descent_run(struct loss_descent *d, uint64_t most)
{
    double y1 = d->y[0], y2 = d->y[1], e = exp(y2 - y1), p = 1 / (1 + e);
    uint64_t i = 0;

    for (; p <= d->goal && i < most; i++) {
        double q = isinf(e) ? 1 : e * p, by = d->rate * (d->which == PLANE_MSE ? 4 * p * q * q : q);
        y1 += by;
        y2 -= by;
        e = exp(y2 - y1);
        p = 1 / (1 + e);
    }
    d->y[0] = y1;
    d->y[1] = y2;
    d->steps += i;
    d->arrived = p > d->goal;
    return d->arrived;
}
