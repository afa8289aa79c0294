/* SPDX-License-Identifier: MIT */
/* Signals of a terminal program. Handlers do nothing but set a flag, wake the loop, and let stopped output go on. What
 * was ignored when the program started stays ignored. Crashes: term/crash.h. */
#ifndef SADDLE_TUI_TERM_SIGNALS_H
#define SADDLE_TUI_TERM_SIGNALS_H

#include "core/err.h"

enum signal_flag {
    SIGNAL_RESIZED = 1,
    SIGNAL_SUSPEND = 2,
    SIGNAL_CONTINUED = 4
};

/* Install all handlers, also those of crashes; to be called before curses would install its own. */
int term_signal_init(struct err *e);
/* The terminal's own signals are as before. Those that end the program stay caught: what comes now, while the run is
 * being saved, must not cut that short. A second SIGQUIT does, and every later one. */
void term_signal_free(void);
/* This handler for every signal that ends a program and was not ignored when it started. */
void term_catch_endings(void (*handler)(int));
/* Readable when a signal came; reading clears it. */
int term_signal_fd(void);
/* The flags since the last call, and the number of the signal that asks to leave, or 0, in *ending. */
unsigned term_signal_take(int *ending);
/* Stop the process as Ctrl-Z would; returns when it is continued. */
void term_signal_stop(void);

#endif
