/* SPDX-License-Identifier: MIT */
#include "app/actions.h"

#include "runs/panes.h"

/* On the selected run, which is shown. */
static unsigned change(struct app *a, const char *rest, unsigned (*to)(struct app *a, const char *rest))
{
    if (view_shown(&a->model) != &runs_view)
        action_view(a, view_index(&runs_view));
    return to(a, rest);
}

static unsigned run_rename(struct app *a, const char *rest)
{
    return change(a, rest, runs_rename_to);
}

static unsigned run_note(struct app *a, const char *rest)
{
    return change(a, rest, runs_note_to);
}

const struct command_row runs_commands[] = {
    {"rename", " NAME", "rename the selected recorded run", run_rename, NULL},
    {"note", " [TEXT]", "write a note on the selected recorded run", run_note, NULL},
    {0},
};
