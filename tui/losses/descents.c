/* SPDX-License-Identifier: MIT */
/* The view's state: the two losses over the plane, the point, and a descent on each. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "draw/number.h"
#include "losses/panes.h"

enum { SLICE = 20000 }; /* steps between two looks at the clock: a fraction of a millisecond */

static const double FIRST[] = {-7, 5}, RATE = .5, GOAL = .9; /* the lecture's */

void losses_begin(struct losses_ui *ui, double y1, double y2, double rate)
{
    ui->y[0] = y1;
    ui->y[1] = y2;
    ui->rate = rate;
    for (int k = 0; k < PLANE_LOSSES; k++) {
        ui->at[k] = plane_point_at((enum plane_loss)k, y1, y2);
        loss_descent_begin(&ui->descent[k], (enum plane_loss)k, y1, y2, rate, ui->goal);
        loss_descent_run(&ui->descent[k], LOSSES_AT_ONCE);
    }
}

struct losses_ui *losses_new(struct err *e)
{
    struct losses_ui *ui = calloc(1, sizeof *ui);
    double stride = 2. * PLANE_END / (LOSSES_GRID - 1);

    if (!ui) {
        err_memory(e, "the view of the losses", sizeof *ui);
        return NULL;
    }
    for (int k = 0; k < PLANE_LOSSES; k++)
        for (int i = 0; i < LOSSES_GRID * LOSSES_GRID; i++)
            ui->z[k][i] = (float)plane_point_at((enum plane_loss)k, -PLANE_END + stride * (i % LOSSES_GRID),
                                                -PLANE_END + stride * (i / LOSSES_GRID)).loss;
    ui->goal = GOAL;
    losses_at_first(ui);
    return ui;
}

void losses_at_first(struct losses_ui *ui)
{
    losses_begin(ui, FIRST[0], FIRST[1], RATE);
}

static int goes_on(const struct loss_descent *d)
{
    return !d->arrived && d->steps < LOSS_DESCENT_MOST;
}

int losses_is_busy(const struct losses_ui *ui)
{
    return goes_on(&ui->descent[PLANE_MSE]) || goes_on(&ui->descent[PLANE_CROSS_ENTROPY]);
}

int losses_go_on(struct losses_ui *ui, int ms)
{
    double end = clock_seconds() + 1e-3 * ms;
    int moved = 0;

    while (losses_is_busy(ui) && (!moved || clock_seconds() < end)) {
        for (int k = 0; k < PLANE_LOSSES; k++)
            if (goes_on(&ui->descent[k]))
                loss_descent_run(&ui->descent[k], SLICE);
        moved = 1;
    }
    return moved;
}

/* ---- in words ------------------------------------------------------------------------------- */

void losses_steps(const struct loss_descent *d, char out[LOSSES_STEPS])
{
    char steps[NUMBER_SIZE];

    number_count(steps, sizeof steps, d->steps);
    snprintf(out, LOSSES_STEPS, "%s%s step%s", d->arrived ? "" : "more than ", steps, d->steps == 1 ? "" : "s");
}

void losses_sentence(const struct losses_ui *ui, char out[LOSSES_TEXT])
{
    double mse = ui->at[PLANE_MSE].norm, ce = ui->at[PLANE_CROSS_ENTROPY].norm, p = ui->at[PLANE_MSE].p;
    char times[NUMBER_SIZE];

    number_short(times, sizeof times, ce / mse);
    if (p < .1)
        snprintf(out, LOSSES_TEXT, "Wrong, and MSE's gradient is %s times shorter than cross-entropy's.", times);
    else if (p > ui->goal)
        snprintf(out, LOSSES_TEXT, "The answer is right: both losses are low, and both gradients small.");
    else
        snprintf(out, LOSSES_TEXT, "Neither class is sure: both losses have a gradient here.");
}

void losses_line(const struct losses_ui *ui, char out[LOSSES_TEXT])
{
    char norm[PLANE_LOSSES][NUMBER_SIZE], steps[PLANE_LOSSES][LOSSES_STEPS], p[NUMBER_SIZE];

    for (int k = 0; k < PLANE_LOSSES; k++) {
        number_reading(norm[k], sizeof norm[k], ui->at[k].norm, 3);
        losses_steps(&ui->descent[k], steps[k]);
    }
    number_reading(p, sizeof p, ui->at[PLANE_MSE].p, 3);
    snprintf(out, LOSSES_TEXT, "losses at (%g, %g), p(true) %s: |gradient| of MSE %s, of cross-entropy %s; at rate %g until p > %g "
                               "MSE takes %s, cross-entropy %s", ui->y[0], ui->y[1], p, norm[PLANE_MSE],
             norm[PLANE_CROSS_ENTROPY], ui->rate, ui->goal, steps[PLANE_MSE], steps[PLANE_CROSS_ENTROPY]);
}
