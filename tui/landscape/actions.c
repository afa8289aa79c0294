/* SPDX-License-Identifier: MIT */
/* The keys of the Landscape view: which slice of the loss, and where to read it. Whatever is turned is drawn. */
#include "app/actions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "landscape/map.h"

static const int planes[] = {9, 17, 33, 65}, lines[] = {21, 41, 81, 161, 257};
enum { PLANES = sizeof planes / sizeof *planes, LINES = sizeof lines / sizeof *lines };

static struct landscape_plan *plan_of(struct app *a)
{
    return &landscape_ui(&a->model)->plan;
}

/* ---- drawing -------------------------------------------------------------------------------- */

unsigned action_landscape(struct app *a, int by)
{
    struct landscape_plan *p = plan_of(a);
    struct command c = {.kind = COMMAND_LANDSCAPE};

    (void)by;
    if (landscape_kind_joins((int)p->kind) && !*p->file) {
        action_command(a, 0);
        snprintf(a->model.ui.input, sizeof a->model.ui.input, "landscape %s ", landscape_kind_name((int)p->kind));
        return REACT_DRAW;
    }
    landscape_plan_format(p, c.text, sizeof c.text);
    app_send_command(a, &c);
    return REACT_DRAW;
}

int action_landscape_cancel(struct app *a)
{
    const struct landscape_view *v = a->model.landscape;

    if (v->status != LANDSCAPE_RUNNING && !v->follow)
        return 0;
    app_send(a, COMMAND_LANDSCAPE_CANCEL, 0);
    return 1;
}

/* There has to be one that can be drawn again. */
unsigned action_landscape_follow(struct app *a, int by)
{
    const struct landscape_view *v = a->model.landscape;

    (void)by;
    if (!v->follow && !v->known && v->status != LANDSCAPE_RUNNING)
        action_landscape(a, 0);
    if (a->model.ui.mode == MODE_NORMAL && app_send(a, COMMAND_LANDSCAPE_FOLLOW, !v->follow))
        app_say(a, 0, v->follow ? "the landscape no longer follows the run"
                                : "the landscape follows the run: redrawn as training proceeds");
    return REACT_DRAW;
}

/* ---- what slice ----------------------------------------------------------------------------- */

/* The next kind; a line only when it knows where to. */
static unsigned action_landscape_directions(struct app *a, int by)
{
    struct landscape_plan *p = plan_of(a);
    int kind = (int)p->kind, asked = p->axes;

    do
        kind = (kind + by + LANDSCAPE_KINDS) % LANDSCAPE_KINDS;
    while (landscape_kind_joins(kind) && !*p->file);
    if (landscape_kind_joins((int)p->kind))
        asked = 2;
    p->kind = (enum landscape_kind)kind;
    p->axes = landscape_kind_joins(kind) ? 1 : asked;
    p->points = 0;
    p->extent = 0; /* what it is measured in is another thing for each of them */
    return action_landscape(a, 0);
}

static unsigned action_landscape_axes(struct app *a, int by)
{
    struct landscape_plan *p = plan_of(a);

    (void)by;
    if (landscape_kind_joins((int)p->kind)) {
        app_say(a, 0, "a %s has one axis", landscape_kind_name((int)p->kind));
        return REACT_DRAW;
    }
    p->axes = 3 - p->axes;
    p->points = 0;
    return action_landscape(a, 0);
}

static unsigned turn_points(struct app *a, int by)
{
    struct landscape_plan *p = plan_of(a);
    const int *choice = p->axes == 1 ? lines : planes;
    int count = p->axes == 1 ? LINES : PLANES, now = landscape_plan_points(p), i = 0;

    while (i < count - 1 && choice[i] < now)
        i++;
    if (choice[i] == now || by < 0)
        i += by;
    if (i < 0 || i >= count) {
        app_say(a, 0, "the number of points is at its limit");
        return REACT_DRAW;
    }
    p->points = choice[i];
    return action_landscape(a, 0);
}

/* The extent shown, if it is of the same kind; else the one the engine chooses, where that is fixed. */
static double extent_now(const struct app *a)
{
    const struct landscape_plan *p = &landscape_ui(&a->model)->plan;
    const struct landscape_view *v = a->model.landscape;

    if (p->extent > 0)
        return p->extent;
    if (p->kind == LANDSCAPE_LINE)
        return .5;
    if (v->known && v->plan.kind == p->kind)
        return fmax(fmax(v->x.hi, -v->x.lo), v->axes == 2 ? fmax(v->y.hi, -v->y.lo) : 0);
    return 1;
}

