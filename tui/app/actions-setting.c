/* SPDX-License-Identifier: MIT */
/* The selected setting, as far as the filter, the command line and the prompt need it; its pane's keys are in
 * train/actions.c. */
#include "app/actions.h"

#include <math.h>
#include <string.h>

#include "app/prompt.h"
#include "app/view.h"

void action_show_setting(struct app *a)
{
    if (model_shows_knob(&a->model, (enum knob_id)a->model.ui.chosen))
        return;
    for (int i = 0; i < KNOB_COUNT; i++)
        if (model_shows_knob(&a->model, (enum knob_id)i)) {
            a->model.ui.chosen = i;
            return;
        }
}

int action_has_setting(struct app *a)
{
    char hint[HINT_SIZE];

    if (model_shows_knob(&a->model, (enum knob_id)a->model.ui.chosen))
        return 1;
    app_say(a, 0, "no setting matches \"%s\"%s", a->model.ui.filter[FILTER_KNOBS],
            action_hint(a, "; ", "back", " shows all", hint));
    return 0;
}

/* Five per cent of a logarithmic setting, in three significant digits; a tenth of a linear step; or one. */
double action_fine_value(const struct knob *row, double v, int by)
{
    double power;

    if (row->type != KNOB_REAL)
        v += by;
    else if (row->scale == KNOB_LINEAR)
        v += by * row->step / 10;
    else if (v > 0) {
        v *= by > 0 ? 1.05 : 1 / 1.05;
        power = pow(10, floor(log10(v)) - 2);
        v = round(v / power) * power;
    }
    return fmin(fmax(v, row->min), row->max);
}

unsigned action_type(struct app *a, int by)
{
    enum knob_id id = (enum knob_id)a->model.ui.chosen;
    char text[KNOB_VALUE_SIZE];

    (void)by;
    if (!action_has_setting(a))
        return REACT_DRAW;
    knobs_format(&a->model.knobs, id, text, sizeof text);
    prompt_offer(&a->model.ui, text);
    a->model.ui.mode = MODE_TYPING;
    return REACT_DRAW;
}

/* An emptied line changes only settings that are texts. */
unsigned action_accept(struct app *a, int by)
{
    enum knob_id id = (enum knob_id)a->model.ui.chosen;
    char text[UI_INPUT], offered[KNOB_VALUE_SIZE];

    (void)by;
    memcpy(text, a->model.ui.input, sizeof text);
    a->model.ui.mode = MODE_NORMAL;
    knobs_format(&a->model.knobs, id, offered, sizeof offered);
    if ((!text[0] && knob_row(id)->type != KNOB_TEXT) || strcmp(text, offered) == 0)
        return REACT_DRAW;
    return action_unless_refused(a, MODE_TYPING, action_set(a, id, text));
}
