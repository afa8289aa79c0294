/* Hands on the curves: the cross-hair, what part of the run is shown, and where the mouse points. */
#include "hands.h"

#include <math.h>

#include "panel/panel.h"

static int clamp(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* A sixtieth of what is shown, from the newest step. */
unsigned hands_cross(struct app *a, int by)
{
    const struct track *t = &a->history->track[TRACK_LOSS];
    double last = t->count ? t->step[t->count - 1] : 0, first = t->count ? t->step[0] : 0, stride;
    double *cross = &a->model.ui.cross;

    if (!t->count)
        return REACT_DRAW;
    stride = fmax(1, round(ldexp(last - first, -a->model.ui.zoom) / 60));
    if (!isfinite(*cross))
        *cross = last;
    *cross = fmin(fmax(*cross + by * stride, first), last);
    return REACT_DRAW;
}

unsigned hands_zoom(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    ui->range_to = ui->range_from = 0;
    ui->zoom = clamp(ui->zoom + by, 0, 10);
    ui->pan = by > 0 ? ui->pan * 2 : ui->pan / 2; /* quarters of another width */
    return hands_pan(a, 0);
}

unsigned hands_zoom_all(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    (void)by;
    ui->zoom = ui->pan = 0;
    ui->range_to = ui->range_from = 0;
    return REACT_DRAW;
}

/* Not beyond the first step, nor the last. */
unsigned hands_pan(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    double shift = (ui->range_to - ui->range_from) / 4 * -by;
    char key[16] = "";

    if (ui->range_to > ui->range_from) {
        shift = fmax(shift, -ui->range_from);
        ui->range_from += shift, ui->range_to += shift;
    } else {
        ui->pan = clamp(ui->pan + by, 0, (4 << ui->zoom) - 4);
        key_of("zoom-in", a->charset, key, sizeof key);
        if (by && !ui->zoom)
            app_say(a, 0, "all of the run is shown: %s zooms in", key);
    }
    return REACT_DRAW;
}

/* A click: the cross-hair, or the choice of a knob. */
unsigned hands_point(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    struct rect r = app_layout(a, a->w, a->h).pane[ui->focus];
    struct panel_hit hit = panel_hit(&a->model, ui->focus, r, a->mouse_x - r.x, a->mouse_y - r.y, a->charset);
    const struct track *t = &a->history->track[TRACK_LOSS];

    (void)by;
    if (hit.knob >= 0)
        ui->chosen = hit.knob, a->gripped = 1;
    if (isfinite(hit.step) && t->count)
        ui->cross = fmin(fmax(round(hit.step), t->step[0]), t->step[t->count - 1]);
    return REACT_DRAW;
}

unsigned hands_log_y(struct app *a, int by)
{
    (void)by;
    a->model.ui.log_y[a->model.ui.focus] ^= 1;
    return REACT_DRAW;
}
