/* SPDX-License-Identifier: MIT */
/* The curves of marked runs, and over them those of the selected one. */
#include "runs/panes.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/plot-svg.h"

struct curves {
    struct plot plot;
    struct series series[RECORDED_CURVES];
};

static const struct recorded_line *line_of(const struct recorded_curve *c, int validation)
{
    return validation ? &c->validation : &c->loss;
}

static void make(const struct recorded *r, int validation, int log_y, enum charset charset, struct curves *p)
{
    double lo, hi, last = 0;

    memset(p, 0, sizeof *p);
    p->plot.series = p->series;
    p->plot.now = p->plot.cross = NAN;
    p->plot.label_room = 4;
    p->plot.x.unit = "step";
    p->plot.x.whole = 1;
    p->plot.y.log = log_y;
    for (int i = 0; i < r->curves; i++) {
        const struct recorded_line *l = line_of(&r->curve[i], validation);
        if (l->count == 0)
            continue;
        p->series[p->plot.series_count++] = (struct series){
            .name = r->curve[i].name, .style = recorded_style(r, &r->curve[i]), .plain = (char)('a' + i),
            .marker = charset == CHARSET_ASCII ? (uint32_t)('A' + i) : 0, .strong = i == r->curves - 1, .count = l->count,
            .x = l->x, .y = l->y};
        last = fmax(last, l->x[l->count - 1]);
    }
    p->plot.x.hi = last;
    axis_fit_progress(&p->plot.x, fmax(last, 20));
    if (!plot_extent(&p->plot, 0, &lo, &hi) || (log_y && !(lo > 0)))
        lo = .1, hi = 1;
    axis_fit(&p->plot.y, lo, hi);
}

static void draw(const struct model *m, struct canvas *c, const struct pane *pane, int validation)
{
    const struct recorded *r = recorded_of(m);
    struct curves p;
    struct canvas inside;

    make(r, validation, pane_log_y(m, pane), c->charset, &p);
    inside = pane_frame(m, c, pane, (const char *const[]){p.plot.y.log ? "log y" : NULL, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (p.plot.series_count == 0) {
        pane_hint(&inside, validation ? "no evaluation of the selected run" : "no step of the selected run");
        return;
    }
    plot_draw(&p.plot, &inside);
    pane_legend(c, &p.plot);
}

static char *svg(const struct model *m, const struct pane *pane, int validation, enum theme theme)
{
    struct curves p;

    make(recorded_of(m), validation, pane_log_y(m, pane), CHARSET_BRAILLE, &p);
    p.plot.y.unit = "loss";
    return p.plot.series_count ? plot_to_svg(&p.plot, pane->name, theme) : NULL;
}

static int words(const struct model *m, const struct pane *pane, int validation, char *out)
{
    struct curves p;

    make(recorded_of(m), validation, pane_log_y(m, pane), CHARSET_BRAILLE, &p);
    if (p.plot.series_count)
        describe_plot(pane->name, &p.plot, out);
    return p.plot.series_count;
}

static int words_loss(const struct model *m, char *out)
{
    return words(m, &runs_loss_pane, 0, out);
}

static int words_validation(const struct model *m, char *out)
{
    return words(m, &runs_validation_pane, 1, out);
}

static void draw_loss(const struct model *m, struct canvas *c)
{
    draw(m, c, &runs_loss_pane, 0);
}

static void draw_validation(const struct model *m, struct canvas *c)
{
    draw(m, c, &runs_validation_pane, 1);
}

static char *svg_loss(const struct model *m, enum theme theme)
{
    return svg(m, &runs_loss_pane, 0, theme);
}

static char *svg_validation(const struct model *m, enum theme theme)
{
    return svg(m, &runs_validation_pane, 1, theme);
}

const struct pane runs_loss_pane = {
    .name = "training loss", .help = "training loss of marked runs and the selected one",
    .keys = PANE_KEYS(&log_axis_keys), .log_y = 1, .describe = words_loss, .draw = draw_loss, .svg = svg_loss};
const struct pane runs_validation_pane = {
    .name = "validation loss", .help = "validation loss of marked runs and the selected one",
    .keys = PANE_KEYS(&log_axis_keys), .log_y = 1, .describe = words_validation, .draw = draw_validation, .svg = svg_validation};
