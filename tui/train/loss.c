/* SPDX-License-Identifier: MIT */
/* Loss over steps: of training, smoothed and raw, and of validation. */
#include "train/panes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/difference.h"
#include "app/overlay.h"
#include "app/timeline.h"
#include "draw/number.h"

enum { NOTES = 6, NOTE = 256, WHOLE_LEGEND = 56, BRIEF_LEGEND = 40 };

/* Another loss than the usual one, or one of several, is named. */
static int is_named(const struct model *m, int loss)
{
    const struct history *h = m->history;
    int changed = 0;

    for (int i = 0; i < h->mark_count; i++)
        changed |= h->mark[i].loss;
    return changed || strcmp(knob_choice(KNOB_LOSS, loss), "cross_entropy") != 0;
}

static void name_loss(const struct model *m, int loss, char *out, size_t size)
{
    struct knobs k = m->snapshot->knobs;

    k.value[KNOB_LOSS] = loss;
    knobs_show(&k, KNOB_LOSS, out, size);
}

static const char *brief_of(int loss)
{
    return strcmp(knob_choice(KNOB_LOSS, loss), "cross_entropy") == 0 ? "CE " : "MSE ";
}

/* The loss that the values at a step belong to; NaN: the newest. A loss chosen just now has no values yet. */
static struct history_part part_of(const struct history *h, double step, int now)
{
    const struct track *t = &h->track[TRACK_LOSS];

    if (!isfinite(step))
        step = t->count ? t->step[t->count - 1] : 0;
    return history_part_of(h, step, now);
}

static struct history_part part_at(const struct model *m, double step)
{
    return part_of(m->history, step, (int)m->snapshot->knobs.value[KNOB_LOSS]);
}

/* Only values of one loss compare: those of another become gaps, and so do points that stand for steps of both. */
static struct series series_of(const struct model *m, const struct track *t, int loss, struct pane_gaps *gaps)
{
    struct series s = pane_series(t, pane_over(m));

    if (isinf(part_at(m, NAN).from))
        return s;
    for (int i = 0; i < t->count; i++) {
        struct history_part part = part_at(m, t->step[i]);
        int mixed = t->merged > 1 && i > 0 && t->step[i - 1] < part.from, drawn = part.loss == loss && !mixed;
        gaps->y[i] = drawn ? t->y[i] : NAN;
        gaps->lo[i] = drawn ? t->lo[i] : NAN;
        gaps->hi[i] = drawn ? t->hi[i] : NAN;
    }
    s.y = gaps->y, s.lo = gaps->lo, s.hi = gaps->hi;
    return s;
}

/* The steps trained on another loss before, under its name; 0: there are none. */
static int other_loss(const struct model *m, const struct track *t, int loss, struct pane_plot *p, struct series *s)
{
    struct pane_gaps *gaps = &p->gaps[2];
    int other = -1, kept = 0;

    if (isinf(part_at(m, NAN).from))
        return 0;
    for (int i = 0; i < t->count; i++) {
        struct history_part part = part_at(m, t->step[i]);
        int mixed = t->merged > 1 && i > 0 && t->step[i - 1] < part.from;
        gaps->y[i] = part.loss != loss && !mixed ? t->y[i] : NAN;
        kept += part.loss != loss && !mixed;
        other = part.loss != loss ? part.loss : other;
    }
    if (!kept)
        return 0;
    name_loss(m, other, p->other, sizeof p->other);
    *s = pane_series(t, pane_over(m));
    s->y = gaps->y;
    s->name = p->other;
    s->style = STYLE_QUIET;
    return 1;
}

/* The same of another run: its values of this loss. Returns how many there are. */
static int keep_comparable(const struct overlay *o, int loss, struct series *s, float *values)
{
    const struct track *t = &o->history->track[TRACK_LOSS];
    int from = t->count - s->count, kept = 0;

    for (int i = 0; i < s->count; i++) {
        struct history_part part = part_of(o->history, t->step[from + i], o->loss);
        int mixed = t->merged > 1 && from + i > 0 && t->step[from + i - 1] < part.from;
        values[i] = part.loss == loss && !mixed ? s->y[i] : NAN;
        kept += isfinite(values[i]) != 0;
    }
    s->y = values;
    return kept;
}

static void add_others(const struct model *m, struct pane_plot *p, int lead, int loss)
{
    struct overlay other[OVERLAY_MOST];
    struct series s[OVERLAY_MOST];
    int n = overlay_list(m, other), used = 0;

    for (int i = 0; i < n; i++) {
        s[used] = overlay_series(&other[i], p, TRACK_LOSS, 0);
        used += keep_comparable(&other[i], loss, &s[used], p->comparable[i]) > 0;
    }
    overlay_put(m, p, lead, s, used);
}

/* Other runs that are not drawn say why. */
static void tell_others(const struct model *m, const struct plot *p, struct canvas *c)
{
    struct overlay other[OVERLAY_MOST];
    int n = overlay_list(m, other), loss = part_at(m, NAN).loss;

    for (int i = n; i-- > 0;) {
        char name[KNOB_VALUE_SIZE], text[NOTE];
        int its = other[i].loss;
        if (!other[i].letter || its == loss)
            continue;
        name_loss(m, its, name, sizeof name);
        snprintf(text, sizeof text, "%c: %.60s, does not compare", other[i].letter, name);
        plot_remark(p, c, (p->x.lo + p->x.hi) / 2, text);
    }
}

