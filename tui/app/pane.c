/* SPDX-License-Identifier: MIT */
#include "app/overlay.h"
#include "app/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"

int pane_has_focus(const struct model *m, const struct pane *pane)
{
    return pane_focused(m) == pane;
}

/* A setting of panes: in the view shown, if the pane is there, for each view has its own. */
static int setting_of(const struct model *m, const struct pane *pane, const int setting[MODEL_VIEWS][LAYOUT_PANES])
{
    int shown = m->ui.view;

    if (view_place(views[shown], pane) >= 0)
        return setting[shown][view_place(views[shown], pane)];
    for (int v = 0; views[v]; v++)
        if (view_place(views[v], pane) >= 0)
            return setting[v][view_place(views[v], pane)];
    return 0;
}

int pane_log_y(const struct model *m, const struct pane *pane)
{
    return setting_of(m, pane, m->ui.log_y);
}

int pane_to_end(const struct model *m, const struct pane *pane)
{
    return setting_of(m, pane, m->ui.to_end);
}

struct canvas pane_frame(const struct model *m, struct canvas *c, const struct pane *pane, const char *const *notes)
{
    int room = c->w - 4 - canvas_width(c, pane->name) - 5;

    while (*notes && canvas_width(c, *notes) > room)
        notes++;
    return canvas_frame(c, pane_has_focus(m, pane), pane->name, *notes);
}

void pane_hint(struct canvas *inside, const char *text)
{
    int width = canvas_width(inside, text);

    if (width <= inside->w)
        canvas_text(inside, (inside->w - width) / 2, inside->h / 2, STYLE_QUIET, text);
    else
        canvas_wrap(inside, 1, 0, inside->h, STYLE_QUIET, text);
}

void pane_computing(const struct model *m, char *out, size_t size)
{
    char step[NUMBER_SIZE];

    number_count(step, sizeof step, m->snapshot->step + 1);
    snprintf(out, size, "computing step %s, %.0f %%", step, floor(100 * m->computing.share));
}

void pane_hint_start(const struct model *m, struct canvas *inside)
{
    const struct snapshot *s = m->snapshot;
    char key[16] = "", text[64];

    key_of("pause", inside->charset, key, sizeof key);
    if (!s->version)
        snprintf(text, sizeof text, "starting");
    else if (s->status == RUN_TRAINING || s->status == RUN_EVALUATING)
        pane_computing(m, text, sizeof text);
    else if (s->status == RUN_DIVERGED || s->status == RUN_FAILED)
        snprintf(text, sizeof text, "no step was taken; see the log");
    else
        snprintf(text, sizeof text, "no steps yet; %s starts training", key);
    pane_hint(inside, text);
}

static const double *xs_of(const struct track *t, enum over over)
{
    return over == OVER_SECONDS ? t->seconds : over == OVER_EPOCHS ? t->epoch : t->step;
}

/* How much of it a step is, at the end of the run; 0: not known. */
static double of_a_step(const struct model *m, enum over over)
{
    const struct snapshot *s = m->snapshot;

    if (over == OVER_SECONDS)
        return s->step > 0 ? s->seconds / (double)s->step : 0;
    return over == OVER_STEPS ? 1 : s->steps_per_epoch > 0 ? 1 / s->steps_per_epoch : 0;
}

/* A place on one scale as one on the other: on the line between the loss track's points, beyond them as the run goes now. */
static double convert(const struct model *m, double at, enum over from_scale, enum over to_scale)
{
    const struct track *t = &m->history->track[TRACK_LOSS];
    const double *from = xs_of(t, from_scale), *to = xs_of(t, to_scale);
    struct series s = {.x = from, .count = t->count};
    double before = of_a_step(m, from_scale), slope = before > 0 ? of_a_step(m, to_scale) / before : 0;
    int i;

    if (from_scale == to_scale)
        return at;
    if (!t->count)
        return at * slope;
    i = series_index(&s, at);
    if (i >= 0 && i + 1 < t->count && from[i + 1] > from[i])
        return to[i] + (at - from[i]) * (to[i + 1] - to[i]) / (from[i + 1] - from[i]);
    i = i < 0 ? 0 : i;
    return fmax(0, to[i] + (at - from[i]) * slope);
}

double pane_run_end(const struct model *m, enum over over)
{
    double epochs = m->knobs.value[KNOB_EPOCHS], end = NAN;

    if (over == OVER_EPOCHS)
        end = epochs;
    else if (over == OVER_STEPS && m->snapshot->steps_per_epoch > 0)
        end = convert(m, epochs, OVER_EPOCHS, OVER_STEPS);
    return end > 0 ? end : NAN;
}

