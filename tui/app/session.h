/* SPDX-License-Identifier: MIT */
/* The session on the screen's side: kept every so often and when the app ends, so that saddle --resume goes on where it
 * was; and its curves put back. */
#ifndef SADDLE_TUI_APP_SESSION_H
#define SADDLE_TUI_APP_SESSION_H

#include "app/app.h"
#include "trainer/session-state.h"

/* At the end: send the session to be kept in options.session, if that names a file and anything has happened since. */
void app_keep(struct app *a);
/* Seconds until the next time; INFINITY: never. app_keep_tick keeps it when it is due. */
double app_keep_patience(const struct app *a);
void app_keep_tick(struct app *a);
/* Curves and ghosts of a session that is resumed; of another version's that cannot be read, a message says so. */
void app_take_curves(struct app *a, const struct session_state *s);

/* What views kept of themselves. */
void app_resume_views(struct app *a, const struct session_state *s);

/* ---- files ---------------------------------------------------------------------------------- */

/* A new file for a session of this process, in a folder of their own that is made; malloced, NULL: that failed. */
char *session_new_path(void);
/* The newest session there is; malloced, NULL: none. */
char *session_newest(void);
/* Only the newest so many stay, and nothing that a killed process has left half written. */
void session_prune(int most);

#endif
