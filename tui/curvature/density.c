/* SPDX-License-Identifier: MIT */
/* The density of the eigenvalues: a histogram when all are known, else the smoothed density of stochastic Lanczos
 * quadrature if it was requested. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

enum { BINS = 72 };

/* Bins of equal width on the axis, so that those near zero are told apart. */
static void count_bins(const struct curvature_view *v, struct pane_plot *p)
{
    struct axis *x = &p->plot.x;

    *x = (struct axis){.linear = curvature_linear(v), .unit = "eigenvalue"};
    axis_fit(x, v->value[0], v->value[v->values - 1]);
    for (int i = 0; i <= BINS; i++) {
        p->own_x[i] = axis_value(x, (double)i / BINS);
        p->own_y[i] = 0;
    }
    for (int i = 0; i < v->values; i++) {
        int bin = (int)(axis_place(x, v->value[i]) * BINS);
        p->own_y[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin]++;
    }
    p->series[0].count = BINS + 1;
}

static void take_density(const struct curvature_view *v, struct pane_plot *p)
{
    int n = v->density_points;

    p->plot.x = (struct axis){.lo = v->density_low, .hi = v->density_high, .unit = "eigenvalue"};
    for (int i = 0; i < n; i++) {
        p->own_x[i] = v->density_low + (v->density_high - v->density_low) * i / (n > 1 ? n - 1 : 1);
        p->own_y[i] = (float)v->density[i];
    }
    p->series[0].count = n;
}

static void mark_zero(const struct curvature_view *v, struct pane_plot *p)
{
    for (int i = 0; i < 2; i++)
        p->marks[i] = (struct plot_mark){.x = i ? v->verdict.zero : -v->verdict.zero, .glyph = 0x252c,
                                         .style = STYLE_LEVEL, .line = 1};
    p->plot.mark_count = 2;
}

static void fit_height(struct plot *p, int logarithmic, double least)
{
    double lo, hi;

    p->y.log = logarithmic;
    if (!plot_extent(p, 0, &lo, &hi) || !(hi > 0))
        hi = 1;
    axis_fit(&p->y, logarithmic ? least : 0, hi);
}

static int density_plot(const struct model *m, struct pane_plot *p)
{
    const struct curvature_view *v = m->curvature;
    int counted = v->whole && v->values > 0, log = pane_log_y(m, &density_pane);
    double most = 0;

    if (!v->known || (!counted && v->density_points < 2))
        return 0;
    pane_plot_init(m, &density_pane, p, OVER_STEPS);
    p->apart = 1;
    p->plot.cross = NAN;
    mark_zero(v, p);
    p->series[0] = (struct series){.name = counted ? "eigenvalues in a bin" : "density", .style = STYLE_SERIES_1,
                                   .stroke = STROKE_AREA, .plain = '#', .x = p->own_x, .y = p->own_y};
    p->plot.series_count = 1;
    if (counted)
        count_bins(v, p);
    else
        take_density(v, p);
    for (int i = 0; i < p->series[0].count; i++)
        most = fmax(most, p->own_y[i]);
    for (int i = 0; i < p->series[0].count; i++)
        if (!(p->own_y[i] > 0))
            p->own_y[i] = NAN;
    fit_height(&p->plot, log, counted ? .5 : most * 1e-6);
    return 1;
}

static void draw_missing(const struct model *m, struct canvas *inside)
{
    char key[16] = "", text[160], cost[64];

    key_of("probe-all", inside->charset, key, sizeof key);
    curvature_density_cost(m->curvature, cost, sizeof cost);
    snprintf(text, sizeof text, "%s also estimates the density of all eigenvalues: %s", key, cost);
    if (!curvature_hint(m, inside, "density"))
        pane_hint(inside, text);
}

/* What the frame says, long and short: the share of positive eigenvalues, and how the curve was made. */
static void make_notes(const struct model *m, char note[3][96])
{
    const struct curvature_view *v = m->curvature;
    const char *log = pane_log_y(m, &density_pane) ? " · log y" : "";
    char width[NUMBER_SIZE], share[64] = "";

    number_reading(width, sizeof width, v->density_width, 2);
    curvature_share(share, sizeof share, v->shares.positive, "±");
    if (v->known && v->whole) {
        snprintf(note[0], 96, "exact · symmetric log x · positive %s%s", share, log);
        snprintf(note[1], 96, "exact · positive %s%s", share, log);
        snprintf(note[2], 96, "exact%s", log);
    } else if (v->known && v->density_points) {
        snprintf(note[0], 96, "positive %s · smoothed by %s%s", share, width, log);
        snprintf(note[1], 96, "positive %s%s", share, log);
        snprintf(note[2], 96, "λ>0 %s", share);
    }
}

static void density_draw(const struct model *m, struct canvas *c)
{
    char note[3][96] = {"", "", ""};
    struct pane_plot p;
    struct canvas inside;

    make_notes(m, note);
    inside = pane_frame(m, c, &density_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (density_plot(m, &p))
        pane_plot_draw(&p, c, &inside);
    else
        draw_missing(m, &inside);
}

const struct pane density_pane = {
    .name = "density", .help = "density of the eigenvalues",
    .keys = PANE_KEYS(&curvature_keys, &back_keys, &log_axis_keys), .log_y = 1, .draw = density_draw, .plot = density_plot};
