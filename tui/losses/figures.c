/* SPDX-License-Identifier: MIT */
/* The figures of both losses at the point, and why they differ. */
#include <stdio.h>

#include "draw/number.h"
#include "losses/panes.h"

enum { NAME_W = 13 };

/* A row of the table: MSE on the left, cross-entropy on the right. */
static void row(struct canvas *c, int y, enum style s, const char *name, const char *mse, const char *ce)
{
    int value = (c->w - NAME_W - 2) / 2;

    canvas_cut(c, 0, y, NAME_W, STYLE_QUIET, name);
    canvas_cut(c, NAME_W, y, value - 1, s, mse);
    canvas_cut(c, NAME_W + value, y, c->w - NAME_W - value, s, ce);
}

static void draw_table(const struct losses_ui *ui, struct canvas *c)
{
    const struct plane_point *mse = &ui->at[PLANE_MSE], *ce = &ui->at[PLANE_CROSS_ENTROPY];
    char a[PLANE_LOSSES][LOSSES_STEPS], goal[NUMBER_SIZE], softmax[3 * LOSSES_STEPS], steps_until[NUMBER_SIZE + 16];

    row(c, 0, STYLE_TITLE, "", plane_loss_title(PLANE_MSE), plane_loss_title(PLANE_CROSS_ENTROPY));
    number_reading(a[0], sizeof a[0], mse->loss, 4);
    number_reading(a[1], sizeof a[1], ce->loss, 4);
    row(c, 1, STYLE_TEXT, "loss", a[0], a[1]);
    number_reading(a[0], sizeof a[0], mse->norm, 4);
    number_reading(a[1], sizeof a[1], ce->norm, 4);
    row(c, 2, STYLE_STRONG, "|gradient|", a[0], a[1]);
    for (int k = 0; k < PLANE_LOSSES; k++) {
        const struct loss_descent *d = &ui->descent[k];
        char steps[NUMBER_SIZE];
        number_count(steps, sizeof steps, d->steps);
        snprintf(a[k], sizeof a[k], "%s%s", d->arrived ? "" : "> ", steps);
    }
    number_short(goal, sizeof goal, ui->goal);
    snprintf(steps_until, sizeof steps_until, "steps, p>%s", goal);
    row(c, 3, STYLE_STRONG, steps_until, a[0], a[1]);
    number_reading(a[0], sizeof a[0], mse->p, 3);
    number_reading(a[1], sizeof a[1], 1 - mse->p, 3);
    snprintf(softmax, sizeof softmax, "%s %s 0", a[0], a[1]);
    canvas_cut(c, 0, 4, NAME_W, STYLE_QUIET, "softmax");
    canvas_cut(c, NAME_W, 4, c->w - NAME_W, STYLE_TEXT, softmax);
}

static void figures_draw(const struct model *m, struct canvas *c)
{
    const struct losses_ui *ui = losses_ui(m);
    char note[3][160], p[NUMBER_SIZE], text[LOSSES_TEXT], key[16] = "";
    struct canvas inside;
    int y = 5;

    number_reading(p, sizeof p, ui->at[PLANE_MSE].p, 3);
    snprintf(note[0], sizeof note[0], "y = (%g, %g, −1000) · p(true) %s · rate %g", ui->y[0], ui->y[1], p, ui->rate);
    snprintf(note[1], sizeof note[1], "(%g, %g) · p %s · η %g", ui->y[0], ui->y[1], p, ui->rate);
    snprintf(note[2], sizeof note[2], "(%g, %g)", ui->y[0], ui->y[1]);
    inside = pane_frame(m, c, &losses_figures_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < NAME_W + 8 || inside.h < 1)
        return;
    draw_table(ui, &inside);
    losses_sentence(ui, text);
    if (inside.h > y)
        y += canvas_wrap(&inside, 0, y, inside.h - y, STYLE_TEXT, text);
    key_of("losses-fork", inside.charset, key, sizeof key);
    snprintf(text, sizeof text, "%s trains on from the run's weights with the other loss", key);
    if (inside.h > y)
        canvas_wrap(&inside, 0, y, inside.h - y, STYLE_QUIET, text);
}

const struct pane losses_figures_pane = {
    .name = "gradients", .help = "both gradients at the point, and the steps from it",
    .keys = PANE_KEYS(&losses_map_keys), .draw = figures_draw};