/* Steps that are not drawn say why. */
static void tell_gaps(const struct model *m, const struct plot *p, struct canvas *c)
{
    int loss = part_at(m, NAN).loss;
    struct pane_window w = pane_window(m, pane_over(m));
    double step = fmax(w.from, 0) + .5;

    for (struct history_part part = part_at(m, step); part.to < w.to; step = part.to + .5, part = part_at(m, step)) {
        char from[NUMBER_SIZE], to[NUMBER_SIZE], name[KNOB_VALUE_SIZE], text[NOTE];
        if (part.loss == loss)
            continue;
        number_count(from, sizeof from, (uint64_t)fmax(part.from, 0));
        number_count(to, sizeof to, (uint64_t)part.to);
        name_loss(m, part.loss, name, sizeof name);
        snprintf(text, sizeof text, "steps %s–%s: %.60s", from, to, name);
        if (pane_over(m) == OVER_STEPS)
            plot_remark(p, c, (fmax(part.from, w.from) + part.to) / 2, text);
    }
}

/* NaN for a value that is still of the loss before. */
static double reading_of(const struct model *m, enum track_id id, double cross, struct history_part part)
{
    const struct track *t = &m->history->track[id];
    struct series s = {.x = t->step, .count = t->count};
    int i = isfinite(cross) ? series_index(&s, cross) : t->count - 1;

    return i < 0 || t->step[i] <= part.from ? NAN : t->y[i];
}

/* "B: another loss", of runs whose curves cannot stand here; "" where all can. */
static void missing_of(const struct model *m, int loss, char *out, size_t size)
{
    struct overlay other[OVERLAY_MOST];
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0, n = overlay_list(m, other); i < n && used + 1 < size; i++)
        if (other[i].letter && other[i].loss != loss)
            used += (size_t)snprintf(out + used, size - used, "%s%c", used ? ", " : " · ", other[i].letter);
    if (used && used + 1 < size)
        snprintf(out + used, size - used, ": another loss");
}

/* Readings at the end of the curves, or where the cross-hair is, from roomy to narrow. */
static void notes_of(const struct model *m, char text[NOTES][NOTE])
{
    char train[NUMBER_SIZE], validation[NUMBER_SIZE], at[PANE_AT], name[KNOB_VALUE_SIZE], of[80] = "", more[48];
    double cross = pane_cross(m, pane_over(m));
    struct history_part part = part_at(m, cross);
    int loss = part.loss, named = is_named(m, loss);
    const char *log = pane_log_y(m, &loss_pane) ? " · log y" : "", *brief = named ? brief_of(loss) : "";

    number_reading(train, sizeof train, reading_of(m, TRACK_LOSS, cross, part), 4);
    number_reading(validation, sizeof validation, reading_of(m, TRACK_VALIDATION_LOSS, cross, part), 4);
    pane_at_words(cross, 1, at, sizeof at);
    name_loss(m, loss, name, sizeof name);
    if (named)
        snprintf(of, sizeof of, "%.60s: ", name);
    missing_of(m, part_at(m, NAN).loss, more, sizeof more);
    snprintf(text[0], NOTE, "%s%strain %s · validation %s%s%s", at, of, train, validation, log, more);
    snprintf(text[1], NOTE, "%s%strain %s · val %s%s%s", at, of, train, validation, log, more);
    snprintf(text[2], NOTE, "%s%strain %s · val %s%s", at, of, train, validation, more);
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(text[3], NOTE, "%s%s%s · val %s%s", at, of, train, validation, more);
    snprintf(text[4], NOTE, *more ? "%s%s%s%s" : "%s%s%s · val %s", at, brief, train, *more ? more : validation);
    snprintf(text[5], NOTE, "%s%s%s", at, brief, train);
}

/* The range is that of the present loss; the curve of the one before is seen as far as a factor of three beyond. */
static void fit_beside_other(struct pane_plot *p)
{
    const struct series *other = NULL;
    double lo, hi, other_lo, other_hi;
    struct plot own = p->plot, before = p->plot;
    struct series kept[sizeof p->series / sizeof *p->series];

    own.series = kept;
    own.series_count = 0;
    for (int i = 0; i < p->plot.series_count; i++) {
        if (p->plot.series[i].name == p->other)
            other = &p->plot.series[i];
        else
            kept[own.series_count++] = p->plot.series[i];
    }
    if (!plot_extent(&own, 0, &lo, &hi))
        lo = hi = NAN;
    before.series = other;
    before.series_count = other != NULL;
    if (isfinite(lo) && other && plot_extent(&before, 0, &other_lo, &other_hi)) {
        lo = fmin(lo, fmax(other_lo, lo > 0 ? lo / 3 : lo * 3));
        hi = fmax(hi, fmin(other_hi, hi > 0 ? hi * 3 : hi / 3));
    }
    axis_fit(&p->plot.y, lo, hi);
}

