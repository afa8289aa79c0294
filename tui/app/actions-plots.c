/* SPDX-License-Identifier: MIT */
/* Actions on the curves: the cross-hair, zoom and pan, and clicks. */
#include "app/actions.h"
#include "app/bindings.h"

#include <math.h>

#include "app/timeline.h"
#include "app/view.h"
#include "app/whole-run.h"
#include "core/number.h"

enum { LEAST_SHOWN = 8 }; /* steps */

/* The part of the run that the focused pane shows; of a pane that never zooms, the part that the others show. */
static struct pane_window window_of(const struct app *a)
{
    const struct pane *pane = pane_focused(&a->model);
    struct pane_plot p;

    return pane_window(&a->model, pane->plot && pane->plot(&a->model, &p) && !p.whole ? p.over : OVER_STEPS);
}

/* The window that shows the whole run. */
static struct pane_window whole_of(const struct app *a)
{
    struct model m = a->model;

    m.ui.zoom = m.ui.pan = 0;
    m.ui.range_from = m.ui.range_to = 0;
    return pane_window(&m, OVER_STEPS);
}

static void show_range(struct ui *ui, struct pane_window w)
{
    ui->zoom = ui->pan = 0;
    ui->range_from = w.from;
    ui->range_to = w.to;
}

/* The place under the pointer. */
static struct pane_hit hit_of(const struct app *a)
{
    struct rect r = app_layout(a, a->w, a->h).pane[a->model.ui.focus];

    return pane_hit(&a->model, pane_focused(&a->model), r, a->mouse_x - r.x, a->mouse_y - r.y, a->charset);
}

/* How to go back to where the cross-hair is. */
static void say_way_back(struct app *a)
{
    char text[128];

    timeline_words(&a->model, a->charset, 0, text, sizeof text);
    if (*text)
        app_say(a, 0, "%s", text);
}

/* Move by a sixtieth of the visible range, which follows. A cross-hair out of sight first moves to the newest step
 * shown. */
unsigned action_cross(struct app *a, int by)
{
    const struct track *t = &a->history->track[TRACK_LOSS];
    struct pane_window w = window_of(a);
    double last = t->count ? t->step[t->count - 1] : 0, first = t->count ? t->step[0] : 0, stride;
    double *cross = &a->model.ui.cross;

    if (!t->count)
        return REACT_DRAW;
    stride = fmax(1, round((fmin(w.to, last) - fmax(w.from, first)) / 60));
    if (!(*cross >= w.from && *cross <= w.to)) {
        *cross = fmin(last, floor(w.to));
        by = by < 0 ? by : 0;
    }
    *cross = fmin(fmax(*cross + by * stride, first), last);
    if (*cross < w.from)
        action_pan(a, 1);
    else if (*cross > w.to)
        action_pan(a, -1);
    say_way_back(a);
    return REACT_DRAW;
}

/* Around a step that keeps its place on the screen, but for the run's ends. */
static void zoom_around(struct app *a, double at, double factor)
{
    struct pane_window w = window_of(a), all = whole_of(a);
    double width = (w.to - w.from) * factor, place = (at - w.from) / (w.to - w.from);

    if (width < LEAST_SHOWN && factor < 1)
        return;
    if (width >= (all.to - all.from) * (1 - 1e-9)) {
        action_zoom_all(a, 0);
        return;
    }
    w.from = fmax(fmin(at - place * width, all.to - width), all.from);
    w.to = w.from + width;
    show_range(&a->model.ui, w);
}

/* The step that zooming keeps where it is: under the pointer for the wheel, else the cross-hair's; of a range that was
 * chosen its middle. NaN: the newest are shown. */
static double anchor_of(const struct app *a)
{
    const struct ui *ui = &a->model.ui;
    struct pane_window w = window_of(a);
    double at = a->by_mouse ? hit_of(a).step : NAN;

    if (!(at >= w.from && at <= w.to))
        at = ui->cross;
    if (at >= w.from && at <= w.to)
        return at;
    return ui->range_to > ui->range_from ? (w.from + w.to) / 2 : NAN;
}

