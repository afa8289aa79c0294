/* SPDX-License-Identifier: MIT */
/* Crashes: the terminal is given back before the program dies as it would have. And one that is none: reading a mapped
 * file that was cut short goes on, and whoever reads is told afterwards (core/mapping.h). */
#ifndef SADDLE_TUI_TERM_CRASH_H
#define SADDLE_TUI_TERM_CRASH_H

#include <stddef.h>
#include <termios.h>

/* Install the handlers. Once for each process; harmless again. */
void crash_catch(void);
/* The signal ends the program at once, with a whole terminal. For handlers. */
void crash_now(int signal);

/* Text to write to `fd` and modes to set after a crash, so that the terminal is restored; fd −1: nothing any more. */
void crash_restore(int fd, const char *bytes, size_t size, const struct termios *modes);
/* Output that was stopped (Ctrl-S) goes on, so that nobody waits for it for ever. For handlers. */
void crash_let_output_flow(void);

#endif