/* All of the run, and room to grow, but no further than its end. */
static void grow_axis(const struct model *m, struct axis *a, double begin, double last, enum over over)
{
    const double LEAST = 30;  /* steps; more would leave a slow network's plots empty for minutes */
    const double SECONDS = 2; /* not by the steps: the time of one varies, and the axis with it */
    double end = pane_run_end(m, over);

    axis_fit_growing(a, last - begin, over == OVER_SECONDS ? SECONDS : LEAST * of_a_step(m, over), over == OVER_EPOCHS);
    a->lo = begin;
    a->hi += begin;
    if (end >= last && end > begin)
        a->hi = fmin(a->hi, end);
}

/* The last part of the run, its ends on a quarter of its width so that it moves by steps; panned, so
 * many quarters before it. */
static void zoom_axis(struct axis *a, double begin, double last, int zoom, int pan)
{
    double width, end;

    axis_fit_progress(a, ldexp(last - begin, -zoom));
    width = a->hi;
    end = ceil((last - begin) / (width / 4) - 1e-9) * width / 4 - pan * width / 4;
    if (end > width) {
        a->lo = end - width;
        a->hi = end;
    }
    a->lo += begin;
    a->hi += begin;
}

static void choose_window(const struct model *m, struct axis *a, enum over over)
{
    const struct ui *ui = &m->ui;

    if (ui->range_to > ui->range_from) {
        a->lo = convert(m, ui->range_from, OVER_STEPS, over);
        a->hi = convert(m, ui->range_to, OVER_STEPS, over);
    }
    if (a->hi > a->lo)
        return;
    if (ui->zoom)
        zoom_axis(a, overlay_first(m, over), overlay_last(m, over), ui->zoom, ui->pan);
    else
        grow_axis(m, a, overlay_first(m, over), overlay_last(m, over), over);
}

struct pane_window pane_window(const struct model *m, enum over over)
{
    struct axis a = {0};

    choose_window(m, &a, over);
    return (struct pane_window){convert(m, a.lo, over, OVER_STEPS), convert(m, a.hi, over, OVER_STEPS)};
}

double pane_cross(const struct model *m, enum over over)
{
    struct axis a = {0};
    double at = isfinite(m->ui.cross) ? convert(m, m->ui.cross, OVER_STEPS, over) : NAN;

    choose_window(m, &a, over);
    return at >= a.lo && at <= a.hi ? m->ui.cross : NAN;
}

double pane_past(const struct model *m)
{
    double cross = pane_cross(m, OVER_STEPS);

    return cross < (double)m->snapshot->step ? cross : NAN;
}

void pane_past_words(const struct model *m, char *out, size_t size)
{
    char step[NUMBER_SIZE];
    double past = pane_past(m);

    *out = '\0';
    if (!isfinite(past))
        return;
    number_count(step, sizeof step, (uint64_t)past);
    snprintf(out, size, "at step %s", step);
}

void pane_settings(const struct model *m, int run, struct knobs *k)
{
    const struct history *h = run == m->snapshot->run ? m->history : m->curves->of[run];

    *k = run == m->snapshot->run ? m->knobs : m->runs->run[run].knobs;
    if (h && isfinite(pane_past(m)))
        history_settings_at(h, pane_past(m), k);
}

void pane_at_words(double cross, int whole, char *out, size_t size)
{
    char step[NUMBER_SIZE];

    *out = 0;
    if (!isfinite(cross))
        return;
    number_count(step, sizeof step, (uint64_t)cross);
    snprintf(out, size, whole ? "at step %s: " : "at %s: ", step);
}

double pane_x_at(const struct model *m, double step, enum over over)
{
    return convert(m, step, OVER_STEPS, over);
}

static int over_seconds(const struct model *m)
{
    return m->ui.seconds && history_has_clock(m->history);
}

enum over pane_over(const struct model *m)
{
    return over_seconds(m) ? OVER_SECONDS : m->runs->by_examples && overlay_is_on(m) ? OVER_EPOCHS : OVER_STEPS;
}

enum over pane_over_epochs(const struct model *m)
{
    return over_seconds(m) ? OVER_SECONDS : OVER_EPOCHS;
}

void pane_fit_y(struct pane_plot *p, double lo, double hi)
{
    (p->steady ? axis_fit_steady : axis_fit)(&p->plot.y, lo, hi);
}