unsigned action_zoom(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    double at = anchor_of(a);

    if (isfinite(at)) {
        zoom_around(a, at, by > 0 ? .5 : 2);
        return REACT_DRAW;
    }
    ui->zoom = clamp(ui->zoom + by, 0, 10);
    ui->pan = by > 0 ? ui->pan * 2 : ui->pan / 2; /* quarters of another width */
    return action_pan(a, 0);
}

unsigned action_zoom_all(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    (void)by;
    ui->zoom = ui->pan = 0;
    ui->range_to = ui->range_from = 0;
    return REACT_DRAW;
}

/* Not beyond the first step, nor the last. */
unsigned action_pan(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    double shift = (ui->range_to - ui->range_from) / 4 * -by;
    struct pane_window all = whole_of(a);
    char hint[HINT_SIZE];

    if (ui->range_to > ui->range_from) {
        shift = shift < 0 ? fmin(0, fmax(shift, all.from - ui->range_from))
                          : fmax(0, fmin(shift, all.to - ui->range_to));
        ui->range_from += shift, ui->range_to += shift;
    } else {
        ui->pan = clamp(ui->pan + by, 0, (4 << ui->zoom) - 4);
        if (by && !ui->zoom)
            app_say(a, 0, "the whole run is shown%s", action_hint(a, "; ", "zoom-in", " zooms in", hint));
    }
    return REACT_DRAW;
}

/* A click: move the cross-hair, or select a setting. */
unsigned action_point(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    struct pane_hit hit = hit_of(a);
    const struct track *t = &a->history->track[TRACK_LOSS];

    (void)by;
    if (hit.knob >= 0)
        ui->chosen = hit.knob, a->gripped = 1;
    if (isfinite(hit.step) && t->count) {
        ui->cross = fmin(fmax(round(hit.step), t->step[0]), t->step[t->count - 1]);
        say_way_back(a);
    }
    return REACT_DRAW;
}

unsigned action_log_y(struct app *a, int by)
{
    (void)by;
    a->model.ui.log_y[a->model.ui.view][a->model.ui.focus] ^= 1;
    return REACT_DRAW;
}

/* Zoomed, it would not be seen. */
unsigned action_to_end(struct app *a, int by)
{
    const struct pane *pane = pane_focused(&a->model);

    (void)by;
    whole_run_choose(a, pane, !pane_to_end(&a->model, pane));
    return action_zoom_all(a, 0);
}

static const struct key_binding plot_rows[] = {
    {INPUT_LEFT, 'h', 0, "cross-left", "read", "move the cross-hair left; the frame shows the values",
     action_cross, -1},
    {INPUT_RIGHT, 'l', 0, "cross-right", "read", "move the cross-hair right", action_cross, 1},
    {'+', INPUT_WHEEL_UP, 0, "zoom-in", "zoom", "zoom in around the cross-hair", action_zoom, 1},
    {'-', INPUT_WHEEL_DOWN, 0, "zoom-out", "zoom", "zoom out", action_zoom, -1},
    {'[', INPUT_SHIFT_LEFT, KEY_LATER, "pan-left", "pan", "pan to earlier steps, by a quarter of the visible range",
     action_pan, 1},
    {']', INPUT_SHIFT_RIGHT, KEY_LATER, "pan-right", "pan", "pan to later steps", action_pan, -1},
    {'a', 0, 0, "zoom-all", NULL, "show all of the run so far", action_zoom_all, 0},
    {'$', 0, KEY_LATER, "run-to-end", NULL, "show the whole run, to its end, or as far as it has come; remembered for each plot", action_to_end, 0},
    {INPUT_PRESS, 0, 0, "cross-here", NULL, "move the cross-hair to the pointer", action_point, 0},
};
const struct key_set plot_keys = KEY_SET("plots", plot_rows);

static const struct key_binding back_rows[] = {
    {INPUT_ENTER, 0, 0, "cross-back", NULL, "continue the run from the step of the cross-hair; asks first",
     action_back_to_cross, 0},
};
const struct key_set back_keys = KEY_SET("plots", back_rows);

static const struct key_binding log_axis_rows[] = {
    {'L', 0, KEY_LATER, "log-y", "log y", "switch between a logarithmic and a linear axis", action_log_y, 0},
};
const struct key_set log_axis_keys = KEY_SET("plots", log_axis_rows);
