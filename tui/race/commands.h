/* The commands of the race. */
#ifndef SADDLE_TUI_PALETTE_RACE_H
#define SADDLE_TUI_PALETTE_RACE_H

#include "app/command-line.h"

/* Of the i-th command, or NULL beyond the last. */
const struct palette_text *palette_race_text(int i);
/* Run it on what follows its name; the race is shown. */
unsigned palette_race_run(struct app *a, int i, const char *rest);
/* The k-th word that can follow it, given what already does ("add "), or NULL. */
const char *palette_race_word(int i, const char *rest, int k);

#endif
