/* SPDX-License-Identifier: MIT */
/* Editing the line that is typed: moving the cursor, deleting, cancelling. A refused line stays to be corrected, with
 * the reason above it, so that further typing does not act as keys. */
#include "app/actions.h"

#include "app/prompt.h"

static unsigned edited(struct app *a)
{
    if (a->model.ui.mode == MODE_FILTER)
        action_filter_changed(a);
    return REACT_DRAW;
}

void action_typed(struct app *a, uint32_t ch)
{
    prompt_type(&a->model.ui, ch);
    edited(a);
}

unsigned action_caret(struct app *a, int to)
{
    prompt_move(&a->model.ui, (enum prompt_place)to);
    return REACT_DRAW;
}

unsigned action_erase(struct app *a, int to)
{
    prompt_erase(&a->model.ui, (enum prompt_place)to);
    return edited(a);
}

unsigned action_unless_refused(struct app *a, enum mode mode, unsigned reaction)
{
    struct ui *ui = &a->model.ui;

    if (ui->mode == MODE_NORMAL && ui->message[0] && ui->warning) {
        ui->mode = mode;
        ui->offered = 0;
    }
    return reaction;
}

unsigned action_leave(struct app *a, int by)
{
    (void)by;
    a->model.ui.mode = MODE_NORMAL;
    a->model.ui.message[0] = '\0';
    return REACT_DRAW;
}
