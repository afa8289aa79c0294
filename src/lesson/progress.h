/* SPDX-License-Identifier: MIT */
/* How far somebody got in the lessons, and what they answered: a file of JSON below $XDG_DATA_HOME. One that cannot be
 * read is left as it is, and nothing is kept. */
#ifndef SADDLE_LESSON_PROGRESS_H
#define SADDLE_LESSON_PROGRESS_H

#include <jansson.h>

#include "core/err.h"

struct progress {
    json_t *all; /* by the lesson's name */
    char *path;
};

struct progress_answer {
    const char *question, *answer; /* answer NULL: skipped */
    const char *truth;             /* what was measured, or NULL */
    int right;
    int ungraded;                  /* a check of its step did not hold */
};

/* How a lesson stands. */
struct progress_of {
    int step, steps; /* the furthest that was reached, from 1 on; 0: never begun */
    int done;
    int checks, held;
    int answers, right; /* questions answered and graded, and rightly */
    char when[32];      /* "2026-03-01 14:05", local time */
};

/* Errors: ERR_INPUT, the file holds something else; ERR_RUNTIME. An absent file is no error. */
int progress_open(struct progress *p, struct err *e);
void progress_close(struct progress *p);
struct progress_of progress_of(const struct progress *p, const char *lesson);
/* Keep how it stands, with its answers, and write the file. Errors: ERR_RUNTIME. */
int progress_keep(struct progress *p, const char *lesson, const struct progress_of *now, const struct progress_answer *answer,
                  int answers, struct err *e);
/* Write it as it is. Errors: ERR_RUNTIME. */
int progress_write(const struct progress *p, struct err *e);
/* The i-th answer of a lesson; 0 where there is none. The texts are p's. */
int progress_answer(const struct progress *p, const char *lesson, int i, struct progress_answer *answer);

#endif
