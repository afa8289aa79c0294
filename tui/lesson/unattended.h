/* SPDX-License-Identifier: MIT */
/* A whole lesson without a screen and without a reader: its commands are made, questions are skipped, checks measured. */
#ifndef SADDLE_TUI_LESSON_UNATTENDED_H
#define SADDLE_TUI_LESSON_UNATTENDED_H

#include "app/app.h"
#include "lesson/player.h"

struct unattended {
    const char *seed; /* for every recipe; NULL: the recipe's */
    void (*checked)(void *context, const struct lesson *l, const struct player_check *c); /* told every check once */
    void (*step)(void *context, const struct lesson *l, int step);                        /* and the steps as they begin */
    void *context;
};

/* On a trainer that was started paused; the lesson becomes this function's. *failed: checks that did not hold. Errors:
 * ERR_RUNTIME, a command was refused: "FILE:LINE: …". */
int lesson_unattended(struct trainer *t, struct lesson *l, const struct unattended *u, int *failed, struct err *e);

#endif
