/* SPDX-License-Identifier: MIT */
/* The gradient's norm before clipping, over steps. */
#include "train/panes.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "draw/number.h"

static int gradient_plot(const struct model *m, struct pane_plot *p)
{
    const struct track *t = &m->history->track[TRACK_GRADIENT];
    struct series *s = p->series;
    struct axis *y = &p->plot.y;
    double lo, hi;

    if (!t->count)
        return 0;
    pane_plot_init(m, &gradient_pane, p, pane_over(m));
    s[0] = s[1] = pane_series(t, p->over);
    s[0].name = "raw", s[0].style = STYLE_RAW, s[0].stroke = STROKE_BAND, s[0].plain = '.';
    s[1].name = "smoothed", s[1].style = STYLE_SERIES_4;
    p->plot.series_count = 2;
    overlay_add(m, p, 1, (const enum track_id[]){TRACK_GRADIENT}, 1);
    p->levels[0] = (struct plot_level){m->knobs.value[KNOB_CLIP_NORM], "clipped above", STYLE_LEVEL};
    p->plot.level_count = p->levels[0].y > 0;
    y->log = pane_log_y(m, &gradient_pane);
    if (overlay_extent(p, 1, &lo, &hi))
        pane_fit_y(p, y->log ? lo : 0, hi);
    else
        pane_fit_y(p, NAN, NAN);
    return 1;
}

static void gradient_draw(const struct model *m, struct canvas *c)
{
    struct pane_plot p;
    char value[NUMBER_SIZE], at[PANE_AT], note[2][128];
    double cross = pane_cross(m, pane_over(m));
    struct canvas inside;

    number_reading(value, sizeof value, pane_reading(&m->history->track[TRACK_GRADIENT], cross), 3);
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(note[0], sizeof note[0], "%s%s%s", at, value, pane_log_y(m, &gradient_pane) ? " · log y" : "");
    snprintf(note[1], sizeof note[1], "%s%s", at, value);
    inside = pane_frame(m, c, &gradient_pane, (const char *const[]){note[0], note[1], NULL});
    if (gradient_plot(m, &p))
        pane_plot_draw(&p, c, &inside);
    else
        pane_hint_start(m, &inside);
}

const struct pane gradient_pane = {
    .name = "gradient norm", .help = "norm of the gradient before clipping",
    .keys = PANE_KEYS(&plot_keys, &back_keys, &log_axis_keys), .log_y = 1, .draw = gradient_draw, .plot = gradient_plot};
