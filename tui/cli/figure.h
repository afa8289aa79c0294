/* SPDX-License-Identifier: MIT */
/* What a command puts into its words: a number, or "–" where there is none; a name, without what drives a terminal. */
#ifndef SADDLE_TUI_CLI_FIGURE_H
#define SADDLE_TUI_CLI_FIGURE_H

enum { FIGURE_SIZE = 40, FIGURE_NAME = 4096 };

/* format: of one double, such as "%.3g"; a width such as that of "%9.3f" holds for the dash, too. Returns out. */
const char *figure(char out[FIGURE_SIZE], const char *format, double v) __attribute__((format(printf, 2, 0)));
/* The name of a file or a recipe. Returns out. */
const char *figure_name(char out[FIGURE_NAME], const char *name);

#endif
