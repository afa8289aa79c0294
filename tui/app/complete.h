/* SPDX-License-Identifier: MIT */
/* Completions of the last word typed: commands and settings, or the choices of the setting before it. */
#ifndef SADDLE_TUI_APP_COMPLETE_H
#define SADDLE_TUI_APP_COMPLETE_H

#include "app/model.h"

/* The candidates for the last word of ui.input, set apart by blanks; returns how many there are. One that is
 * already typed whole, and nothing else, counts as none. */
int complete_list(const struct ui *ui, char *out, size_t size);
/* Write as much as they have in common; a blank after the only one. */
void complete_input(struct ui *ui);

#endif
