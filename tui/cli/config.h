/* SPDX-License-Identifier: MIT */
/* The user's settings, $XDG_CONFIG_HOME/saddle/config.ini:
 *     [screen]
 *     palette = light
 *     mouse = off
 *     [store]
 *     record = no
 *     checkpoints = 50
 *     [keys]
 *     setting-up = L Right
 * Keys are named as in scripts (Up, C-l, Space, F1, or the character itself), actions as in saddle info. */
#ifndef SADDLE_TUI_CLI_CONFIG_H
#define SADDLE_TUI_CLI_CONFIG_H

#include "app/app.h"

/* Path of the configuration file; malloced, NULL when there is no home. */
char *settings_path(void);
/* Read them into the options and the key table; no file is no error. Errors: ERR_INPUT with file and line. */
int settings_load(struct app_options *o, struct err *e);
/* The same from text, `path` for the errors. */
int settings_parse(struct app_options *o, const char *path, const char *text, struct err *e);
/* How many checkpoints that nobody named are kept of the newest, or STORE_KEEP_ALL. */
int settings_checkpoints(const struct app_options *o);

#endif
