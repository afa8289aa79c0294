/* The line after ':': knobs and commands by name, completed with Tab. */
#ifndef SADDLE_TUI_APP_COMMAND_LINE_H
#define SADDLE_TUI_APP_COMMAND_LINE_H

#include "app/app.h"

/* What is told of a command. */
struct command_text {
    const char *name; /* "step" */
    const char *args; /* " [N]", as it stands behind the name; "": none */
    const char *help; /* a line */
};

/* Do what the line says ("lr 3e-4", "set lr 3e-4", "step 200", "save"); what is wrong with it goes to
 * the footer. Returns reaction flags. */
unsigned command_line_run(struct app *a, const char *text);
/* Of the i-th command, or NULL beyond the last; and all of their names in a sentence. */
const struct command_text *command_text(int i);
const char *command_line_list(void);
/* What the line says after "probe" and "escape". */
unsigned command_line_probe(struct app *a, const char *rest);
unsigned command_line_escape(struct app *a, const char *rest);
/* The i-th word that may follow "probe", or NULL beyond the last. */
const char *command_line_probe_thing(int i);
/* What the line says after "landscape"; and the i-th word that may follow it, or NULL beyond the last. */
unsigned command_line_landscape(struct app *a, const char *rest);
const char *command_line_landscape_thing(int i);
/* The k-th word that may follow the i-th command, or NULL beyond the last. */
const char *command_line_word(int i, int k);
/* The knob a line begins with: by its name, its short one or its title as the screen shows it, the longest that is
 * there, with *rest at what follows; -1 when it begins with none. */
int command_line_knob(const char *line, const char **rest);
/* Choose the knob and give it the value of this text; "": say what is wanted, and have it typed. */
unsigned command_line_set(struct app *a, enum knob_id id, const char *value);
/* Cut the first word (up to a blank, '=' or '!') off a copy in `word`; returns what follows. */
const char *command_line_cut(const char *line, char *word, size_t size);

#endif
