/* The gradient's norm before clipping, over steps. */
#include "app/pane.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

static int gradient_plot(const struct model *m, struct panel_plot *p)
{
    const struct track *t = &m->history->track[TRACK_GRADIENT];
    struct series *s = p->series;
    struct axis *y = &p->plot.y;
    double lo, hi;

    if (!t->count)
        return 0;
    panel_plot_init(m, p, 0);
    s[0] = panel_series(t, 0), s[1] = panel_series(t, 0);
    s[0].name = "raw", s[0].style = STYLE_RAW, s[0].stroke = STROKE_BAND, s[0].plain = '.';
    s[1].name = "smoothed", s[1].style = STYLE_SERIES_4;
    p->plot.series_count = 2;
    p->levels[0] = (struct plot_level){m->knobs.value[KNOB_CLIP_NORM], "clipped above", STYLE_LEVEL};
    p->plot.level_count = p->levels[0].y > 0;
    y->log = m->ui.log_y[PANE_GRADIENT];
    if (plot_extent(&p->plot, 1, &lo, &hi))
        axis_fit(y, y->log ? lo : 0, hi);
    else
        axis_fit(y, NAN, NAN);
    return 1;
}

static void gradient_draw(const struct model *m, struct canvas *c)
{
    struct panel_plot p;
    char value[NUMBER_SIZE], at[PANEL_AT], note[2][128];
    double cross = panel_cross(m, 0);
    struct canvas inside;

    number_reading(value, sizeof value, panel_reading(&m->history->track[TRACK_GRADIENT], cross), 3);
    panel_at_words(cross, 0, at, sizeof at);
    snprintf(note[0], sizeof note[0], "%s%s%s", at, value, m->ui.log_y[PANE_GRADIENT] ? " · log y" : "");
    snprintf(note[1], sizeof note[1], "%s%s", at, value);
    inside = panel_frame(m, c, PANE_GRADIENT, (const char *const[]){note[0], note[1], NULL});
    if (gradient_plot(m, &p))
        panel_plot_draw(&p, c, &inside);
    else
        panel_hint_start(m, &inside);
}

const struct panel gradient_panel = {
    .name = "gradient norm", .help = "norm of the gradient before clipping",
    .keys = WHERE_PLOT | WHERE_LOG_Y, .draw = gradient_draw, .plot = gradient_plot};
