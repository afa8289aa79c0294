/* SPDX-License-Identifier: MIT */
/* Whether all that a lesson asks for exists: commands, settings and their values, quantities, views. */
#ifndef SADDLE_TUI_LESSON_CHECK_H
#define SADDLE_TUI_LESSON_CHECK_H

#include "lesson/lesson.h"

/* Errors: ERR_INPUT, "FILE:LINE: …". `command` tells whether saddle has this command. */
int lesson_check(const struct lesson *l, int (*command)(const char *name), struct err *e);

#endif
