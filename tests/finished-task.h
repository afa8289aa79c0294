/* SPDX-License-Identifier: MIT */
/* Work that a view asks for, handed to the app as if the trainer had done it on run A at step 1,412. */
#ifndef SADDLE_TESTS_FINISHED_TASK_H
#define SADDLE_TESTS_FINISHED_TASK_H

#include "scripted-app.h"
#include "trainer/task.h"

/* The app takes it over. The data set is borrowed. */
void finished_task(struct stage *s, struct task *t, enum task_status status, const struct dataset *data);

#endif
