/* SPDX-License-Identifier: MIT */
/* The tasks of the views as the app keeps them (trainer/task.h): one that is asked for, one whose results are shown. */
#ifndef SADDLE_TUI_APP_TASKS_H
#define SADDLE_TUI_APP_TASKS_H

#include "app/model.h"

/* See which are over or have results; 1 when something is to be drawn. */
int tasks_gather(struct model *m);
void tasks_free(struct model *m);

/* For panes: the sentence of a task that failed, "cancelled", or "" where it (the last one asked for) did neither; "42 %" of one
 * in hand, or "" where none is. */
const char *tasks_failure(const struct model *m, enum task_slot slot);
const char *tasks_word(const struct task *t);
void tasks_progress(const struct model *m, enum task_slot slot, char *out, size_t size);
int tasks_is_busy(const struct model *m, enum task_slot slot);

#endif
