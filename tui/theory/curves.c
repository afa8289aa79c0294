/* SPDX-License-Identifier: MIT */
/* The plots: the losses of every threshold on one draw and on all frames; the share of bad draws by N; the trade-off. */
#include "theory/panes.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"
#include "draw/plot-svg.h"

struct curves {
    struct plot plot;
    struct series series[3];
    struct plot_mark mark[2];
    double x[THEORY_ROWS];
    float y[2][THEORY_ROWS];
    float lo[THEORY_POINTS], hi[THEORY_POINTS];
};

static void begin(struct curves *p, const char *x_unit, const char *y_unit)
{
    p->plot = (struct plot){.now = NAN, .cross = NAN, .label_room = 4, .series = p->series, .marks = p->mark};
    p->plot.x = (struct axis){.lo = 0, .hi = 1, .unit = x_unit};
    p->plot.y = (struct axis){.lo = 0, .hi = 1, .share = 1, .unit = y_unit};
}

static void draw(const struct model *m, struct canvas *c, struct canvas *inside, const struct curves *p, int any)
{
    if (inside->w < 1 || inside->h < 1)
        return;
    if (!any) {
        theory_hint(m, inside);
        return;
    }
    plot_draw(&p->plot, inside);
    pane_legend(c, &p->plot);
}

/* ---- one draw ------------------------------------------------------------------------------- */

static int draw_curves(const struct model *m, struct curves *p)
{
    const struct theory_task *t = theory_shown(m);
    const struct theory_result *r;
    double lo, hi;

    begin(p, "threshold", "error rate");
    if (!t)
        return 0;
    r = &t->result;
    for (int i = 0; i < r->points; i++) {
        p->lo[i] = r->all[i] - (float)t->settings.epsilon;
        p->hi[i] = r->all[i] + (float)t->settings.epsilon;
    }
    p->series[0] = (struct series){.name = "±ε", .style = STYLE_RAW, .stroke = STROKE_BAND, .plain = '.', .count = r->points,
                                   .x = r->threshold, .y = r->all, .lo = p->lo, .hi = p->hi};
    p->series[1] = (struct series){.name = "all", .style = STYLE_SERIES_1, .plain = '*', .count = r->points,
                                   .x = r->threshold, .y = r->all};
    p->series[2] = (struct series){.name = "draw", .style = STYLE_SERIES_2, .stroke = STROKE_DASHED, .plain = 'o',
                                   .count = r->points, .x = r->threshold, .y = r->drawn};
    p->plot.series_count = 3;
    p->mark[0] = (struct plot_mark){.x = r->best, .glyph = 0x25c6, .style = STYLE_SERIES_1, .name = "h all"};
    p->mark[1] = (struct plot_mark){.x = r->trained, .glyph = 0x25b4, .style = STYLE_SERIES_2, .line = 1, .name = "h train"};
    p->plot.mark_count = 2;
    lo = r->points ? r->threshold[0] : 0;
    hi = r->points ? r->threshold[r->points - 1] : 1;
    p->plot.x.lo = lo;
    p->plot.x.hi = hi > lo ? hi : lo + 1;
    if (plot_extent(&p->plot, 0, &lo, &hi))
        axis_fit(&p->plot.y, 0, fmin(1, hi));
    return 1;
}

static void draw_draw(const struct model *m, struct canvas *c)
{
    const struct theory_task *t = theory_shown(m);
    struct curves p;
    int any = draw_curves(m, &p);
    char note[96] = "", brief[48] = "", number[NUMBER_SIZE], worst[NUMBER_SIZE];
    struct canvas inside;

    if (any) {
        const char *kind = t->result.worst > t->settings.epsilon ? "bad" : "good";
        number_count(number, sizeof number, t->settings.draw + 1);
        number_share(worst, sizeof worst, t->result.worst);
        snprintf(note, sizeof note, "number %s is %s: up to %s apart", number, kind, worst);
        snprintf(brief, sizeof brief, "%s, %s apart", kind, worst);
    }
    inside = pane_frame(m, c, &draw_pane, (const char *const[]){note, brief, NULL});
    draw(m, c, &inside, &p, any);
}

static char *draw_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return draw_curves(m, &p) ? plot_to_svg(&p.plot, "one draw", theme) : NULL;
}

static int draw_words(const struct model *m, char *out)
{
    struct curves p;

    if (!draw_curves(m, &p))
        return 0;
    describe_plot("draw", &p.plot, out);
    return 1;
}

const struct pane draw_pane = {.name = "draw", .help = "loss by threshold, on one draw and on all frames",
    .describe = draw_words, .draw = draw_draw, .svg = draw_svg};

/* ---- bad draws, by N ------------------------------------------------------------------------ */

