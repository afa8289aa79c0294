/* SPDX-License-Identifier: MIT */
#include "app/overlay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

int overlay_is_on(const struct model *m)
{
    unsigned there = m->runs->there;

    return (there & (there - 1)) != 0;
}

enum style overlay_style(int run)
{
    return (enum style)(STYLE_RUN_A + run);
}

static void add_ghost(const struct model *m, const struct ghost *g, struct overlay *o)
{
    static const char *const words[] = {
        [GHOST_RESTARTED] = "before the restart", [GHOST_LEFT] = "before going back", [GHOST_DROPPED] = "dropped",
        [GHOST_RECORDED] = "recorded"};

    *o = (struct overlay){.history = g->history, .style = STYLE_GHOST, .from = g->from,
                          .loss = (int)m->runs->run[g->run].knobs.value[KNOB_LOSS]};
    if (*g->name)
        text_copy(o->name, sizeof o->name, g->name);
    else
        snprintf(o->name, sizeof o->name, "%c %s", run_letter(g->run), words[g->kind]);
}

static void add_run(const struct model *m, int run, struct overlay *o)
{
    const struct snapshot *s = &m->runs->run[run];

    *o = (struct overlay){.history = m->curves->of[run], .style = (enum style)(STYLE_BESIDE_A + run), .letter = run_letter(run),
                          .from = -INFINITY, .loss = (int)s->knobs.value[KNOB_LOSS]};
    snprintf(o->name, sizeof o->name, "%c%s%s", run_letter(run), *s->label ? ", " : "", s->label);
}

/* Over seconds only those of which they are known. */
static int is_drawn(const struct model *m, const struct history *h)
{
    return h && (pane_over(m) != OVER_SECONDS || history_has_clock(h));
}

int overlay_list(const struct model *m, struct overlay out[OVERLAY_MOST])
{
    int n = 0;

    for (int i = m->curves->ghosts; i-- > 0;)
        if (is_drawn(m, m->curves->ghost[i].history))
            add_ghost(m, &m->curves->ghost[i], &out[n++]);
    for (int i = TRAINER_RUNS; i-- > 0;)
        if ((m->runs->there >> i & 1) && i != m->snapshot->run && is_drawn(m, m->curves->of[i]))
            add_run(m, i, &out[n++]);
    for (int i = 0; i < n; i++)
        out[i].place = i;
    return n;
}

double overlay_last(const struct model *m, enum over over)
{
    struct overlay other[OVERLAY_MOST];
    const struct snapshot *own = m->snapshot;
    double last = over == OVER_SECONDS ? own->seconds : over == OVER_EPOCHS ? own->epoch : (double)own->step; /* a run taken up has no curves yet */
    const struct track *t = &m->history->track[TRACK_LOSS];

    for (int i = overlay_list(m, other); i >= 0; t = i > 0 ? &other[i - 1].history->track[TRACK_LOSS] : t, i--)
        if (t->count)
            last = fmax(last, pane_series(t, over).x[t->count - 1]);
    return last;
}

/* 0, or the step that a run was taken up at. */
static double begin_of(const struct track *t, enum over over)
{
    if (t->step[0] <= t->merged)
        return 0;
    return over == OVER_STEPS ? t->step[0] - t->merged : pane_series(t, over).x[0];
}

double overlay_first(const struct model *m, enum over over)
{
    struct overlay other[OVERLAY_MOST];
    const struct track *t = &m->history->track[TRACK_LOSS];
    double first = INFINITY;

    for (int i = overlay_list(m, other); i >= 0; t = i > 0 ? &other[i - 1].history->track[TRACK_LOSS] : t, i--)
        if (t->count)
            first = fmin(first, begin_of(t, over));
    return isfinite(first) ? first : 0;
}

/* All ghosts have one entry in the legend. */
static void name_series(const struct overlay *o, struct pane_plot *p, struct series *s)
{
    int i = o->place;

    if (!o->letter && i > 0)
        return;
    snprintf(p->label[i].brief, sizeof p->label[i].brief, o->letter ? "%c" : "earlier", o->letter);
    text_copy(p->label[i].full, sizeof p->label[i].full, o->name);
    s->name = p->label[i].brief;
    s->legend = p->label[i].full;
}

