/* SPDX-License-Identifier: MIT */
/* The line after ':': begun, completed, done, and those before it. */
#include "app/actions.h"

#include <string.h>

#include "app/complete.h"
#include "core/text.h"
#include "app/command-line.h"
#include "app/prompt.h"

unsigned action_command_with(struct app *a, const char *begin)
{
    a->model.ui.mode = MODE_COMMAND;
    a->recalled = 0;
    prompt_begin(&a->model.ui, begin);
    return REACT_DRAW;
}

unsigned action_command(struct app *a, int by)
{
    (void)by;
    return action_command_with(a, "");
}

/* Of the same line twice in a row one is kept. */
static void keep_command(struct app *a, const char *line)
{
    if (!line[0] || strcmp(a->command[0], line) == 0)
        return;
    memmove(a->command[1], a->command[0], sizeof a->command - sizeof a->command[0]);
    text_copy(a->command[0], sizeof a->command[0], line);
}

unsigned action_run(struct app *a, int by)
{
    char line[UI_INPUT];

    (void)by;
    memcpy(line, a->model.ui.input, sizeof line);
    a->model.ui.mode = MODE_NORMAL;
    keep_command(a, line);
    return action_unless_refused(a, MODE_COMMAND, command_line_run(a, line));
}

/* To earlier lines, or back to later ones and an empty one. */
unsigned action_recall(struct app *a, int by)
{
    int to = a->recalled + by;

    if (to < 0 || to > APP_COMMANDS || (to > 0 && !a->command[to - 1][0]))
        return REACT_DRAW;
    a->recalled = to;
    prompt_begin(&a->model.ui, to ? a->command[to - 1] : "");
    return REACT_DRAW;
}

unsigned action_complete(struct app *a, int by)
{
    (void)by;
    complete_input(&a->model.ui);
    return REACT_DRAW;
}
