/* SPDX-License-Identifier: MIT */
/* The Runs view: the recorded runs over the whole width, the curves of the marked ones beneath. */
#include "runs/panes.h"

#include <stdlib.h>

#include "app/app.h"
#include "core/clock.h"
#include "core/number.h"

static const double READ_SECONDS = 3; /* between two times the store is read */
enum { TEXT_ROWS = 20 };

static void arrange(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, list = clamp(body * 11 / 20, 6, 40), left = w / 2;

    if (body < 14) {
        l->pane[focus] = (struct rect){0, 1, w, body};
        return;
    }
    l->pane[RUNS_LIST] = (struct rect){0, 1, w, list};
    if (w < 72) {
        l->pane[focus == RUNS_LIST ? RUNS_LOSS : focus] = (struct rect){0, 1 + list, w, body - list};
        return;
    }
    l->pane[RUNS_LOSS] = (struct rect){0, 1 + list, left, body - list};
    l->pane[RUNS_VALIDATION] = (struct rect){left, 1 + list, w - left, body - list};
}

static const struct pane *const panes[] = {[RUNS_LIST] = &runs_list_pane, [RUNS_LOSS] = &runs_loss_pane,
                                           [RUNS_VALIDATION] = &runs_validation_pane, NULL};

static void *open_state(struct err *e)
{
    struct recorded *r = calloc(1, sizeof *r);

    if (!r)
        err_memory(e, "the view of recorded runs", sizeof *r);
    else
        r->sort = STORE_BY_WHEN;
    return r;
}

static void close_state(void *state)
{
    free(((struct recorded *)state)->run);
    free(state);
}

static void enter(struct app *a)
{
    recorded_of(&a->model)->recorder = a->options.recorder;
    recorded_read(recorded_of(&a->model));
}

static int has_ticks(const struct model *m)
{
    (void)m;
    return 1;
}

static int tick(struct app *a)
{
    struct recorded *r = recorded_of(&a->model);

    if (clock_seconds() - r->read < READ_SECONDS)
        return 0;
    recorded_read(r);
    return 1;
}

/* The list once, whenever the view is shown or something was changed. */
static void text(const struct model *m, const struct text_sink *out)
{
    struct recorded *r = recorded_of(m);
    char line[RUNS_LINE];
    int told = 0;

    if (!r->unread || view_shown(m) != &runs_view)
        return;
    r->unread = 0;
    if (*r->problem.text)
        out->line(out->context, r->problem.text);
    else if (r->runs == 0)
        out->line(out->context, "no run is recorded yet");
    for (size_t i = 0; i < r->runs && told < TEXT_ROWS; i++, told++) {
        runs_words(&r->run[i], line);
        out->line(out->context, line);
    }
}

const struct view runs_view = {
    .name = "runs", .key = 'H', .help = "runs: those that were recorded, and their curves",
    .panes = panes, .bindings = &runs_keys, .commands = runs_commands, .standalone = 1,
    .arrange = arrange,
    .open = open_state, .close = close_state, .enter = enter,
    .has_ticks = has_ticks, .tick = tick,
    .text = text,
    .undo = action_runs_undo,
};
