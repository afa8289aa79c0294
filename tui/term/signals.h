/* Signals of a terminal program. Handlers do nothing but set a flag and wake the loop, save for
 * crashes: those write a string made ready beforehand and die as they would have. */
#ifndef SADDLE_TUI_TERM_SIGNALS_H
#define SADDLE_TUI_TERM_SIGNALS_H

#include <stddef.h>
#include <termios.h>

#include "core/err.h"

enum signal_flag {
    SIGNAL_RESIZED = 1,
    SIGNAL_SUSPEND = 2,
    SIGNAL_CONTINUED = 4
};

/* Install all handlers; to be called before curses would install its own. */
int term_signal_init(struct err *e);
/* Put back what was there before. */
void term_signal_free(void);
/* Readable when a signal came; reading clears it. */
int term_signal_fd(void);
/* The flags since the last call, and the number of the signal that asks to leave, or 0, in *ending. */
unsigned term_signal_take(int *ending);
/* Stop the process as Ctrl-Z would; returns when it is continued. */
void term_signal_stop(void);
/* What a crash must write to `fd`, and the modes it must set, to leave a whole terminal. */
void term_signal_restore(int fd, const char *bytes, size_t size, const struct termios *modes);

#endif
