/* SPDX-License-Identifier: MIT */
/* batch, of the command line. */
#include "batch/panes.h"

#include <string.h>

#include "app/actions.h"

static const struct {
    const char *word;
    unsigned (*act)(struct app *a, int by);
} words[] = {{"measure", action_batch_time}, {"compare", action_batch_fork}, {"line", action_batch_line}};
enum { WORDS = sizeof words / sizeof *words };

static const char *batch_word(const char *rest, int i)
{
    (void)rest;
    return i < WORDS ? words[i].word : i == WORDS ? "cancel" : NULL;
}

/* Of a number it is the setting's other name. */
static unsigned command_batch(struct app *a, const char *rest)
{
    if (strcmp(rest, "cancel") == 0) {
        if (!app_cancel_task(a, TASK_BATCH))
            app_say(a, 0, "nothing is being measured");
        return REACT_DRAW;
    }
    for (int i = 0; i < WORDS; i++)
        if (strcmp(rest, words[i].word) == 0) {
            action_view(a, view_index(&batch_view));
            return words[i].act(a, 0);
        }
    if (*rest)
        return command_line_set(a, KNOB_BATCH_SIZE, rest);
    return action_view(a, view_index(&batch_view));
}

const struct command_row batch_commands[] = {
    {"batch", " [WHAT]", "open the view; measure times, compare small and large batches, draw the line between them", command_batch,
     batch_word},
    {0},
};
