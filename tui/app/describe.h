/* SPDX-License-Identifier: MIT */
/* A plot in words: for screen readers, and for learning what to look at. */
#ifndef SADDLE_TUI_APP_DESCRIBE_H
#define SADDLE_TUI_APP_DESCRIBE_H

#include "app/pane.h"

/* One to three sentences: the curves' trends and extremes, what the cross-hair shows, what followed the last mark. */
void describe_plot(const char *name, const struct plot *p, char out[DESCRIBE_SIZE]);
/* The same of a map: what is lowest and highest, and where the paths begin and end. */
void describe_map(const char *name, const struct field *f, char out[DESCRIBE_SIZE]);
/* :describe [PANE] */
unsigned command_describe(struct app *a, const char *rest);
const char *command_describe_word(const char *rest, int k);

#endif
