/* SPDX-License-Identifier: MIT */
/* The eigenvalues by size: those known at both ends, or all of them. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"

enum { GAP = 2, MARKED = 48 /* more have no room for a marker each */ };

static int add_value(struct pane_plot *p, int at, double x, double value)
{
    if (at >= PLOT_OWN)
        return at;
    p->own_x[at] = x;
    p->own_y[at] = (float)value;
    return at + 1;
}

/* Pairs of one end from the lowest up, those that are `converged` or those that are not; x follows `from`. */
static int add_pairs(struct pane_plot *p, int at, const struct curvature_pair *pair, int count, int falling,
                     double from, int converged)
{
    for (int i = 0; i < count; i++) {
        const struct curvature_pair *one = &pair[falling ? count - 1 - i : i];
        if (one->converged == converged || converged < 0)
            at = add_value(p, at, from + i, one->value);
    }
    return at;
}

static void plot_whole(const struct curvature_view *v, struct pane_plot *p)
{
    int n = 0;

    for (int i = 0; i < v->values; i++)
        n = add_value(p, n, i + 1, v->value[i]);
    p->series[0] = (struct series){.name = "all eigenvalues", .style = STYLE_SERIES_1, .stroke = STROKE_STEM,
                                   .plain = '|', .marker = n <= MARKED ? 0x25cf : 0, .x = p->own_x, .y = p->own_y,
                                   .count = n};
    p->plot.series_count = 1;
    p->plot.x = (struct axis){.lo = n > 1 ? 1 : 0, .hi = n > 1 ? n : 2, .unit = "by size"};
}

/* The lowest, a gap, the highest, a gap, those of the Gauss–Newton matrix. */
static void plot_ends(const struct curvature_view *v, struct pane_plot *p)
{
    static const struct series looks[] = {
        {.name = "Gauss-Newton", .style = STYLE_SERIES_3, .stroke = STROKE_STEM, .plain = '!', .marker = 0x25c6},
        {.name = "converged", .style = STYLE_SERIES_1, .stroke = STROKE_STEM, .plain = '|', .marker = 0x25cf},
        {.name = "not converged", .style = STYLE_SERIES_2, .stroke = STROKE_LOOSE, .plain = ':', .marker = 0x25cb},
    };
    double top = v->bottom_count + GAP, gauss_newton = top + v->top_count + GAP;
    int end[4] = {0};

    end[1] = add_pairs(p, 0, v->gauss_newton, v->gauss_newton_count, 1, gauss_newton, -1);
    for (int k = 1; k < 3; k++) {
        end[k + 1] = add_pairs(p, end[k], v->bottom, v->bottom_count, 0, 0, k == 1);
        end[k + 1] = add_pairs(p, end[k + 1], v->top, v->top_count, 1, top, k == 1);
    }
    for (int k = 0; k < 3; k++) {
        p->series[k] = looks[k];
        p->series[k].x = p->own_x + end[k];
        p->series[k].y = p->own_y + end[k];
        p->series[k].count = end[k + 1] - end[k];
    }
    p->plot.series_count = 3;
    p->plot.x = (struct axis){.lo = -1, .hi = top + v->top_count, .bare = 1, .unit = "lowest ⋯ highest"};
    if (v->gauss_newton_count) {
        p->plot.x.hi = gauss_newton + v->gauss_newton_count;
        p->plot.x.unit = "lowest ⋯ highest, Gauss-Newton";
    }
}

static int spectrum_plot(const struct model *m, struct pane_plot *p)
{
    const struct curvature_view *v = m->curvature;
    double lo, hi;

    if (!v->known)
        return 0;
    pane_plot_init(m, &spectrum_pane, p, OVER_STEPS);
    p->apart = 1;
    p->plot.mark_count = 0;
    p->plot.cross = NAN;
    if (v->whole)
        plot_whole(v, p);
    else
        plot_ends(v, p);
    p->zone = (struct plot_zone){-v->verdict.zero, v->verdict.zero, "counts as zero"};
    p->plot.zones = &p->zone;
    p->plot.zone_count = 1;
    p->plot.y.linear = curvature_linear(v);
    if (!plot_extent(&p->plot, 0, &lo, &hi))
        lo = hi = 0;
    axis_fit(&p->plot.y, lo, hi);
    return 1;
}

/* "5 negative · 3 about zero · 377 positive" */
static void draw_counts(const struct curvature_view *v, struct canvas *c)
{
    const struct verdict_report *r = &v->verdict;
    char below[NUMBER_SIZE], zero[NUMBER_SIZE], above[NUMBER_SIZE], all[NUMBER_SIZE], of[NUMBER_SIZE + 16] = "";
    char text[192];

    number_count(below, sizeof below, (uint64_t)r->negative);
    number_count(zero, sizeof zero, (uint64_t)r->zeros);
    number_count(above, sizeof above, (uint64_t)r->positive);
    number_count(all, sizeof all, (uint64_t)v->parameters);
    if (!r->whole)
        snprintf(of, sizeof of, ", known of %s", all);
    snprintf(text, sizeof text, "%s negative · %s about zero · %s positive%s", below, zero, above, of);
    if (canvas_width(c, text) > c->w - 2)
        snprintf(text, sizeof text, "%s negative · %s zero · %s positive%s", below, zero, above,
                 r->whole ? "" : of + strlen(", known"));
    if (canvas_width(c, text) > c->w - 2)
        snprintf(text, sizeof text, "%s < 0 · %s ≈ 0 · %s > 0%s", below, zero, above,
                 r->whole ? "" : of + strlen(", known"));
    canvas_text(c, 1, 0, STYLE_TEXT, text);
}

static void spectrum_draw(const struct model *m, struct canvas *c)
{
    const struct curvature_view *v = m->curvature;
    char lowest[NUMBER_SIZE], highest[NUMBER_SIZE], at[48], note[3][192] = {"", "", ""};
    struct pane_plot p;
    struct canvas inside, field;

    number_reading(lowest, sizeof lowest, v->verdict.lowest, 3);
    number_reading(highest, sizeof highest, v->verdict.highest, 3);
    curvature_step(m, CURVATURE_SHOWN, at, sizeof at);
    if (v->known) {
        snprintf(note[0], sizeof note[0], "%sλmin %s · λmax %s · symmetric log", at, lowest, highest);
        snprintf(note[1], sizeof note[1], "%sλmin %s · λmax %s", at, lowest, highest);
        if (at[0])
            snprintf(note[2], sizeof note[2], "%sλmax %s", at, highest);
        else
            snprintf(note[2], sizeof note[2], "λ %s … %s", lowest, highest);
    }
    inside = pane_frame(m, c, &spectrum_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 1 || inside.h < 1 || curvature_hint(m, &inside, "eigenvalues"))
        return;
    spectrum_plot(m, &p);
    field = canvas_part(&inside, (struct rect){0, inside.h > 3, inside.w, inside.h - (inside.h > 3)});
    plot_draw(&p.plot, &field);
    if (inside.h > 3)
        draw_counts(v, &inside);
    pane_legend(c, &p.plot);
}

const struct pane spectrum_pane = {.name = "spectrum", .help = "eigenvalues of the Hessian, both ends or all",
    .keys = PANE_KEYS(&back_keys), .draw = spectrum_draw,
                                     .plot = spectrum_plot};