/* Half as far, or twice; in three digits, so that there and back is the same. */
static unsigned action_landscape_zoom(struct app *a, int by)
{
    double extent = extent_now(a) * (by > 0 ? .5 : 2), power = pow(10, floor(log10(extent)) - 2);

    extent = round(extent / power) * power;
    if (!(extent > 1e-9 && extent < 1e9)) {
        app_say(a, 0, "the extent is at its limit");
        return REACT_DRAW;
    }
    plan_of(a)->extent = extent;
    return action_landscape(a, 0);
}

static unsigned action_landscape_whole(struct app *a, int by)
{
    (void)by;
    plan_of(a)->extent = 0;
    return action_landscape(a, 0);
}

static unsigned action_landscape_seed(struct app *a, int by)
{
    struct landscape_plan *p = plan_of(a);

    if (by > 0 || p->seed > 0)
        p->seed += (uint64_t)(int64_t)by;
    return action_landscape(a, 0);
}

static unsigned action_landscape_log(struct app *a, int by)
{
    (void)by;
    a->model.ui.log_y[view_index(&landscape_view)][LANDSCAPE_MAP] ^= 1;
    return REACT_DRAW;
}

/* ---- the list ------------------------------------------------------------------------------- */

static unsigned action_slice_choose(struct app *a, int by)
{
    int *row = &landscape_ui(&a->model)->row;

    if (*row + by >= 0 && *row + by < SLICE_ROWS)
        *row += by;
    return REACT_DRAW;
}

static unsigned action_slice_turn(struct app *a, int by)
{
    static action_act *const acts[SLICE_ROWS] = {
        [SLICE_DIRECTIONS] = action_landscape_directions, [SLICE_AXES] = action_landscape_axes,
        [SLICE_POINTS] = turn_points,                    [SLICE_EXTENT] = action_landscape_zoom,
        [SLICE_HEIGHTS] = action_landscape_log,           [SLICE_SEED] = action_landscape_seed,
        [SLICE_FOLLOW] = action_landscape_follow,
    };
    int row = landscape_ui(&a->model)->row;

    return acts[row](a, row == SLICE_EXTENT ? -by : by);
}

/* ---- reading -------------------------------------------------------------------------------- */

static double moved(double at, const struct landscape_side *s, int by)
{
    double stride = (s->hi - s->lo) / (s->points > 1 ? s->points - 1 : 1);

    return fmin(fmax(at + by * stride, s->lo), s->hi);
}

/* From point to point of the grid, from the weights at first; by: −1, 1 along the first axis, −2, 2 the second. */
static unsigned action_landscape_cross(struct app *a, int by)
{
    const struct landscape_view *v = a->model.landscape;
    struct landscape_ui *ui = landscape_ui(&a->model);

    if (!v->known || (v->axes == 1 && by % 2 == 0))
        return REACT_DRAW;
    if (!isfinite(ui->cross_x))
        ui->cross_x = ui->cross_y = 0;
    ui->cross_x = moved(ui->cross_x, &v->x, by % 2);
    ui->cross_y = moved(ui->cross_y, &v->y, by / 2);
    if (fabs(ui->cross_x) < 1e-9 * (v->x.hi - v->x.lo))
        ui->cross_x = 0;
    if (fabs(ui->cross_y) < 1e-9 * (v->y.hi - v->y.lo))
        ui->cross_y = 0;
    return REACT_DRAW;
}

/* To the next point of the path, from the weights backwards at first. */
static unsigned action_landscape_path(struct app *a, int by)
{
    const struct landscape_view *v = a->model.landscape;
    struct landscape_ui *ui = landscape_ui(&a->model);
    int at = isfinite(ui->cross_x) ? landscape_point_at(v, ui->cross_x, ui->cross_y) : v->path_points - 1;

    if (!v->known || v->axes < 2 || v->path_points < 2) {
        app_say(a, 0, "no path on this landscape");
        return REACT_DRAW;
    }
    at = at < 0 ? v->path_points - 1 : at + by;
    at = at < 0 ? 0 : at >= v->path_points ? v->path_points - 1 : at;
    ui->cross_x = v->path[at][0];
    ui->cross_y = v->path[at][1];
    return REACT_DRAW;
}

