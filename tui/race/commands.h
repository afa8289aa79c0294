/* The commands of the race. */
#ifndef SADDLE_TUI_RACE_COMMANDS_H
#define SADDLE_TUI_RACE_COMMANDS_H

#include "app/command-line.h"

/* Of the i-th command, or NULL beyond the last. */
const struct command_text *race_command_text(int i);
/* Run it on what follows its name; the race is shown. */
unsigned race_command_run(struct app *a, int i, const char *rest);
/* The k-th word that can follow it, given what already does ("add "), or NULL. */
const char *race_command_word(int i, const char *rest, int k);

#endif
