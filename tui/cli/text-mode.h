/* SPDX-License-Identifier: MIT */
/* The lab in lines, for screen readers and pipes: what the screen would show comes as it happens, a
 * line each; palette lines are read from standard input. */
#ifndef SADDLE_TUI_CLI_TEXT_MODE_H
#define SADDLE_TUI_CLI_TEXT_MODE_H

#include "app/app.h"

struct plain {
    int on;
    double every; /* between two status lines: seconds, or … */
    int in_steps; /* … steps */
};

/* "10s" or "500": how often the status is told. */
int plain_every(struct plain *p, const char *text, struct err *e);
/* Run until the user leaves, or the input has ended and nothing runs any more: 0. Ended by a signal (or
 * by a reader that went away): −(128+N); diverged with nobody to undo it: −ERR_DIVERGED. */
int plain_run(struct trainer *t, const struct app_options *o, const struct plain *p, struct err *e);

#endif