/* A click on the map reads there; on the list it chooses a row. The frame takes a cell on each side. */
static unsigned action_landscape_point(struct app *a, int by)
{
    struct landscape_ui *ui = landscape_ui(&a->model);
    struct rect r = app_layout(a, a->w, a->h).pane[a->model.ui.focus];
    struct rect part = landscape_part(&a->model, r.w - 2, r.h - 2);
    int x = a->mouse_x - r.x - 1, y = a->mouse_y - r.y - 1;
    struct canvas c = {.w = part.w, .h = part.h, .charset = a->charset, .clip = {0, 0, part.w, part.h}};
    struct landscape_map map;
    double at_x, at_y = 0;

    (void)by;
    if (pane_has_focus(&a->model, &controls_pane)) {
        int row = slice_row_at(&a->model, r.h - 2, y);
        ui->row = row >= 0 ? row : ui->row;
    }
    if (!pane_has_focus(&a->model, &landscape_pane) || !landscape_map(&a->model, &map))
        return REACT_DRAW;
    x -= part.x, y -= part.y;
    if (map.axes == 1)
        at_x = plot_x_at(&map.plot, &c, x);
    else if (!field_point_at(&map.field, &c, x, y, &at_x, &at_y))
        return REACT_DRAW;
    if (isfinite(at_x))
        ui->cross_x = at_x, ui->cross_y = at_y;
    return REACT_DRAW;
}

static const struct key_binding landscape_rows[] = {
    {INPUT_ENTER, '=', 0, "landscape", "draw", "draw the landscape around the current weights",
     action_landscape, 0},
    {'d', 0, 0, "landscape-directions", "directions", "next directions; for a line use the command landscape",
     action_landscape_directions, 1},
    {'w', 0, KEY_LATER, "landscape-follow", "follow", "redraw repeatedly as training proceeds",
     action_landscape_follow, 0},
    {'x', 0, KEY_LATER, "landscape-axes", "axes", "switch between one axis (a curve) and two (a map)", action_landscape_axes, 0},
    {'o', 0, KEY_LATER, "landscape-replay", NULL, "replay the run's path over the map, or stop", action_landscape_replay, 0},
    {'s', 0, 0, "landscape-seed", NULL, "use other random directions", action_landscape_seed, 1},
    {'D', 0, 0, "landscape-directions-back", NULL, "previous directions", action_landscape_directions, -1},
};
const struct key_set landscape_keys = KEY_SET("landscape", landscape_rows);

static const struct key_binding slice_rows[] = {
    {'+', INPUT_WHEEL_UP, KEY_LATER, "landscape-nearer", "zoom", "halve the extent of each axis",
     action_landscape_zoom, 1},
    {'-', INPUT_WHEEL_DOWN, KEY_LATER, "landscape-farther", "zoom", "double the extent of each axis", action_landscape_zoom, -1},
    {INPUT_PRESS, 0, 0, "landscape-here", NULL, "read the loss here, or select this row", action_landscape_point, 0},
    {'L', 0, KEY_LATER, "landscape-log", "log", "switch between linear and logarithmic heights", action_landscape_log, 0},
    {'a', 0, 0, "landscape-all", NULL, "reset the extent to where the loss is expected to double", action_landscape_whole, 0},
};
const struct key_set slice_keys = KEY_SET("landscape", slice_rows);

static const struct key_binding landscape_map_rows[] = {
    {INPUT_LEFT, 'h', 0, "landscape-left", "read", "move the cross-hair left; the frame shows the loss there",
     action_landscape_cross, -1},
    {INPUT_RIGHT, 'l', 0, "landscape-right", "read", "move the cross-hair right", action_landscape_cross, 1},
    {INPUT_UP, 'k', 0, "landscape-up", "read", "move the cross-hair up, along the second axis", action_landscape_cross, 2},
    {INPUT_DOWN, 'j', 0, "landscape-down", "read", "move the cross-hair down", action_landscape_cross, -2},
    {'[', 0, 0, "landscape-path-back", NULL, "read at the previous point of the path", action_landscape_path, -1},
    {']', 0, 0, "landscape-path-on", NULL, "read at the next point of the path", action_landscape_path, 1},
};
const struct key_set landscape_map_keys = KEY_SET("landscape", landscape_map_rows);

static const struct key_binding controls_rows[] = {
    {INPUT_UP, 'k', 0, "slice-previous", "select", "select the row above", action_slice_choose, -1},
    {INPUT_DOWN, 'j', 0, "slice-next", "select", "select the row below", action_slice_choose, 1},
    {INPUT_LEFT, 'h', 0, "slice-down", "edit", "decrease the value or take the previous choice, and redraw", action_slice_turn, -1},
    {INPUT_RIGHT, 'l', 0, "slice-up", "edit", "increase the value or take the next choice, and redraw", action_slice_turn, 1},
};
const struct key_set controls_keys = KEY_SET("landscape", controls_rows);
