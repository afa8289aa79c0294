/* SPDX-License-Identifier: MIT */
/* Actions of every view: filters, lists, pause and step, undo, focus, help, quit. */
#include "app/actions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/number.h"
#include "core/text.h"
#include "app/view.h"
#include "app/prompt.h"

const char *action_hint(const struct app *a, const char *before, const char *action, const char *after,
                        char out[HINT_SIZE])
{
    char key[16] = "";

    out[0] = '\0';
    if (a->options.plain)
        return out;
    key_of(action, a->charset, key, sizeof key);
    snprintf(out, HINT_SIZE, "%s%s%s", before, key, after);
    return out;
}

static enum filter filter_here(const struct app *a)
{
    if (a->model.ui.mode == MODE_HELP)
        return FILTER_HELP;
    return pane_focused(&a->model)->list ? pane_focused(&a->model)->list->filter : FILTER_KNOBS;
}

void action_filter_changed(struct app *a)
{
    struct ui *ui = &a->model.ui;

    text_copy(ui->filter[ui->filtering], FILTER_SIZE, ui->input);
    ui->log_top = ui->help_top = 0;
    action_show_setting(a);
}

unsigned action_filter(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    (void)by;
    ui->filtering = filter_here(a);
    prompt_begin(ui, ui->filter[ui->filtering]);
    ui->mode = MODE_FILTER;
    return REACT_DRAW;
}

unsigned action_filter_end(struct app *a, int keep)
{
    struct ui *ui = &a->model.ui;

    if (!keep) {
        prompt_begin(ui, "");
        action_filter_changed(a);
    }
    ui->mode = ui->filtering == FILTER_HELP ? MODE_HELP : MODE_NORMAL;
    return REACT_DRAW;
}

/* The rows of a list, and how many of them are visible at once. */
struct extent {
    int rows, seen;
};

static struct extent extent_here(const struct app *a)
{
    const struct pane_list *list = pane_focused(&a->model)->list;
    struct layout l = app_layout(a, a->w, a->h);
    struct extent e;

    if (a->model.ui.mode == MODE_HELP)
        return (struct extent){help_rows(&a->model, a->w, a->charset), help_seen(a->h)};
    if (!list)
        return (struct extent){0, 1};
    e = (struct extent){list->rows(&a->model), list->seen(&a->model, l.pane[a->model.ui.focus].h)};
    e.seen = e.seen > 1 ? e.seen : 1;
    return e;
}

/* Help and log: never beyond a last page that is full. */
unsigned action_scroll(struct app *a, int by)
{
    struct extent e = extent_here(a);
    int *top = a->model.ui.mode == MODE_HELP ? &a->model.ui.help_top : &a->model.ui.log_top;

    *top = clamp(*top + by, 0, e.rows > e.seen ? e.rows - e.seen : 0);
    return REACT_DRAW;
}

/* All long lists: help, log, settings. */
unsigned action_page(struct app *a, int by)
{
    const struct pane_list *list = pane_focused(&a->model)->list;
    struct extent e = extent_here(a);
    int size = abs(by) == PAGE_ALL ? e.rows : abs(by) == PAGE_HALF ? (e.seen + 1) / 2 : e.seen;

    by = by < 0 ? -size : size;
    return a->model.ui.mode == MODE_NORMAL && list && list->scroll ? list->scroll(a, by) : action_scroll(a, by);
}

unsigned action_toggle(struct app *a, int by)
{
    (void)by;
    app_send(a, COMMAND_TOGGLE, 0);
    return REACT_DRAW;
}

unsigned action_step(struct app *a, int by)
{
    app_send(a, COMMAND_STEPS, (uint64_t)by);
    return REACT_DRAW;
}

/* Undo edits, or redo them when negative: those of the view shown if it has its own. */
unsigned action_undo(struct app *a, int by)
{
    const struct snapshot *s = a->model.snapshot;
    int none = s->obeyed >= a->sent && (by > 0 ? s->undos : s->redos) == 0;

    if (view_shown(&a->model)->undo)
        return view_shown(&a->model)->undo(a, by);
    if (none)
        app_say(a, 0, by > 0 ? "nothing to undo" : "nothing to redo");
    else
        app_send(a, by > 0 ? COMMAND_UNDO : COMMAND_REDO, 0);
    return REACT_DRAW;
}

unsigned action_focus(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    int n = view_panes(view_shown(&a->model));

    ui->focus = (ui->focus + by + n) % n;
    return REACT_DRAW;
}

unsigned action_view(struct app *a, int view)
{
    struct ui *ui = &a->model.ui;

    ui->focus_of[ui->view] = ui->focus;
    ui->view = view;
    ui->focus = ui->focus_of[view];
    ui->maximised = 0;
    if (views[view]->enter)
        views[view]->enter(a);
    return REACT_DRAW;
}

unsigned action_view_key(struct app *a, int view)
{
    if (a->model.ui.view != view || !views[view]->again)
        return action_view(a, view);
    views[view]->again(a);
    return REACT_DRAW;
}

unsigned action_maximise(struct app *a, int by)
{
    (void)by;
    a->model.ui.maximised ^= 1;
    return REACT_DRAW;
}

unsigned action_help(struct app *a, int by)
{
    (void)by;
    a->model.ui.mode = MODE_HELP;
    a->model.ui.help_top = 0;
    a->model.ui.filter[FILTER_HELP][0] = 0;
    return REACT_DRAW;
}

unsigned action_repaint(struct app *a, int by)
{
    (void)a;
    (void)by;
    return REACT_REPAINT;
}

unsigned action_back(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    (void)by;
    if (view_shown(&a->model)->back && view_shown(&a->model)->back(a))
        return REACT_DRAW;
    if (ui->filter[filter_here(a)][0])
        ui->filter[filter_here(a)][0] = '\0';
    else if (isfinite(pane_cross(&a->model, OVER_STEPS)))
        ui->cross = NAN;
    else if (ui->maximised)
        ui->maximised = 0;
    else if (ui->zoom || ui->range_to > ui->range_from)
        action_zoom_all(a, 0);
    else if (ui->focus)
        ui->focus = 0;
    else
        action_view(a, 0);
    return REACT_DRAW;
}

unsigned action_quit(struct app *a, int by)
{
    int lost = !a->model.checkpoint && a->model.snapshot->step > 0;

    (void)by;
    if (!app_is_training(a) && !lost)
        return REACT_QUIT;
    a->model.ui.mode = MODE_QUIT;
    return REACT_DRAW;
}

unsigned action_quit_now(struct app *a, int by)
{
    (void)a;
    (void)by;
    return REACT_QUIT;
}
