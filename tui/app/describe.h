/* SPDX-License-Identifier: MIT */
/* A plot in words: for screen readers, and for learning what to look at. */
#ifndef SADDLE_TUI_APP_DESCRIBE_H
#define SADDLE_TUI_APP_DESCRIBE_H

#include "app/pane.h"

enum { DESCRIBE_SIZE = 500 };

/* One to three sentences: the curves' trends and extremes, what the cross-hair shows, what followed the last mark. */
void describe_plot(const char *name, const struct pane_plot *p, char out[DESCRIBE_SIZE]);
/* :describe [PANE] */
unsigned command_describe(struct app *a, const char *rest);
const char *command_describe_word(const char *rest, int k);

#endif
