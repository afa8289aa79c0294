/* SPDX-License-Identifier: MIT */
/* The learning rate in force: past as it was, ahead as the schedule says if nothing is touched. */
#include "train/panes.h"

#include <math.h>
#include <stdio.h>

#include "optim/schedule.h"
#include "app/overlay.h"
#include "draw/number.h"

/* The future from now to the end of the axis; knobs the user just turned are already in it. */
static void look_ahead(const struct model *m, double end, struct pane_plot *p)
{
    struct snapshot s = *m->snapshot;

    s.knobs = m->knobs;
    for (int i = 0; i < PLOT_AHEAD; i++) {
        p->ahead_x[i] = s.epoch + (end - s.epoch) * i / (PLOT_AHEAD - 1);
        p->ahead_y[i] = (float)rate_preview(&s, p->ahead_x[i]);
    }
}

enum { AVERAGE_LEGEND = 60 }; /* width from which the points of Schedule-Free are told in full */

static void legend_of(const struct model *m, struct canvas *c)
{
    const struct schedule *schedule = knobs_schedule_kind(&m->knobs);

    const char *title = schedule                     ? schedule->title
                        : c->w > AVERAGE_LEGEND ? "no schedule; trained at y, validated at the average x"
                                                : "no schedule; validated at x";

    if (c->h > 2) {
        struct canvas bottom = canvas_part(c, (struct rect){2, c->h - 1, c->w - 4, 1});
        canvas_format(&bottom, 0, 0, STYLE_QUIET, " %s ", title);
    }
}

static void fit_rate(struct pane_plot *p, int logarithmic)
{
    double lo, hi;

    p->plot.y.log = logarithmic;
    if (!plot_extent(&p->plot, 0, &lo, &hi))
        lo = 0, hi = 1e-3;
    if (!logarithmic)
        lo = 0;
    p->steady |= p->whole;
    pane_fit_y(p, fmax(lo, hi * 1e-6), hi);
    if (!logarithmic)
        p->plot.y.lo = 0;
}

/* The whole run as the recipe has it, however the other plots are zoomed. */
static void show_to_end(const struct model *m, struct axis *x)
{
    double epochs = m->knobs.value[KNOB_EPOCHS], last = overlay_last(m, OVER_EPOCHS);

    axis_fit_progress(x, fmax(epochs, last));
    x->hi = fmax(epochs, x->hi > last * 1.5 ? last : x->hi);
    if (!(x->hi > 0))
        x->hi = 1;
}

/* What is ahead stands in it. */
static int rate_plot(const struct model *m, struct pane_plot *p)
{
    double epoch = m->snapshot->epoch;
    struct axis *x = &p->plot.x;

    pane_plot_init(m, &rate_pane, p, OVER_EPOCHS);
    p->whole = pane_to_end(m, &rate_pane);
    if (p->whole)
        show_to_end(m, x);
    look_ahead(m, x->hi, p);
    p->series[0] = (struct series){.name = "ahead", .style = STYLE_AHEAD, .stroke = STROKE_DASHED, .plain = '-',
                                   .count = x->hi >= epoch ? PLOT_AHEAD : 0, .x = p->ahead_x, .y = p->ahead_y};
    p->series[1] = pane_series(&m->history->track[TRACK_RATE], OVER_EPOCHS);
    p->series[1].name = "so far", p->series[1].style = STYLE_SERIES_1;
    p->plot.series_count = 2;
    overlay_add(m, p, 1, (const enum track_id[]){TRACK_RATE}, 1);
    p->plot.now = epoch;
    fit_rate(p, pane_log_y(m, &rate_pane));
    return 1;
}

static void rate_draw(const struct model *m, struct canvas *c)
{
    struct pane_plot p;
    char value[NUMBER_SIZE], at[PANE_AT], note[2][128];
    double cross = pane_to_end(m, &rate_pane) ? m->ui.cross : pane_cross(m, OVER_EPOCHS);
    struct canvas inside;

    number_reading(value, sizeof value, pane_reading(&m->history->track[TRACK_RATE], cross), 3);
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(note[0], sizeof note[0], "%s%s%s%s", at, value, pane_log_y(m, &rate_pane) ? " · log y" : "",
             isfinite(cross) ? "" : " · now ┊ ahead");
    snprintf(note[1], sizeof note[1], "%s%s", isfinite(cross) ? at : "now ┊ ", value);
    inside = pane_frame(m, c, &rate_pane, (const char *const[]){note[0], note[1], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    rate_plot(m, &p);
    plot_draw(&p.plot, &inside);
    legend_of(m, c);
}

const struct pane rate_pane = {
    .name = "learning rate", .help = "learning rate so far, and ahead by the schedule",
    .keys = PANE_KEYS(&plot_keys, &back_keys, &log_axis_keys, &range_keys), .to_end = 1, .draw = rate_draw, .plot = rate_plot};
