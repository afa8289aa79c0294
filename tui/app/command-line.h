/* SPDX-License-Identifier: MIT */
/* The line after ':': settings and commands by name, completed with Tab. The app's commands stand in command-line.c, a
 * view's in its descriptor; the name of a view without such a command shows it. */
#ifndef SADDLE_TUI_APP_COMMAND_LINE_H
#define SADDLE_TUI_APP_COMMAND_LINE_H

#include "app/app.h"

struct command_row {
    const char *name; /* "step" */
    const char *args; /* " [N]", as it stands behind the name; "": none */
    const char *help; /* a line */
    unsigned (*run)(struct app *a, const char *rest); /* on what follows the name; returns reaction flags */
    /* The k-th word that can follow the name and what is typed behind it ("add "), or NULL; NULL: none. */
    const char *(*word)(const char *rest, int k);
};

/* Do what the line says ("lr 3e-4", "set lr 3e-4", "step 200", "save"); what is wrong with it goes to
 * the footer. Returns reaction flags. */
unsigned command_line_run(struct app *a, const char *text);
/* The i-th of all commands: the app's, each view's, the views themselves; NULL beyond the last. */
const struct command_row *command_at(int i);
/* The names of the app's commands in a sentence. */
const char *command_line_list(void);
/* The setting a line begins with: by its name, its short one or its title as the screen shows it, the longest that is
 * there, with *rest at what follows; -1 when it begins with none. */
int command_line_knob(const char *line, const char **rest);
/* Choose the setting and give it the value of this text; "": report the values it takes, and ask for one. */
unsigned command_line_set(struct app *a, enum knob_id id, const char *value);
/* Handlers of runs side by side (command-runs.c). */
unsigned command_fork(struct app *a, const char *rest);
unsigned command_run(struct app *a, const char *rest);
unsigned command_drop(struct app *a, const char *rest);
unsigned command_back(struct app *a, const char *rest);
unsigned command_compare(struct app *a, const char *rest);
unsigned command_session(struct app *a, const char *rest);
const char *command_compare_word(const char *rest, int k);
unsigned command_level(struct app *a, const char *rest);
const char *command_level_word(const char *rest, int k);
unsigned command_axis(struct app *a, const char *rest);
const char *command_axis_word(const char *rest, int k);
unsigned command_colormap(struct app *a, const char *rest);
const char *command_colormap_word(const char *rest, int k);
unsigned command_cells(struct app *a, const char *rest);
const char *command_cells_word(const char *rest, int k);
unsigned command_minus(struct app *a, const char *rest);
const char *command_minus_word(const char *rest, int k);
/* Cut the first word (up to a blank, '=' or '!') off a copy in `word`; returns what follows. */
const char *command_line_cut(const char *line, char *word, size_t size);

#endif
