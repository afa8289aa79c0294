/* SPDX-License-Identifier: MIT */
/* Which plots show the run whole, as long as it will be, from its start: a setting of each, remembered from one start of the lab
 * to the next. The others show it as far as it has come. */
#ifndef SADDLE_TUI_APP_WHOLE_RUN_H
#define SADDLE_TUI_APP_WHOLE_RUN_H

#include "app/app.h"
#include "app/pane.h"

/* The file they are remembered in; malloced, NULL: no memory. */
char *whole_run_path(void);
/* What was chosen in earlier sessions, from options.plots; lines that name no plot are passed over. */
void whole_run_load(struct app *a);
/* Choose for a pane; says so, and why it cannot be remembered. */
void whole_run_choose(struct app *a, const struct pane *pane, int whole);

unsigned command_whole(struct app *a, const char *rest);
const char *command_whole_word(const char *rest, int k);

#endif
