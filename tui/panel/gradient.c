/* The gradient's norm before clipping, over steps. */
#include "panel.h"

#include <math.h>
#include <stdio.h>

#include "view/number.h"

static void gradient_draw(const struct model *m, struct canvas *c)
{
    const struct track *t = &m->history->track[TRACK_GRADIENT];
    struct series s[2] = {panel_series(t, 0), panel_series(t, 0)};
    struct plot_level clip = {m->knobs.value[KNOB_CLIP_NORM], "clipped above", STYLE_LEVEL};
    struct plot_mark marks[PLOT_MARKS];
    struct plot p;
    double lo, hi;
    char now[NUMBER_SIZE], note[64];
    struct canvas inside;

    number_reading(now, sizeof now, panel_reading(m, t), 3);
    snprintf(note, sizeof note, "%s%s", now, m->ui.log_y[PANE_GRADIENT] ? " · log y" : "");
    inside = panel_frame(m, c, PANE_GRADIENT, (const char *const[]){note, NULL});
    if (!t->count) {
        panel_hint(&inside, "no step yet: space starts the training");
        return;
    }
    s[0].name = "raw", s[0].style = STYLE_RAW, s[0].stroke = STROKE_BAND, s[0].plain = '.';
    s[1].name = "smoothed", s[1].style = STYLE_SERIES_4;
    panel_plot_init(m, &p, 0, marks);
    p.series = s;
    p.series_count = 2;
    p.levels = &clip;
    p.level_count = clip.y > 0;
    p.y.log = m->ui.log_y[PANE_GRADIENT];
    if (plot_extent(&p, 1, &lo, &hi))
        axis_fit(&p.y, p.y.log ? lo : 0, hi);
    else
        axis_fit(&p.y, NAN, NAN);
    plot_draw(&p, &inside);
    panel_legend(c, &p);
}

const struct panel gradient_panel = {
    .name = "gradient norm", .keys = WHERE_PLOT | WHERE_LOG_Y, .draw = gradient_draw};
