/* SPDX-License-Identifier: MIT */
/* The keys of the Curvature view: look, step along the lowest eigenvector, keep looking. */
#include "app/actions.h"
#include "curvature/curvature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int is_probing_by_hand(const struct app *a)
{
    return a->model.curvature->status == CURVATURE_RUNNING && !a->model.curvature->series;
}

int action_probe_cancel(struct app *a)
{
    if (!is_probing_by_hand(a))
        return 0;
    if (app_send(a, COMMAND_PROBE_CANCEL, 0))
        app_say(a, 0, "probe cancelled");
    return 1;
}

/* with: bits of enum curvature_with. Again while it runs: stop it; one that looks for more takes its place. */
unsigned action_probe(struct app *a, int with)
{
    int instead = is_probing_by_hand(a), more = with & ~a->probing;
    char hint[HINT_SIZE];

    if ((instead && !more && action_probe_cancel(a)) || !app_send(a, COMMAND_PROBE, (uint64_t)with))
        return REACT_DRAW;
    a->probing = with;
    if (instead)
        app_say(a, 0, "a probe that computes more replaces the one running");
    else if (a->options.plain || view_shown(&a->model) != &curvature_view)
        app_say(a, 0, "probing the curvature at this step%s",
                action_hint(a, "; ", "view-curvature", " shows it", hint));
    return REACT_DRAW;
}

unsigned action_escape_along(struct app *a, double alpha)
{
    const struct curvature_escape *e = &a->model.curvature->escape;
    struct command c = {.kind = COMMAND_ESCAPE, .value = alpha};
    char key[16] = "";

    if (a->options.plain)
        snprintf(key, sizeof key, "probe");
    else
        key_of("probe", a->charset, key, sizeof key);
    if (e->possible) {
        app_send_command(a, &c);
        if (e->moved)
            app_say(a, 0, "stepping along the same direction again; it predates the last escape, %s finds a new one", key);
        else if (a->model.snapshot->step != e->probed)
            app_say(a, 0, "stepping along the direction found at step %" PRIu64 "; %s finds one here", e->probed, key);
    } else if (a->model.curvature->known && e->why_not[0])
        app_say(a, 0, "%s", e->why_not);
    else
        app_say(a, 0, "no descent direction known; %s searches for one", key);
    return REACT_DRAW;
}

static unsigned action_escape(struct app *a, int by)
{
    (void)by;
    return action_escape_along(a, 0);
}

/* The length is typed on the command line. */
static unsigned action_escape_by(struct app *a, int by)
{
    (void)by;
    return action_command_with(a, "escape ");
}

/* Probes as a series, on and off; on again at the distance they had. */
static unsigned action_series(struct app *a, int by)
{
    double every = a->model.knobs.value[KNOB_PROBE_EVERY];
    struct command c = {.kind = COMMAND_SET, .knob = KNOB_PROBE_EVERY};

    (void)by;
    if (every > 0)
        a->series = every;
    every = every > 0 ? 0 : a->series > 0 ? a->series : knob_row(KNOB_PROBE_EVERY)->step;
    c.setting = knob_number(every);
    if (!app_set(a, &c))
        return REACT_DRAW;
    if (every > 0)
        app_say(a, 0, "probing every %.0f steps, or as often as time allows", every);
    else
        app_say(a, 0, "automatic probes are off");
    return REACT_DRAW;
}

/* Other optimizers go on from here in forks. */
static unsigned action_side_by_side(struct app *a, int by)
{
    if (app_send_text(a, COMMAND_COMPARE, by ? "saddle-sgd" : "saddle"))
        app_say(a, 0, "comparing optimizers from here on; 1 shows their losses");
    return REACT_DRAW;
}

static const struct key_binding curvature_rows[] = {
    {'p', 0, KEY_SHARED, "probe", "probe", "probe the curvature here; cancel a running probe", action_probe, 0},
    {'P', 0, KEY_SHARED, "probe-all", "probe", "probe with density, layers and Gauss-Newton matrix",
     action_probe, CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON},
    {'e', 0, 0, "escape", "escape", "step along the lowest eigenvector as long as the loss falls", action_escape, 0},
    {'E', 0, 0, "escape-by", "escape", "step along the lowest eigenvector by a given length", action_escape_by, 0},
    {'x', 0, 0, "saddle-side-by-side", NULL,
     "fork the run here and train on with other optimizers: saddle-free Newton, perturbed GD, momentum or Adam",
     action_side_by_side, 0},
    {'&', 0, 0, "saddle-side-by-side-sgd", NULL,
     "the same with plain SGD, momentum and Adam; drop the forks of x and go back to their step first",
     action_side_by_side, 1},
    {'i', 0, 0, "series", "series", "start or stop automatic probes", action_series, 0},
};
const struct key_set curvature_keys = KEY_SET("curvature", curvature_rows);
