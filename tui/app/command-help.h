/* All that may stand after ':', for the help and the manual: commands, the race's, the views. */
#ifndef SADDLE_TUI_APP_COMMAND_HELP_H
#define SADDLE_TUI_APP_COMMAND_HELP_H

#include "app/command-line.h"

/* Of the i-th; 0 beyond the last. */
int command_line_tell(int i, struct command_text *t);
/* The k-th word that may follow it, or NULL beyond the last. */
const char *command_line_tell_word(int i, int k);

#endif
