/* SPDX-License-Identifier: MIT */
#include "app/difference.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "draw/number.h"

int difference_of(const struct model *m)
{
    int id = m->ui.minus - 1;

    return id >= 0 && id != m->snapshot->run && (m->runs->there >> id & 1) && m->curves->of[id] ? id : -1;
}

/* The value at x, on the line between the points of a track; NaN outside them. */
static double value_at(const double *xs, const struct track *t, double x)
{
    struct series s = {.x = xs, .count = t->count};
    int i = series_index(&s, x);

    if (i < 0)
        return NAN;
    if (xs[i] == x)
        return t->y[i];
    if (i + 1 >= t->count)
        return NAN;
    return t->y[i] + (t->y[i + 1] - t->y[i]) * (x - xs[i]) / (xs[i + 1] - xs[i]);
}

static int loss_at(const struct history *h, const struct snapshot *s, double step)
{
    return history_part_of(h, step, (int)s->knobs.value[KNOB_LOSS]).loss;
}

static enum over over_of(const struct model *m, const struct difference *d)
{
    return d->epochs ? pane_over_epochs(m) : pane_over(m);
}

/* The difference at the i-th point of a track of the run in focus: where what is level, or the time, is the same. */
static double at_point(const struct model *m, const struct difference *d, enum track_id track, int i)
{
    int other = difference_of(m);
    enum over over = pane_over(m);
    const struct history *h = m->curves->of[other];
    const struct track *a = &m->history->track[track], *b = &h->track[track];
    double at = pane_series(a, over).x[i];

    if (d->losses && loss_at(m->history, m->snapshot, a->step[i]) != loss_at(h, &m->runs->run[other], a->step[i]))
        return NAN;
    return a->y[i] - value_at(pane_series(b, over).x, b, at);
}

static void add_series(const struct model *m, const struct difference *d, int i, struct pane_plot *p)
{
    struct series *s = &p->series[1 - i]; /* the clearest last */
    float *y = p->gaps[i].y;

    *s = pane_series(&m->history->track[d->track[i]], p->over);
    for (int k = 0; k < s->count; k++)
        y[k] = (float)at_point(m, d, d->track[i], k);
    s->y = y;
    s->name = d->name[i];
    s->style = overlay_style(m->snapshot->run);
    s->stroke = i ? STROKE_DASHED : STROKE_SOLID;
    s->marker = i ? 0x25c6 : 0;
    s->plain = i ? 'o' : '*';
    s->strong = !i;
}

int difference_plot(const struct model *m, const struct difference *d, struct pane_plot *p)
{
    double lo, hi;

    pane_plot_init(m, d->pane, p, over_of(m, d));
    for (int i = 0; i < 2; i++)
        add_series(m, d, i, p);
    p->plot.series_count = 2;
    snprintf(p->unit, sizeof p->unit, "%s, %c − %c", d->unit, run_letter(m->snapshot->run), run_letter(difference_of(m)));
    p->plot.y.unit = p->unit;
    p->levels[0] = (struct plot_level){0, "equal", STYLE_LEVEL};
    p->plot.level_count = 1;
    if (!plot_extent(&p->plot, 0, &lo, &hi))
        lo = hi = 0;
    pane_fit_y(p, fmin(lo, 0), fmax(hi, 0));
    return p->series[1].count > 0;
}

double difference_reading(const struct model *m, const struct difference *d, int i, double cross)
{
    const struct track *t = &m->history->track[d->track[i]];
    struct series s = {.x = t->step, .count = t->count};
    int at = isfinite(cross) ? series_index(&s, cross) : t->count - 1;
    double v = NAN;

    for (; at >= 0 && isnan(v); at = isfinite(cross) ? -1 : at - 1) /* without a cross-hair the last that there is */
        v = at_point(m, d, d->track[i], at);
    return v;
}

/* With its sign. */
static void write_signed(char *out, size_t size, double v, int share)
{
    char text[NUMBER_SIZE];

    if (share)
        number_share(text, sizeof text, fabs(v));
    else
        number_reading(text, sizeof text, fabs(v), 2);
    snprintf(out, size, "%s%s", !isfinite(v) || v == 0 ? "" : v > 0 ? "+" : "−", text);
}

/* The two train on other losses now, whatever they did at earlier steps. */
static int other_loss(const struct model *m)
{
    return m->snapshot->knobs.value[KNOB_LOSS] != m->runs->run[difference_of(m)].knobs.value[KNOB_LOSS];
}

void difference_notes(const struct model *m, const struct difference *d, char text[DIFFERENCE_NOTES][DIFFERENCE_NOTE])
{
    double cross = pane_cross(m, over_of(m, d));
    char v[2][NUMBER_SIZE + 4], at[PANE_AT], a = run_letter(m->snapshot->run), b = run_letter(difference_of(m));

    if (d->losses && !isfinite(cross) && other_loss(m)) {
        snprintf(text[0], DIFFERENCE_NOTE, "%c − %c · two losses, which do not compare", a, b);
        snprintf(text[1], DIFFERENCE_NOTE, "%c − %c · two losses", a, b);
        snprintf(text[2], DIFFERENCE_NOTE, "%c−%c: two losses", a, b);
        return;
    }
    for (int i = 0; i < 2; i++)
        write_signed(v[i], sizeof v[i], difference_reading(m, d, i, cross), d->share);
    pane_at_words(cross, 1, at, sizeof at);
    snprintf(text[0], DIFFERENCE_NOTE, "%c − %c · %strain %s · validation %s", a, b, at, v[0], v[1]);
    snprintf(text[1], DIFFERENCE_NOTE, "%c − %c · %s%s · val %s", a, b, at, v[0], v[1]);
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(text[2], DIFFERENCE_NOTE, "%c−%c · %s%s · %s", a, b, at, v[0], v[1]);
}
