/* SPDX-License-Identifier: MIT */
/* The keys of the Runs view. */
#include "app/actions.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "runs/panes.h"

static struct recorded *state(struct app *a)
{
    return recorded_of(&a->model);
}

/* The selected run, if the filter shows it; what there is not is reported. */
static const struct store_run *chosen(struct app *a)
{
    if (recorded_place(&a->model) >= 0)
        return recorded_chosen(state(a));
    runs_select(a, 0);
    if (recorded_place(&a->model) >= 0)
        app_say(a, 0, "the filter hid the selected run; now %s is selected", recorded_chosen(state(a))->name);
    else
        app_say(a, 0, "no run is selected");
    return NULL;
}

unsigned runs_select(struct app *a, int by)
{
    struct recorded *r = state(a);
    int place = recorded_place(&a->model), last = recorded_shown(&a->model) - 1, at = -1;
    int to = place < 0 ? 0 : place + by;

    to = to > last ? last : to < 0 ? 0 : to;
    for (size_t i = 0; i < r->runs && to >= 0; i++) {
        at += recorded_shows(&a->model, &r->run[i]);
        if (at == to) {
            r->chosen = r->run[i].id;
            break;
        }
    }
    recorded_read_curves(r);
    return REACT_DRAW;
}

static unsigned action_runs_select(struct app *a, int by)
{
    return runs_select(a, by);
}

static unsigned action_runs_sort(struct app *a, int by)
{
    struct recorded *r = state(a);

    r->sort = (enum store_column)(((int)r->sort + by) % STORE_COLUMNS);
    r->reverse = 0;
    recorded_read(r);
    app_say(a, 0, "sorted by %s", r->sort == STORE_BY_BEST ? "best validation accuracy" : store_column_name((int)r->sort));
    return REACT_DRAW;
}

static unsigned action_runs_reverse(struct app *a, int by)
{
    (void)by;
    state(a)->reverse ^= 1;
    recorded_read(state(a));
    return REACT_DRAW;
}

/* ---- changes -------------------------------------------------------------------------------- */

struct change {
    const char *name, *text;
    int marked;
};

static int mark(struct store *s, void *context, struct err *e)
{
    const struct change *c = context;

    return store_mark(s, c->name, c->marked, e);
}

static int name_it(struct store *s, void *context, struct err *e)
{
    const struct change *c = context;

    return store_rename(s, c->name, c->text, e);
}

static int note_it(struct store *s, void *context, struct err *e)
{
    const struct change *c = context;

    return store_note(s, c->name, c->text, e);
}

static int delete_it(struct store *s, void *context, struct err *e)
{
    const struct change *c = context;

    return store_delete(s, &c->name, 1, e);
}

static int restore(struct store *s, void *context, struct err *e)
{
    return store_restore(s, NULL, context, STORE_TEXT, e);
}

static unsigned action_runs_mark(struct app *a, int by)
{
    const struct store_run *run = chosen(a);
    struct change c = {run ? run->name : "", NULL, run && !run->marked};

    (void)by;
    if (run)
        recorded_change(a, mark, &c);
    return REACT_DRAW;
}

/* The row below takes its place. */
static unsigned action_runs_delete(struct app *a, int by)
{
    const struct store_run *run = chosen(a);
    char name[STORE_NAME], hint[HINT_SIZE];
    struct change c = {name, NULL, 0};
    int place = recorded_place(&a->model);

    (void)by;
    if (!run)
        return REACT_DRAW;
    text_copy(name, sizeof name, run->name);
    if (recorded_change(a, delete_it, &c) == 0) {
        state(a)->chosen = 0;
        runs_select(a, 0);
        runs_select(a, place);
        app_say(a, 0, "%s is deleted%s", name, action_hint(a, "; ", "undo", " lists it again", hint));
    }
    return REACT_DRAW;
}

unsigned action_runs_undo(struct app *a, int by)
{
    char restored[STORE_TEXT];

    if (by < 0)
        app_say(a, 0, "nothing to redo among recorded runs");
    else if (recorded_change(a, restore, restored) == 0)
        app_say(a, 0, "listed again: %s", restored);
    return REACT_DRAW;
}

