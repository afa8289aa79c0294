/* All that may stand after ':', for the help and the manual: commands, the race's, the views. */
#ifndef SADDLE_TUI_PALETTE_TELL_H
#define SADDLE_TUI_PALETTE_TELL_H

#include "app/command-line.h"

/* Of the i-th; 0 beyond the last. */
int palette_tell(int i, struct palette_text *t);
/* The k-th word that may follow it, or NULL beyond the last. */
const char *palette_tell_word(int i, int k);

#endif
