/* SPDX-License-Identifier: MIT */
/* The lab on a terminal: the loop between keys, the trainer and the screen. */
#ifndef SADDLE_TUI_APP_LOOP_H
#define SADDLE_TUI_APP_LOOP_H

#include "app/app.h"

/* Run until the user leaves: 0. Ended by a signal: −(128+N) with e filled; the terminal closed: as
 * SIGHUP. The terminal is whole again on return. The trainer runs on: trainer_stop, which saves, is
 * the caller's, in either case. */
int app_run(struct trainer *t, const struct app_options *o, struct err *e);

#endif
