/* Setting a knob from text, and what only a restart can change: it asks, then sends. */
#include "hands.h"

#include <stdio.h>
#include <string.h>

#include "net/spec.h"

/* Ask, and keep the command until the answer. Before the first step there is nothing to lose. */
static unsigned ask(struct app *a, const struct command *c, const char *question)
{
    a->asked = *c;
    snprintf(a->model.ui.message, sizeof a->model.ui.message, "%s", question);
    a->model.ui.mode = MODE_RESTART;
    return a->model.snapshot->step == 0 ? hands_restart_now(a, 0) : REACT_DRAW;
}

unsigned hands_restart(struct app *a, int by)
{
    struct command c = {.kind = COMMAND_RESTART, .lane = a->model.snapshot->lane, .count = (uint64_t)by};
    char question[128];

    snprintf(question, sizeof question, "restart with seed %.0f",
             a->model.knobs.value[KNOB_SEED] + by);
    return ask(a, &c, question);
}

unsigned hands_restart_now(struct app *a, int by)
{
    (void)by;
    a->model.ui.mode = MODE_NORMAL;
    a->model.ui.message[0] = '\0';
    app_send_command(a, &a->asked);
    return REACT_DRAW;
}

/* A network that cannot be read is told at once, with its place, not after the old run is gone. */
static int network_is_wrong(const char *text, struct err *e)
{
    struct network_spec spec;

    return spec_parse(&spec, text, e) != 0;
}

unsigned hands_set(struct app *a, enum knob_id id, const char *text)
{
    struct command c = {.kind = COMMAND_SET, .lane = a->model.snapshot->lane, .knob = id};
    struct knobs k = a->model.knobs;
    char question[UI_MESSAGE], shown[KNOB_VALUE_SIZE];
    struct err e = {0};

    if (knobs_parse(&k, id, text, &e) || (id == KNOB_NETWORK && network_is_wrong(text, &e))) {
        app_say(a, 1, "%s", e.text);
        return REACT_DRAW;
    }
    if (knobs_same(&k, &a->model.knobs, id))
        return REACT_DRAW;
    c.value = k.value[id];
    if (knob_row(id)->type == KNOB_TEXT)
        memcpy(c.text, knobs_text(&k, id), sizeof c.text);
    if (knob_row(id)->live) {
        if (knob_row(id)->type == KNOB_TEXT)
            app_send_command(a, &c);
        else
            app_set(a, id, k.value[id]);
        return REACT_DRAW;
    }
    c.kind = COMMAND_CHANGE;
    knobs_show(&k, id, shown, sizeof shown);
    snprintf(question, sizeof question, "restart with %s %.300s", knob_row(id)->title, shown);
    return ask(a, &c, question);
}
