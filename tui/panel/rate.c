/* The learning rate in force: past as it was, ahead as the schedule says if nothing is touched. */
#include "panel.h"

#include <math.h>
#include <stdio.h>

#include "lab/ahead.h"
#include "optim/schedule.h"
#include "view/number.h"

enum { AHEAD_POINTS = 512 };

struct ahead {
    double x[AHEAD_POINTS];
    float y[AHEAD_POINTS];
};

/* The future from now to the end of the axis; knobs the user just turned are already in it. */
static void look_ahead(const struct model *m, double end, struct ahead *a)
{
    struct snapshot s = *m->snapshot;

    s.knobs = m->knobs;
    for (int i = 0; i < AHEAD_POINTS; i++) {
        a->x[i] = s.epoch + (end - s.epoch) * i / (AHEAD_POINTS - 1);
        a->y[i] = (float)snapshot_rate_at(&s, a->x[i]);
    }
}

static void legend_of(const struct model *m, struct canvas *c)
{
    const struct schedule *schedule = schedule_at((int)m->knobs.value[KNOB_SCHEDULE]);

    if (schedule && c->h > 2) {
        struct canvas bottom = canvas_part(c, (struct rect){2, c->h - 1, c->w - 4, 1});
        canvas_format(&bottom, 0, 0, STYLE_QUIET, " %s ", schedule->title);
    }
}

static void fit_rate(struct plot *p, int logarithmic)
{
    double lo, hi;

    p->y.log = logarithmic;
    if (!plot_extent(p, 0, &lo, &hi))
        lo = 0, hi = 1e-3;
    if (!logarithmic)
        lo = 0;
    axis_fit(&p->y, fmax(lo, hi * 1e-6), hi);
    if (!logarithmic)
        p->y.lo = 0;
}

static void rate_draw(const struct model *m, struct canvas *c)
{
    const struct track *t = &m->history->track[TRACK_RATE];
    struct plot_mark marks[PLOT_MARKS];
    struct ahead ahead;
    struct series s[2] = {{0}, panel_series(t, 1)};
    struct plot p;
    char now[NUMBER_SIZE], note[2][64];
    struct canvas inside;

    number_reading(now, sizeof now, panel_reading(m, t), 3);
    snprintf(note[0], sizeof note[0], "%s%s · now ┊ ahead", now, m->ui.log_y[PANE_RATE] ? " · log y" : "");
    snprintf(note[1], sizeof note[1], "%s", now);
    inside = panel_frame(m, c, PANE_RATE, (const char *const[]){note[0], note[1], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    panel_plot_init(m, &p, 1, marks);
    axis_fit_progress(&p.x, fmax(m->knobs.value[KNOB_EPOCHS], m->snapshot->epoch));
    p.x.hi = fmax(m->knobs.value[KNOB_EPOCHS], p.x.hi > m->snapshot->epoch * 1.5 ? m->snapshot->epoch : p.x.hi);
    if (!(p.x.hi > 0))
        p.x.hi = 1;
    look_ahead(m, p.x.hi, &ahead);
    s[0] = (struct series){.style = STYLE_QUIET, .stroke = STROKE_DOTTED, .plain = '.', .count = AHEAD_POINTS,
                           .x = ahead.x, .y = ahead.y};
    s[1].style = STYLE_SERIES_1;
    p.series = s;
    p.series_count = 2;
    p.now = m->snapshot->epoch;
    fit_rate(&p, m->ui.log_y[PANE_RATE]);
    plot_draw(&p, &inside);
    legend_of(m, c);
}

const struct panel rate_panel = {.name = "learning rate", .keys = WHERE_PLOT | WHERE_LOG_Y, .draw = rate_draw};