/* The range holds the curves; raw values only while they are no further out than a factor of four,
 * or one bad batch would press everything flat. */
static void fit_loss(struct pane_plot *p, int logarithmic)
{
    double lo, hi, raw_lo, raw_hi;

    p->plot.y.log = logarithmic;
    if (p->other[0]) {
        fit_beside_other(p);
        return;
    }
    if (!overlay_extent(p, 0, &lo, &hi))
        lo = hi = NAN;
    if (overlay_extent(p, 1, &raw_lo, &raw_hi)) {
        lo = fmax(raw_lo, lo / 4);
        hi = fmin(raw_hi, hi * 4);
    }
    pane_fit_y(p, lo, hi);
}

static const struct difference difference = {.pane = &loss_pane, .track = {TRACK_LOSS, TRACK_VALIDATION_LOSS},
    .name = {"train, smoothed", "validation"}, .losses = 1, .unit = "difference of the loss"};

static int loss_plot(const struct model *m, struct pane_plot *p)
{
    const struct track *train = &m->history->track[TRACK_LOSS], *validation = &m->history->track[TRACK_VALIDATION_LOSS];
    struct series *s = p->series, before;
    int loss = part_at(m, NAN).loss, lead;

    if (!train->count)
        return 0;
    if (difference_of(m) >= 0)
        return difference_plot(m, &difference, p);
    pane_plot_init(m, &loss_pane, p, pane_over(m));
    s[0] = series_of(m, train, loss, &p->gaps[0]), s[1] = series_of(m, validation, loss, &p->gaps[1]), s[2] = s[0];
    s[0].name = "raw", s[0].style = STYLE_RAW, s[0].stroke = STROKE_BAND, s[0].plain = '.';
    s[1].name = knobs_average(&m->knobs) ? "validation at x" : "validation", s[1].style = STYLE_SERIES_2, s[1].stroke = STROKE_DASHED, s[1].marker = 0x25c6;
    s[1].plain = 'o';
    s[2].name = "train, smoothed", s[2].style = STYLE_SERIES_1;
    lead = 2 + other_loss(m, train, loss, p, &before);
    if (lead > 2)
        s[3] = s[2], s[2] = before;
    p->plot.series_count = lead + 1;
    add_others(m, p, lead, loss);
    name_loss(m, loss, p->unit, sizeof p->unit);
    p->plot.y.unit = p->unit;
    fit_loss(p, pane_log_y(m, &loss_pane));
    return 1;
}

/* The plot, and the time line beneath it. */
static struct canvas draw_curves(const struct model *m, struct pane_plot *p, struct canvas *c, struct canvas *inside)
{
    struct canvas part = canvas_part(inside, timeline_plot(m, inside->w, inside->h));

    pane_plot_draw(p, c, &part);
    timeline_draw(m, p, inside);
    return part;
}

static double loss_step_at(const struct model *m, struct canvas *inside, int x, int y)
{
    struct canvas part = canvas_part(inside, timeline_plot(m, inside->w, inside->h));
    struct pane_plot p;

    (void)y;
    return loss_plot(m, &p) ? pane_plot_step(m, &p, &part, x) : NAN;
}

/* Less another run. */
static void draw_difference(const struct model *m, struct canvas *c)
{
    char notes[DIFFERENCE_NOTES][DIFFERENCE_NOTE];
    struct pane_plot p;
    struct canvas inside;

    difference_notes(m, &difference, notes);
    inside = pane_frame(m, c, &loss_pane, (const char *const[]){notes[0], notes[1], notes[2], NULL});
    if (loss_plot(m, &p))
        draw_curves(m, &p, c, &inside);
    else
        pane_hint_start(m, &inside);
}

static void loss_draw(const struct model *m, struct canvas *c)
{
    struct pane_plot p;
    char notes[NOTES][NOTE];
    struct canvas inside;

    if (difference_of(m) >= 0) {
        draw_difference(m, c);
        return;
    }
    notes_of(m, notes);
    inside = pane_frame(m, c, &loss_pane,
                         (const char *const[]){notes[0], notes[1], notes[2], notes[3], notes[4], notes[5], NULL});
    if (loss_plot(m, &p)) {
        if (c->w < WHOLE_LEGEND)
            p.series[p.own + 1].name = knobs_average(&m->knobs) ? "val at x" : "val";
        if (c->w < BRIEF_LEGEND)
            p.series[p.own + 2].name = p.series[p.own + 2].end ? p.series[p.own + 2].name : "train";
        inside = draw_curves(m, &p, c, &inside);
        tell_gaps(m, &p.plot, &inside);
        tell_others(m, &p.plot, &inside);
    } else
        pane_hint_start(m, &inside);
}

const struct pane loss_pane = {
    .name = "loss", .help = "training loss, smoothed and raw, and validation loss",
    .keys = PANE_KEYS(&plot_keys, &back_keys, &log_axis_keys), .log_y = 1, .draw = loss_draw, .plot = loss_plot,
    .step_at = loss_step_at};
