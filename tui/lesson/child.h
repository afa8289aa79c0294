/* SPDX-License-Identifier: MIT */
/* A command of saddle's own that runs beside the lab, as a process: what it prints is gathered without waiting. */
#ifndef SADDLE_TUI_LESSON_CHILD_H
#define SADDLE_TUI_LESSON_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#include "core/err.h"

enum { CHILD_WORDS = 64, CHILD_OUTPUT = 1 << 22, CHILD_SAID = 480 };

struct child {
    pid_t pid;     /* 0: none runs */
    int out, said; /* its standard output and error output; −1: closed */
    char *text;    /* all that it printed so far, ended by NUL */
    size_t size, room;
    char last[CHILD_SAID]; /* what it said on its error output last */
    size_t last_size;
    int too_much;  /* it printed more than CHILD_OUTPUT bytes */
};

/* Begin this program with these words, ended by NULL, word[0] being the command. Errors: ERR_RUNTIME. */
int child_start(struct child *c, const char *const *word, struct err *e);
/* Gather what has come. 1 when it has ended, *code being its exit code (128 + the signal that killed it); else 0. */
int child_poll(struct child *c, int *code);
/* Kill it, wait for its end, forget its output. Safe where none runs. */
void child_end(struct child *c);

#endif
