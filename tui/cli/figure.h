/* SPDX-License-Identifier: MIT */
/* A figure in a command's words: a number, or "–" where there is none. */
#ifndef SADDLE_TUI_CLI_FIGURE_H
#define SADDLE_TUI_CLI_FIGURE_H

enum { FIGURE_SIZE = 40 };

/* format: of one double, such as "%.3g"; a width such as that of "%9.3f" holds for the dash, too. Returns out. */
const char *figure(char out[FIGURE_SIZE], const char *format, double v) __attribute__((format(printf, 2, 0)));

#endif
