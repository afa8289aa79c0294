/* SPDX-License-Identifier: MIT */
/* Keys and the command of the Losses view. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/actions.h"
#include "app/compare-menu.h"
#include "losses/panes.h"

static const double STRIDE = 1; /* of the arrow keys, in logits */

/* The lecture's points. */
static const double points[][2] = {{-7, 5}, {-10, 10}, {0, 0}, {3, 1}}; /* the last: its example of a softmax */
enum { POINTS = sizeof points / sizeof *points };

static const double rates[] = {.05, .1, .2, .5, 1, 2, 5};
enum { RATES = sizeof rates / sizeof *rates };

static double moved(double at, int by)
{
    return fmin(fmax(round(at) + by * STRIDE, -PLANE_END), PLANE_END);
}

/* by: −1, 1 along y1, −2, 2 along y2. */
static unsigned move(struct app *a, int by)
{
    struct losses_ui *ui = losses_ui(&a->model);

    losses_begin(ui, by % 2 ? moved(ui->y[0], by) : ui->y[0], by % 2 ? ui->y[1] : moved(ui->y[1], by / 2), ui->rate);
    return REACT_DRAW;
}

static unsigned next_point(struct app *a, int by)
{
    struct losses_ui *ui = losses_ui(&a->model);
    int i = 0;

    (void)by;
    for (int k = 0; k < POINTS; k++)
        if (fabs(ui->y[0] - points[k][0]) + fabs(ui->y[1] - points[k][1]) < 1e-9)
            i = (k + 1) % POINTS;
    losses_begin(ui, points[i][0], points[i][1], ui->rate);
    return REACT_DRAW;
}

static unsigned turn_rate(struct app *a, int by)
{
    struct losses_ui *ui = losses_ui(&a->model);
    int i = by > 0 ? 0 : RATES - 1;

    while (i + by >= 0 && i + by < RATES && (by > 0 ? rates[i] <= ui->rate : rates[i] >= ui->rate))
        i += by;
    losses_begin(ui, ui->y[0], ui->y[1], rates[i]);
    app_say(a, 0, "learning rate of the descents %g", ui->rate);
    return REACT_DRAW;
}

static unsigned fork_paired(struct app *a, int by)
{
    (void)by;
    return action_compare_with(a, "loss");
}

/* A click on a map moves the point there. */
static unsigned point_here(struct app *a, int by)
{
    struct losses_ui *ui = losses_ui(&a->model);
    struct rect r = app_layout(a, a->w, a->h).pane[a->model.ui.focus];
    struct canvas c = {.w = r.w - 2, .h = r.h - 2, .charset = a->charset, .clip = {0, 0, r.w - 2, r.h - 2}};
    struct field f = {.x = {.lo = -PLANE_END, .hi = PLANE_END, .unit = "y1"}, .y = {.lo = -PLANE_END, .hi = PLANE_END, .unit = "y2"},
                      .z_name = "loss", .columns = LOSSES_GRID, .rows = LOSSES_GRID, .z = ui->z[0]};
    double x, y;

    (void)by;
    if (!pane_has_focus(&a->model, &losses_mse_pane) && !pane_has_focus(&a->model, &losses_cross_entropy_pane))
        return REACT_DRAW;
    if (pane_has_focus(&a->model, &losses_cross_entropy_pane))
        f.z = ui->z[PLANE_CROSS_ENTROPY];
    field_fit(&f, 0);
    if (field_point_at(&f, &c, a->mouse_x - r.x - 1, a->mouse_y - r.y - 1, &x, &y))
        losses_begin(ui, round(2 * x) / 2, round(2 * y) / 2, ui->rate);
    return REACT_DRAW;
}

static const struct key_binding losses_rows[] = {
    {'x', 0, 0, "losses-fork", "paired fork", "fork the run and train the fork on with the other loss", fork_paired, 0},
    {'o', 0, 0, "losses-points", "points", "move the point to the next of (−7, 5), (−10, 10) and (0, 0)", next_point, 0},
};
const struct key_set losses_keys = KEY_SET("losses", losses_rows);

static const struct key_binding map_rows[] = {
    {INPUT_LEFT, 'h', 0, "losses-left", "move", "reduce y1 by 1", move, -1},
    {INPUT_RIGHT, 'l', 0, "losses-right", "move", "increase y1 by 1", move, 1},
    {INPUT_UP, 'k', 0, "losses-up", "move", "increase y2 by 1", move, 2},
    {INPUT_DOWN, 'j', 0, "losses-down", "move", "reduce y2 by 1", move, -2},
    {'+', '=', KEY_LATER, "losses-faster", "rate", "increase the learning rate of both descents", turn_rate, 1},
    {'-', 0, KEY_LATER, "losses-slower", "rate", "reduce the learning rate of both descents", turn_rate, -1},
    {INPUT_PRESS, 0, 0, "losses-here", NULL, "move the point here", point_here, 0},
};
const struct key_set losses_map_keys = KEY_SET("losses", map_rows);

/* ---- the command ---------------------------------------------------------------------------- */

static const char *losses_word(const char *rest, int i)
{
    static const char *const words[] = {"point", "rate", "fork"};

    return !*rest && i < (int)(sizeof words / sizeof *words) ? words[i] : NULL;
}

static unsigned refused(struct app *a, const struct err *e)
{
    app_say(a, 1, "losses: %s", e->text);
    return REACT_DRAW;
}

static unsigned run_losses(struct app *a, const char *rest)
{
    struct losses_ui *ui = losses_ui(&a->model);
    struct err e = {0};
    double y[2], rate;

    if (strcmp(rest, "fork") == 0)
        return action_compare_with(a, "loss");
    if (view_shown(&a->model) != &losses_view)
        action_view(a, view_index(&losses_view));
    if (!*rest)
        return REACT_DRAW;
    if (strncmp(rest, "point ", 6) == 0) {
        if (plane_point_parse(rest + 6, y, &e) != 0)
            return refused(a, &e);
        losses_begin(ui, y[0], y[1], ui->rate);
    } else if (strncmp(rest, "rate ", 5) == 0) {
        if (plane_number_parse("rate", rest + 5, PLANE_RATE_MOST, &rate, &e) != 0)
            return refused(a, &e);
        losses_begin(ui, ui->y[0], ui->y[1], rate);
    } else
        app_say(a, 1, "losses: expected point Y1,Y2, rate X or fork");
    return REACT_DRAW;
}

const struct command_row losses_commands[] = {
    {"losses", " [WHAT]", "open the view; WHAT: point Y1,Y2, rate X, or fork to train on with the other loss",
     run_losses, losses_word},
    {0},
};
