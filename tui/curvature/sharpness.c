/* SPDX-License-Identifier: MIT */
/* η λmax over steps, with the optimizer's limit: training finds it and stays there (Cohen et al. 2021). */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "draw/number.h"

static int sharpness_plot(const struct model *m, struct pane_plot *p)
{
    const struct track *t = &m->history->track[TRACK_SHARPNESS];
    double limit = curvature_limit(m), lo, hi;

    if (!t->count)
        return 0;
    pane_plot_init(m, &sharpness_pane, p, pane_over(m));
    p->series[0] = pane_series(t, p->over);
    p->series[0].name = "η λmax", p->series[0].style = STYLE_SERIES_4, p->series[0].marker = 0x25cf;
    p->plot.series_count = 1;
    overlay_add(m, p, 0, (const enum track_id[]){TRACK_SHARPNESS}, 1);
    p->levels[0] = (struct plot_level){limit, "limit", STYLE_LEVEL};
    p->plot.level_count = isfinite(limit);
    p->plot.y.log = pane_log_y(m, &sharpness_pane);
    if (!overlay_extent(p, 0, &lo, &hi))
        lo = hi = isfinite(limit) ? limit : 1;
    if (isfinite(limit))
        hi = fmax(hi, limit * 1.1), lo = fmin(lo, limit);
    axis_fit(&p->plot.y, p->plot.y.log ? lo : fmin(lo, 0), hi);
    return 1;
}

static void sharpness_draw(const struct model *m, struct canvas *c)
{
    const char *log = pane_log_y(m, &sharpness_pane) ? " · log y" : "";
    double cross = pane_cross(m, pane_over(m));
    char at[PANE_AT], now[NUMBER_SIZE], limit[NUMBER_SIZE], note[2][128], key[16] = "", hint[96];
    struct pane_plot p;
    struct canvas inside;

    number_reading(now, sizeof now, pane_reading(&m->history->track[TRACK_SHARPNESS], cross), 3);
    number_short(limit, sizeof limit, curvature_limit(m));
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(note[0], sizeof note[0], "%s%s · limit %s%s", at, now, isfinite(curvature_limit(m)) ? limit : "not known", log);
    snprintf(note[1], sizeof note[1], "%s%s", at, now);
    inside = pane_frame(m, c, &sharpness_pane, (const char *const[]){note[0], note[1], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    key_of("series", inside.charset, key, sizeof key);
    snprintf(hint, sizeof hint, "%s probes at intervals and draws learning rate times λmax", key);
    if (sharpness_plot(m, &p))
        pane_plot_draw(&p, c, &inside);
    else
        pane_hint(&inside, hint);
}

const struct pane sharpness_pane = {.name = "η λmax", .help = "η λmax over steps, with the stability limit",
    .keys = PANE_KEYS(&curvature_keys, &plot_keys, &back_keys, &log_axis_keys),
                                      .draw = sharpness_draw, .plot = sharpness_plot};
