/* The line after ':': knobs and commands by name, completed with Tab. */
#ifndef SADDLE_TUI_PALETTE_H
#define SADDLE_TUI_PALETTE_H

#include "app/app.h"

/* What is told of a command. */
struct palette_text {
    const char *name; /* "step" */
    const char *args; /* " [N]", as it stands behind the name; "": none */
    const char *help; /* a line */
};

/* Do what the line says ("lr 3e-4", "set lr 3e-4", "step 200", "save"); what is wrong with it goes to
 * the footer. Returns reaction flags. */
unsigned palette_run(struct app *a, const char *text);
/* Of the i-th command, or NULL beyond the last; and all of their names in a sentence. */
const struct palette_text *palette_text(int i);
const char *palette_list(void);
/* What the line says after "probe" and "escape". */
unsigned palette_probe(struct app *a, const char *rest);
unsigned palette_escape(struct app *a, const char *rest);
/* The i-th word that may follow "probe", or NULL beyond the last. */
const char *palette_probe_thing(int i);
/* What the line says after "landscape"; and the i-th word that may follow it, or NULL beyond the last. */
unsigned palette_landscape(struct app *a, const char *rest);
const char *palette_landscape_thing(int i);
/* The k-th word that may follow the i-th command, or NULL beyond the last. */
const char *palette_word(int i, int k);
/* The knob a line begins with: by its name, its short one or its title as the screen shows it, the longest that is
 * there, with *rest at what follows; -1 when it begins with none. */
int palette_knob(const char *line, const char **rest);
/* Choose the knob and give it the value of this text; "": say what is wanted, and have it typed. */
unsigned palette_set(struct app *a, enum knob_id id, const char *value);
/* Cut the first word (up to a blank, '=' or '!') off a copy in `word`; returns what follows. */
const char *palette_cut(const char *line, char *word, size_t size);

#endif
