/* landscape, of the command line. */
#include "app/command-line.h"

#include <stdio.h>
#include <string.h>

#include "app/actions.h"

const char *command_line_landscape_thing(int i)
{
    static const char *const more[] = {"1d", "2d", "follow", "cancel"};

    if (i < LANDSCAPE_KINDS)
        return landscape_kind_name(i);
    i -= LANDSCAPE_KINDS;
    return i < (int)(sizeof more / sizeof *more) ? more[i] : NULL;
}

unsigned command_line_landscape(struct app *a, const char *rest)
{
    struct err e = {0};

    if (strcmp(rest, "cancel") == 0) {
        if (!action_landscape_cancel(a))
            app_say(a, 0, "no landscape is being drawn");
        return REACT_DRAW;
    }
    if (a->model.ui.view != VIEW_LANDSCAPE)
        action_view(a, VIEW_LANDSCAPE);
    if (!*rest)
        return REACT_DRAW;
    if (strcmp(rest, "follow") == 0)
        return action_landscape_follow(a, 0);
    if (landscape_plan_parse(&a->model.ui.landscape.plan, rest, &e) == 0)
        return action_landscape(a, 0);
    app_say(a, 1, "landscape: %s", e.text);
    return REACT_DRAW;
}
