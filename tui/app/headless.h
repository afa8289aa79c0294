/* SPDX-License-Identifier: MIT */
/* A scripted session without a terminal: keys through the real app and trainer, then the screen as text. */
#ifndef SADDLE_TUI_APP_HEADLESS_H
#define SADDLE_TUI_APP_HEADLESS_H

#include "app/app.h"

struct dump {
    int w, h;           /* 0: no dump is asked for */
    const char *script; /* NULL: no keys */
};

enum { DUMP_MOST_W = 500, DUMP_MOST_H = 200 };

/* "80x24" into d->w and h. */
int dump_size(struct dump *d, const char *text, struct err *e);
/* Play the script on a trainer that was started paused, print the screen to stdout: as text, or where the options give a
 * number of colours with its escape sequences. Nothing depends on
 * how long anything takes: after each key the trainer is waited for, and clocks are shown as 0. */
int dump_run(struct trainer *t, const struct app_options *o, const struct dump *d, struct err *e);

#endif
