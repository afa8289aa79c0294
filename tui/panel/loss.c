/* Loss over steps: of training, smoothed and raw, and of validation. */
#include "panel.h"

#include <math.h>
#include <stdio.h>

#include "view/number.h"

enum { NOTE = 160, NOTES = 5 };

/* The step at which the loss in force was chosen, if it has values: those before are of another, and do not compare. */
static double changed_at(const struct history *h)
{
    const struct track *t = &h->track[TRACK_LOSS];

    for (int i = h->mark_count; i-- > 0;)
        if (h->mark[i].loss)
            return t->count && t->step[t->count - 1] > h->mark[i].step ? h->mark[i].step : -INFINITY;
    return -INFINITY;
}

static struct series series_after(const struct track *t, double step)
{
    struct series s = panel_series(t, 0);

    while (s.count && s.x[0] <= step)
        s.x++, s.y++, s.lo++, s.hi++, s.count--;
    return s;
}

/* Readings at the end of the curves, or where the cross-hair is, from roomy to narrow. */
static void notes_of(const struct model *m, char text[NOTES][NOTE])
{
    char train[NUMBER_SIZE], validation[NUMBER_SIZE], at[48] = "", brief[48] = "", step[NUMBER_SIZE];
    const char *log = m->ui.log_y[PANE_LOSS] ? " · log y" : "";

    number_reading(train, sizeof train, panel_reading(m, &m->history->track[TRACK_LOSS]), 4);
    number_reading(validation, sizeof validation, panel_reading(m, &m->history->track[TRACK_VALIDATION_LOSS]), 4);
    if (isfinite(m->ui.cross)) {
        number_count(step, sizeof step, (uint64_t)m->ui.cross);
        snprintf(at, sizeof at, "at step %s: ", step);
        snprintf(brief, sizeof brief, "at %s: ", step);
    }
    snprintf(text[0], NOTE, "%strain %s · validation %s%s%s", at, train, validation,
             isfinite(changed_at(m->history)) ? " · since the loss changed" : "", log);
    snprintf(text[1], NOTE, "%strain %s · val %s%s", at, train, validation, log);
    snprintf(text[2], NOTE, "%strain %s · val %s", at, train, validation);
    snprintf(text[3], NOTE, "%s%s · val %s", brief, train, validation);
    snprintf(text[4], NOTE, "%s%s", brief, train);
}

/* The range holds the curves; raw values only while they are no further out than a factor of four,
 * or one bad batch would press everything flat. */
static void fit_loss(struct plot *p, int logarithmic)
{
    double lo, hi, raw_lo, raw_hi;

    p->y.log = logarithmic;
    if (!plot_extent(p, 0, &lo, &hi))
        lo = hi = NAN;
    if (plot_extent(p, 1, &raw_lo, &raw_hi)) {
        lo = fmax(raw_lo, lo / 4);
        hi = fmin(raw_hi, hi * 4);
    }
    axis_fit(&p->y, lo, hi);
}

static int loss_plot(const struct model *m, struct panel_plot *p)
{
    const struct track *train = &m->history->track[TRACK_LOSS], *validation = &m->history->track[TRACK_VALIDATION_LOSS];
    struct series *s = p->series;
    double from;

    if (!train->count)
        return 0;
    panel_plot_init(m, p, 0);
    from = changed_at(m->history);
    s[0] = series_after(train, from), s[1] = series_after(validation, from), s[2] = series_after(train, from);
    s[0].name = "raw", s[0].style = STYLE_RAW, s[0].stroke = STROKE_BAND, s[0].plain = '.';
    s[1].name = "validation", s[1].style = STYLE_SERIES_2, s[1].stroke = STROKE_DASHED, s[1].marker = 0x25c6;
    s[1].plain = 'o';
    s[2].name = "train", s[2].style = STYLE_SERIES_1;
    p->plot.series_count = 3;
    fit_loss(&p->plot, m->ui.log_y[PANE_LOSS]);
    return 1;
}

static void loss_draw(const struct model *m, struct canvas *c)
{
    struct panel_plot p;
    char notes[NOTES][NOTE];
    struct canvas inside;

    notes_of(m, notes);
    inside = panel_frame(m, c, PANE_LOSS, (const char *const[]){notes[0], notes[1], notes[2], notes[3], notes[4], NULL});
    if (loss_plot(m, &p))
        panel_plot_draw(&p, c, &inside);
    else
        panel_hint_start(&inside);
}

const struct panel loss_panel = {
    .name = "loss", .help = "of training, smoothed and raw, and of validation",
    .keys = WHERE_PLOT | WHERE_LOG_Y, .draw = loss_draw, .plot = loss_plot};
