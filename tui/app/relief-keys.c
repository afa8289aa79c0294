/* SPDX-License-Identifier: MIT */
#include "app/relief-keys.h"

#include "app/view.h"
#include "app/app.h"
#include "draw/relief.h"

static const double TURN = .12, TILT = .08, ZOOM = 1.15, DRAG = .03 /* a cell */;

const struct eye *relief_eye(const struct model *m)
{
    return m->ui.relief[m->ui.view] ? &m->ui.eye[m->ui.view] : NULL;
}

static int shows_map(const struct model *m)
{
    const struct pane *p = pane_focused(m);

    return p->is_map && p->is_map(m);
}

int relief_is_on(const struct model *m)
{
    return relief_eye(m) && shows_map(m);
}

static unsigned turn_over(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    (void)by;
    if (!shows_map(&a->model)) {
        app_say(a, 1, "only a map, drawn over two axes, can be seen from a side");
        return REACT_DRAW;
    }
    ui->relief[ui->view] = !ui->relief[ui->view];
    if (!(ui->eye[ui->view].zoom > 0))
        ui->eye[ui->view] = eye_standard;
    return REACT_DRAW;
}

static struct eye *eye_of(struct app *a)
{
    return &a->model.ui.eye[a->model.ui.view];
}

static unsigned rotate(struct app *a, int by)
{
    eye_of(a)->turn += by * TURN;
    eye_limit(eye_of(a));
    return REACT_DRAW;
}

static unsigned tilt(struct app *a, int by)
{
    eye_of(a)->tilt += by * TILT;
    eye_limit(eye_of(a));
    return REACT_DRAW;
}

static unsigned zoom(struct app *a, int by)
{
    eye_of(a)->zoom *= by > 0 ? ZOOM : 1 / ZOOM;
    eye_limit(eye_of(a));
    return REACT_DRAW;
}

static unsigned exaggerate(struct app *a, int by)
{
    eye_of(a)->height *= by > 0 ? ZOOM : 1 / ZOOM;
    eye_limit(eye_of(a));
    return REACT_DRAW;
}

static unsigned reset(struct app *a, int by)
{
    (void)by;
    *eye_of(a) = eye_standard;
    return REACT_DRAW;
}

/* The pointer took hold here, or was dragged here. */
static unsigned drag(struct app *a, int by)
{
    if (by) {
        eye_of(a)->turn += DRAG * (a->mouse_x - a->grip_x);
        eye_of(a)->tilt += 2 * DRAG * (a->mouse_y - a->grip_y);
        eye_limit(eye_of(a));
    }
    a->grip_x = a->mouse_x;
    a->grip_y = a->mouse_y;
    return REACT_DRAW;
}

static const struct key_binding switch_rows[] = {
    {'V', 0, 0, "map-3d", "3-D", "show the map as a surface in three dimensions, or as a map again", turn_over, 0},
};
const struct key_set relief_switch_keys = KEY_SET("maps", switch_rows);

static const struct key_binding rows[] = {
    {INPUT_LEFT, 'h', 0, "3d-left", "turn", "turn the surface to the left", rotate, -1},
    {INPUT_RIGHT, 'l', 0, "3d-right", "turn", "turn the surface to the right", rotate, 1},
    {INPUT_UP, 'k', 0, "3d-up", "turn", "tilt the surface: see it from farther above", tilt, 1},
    {INPUT_DOWN, 'j', 0, "3d-down", "turn", "see it from lower down", tilt, -1},
    {'+', INPUT_WHEEL_UP, 0, "3d-nearer", "zoom", "enlarge the surface", zoom, 1},
    {'-', INPUT_WHEEL_DOWN, 0, "3d-farther", "zoom", "show the surface smaller", zoom, -1},
    {'>', 0, 0, "3d-higher", "height", "exaggerate its heights", exaggerate, 1},
    {'<', 0, 0, "3d-lower", "height", "reduce its heights", exaggerate, -1},
    {'a', 0, 0, "3d-reset", NULL, "see the surface as at the beginning", reset, 0},
    {INPUT_PRESS, 0, 0, "3d-grip", NULL, "take hold of the surface; dragging turns it", drag, 0},
    {INPUT_DRAG, 0, 0, "3d-drag", NULL, "turn and tilt the surface", drag, 1},
};
const struct key_set relief_keys = KEY_SET("maps in three dimensions", rows);