unsigned runs_rename_to(struct app *a, const char *name)
{
    const struct store_run *run = chosen(a);
    char before[STORE_NAME];
    struct change c = {before, name, 0};

    if (!run)
        return REACT_DRAW;
    text_copy(before, sizeof before, run->name);
    recorded_change(a, name_it, &c);
    return REACT_DRAW;
}

unsigned runs_note_to(struct app *a, const char *note)
{
    const struct store_run *run = chosen(a);
    char name[STORE_NAME];
    struct change c = {name, note, 0};

    if (!run)
        return REACT_DRAW;
    text_copy(name, sizeof name, run->name);
    recorded_change(a, note_it, &c);
    return REACT_DRAW;
}

static unsigned action_runs_rename(struct app *a, int by)
{
    const struct store_run *run = chosen(a);
    char line[STORE_NAME + 16];

    (void)by;
    if (!run)
        return REACT_DRAW;
    snprintf(line, sizeof line, "rename %s", run->name);
    return action_command_with(a, line);
}

static unsigned action_runs_note(struct app *a, int by)
{
    const struct store_run *run = chosen(a);
    char line[STORE_TEXT + 16];

    (void)by;
    if (!run)
        return REACT_DRAW;
    snprintf(line, sizeof line, "note %s", run->note);
    return action_command_with(a, line);
}

/* ---- going on with one ---------------------------------------------------------------------- */

static int newest(void *context, const struct store_checkpoint *k)
{
    text_copy(context, APP_PATH, k->path);
    return 0;
}

static int find_checkpoint(struct store *s, void *context, struct err *e)
{
    struct change *c = context;
    struct store_run run;
    int r = store_find(s, c->name, &run, e);

    return r ? r : store_checkpoints(s, run.id, newest, (char *)c->text, e);
}

static unsigned action_runs_continue(struct app *a, int by)
{
    const struct store_run *run = chosen(a);
    char path[APP_PATH] = "", name[STORE_NAME];
    struct change c = {name, path, 0};

    (void)by;
    if (!run)
        return REACT_DRAW;
    text_copy(name, sizeof name, run->name);
    if (recorded_change(a, find_checkpoint, &c) != 0)
        return REACT_DRAW;
    if (path[0] && a->options.next)
        return action_leave_for(a, path, name);
    text_make_printable(path);
    if (path[0])
        app_say(a, 0, "to continue %s: saddle --from %s", name, path);
    else
        app_say(a, 0, "%s has no checkpoint", name);
    return REACT_DRAW;
}

static const struct key_binding list_rows[] = {
    {INPUT_UP, 'k', 0, "record-previous", "select", "select the recorded run above", action_runs_select, -1},
    {INPUT_DOWN, 'j', 0, "record-next", "select", "select the recorded run below", action_runs_select, 1},
    {INPUT_WHEEL_UP, 0, 0, "record-wheel-up", NULL, "select a recorded run further up", action_runs_select, -3},
    {INPUT_WHEEL_DOWN, 0, 0, "record-wheel-down", NULL, "select a recorded run further down", action_runs_select, 3},
};
const struct key_set runs_list_keys = KEY_SET("recorded runs: list", list_rows);

static const struct key_binding rows[] = {
    {' ', 0, 0, "record-mark", "mark", "mark the recorded run, or take its mark off", action_runs_mark, 0},
    {'s', 0, 0, "record-sort", "sort", "sort recorded runs by the next column", action_runs_sort, 1},
    {'S', 0, 0, "record-reverse", NULL, "reverse the order of recorded runs", action_runs_reverse, 0},
    {'r', 0, KEY_LATER, "record-rename", "rename", "rename the recorded run", action_runs_rename, 0},
    {'e', 0, KEY_LATER, "record-note", "note", "write a note on the recorded run", action_runs_note, 0},
    {'o', 0, KEY_LATER, "record-overlay", "overlay", "draw the marked recorded runs beside the live ones in every plot", action_runs_overlay, 0},
    {'d', INPUT_DELETE, KEY_LATER, "record-delete", "delete", "delete the recorded run from the list", action_runs_delete, 0},
    {INPUT_ENTER, 0, 0, "record-continue", NULL, "continue the recorded run from its checkpoint; asks first", action_runs_continue, 0},
};
const struct key_set runs_keys = KEY_SET("recorded runs", rows);
