/* SPDX-License-Identifier: MIT */
/* The ends of the spectrum over steps, from probes by hand and from the series. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "draw/number.h"

enum { DECADES = 3 /* on each side of the linear part */ };

static int eigenvalues_plot(const struct model *m, struct pane_plot *p)
{
    const struct track *highest = &m->history->track[TRACK_HIGHEST], *lowest = &m->history->track[TRACK_LOWEST];
    double lo, hi;

    if (!highest->count)
        return 0;
    pane_plot_init(m, &eigenvalues_pane, p, pane_over(m));
    p->series[0] = pane_series(lowest, p->over), p->series[1] = pane_series(highest, p->over);
    p->series[0].name = "λmin", p->series[0].style = STYLE_SERIES_2, p->series[0].stroke = STROKE_DASHED;
    p->series[0].marker = 0x25c6, p->series[0].plain = 'o';
    p->series[1].name = "λmax", p->series[1].style = STYLE_SERIES_1, p->series[1].marker = 0x25cf;
    p->plot.series_count = 2;
    overlay_add(m, p, 1, (const enum track_id[]){TRACK_HIGHEST, TRACK_LOWEST}, 2);
    p->levels[0] = (struct plot_level){0, "zero", STYLE_LEVEL};
    p->plot.level_count = 1;
    if (!overlay_extent(p, 0, &lo, &hi))
        lo = hi = 0;
    lo = fmin(lo, 0), hi = fmax(hi, 0);
    if (pane_log_y(m, &eigenvalues_pane) && fmax(hi, -lo) > 0)
        p->plot.y.linear = fmax(hi, -lo) * pow(10, -DECADES);
    axis_fit(&p->plot.y, lo, hi);
    return 1;
}

static void draw_hint(struct canvas *inside)
{
    char once[16] = "", always[16] = "", text[128];

    key_of("probe", inside->charset, once, sizeof once);
    key_of("series", inside->charset, always, sizeof always);
    snprintf(text, sizeof text, "%s adds a point, %s adds one at intervals", once, always);
    pane_hint(inside, text);
}

/* The interval between points: as set, and the actual one if probes take longer than that. */
static void write_distance(const struct model *m, double set, char *out, size_t size)
{
    int passed_over = m->curvature->passed_over;

    if (passed_over > 0)
        snprintf(out, size, " · every %.0f steps, now %.0f", set, set * (passed_over + 1));
    else
        snprintf(out, size, " · every %.0f steps", set);
}

static void eigenvalues_draw(const struct model *m, struct canvas *c)
{
    const struct track *highest = &m->history->track[TRACK_HIGHEST], *lowest = &m->history->track[TRACK_LOWEST];
    const char *log = pane_log_y(m, &eigenvalues_pane) ? " · symmetric log" : "";
    char high[NUMBER_SIZE], low[NUMBER_SIZE], trace[NUMBER_SIZE];
    char every[80] = "", at[48] = "", note[3][256] = {""};
    double cross = pane_cross(m, pane_over(m)), distance = m->knobs.value[KNOB_PROBE_EVERY];
    struct pane_plot p;
    struct canvas inside;

    number_reading(high, sizeof high, pane_reading(highest, cross), 3);
    number_reading(low, sizeof low, pane_reading(lowest, cross), 3);
    number_reading(trace, sizeof trace, pane_reading(&m->history->track[TRACK_TRACE], cross), 3);
    if (distance > 0)
        write_distance(m, distance, every, sizeof every);
    pane_at_words(cross, 1, at, sizeof at);
    if (!*at)
        curvature_step(m, CURVATURE_LATEST, at, sizeof at);
    snprintf(note[0], sizeof note[0], "%sλmax %s · λmin %s · trace %s%s%s", at, high, low, trace, every, log);
    snprintf(note[1], sizeof note[1], "%sλmax %s · λmin %s%s", at, high, low, every);
    snprintf(note[2], sizeof note[2], "%s%s · %s", at, high, low);
    inside = pane_frame(m, c, &eigenvalues_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (eigenvalues_plot(m, &p))
        pane_plot_draw(&p, c, &inside);
    else
        draw_hint(&inside);
}

const struct pane eigenvalues_pane = {.name = "eigenvalues", .help = "λmax and λmin over steps",
    .keys = PANE_KEYS(&curvature_keys, &plot_keys, &back_keys, &log_axis_keys), .log_y = 1,
                                        .draw = eigenvalues_draw, .plot = eigenvalues_plot};
