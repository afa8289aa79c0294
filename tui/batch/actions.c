/* SPDX-License-Identifier: MIT */
/* The keys of the Batch view: measure, set small against large, and draw the line between them. */
#include "app/actions.h"

#include <stdio.h>

#include "batch/panes.h"

static const double LIMIT = 10; /* seconds for a size, as `saddle batch` has it */

/* Beside training the times would be those of half a machine. */
unsigned action_batch_time(struct app *a, int by)
{
    struct batch_task *t;
    struct err e = {0};

    (void)by;
    if (batch_task_new(&t, LIMIT, &e) != 0) {
        app_say(a, 1, "%s", e.text);
        return REACT_DRAW;
    }
    if (app_is_training(a) && app_send(a, COMMAND_PAUSE, 0))
        app_say(a, 0, "training is paused while updates are timed%s", a->options.plain ? "" : "; space resumes it");
    app_ask_task(a, &t->task);
    return REACT_DRAW;
}

/* Two forks at an eighth and eight times the batch size, level after as many examples. */
unsigned action_batch_fork(struct app *a, int by)
{
    (void)by;
    if (app_send_text(a, COMMAND_COMPARE, "batch"))
        app_say(a, 0, "small and large batches side by side, level after as many examples%s",
                a->options.plain ? "" : "; train, then draw the line between them");
    return REACT_DRAW;
}

/* From the run with the smallest batches to the one with the largest. */
unsigned action_batch_line(struct app *a, int by)
{
    struct command c = {.kind = COMMAND_LANDSCAPE};
    int small, large;

    (void)by;
    if (!batch_pair(&a->model, &small, &large)) {
        char hint[HINT_SIZE];
        app_say(a, 0, "no runs with different batch sizes%s", action_hint(a, "; ", "batch-fork", " begins them", hint));
        return REACT_DRAW;
    }
    if (a->model.snapshot->run != small && !app_send(a, COMMAND_FOCUS, (uint64_t)small))
        return REACT_DRAW;
    a->focusing = a->sent;
    a->focus_meant = small;
    snprintf(c.text, sizeof c.text, "line run %c", 'A' + large);
    app_send_command(a, &c);
    return REACT_DRAW;
}

static const struct key_binding batch_rows_of_keys[] = {
    {INPUT_ENTER, 0, 0, "batch-time", "measure", "time updates of batches from 1 to 65,536; pauses training", action_batch_time, 0},
    {'s', 0, 0, "batch-fork", "small|large", "fork two runs, with batches an eighth and eight times as large", action_batch_fork, 0},
    {'d', 0, 0, "batch-line", "line", "draw the line from the run with the smallest batches to that with the largest",
     action_batch_line, 0},
};
const struct key_set batch_keys = KEY_SET("batch", batch_rows_of_keys);
