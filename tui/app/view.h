/* SPDX-License-Identifier: MIT */
/* Views. A view is a folder that ends in one const descriptor; the app walks views[] and knows none of them by name. To
 * add one: its folder, a line in tui/views.c, and Makefile.am. */
#ifndef SADDLE_TUI_APP_VIEW_H
#define SADDLE_TUI_APP_VIEW_H

#include "app/command-line.h"
#include "app/keymap.h"
#include "app/layout.h"
#include "app/model.h"
#include "app/pane.h"
#include "app/status.h"

struct quantity_world;

/* Takes a line of the text mode. */
struct text_sink {
    void (*line)(void *context, const char *text);
    void *context;
};

/* Something that goes on across views: while it is on, it has a part of the screen beside whichever other is shown. */
struct view_beside {
    int (*is_on)(const struct model *m);
    void (*draw)(const struct model *m, struct canvas *c); /* on its part, frame included */
};

struct view {
    const char *name;                    /* "train": in the first line, and a command after ':' */
    uint32_t key;                        /* shows it */
    const char *help;                    /* what it shows, in a line */
    const struct pane *const *panes;     /* in Tab's order, NULL at the end; the first has the focus at the beginning */
    const struct key_set *bindings;      /* that act in all of its panes, or NULL */
    const struct command_row *commands;  /* words after ':', a row without a name at the end; or NULL */
    int standalone;                      /* it has a pause, a step and a restart of its own: those of the training run do
                                            not act here */
    /* Rectangles for the panes, l->pane[place in panes], on a screen of at least LAYOUT_LEAST_W×LAYOUT_LEAST_H: rows
     * 1 … h−2, all of them, without overlap, the focused pane among them. Pure. */
    void (*arrange)(struct layout *l, int w, int h, int focus);

    /* All below may be NULL. */
    void *(*open)(struct err *e);        /* the view's own state, for view_state(); NULL on failure */
    void (*close)(void *state);
    void (*enter)(struct app *a);        /* it is shown from now on */
    void (*again)(struct app *a);        /* its key was pressed while it was shown */
    void (*status)(const struct model *m, struct status *s); /* the first line; NULL: the training run's */
    /* Its background job, for the first line of other views: "probing, product 12", or "". */
    void (*progress)(const struct model *m, int roomy, char *out, size_t size);
    /* Changes of the screen since the last call, as lines; a sample of the run as it comes. */
    void (*text)(const struct model *m, const struct text_sink *out);
    void (*text_sample)(const struct model *m, const struct sample *s, const struct text_sink *out);
    int (*has_ticks)(const struct model *m); /* something in it moves by the clock */
    int (*tick)(struct app *a);              /* a frame's worth of it, a few ms; 1 when something is to be drawn */
    void (*wait)(struct app *a, uint64_t steps); /* so many steps of it, for scripts; NULL: of the training */
    int (*heard)(struct app *a);             /* something was published: what it makes of that; 1 when it is to be drawn */
    int (*is_busy)(const struct model *m);   /* it is at work, whichever view is shown: scripts wait, the clock ticks */
    const struct view_beside *beside;
    int (*back)(struct app *a);              /* Esc: 1 when there was something to back out of */
    void (*as_at_first)(struct app *a);      /* put what a lesson relies on back to what it was when the lab began */
    void (*measured)(const struct model *m, struct quantity_world *w); /* put what it measures into the quantities */
    /* What it keeps in the session: malloced bytes, NULL: nothing, or no memory; a number that changes when they do; and
     * what it makes of them when the session is resumed. */
    void *(*keep)(const struct model *m, size_t *size);
    unsigned (*changes)(const struct model *m);
    void (*resume)(struct app *a, const void *bytes, size_t size);
    unsigned (*undo)(struct app *a, int by); /* undo the last edit (1) or redo it (−1); NULL: the run's */
};

enum { VIEWS_MOST = MODEL_VIEWS };

/* The registry, tui/views.c: NULL at the end; the first is shown at the beginning. */
extern const struct view *const views[];

int view_count(void);
/* Place in the registry; −1: none. */
int view_index(const struct view *v);
/* The view shown, and its focused pane. */
const struct view *view_shown(const struct model *m);
const struct pane *pane_focused(const struct model *m);
/* The result of `open`. */
void *view_state(const struct model *m, const struct view *v);
int view_panes(const struct view *v);
/* Place of a pane in Tab's order, or −1. */
int view_place(const struct view *v, const struct pane *p);

/* `beside`: something that goes on across views has its part, where there is room: at the right of a wide screen, else
 * below. The focused pane always has a place: where there is little room it takes that of a quieter one. Maximised, it has all
 * but the status line and the footer. */
struct layout view_layout_beside(const struct view *v, int w, int h, int focus, int maximised, int beside);
/* Without it. */
struct layout view_layout(const struct view *v, int w, int h, int focus, int maximised);

#endif
