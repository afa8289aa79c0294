/* SPDX-License-Identifier: MIT */
/* Changing a setting; one that needs a restart asks first. */
#include "app/actions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "net/spec.h"
#include "run/recipe.h"

/* Ask, and keep the command until the answer. Before the first step there is nothing to lose. */
static unsigned ask(struct app *a, const struct command *c, const char *question)
{
    a->asked = *c;
    snprintf(a->model.ui.message, sizeof a->model.ui.message, "%s", question);
    a->model.ui.mode = MODE_RESTART;
    return a->model.snapshot->step == 0 ? action_restart_now(a, 0) : REACT_DRAW;
}

unsigned action_restart(struct app *a, int by)
{
    struct command c = {.kind = COMMAND_RESTART, .count = (uint64_t)by};
    char question[128];

    snprintf(question, sizeof question, "Restart with seed %.0f",
             a->model.knobs.value[KNOB_SEED] + by);
    return ask(a, &c, question);
}

unsigned action_restart_seeded(struct app *a, const struct knob_value *seed)
{
    struct command c = {
        .kind = COMMAND_CHANGE, .knob = KNOB_SEED, .setting = *seed};
    char question[128];

    snprintf(question, sizeof question, "Restart with seed %.0f", seed->number);
    return ask(a, &c, question);
}

unsigned action_restart_recipe(struct app *a, const char *name)
{
    struct command c = {.kind = COMMAND_RECIPE};
    struct knobs *k = malloc(sizeof *k);
    char question[UI_MESSAGE];
    struct err e = {0};

    if (!k)
        err_memory(&e, "the settings", sizeof *k);
    else {
        knobs_standard(k);
        recipe_load(k, name, &e);
    }
    free(k);
    if (e.code) {
        app_say(a, 1, "%s", e.text);
        return REACT_DRAW;
    }
    text_copy(c.text, sizeof c.text, name);
    snprintf(question, sizeof question, "Restart with recipe %.300s", name);
    return ask(a, &c, question);
}

unsigned action_restart_now(struct app *a, int by)
{
    (void)by;
    a->model.ui.mode = MODE_NORMAL;
    a->model.ui.message[0] = '\0';
    app_send_command(a, &a->asked);
    return REACT_DRAW;
}

/* Refuse a network that cannot be parsed, or whose outputs are not the data's classes, before the old run is discarded.
 * `classes` 0: not known. */
static int check_network(const char *text, int classes, struct err *e)
{
    struct network_spec spec;
    const struct layer_spec *last;
    int r = spec_parse(&spec, text, e);

    if (r)
        return r;
    last = spec.count ? &spec.layer[spec.count - 1] : NULL;
    if (!classes || !last || strcmp(last->kind, "linear") != 0 || last->width == classes)
        return 0;
    return err_set(e, ERR_INPUT, "network: it ends in %d outputs, the data has %d classes", last->width, classes);
}

unsigned action_change(struct app *a, enum knob_id id, const struct knob_value *value)
{
    struct command c = {.kind = COMMAND_SET, .knob = id, .setting = *value};
    struct knobs k = a->model.knobs;
    char question[UI_MESSAGE], shown[KNOB_VALUE_SIZE];
    struct err e = {0};
    int r = knobs_set(&k, id, value, &e);

    if (r == 0 && id == KNOB_NETWORK)
        r = check_network(value->text, a->model.snapshot->classes, &e);
    if (r) {
        app_say(a, 1, "%s", e.text);
        return REACT_DRAW;
    }
    if (knobs_same(&k, &a->model.knobs, id))
        return REACT_DRAW;
    if (knob_row(id)->live) {
        app_set(a, &c);
        return REACT_DRAW;
    }
    c.kind = COMMAND_CHANGE;
    knobs_show(&k, id, shown, sizeof shown);
    snprintf(question, sizeof question, "Restart with %s %.300s", knob_row(id)->title, shown);
    return ask(a, &c, question);
}

unsigned action_set(struct app *a, enum knob_id id, const char *text)
{
    struct knob_value value;
    struct err e;

    if (knob_parse(id, text, &value, &e) == 0)
        return action_change(a, id, &value);
    app_say(a, 1, "%s", e.text);
    return REACT_DRAW;
}
