/* SPDX-License-Identifier: MIT */
/* landscape, of the command line. */
#include "landscape/map.h"

#include <stdio.h>
#include <string.h>

#include "app/actions.h"

static const char *landscape_word(const char *rest, int i)
{
    static const char *const more[] = {"1d", "2d", "follow", "cancel", "replay"};

    (void)rest;
    if (i < LANDSCAPE_KINDS)
        return landscape_kind_name(i);
    i -= LANDSCAPE_KINDS;
    return i < (int)(sizeof more / sizeof *more) ? more[i] : NULL;
}

static unsigned run_landscape(struct app *a, const char *rest)
{
    struct err e = {0};

    if (strcmp(rest, "cancel") == 0) {
        if (!action_landscape_cancel(a))
            app_say(a, 0, "no landscape is being drawn");
        return REACT_DRAW;
    }
    if (view_shown(&a->model) != &landscape_view)
        action_view(a, view_index(&landscape_view));
    if (!*rest)
        return REACT_DRAW;
    if (strcmp(rest, "follow") == 0)
        return action_landscape_follow(a, 0);
    if (strcmp(rest, "replay") == 0)
        return action_landscape_replay(a, 0);
    if (landscape_plan_parse(&landscape_ui(&a->model)->plan, rest, &e) == 0)
        return action_landscape(a, 0);
    app_say(a, 1, "landscape: %s", e.text);
    return REACT_DRAW;
}

const struct command_row landscape_commands[] = {
    {"landscape", " [WHAT]", "open the view; with WHAT, draw the loss on that slice", run_landscape, landscape_word},
    {0},
};
