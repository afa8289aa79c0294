/* SPDX-License-Identifier: MIT */
/* The terminal: the only part that knows curses. One at a time; all calls from one thread. */
#ifndef SADDLE_TUI_TERM_TERMINAL_H
#define SADDLE_TUI_TERM_TERMINAL_H

#include "core/err.h"
#include <stddef.h>

#include "term/event.h"
#include "draw/canvas.h"

struct term_options {
    int ascii, no_color, no_mouse;
    enum theme palette;
    int colours; /* 0, 8, 16, 256 or TRUE_COLOUR; −1: as many as the terminal has */
};

/* Take the terminal over; what the program or a library prints meanwhile is kept and shown at the
 * end. Refuses (ERR_RUNTIME) what cannot place its cursor or is no terminal. */
int term_open(const struct term_options *o, struct err *e);
/* Give it back as it was, then print what was kept. Harmless when it is not open. */
void term_close(void);

/* The terminfo entry of TERM, in one line: "xterm-256color: 256 colours, cursor placed, mouse". */
void term_describe(char *out, size_t size);

enum charset term_charset(void);
/* A remark on the terminal the user should read once ("TERM=nosuch is not known, …"), or "". */
const char *term_remark(void);
/* The screen's size now. */
void term_size(int *w, int *h);
/* To be polled for input. */
int term_fd(void);
/* Whether input that poll() promised is not there: the other side is closed. */
int term_is_gone(void);
/* The next key or mouse event: 1, or 0 when there is none for now. */
int term_read(struct event *event);
/* Bring the canvas to the screen; only what changed is sent, all of it when `whole`. 1 when so much changed that
 * a part is left for the next time (escape.h). */
int term_show(const struct canvas *c, int whole);
/* Leave the screen for the shell while suspended, and come back. */
void term_suspend(void);
void term_resume(void);

#endif