static void add(struct curves *p, const char *name, int count)
{
    int i = p->plot.series_count++;

    p->series[i] = (struct series){.name = name, .style = i ? STYLE_SERIES_1 : STYLE_SERIES_3,
                                   .stroke = i ? STROKE_SOLID : STROKE_DASHED, .marker = i ? 0x25cf : 0x25b2,
                                   .plain = i ? '*' : '%', .count = count, .x = p->x, .y = p->y[i]};
}

static void fit_x(struct curves *p, int count)
{
    p->plot.x.log = 1;
    p->plot.x.lo = p->x[0];
    p->plot.x.hi = p->x[count - 1] > p->x[0] ? p->x[count - 1] : 10 * p->x[0];
}

static int bad_curves(const struct model *m, struct curves *p)
{
    const struct theory_task *t = theory_shown(m);
    int n = t ? atomic_load(&t->samples_rows) : 0;

    begin(p, "N", "share of draws that are bad");
    if (n < 2)
        return 0;
    for (int i = 0; i < n; i++) {
        const struct theory_row *row = &t->result.by_samples[i];
        p->x[i] = row->x;
        p->y[0][i] = (float)fmin(1, row->bound);
        p->y[1][i] = (float)row->bad_share;
    }
    add(p, "bound, at most 1", n);
    add(p, "measured", n);
    fit_x(p, n);
    p->mark[0] = (struct plot_mark){.x = (double)t->settings.samples, .glyph = 0x25b4, .style = STYLE_EDIT, .line = 1, .name = "N"};
    p->plot.mark_count = 1;
    return 1;
}

static void bad_draw(const struct model *m, struct canvas *c)
{
    const struct theory_task *t = theory_shown(m);
    struct curves p;
    int any = bad_curves(m, &p);
    char note[64] = "", h[NUMBER_SIZE];
    struct canvas inside;

    if (any) {
        number_count(h, sizeof h, (uint64_t)t->settings.hypotheses);
        snprintf(note, sizeof note, "|H| %s, ε %g", h, t->settings.epsilon);
    }
    inside = pane_frame(m, c, &bad_pane, (const char *const[]){note, NULL});
    draw(m, c, &inside, &p, any);
}

static char *bad_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return bad_curves(m, &p) ? plot_to_svg(&p.plot, "bad draws by N", theme) : NULL;
}

static int bad_words(const struct model *m, char *out)
{
    struct curves p;

    if (!bad_curves(m, &p))
        return 0;
    describe_plot("bad draws", &p.plot, out);
    return 1;
}

const struct pane bad_pane = {.name = "bad draws", .help = "share of bad draws by N, measured and bounded",
    .describe = bad_words, .draw = bad_draw, .svg = bad_svg};

/* ---- the trade-off -------------------------------------------------------------------------- */

static int trade_off_curves(const struct model *m, struct curves *p)
{
    const struct theory_task *t = theory_shown(m);
    int n = t ? atomic_load(&t->hypotheses_rows) : 0;
    double lo, hi;

    begin(p, "|H|", "error rate");
    if (n < 1)
        return 0;
    for (int i = 0; i < n; i++) {
        const struct theory_row *row = &t->result.by_hypotheses[i];
        p->x[i] = row->x;
        p->y[0][i] = (float)row->gap;
        p->y[1][i] = (float)row->best;
    }
    add(p, "gap", n);
    add(p, "least loss", n);
    fit_x(p, n);
    if (plot_extent(&p->plot, 0, &lo, &hi))
        axis_fit(&p->plot.y, fmin(0, lo), hi > lo ? hi : lo + .1);
    return 1;
}

static void trade_off_draw(const struct model *m, struct canvas *c)
{
    const struct theory_task *t = theory_shown(m);
    struct curves p;
    int any = trade_off_curves(m, &p);
    char note[64] = "", n[NUMBER_SIZE];
    struct canvas inside;

    if (any) {
        number_count(n, sizeof n, (uint64_t)t->settings.samples);
        snprintf(note, sizeof note, "N %s", n);
    }
    inside = pane_frame(m, c, &trade_off_pane, (const char *const[]){note, NULL});
    draw(m, c, &inside, &p, any);
}

static char *trade_off_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return trade_off_curves(m, &p) ? plot_to_svg(&p.plot, "trade-off", theme) : NULL;
}

static int trade_off_words(const struct model *m, char *out)
{
    struct curves p;

    if (!trade_off_curves(m, &p))
        return 0;
    describe_plot("trade-off", &p.plot, out);
    return 1;
}

const struct pane trade_off_pane = {.name = "trade-off",
    .help = "least loss, and gap of the trained loss, by |H|",
    .describe = trade_off_words, .draw = trade_off_draw, .svg = trade_off_svg};