void pane_plot_init(const struct model *m, const struct pane *pane, struct pane_plot *pp, enum over over)
{
    static const char *const units[] = {
        [OVER_STEPS] = "step", [OVER_EPOCHS] = "epoch", [OVER_SECONDS] = "s, not replayable"};
    const struct history *h = m->history;
    struct plot *p = &pp->plot;

    memset(p, 0, sizeof *p);
    pp->apart = pp->whole = pp->own = 0;
    pp->other[0] = '\0';
    pp->over = over;
    p->series = pp->series;
    p->levels = pp->levels;
    p->marks = pp->marks;
    p->now = NAN;
    p->cross = isfinite(m->ui.cross) ? convert(m, m->ui.cross, OVER_STEPS, over) : NAN;
    p->x.unit = units[over];
    p->x.unit_first = over == OVER_SECONDS;
    p->x.whole = over == OVER_STEPS;
    choose_window(m, &p->x, over);
    pp->steady = !m->ui.zoom && !(m->ui.range_to > m->ui.range_from);
    if (pp->steady && pane_to_end(m, pane) && pane_run_end(m, over) > p->x.hi)
        p->x.hi = pane_run_end(m, over);
    for (int i = 0; i < h->mark_count; i++) {
        const struct history_mark *k = &h->mark[i];
        pp->marks[i] = (struct plot_mark){over == OVER_EPOCHS ? k->epoch : convert(m, k->step, OVER_STEPS, over), k->event ? 0x2717 : 0x25b4,
                                          k->event ? STYLE_DANGER : STYLE_EDIT, k->event,
                                          k->event ? "not finite" : "edit"};
    }
    p->mark_count = h->mark_count;
    p->label_room = 4;
}

void pane_plot_draw(struct pane_plot *p, struct canvas *c, struct canvas *inside)
{
    overlay_names(p, c);
    plot_draw(&p->plot, inside);
    pane_legend(c, &p->plot);
}

double pane_plot_step(const struct model *m, const struct pane_plot *p, struct canvas *c, int column)
{
    double at = plot_x_at(&p->plot, c, column);

    return isfinite(at) ? convert(m, at, p->over, OVER_STEPS) : at;
}

struct pane_hit pane_hit(const struct model *m, const struct pane *pane, struct rect r, int x, int y, enum charset charset)
{
        struct pane_hit hit = {-1, NAN};
    struct canvas inside = {.w = r.w - 2, .h = r.h - 2, .charset = charset};
    struct pane_plot p;

    if (x < 1 || y < 1 || x > inside.w || y > inside.h)
        return hit;
    if (pane->knob)
        hit.knob = pane->knob(m, inside.h, y - 1);
    if (pane->step_at)
        hit.step = pane->step_at(m, &inside, x - 1, y - 1);
    else if (pane->plot && pane->plot(m, &p) && !p.apart)
        hit.step = pane_plot_step(m, &p, &inside, x - 1);
    return hit;
}

struct series pane_series(const struct track *t, enum over over)
{
    return (struct series){
        .x = xs_of(t, over), .y = t->y, .lo = t->lo, .hi = t->hi, .count = t->count, .plain = '*'};
}

double pane_reading(const struct track *t, double cross)
{
    struct series s = {.x = t->step, .count = t->count};
    int i = isfinite(cross) ? series_index(&s, cross) : t->count - 1;

    return i < 0 ? NAN : t->y[i];
}

static int legend_mark(struct canvas *c, int x, int y, const struct plot_mark *m)
{
    int width = canvas_width(c, m->name) + 4;

    if (x + width > c->w - 1)
        return x;
    canvas_format(c, x, y, STYLE_QUIET, " %s   ", m->name);
    canvas_put(c, x + width - 2, y, m->style, m->glyph);
    return x + width;
}

/* Edits, then events: one of each that is in sight. */
int pane_legend_marks(struct canvas *c, int x, int y, const struct plot *p)
{
    const struct plot_mark *first[2] = {NULL, NULL};

    for (int i = p->mark_count; i-- > 0;)
        if (p->marks[i].name && p->marks[i].x >= p->x.lo && p->marks[i].x <= p->x.hi)
            first[p->marks[i].line != 0] = &p->marks[i];
    for (int i = 0; i < 2; i++)
        if (first[i])
            x = legend_mark(c, x, y, first[i]);
    return x;
}

void pane_legend(struct canvas *c, const struct plot *p)
{
    int x = 2;

    if (c->h < 2)
        return;
    x = plot_legend(p, 0, c, x, c->h - 1);
    x = pane_legend_marks(c, x, c->h - 1, p);
    plot_legend(p, 1, c, x, c->h - 1);
}
