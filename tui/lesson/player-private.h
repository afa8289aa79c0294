/* SPDX-License-Identifier: MIT */
/* The lines of a `do` block: begun, and waited for. */
#ifndef SADDLE_TUI_LESSON_PLAYER_PRIVATE_H
#define SADDLE_TUI_LESSON_PLAYER_PRIVATE_H

#include "lesson/player.h"

/* Begin what the line says. Returns 0 (p->wait tells whether it is done), or a negative error. */
int player_do(struct lesson_player *p, struct app *a, const char *line, struct err *e);
/* Whether the line is a command of saddle's own, though "saddle" does not stand before it: "theory --samples 500". */
int player_is_program(const char *line);
/* Whether the wait in hand is over: 1; 0; or a negative error. */
int player_waited(struct lesson_player *p, struct app *a, struct err *e);
/* The reader pressed for more while steps are made: go on where the run was paused. */
void player_resume(struct lesson_player *p, struct app *a);
/* Show a view, or a pane of it: "curvature spectrum". */
int player_show(struct app *a, const char *what, struct err *e);

#endif