struct series overlay_series(const struct overlay *o, struct pane_plot *p, enum track_id track, int second)
{
    const struct track *t = &o->history->track[track];
    struct series steps = {.x = t->step, .count = t->count}, s = pane_series(t, p->over);
    int from = series_index(&steps, o->from);

    from = from > 0 ? from : 0; /* the point before joins it to what it left */
    s.x += from, s.y += from, s.lo += from, s.hi += from, s.count -= from;
    s.style = o->style;
    s.stroke = second || !o->letter ? STROKE_DASHED : STROKE_SOLID;
    s.end = second ? 0 : o->letter;
    s.plain = o->letter ? (char)(o->letter - 'A' + 'a') : ',';
    if (!second)
        name_series(o, p, &s);
    return s;
}

/* Of a run that others are shown beside. */
static void take_colour(struct pane_plot *p, int run)
{
    for (int i = 0; i < p->plot.series_count; i++) {
        struct series *s = &p->series[i];
        if (s->style == STYLE_RAW)
            s->style = STYLE_GHOST;
        else if (s->style >= STYLE_SERIES_1 && s->style <= STYLE_SERIES_6)
            s->style = overlay_style(run);
    }
}

/* The letter, before the series's name as well; its kind, after a comma, only where there is room. */
static void mark_lead(struct pane_plot *p, struct series *s, int run)
{
    const char *name = s->name ? s->name : "";

    s->end = run_letter(run);
    s->strong = 1;
    snprintf(p->label[OVERLAY_MOST].full, sizeof p->label->full, "%c %s", s->end, name);
    snprintf(p->label[OVERLAY_MOST].brief, sizeof p->label->brief, "%c %.*s", s->end, (int)strcspn(name, ","), name);
    s->name = p->label[OVERLAY_MOST].brief;
    s->legend = p->label[OVERLAY_MOST].full;
}

void overlay_put(const struct model *m, struct pane_plot *p, int lead, const struct series *s, int count)
{
    int on = overlay_is_on(m);

    if (on) {
        take_colour(p, m->snapshot->run);
        mark_lead(p, &p->series[lead], m->snapshot->run);
    }
    memmove(p->series + count, p->series, sizeof *p->series * (size_t)p->plot.series_count);
    memcpy(p->series, s, sizeof *s * (size_t)count);
    p->plot.series_count += count;
    p->own = count;
}

void overlay_add(const struct model *m, struct pane_plot *p, int lead, const enum track_id *tracks, int count)
{
    struct overlay other[OVERLAY_MOST];
    struct series s[2 * OVERLAY_MOST];
    int n = overlay_list(m, other), used = 0;

    for (int i = 0; i < n; i++)
        for (int k = count; k-- > 0;)
            s[used++] = overlay_series(&other[i], p, tracks[k], k > 0);
    overlay_put(m, p, lead, s, used);
}

int overlay_extent(const struct pane_plot *p, int bands, double *lo, double *hi)
{
    struct plot own = p->plot;
    double all_lo, all_hi;
    int some = plot_extent(&p->plot, bands, &all_lo, &all_hi);

    own.series += p->own;
    own.series_count -= p->own;
    if (!p->own || !plot_extent(&own, bands, lo, hi)) {
        *lo = all_lo, *hi = all_hi;
        return some;
    }
    *lo = fmin(*lo, fmax(all_lo, *lo > 0 ? *lo / 10 : *lo * 10));
    *hi = fmax(*hi, fmin(all_hi, *hi > 0 ? *hi * 10 : *hi / 10));
    return 1;
}

/* Columns of the legend's entries with long names. */
static int legend_width(const struct pane_plot *p, const struct canvas *c)
{
    int w = 0;

    for (int i = 0; i < p->plot.series_count; i++) {
        const struct series *s = &p->series[i];
        const char *name = s->legend ? s->legend : s->name;
        if (name && s->count)
            w += canvas_width(c, name) + 6;
    }
    return w;
}

void overlay_names(struct pane_plot *p, const struct canvas *c)
{
    enum { MARKS = 12 }; /* "edit ▴" */

    if (legend_width(p, c) + MARKS > c->w)
        return;
    for (int i = 0; i < p->plot.series_count; i++)
        if (p->series[i].legend)
            p->series[i].name = p->series[i].legend;
}
