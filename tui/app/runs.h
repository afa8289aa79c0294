/* SPDX-License-Identifier: MIT */
/* The curves of the runs side by side, and those of runs that are no more: ghosts, of a run before it was restarted, of
 * the steps after the one that it went back to, or of one that was dropped. */
#ifndef SADDLE_TUI_APP_RUNS_H
#define SADDLE_TUI_APP_RUNS_H

#include "app/curves.h"

enum { GHOSTS_MOST = 4 }; /* the oldest goes: a ghost takes about a megabyte */

enum ghost_kind { GHOST_RESTARTED, GHOST_LEFT, GHOST_DROPPED, GHOST_RECORDED };

enum { GHOST_NAME = 40 };

struct ghost {
    enum ghost_kind kind;
    int run;                 /* whose it was */
    double from;             /* what came after this step is no more */
    char name[GHOST_NAME];   /* of a recorded run; else "" */
    struct history *history; /* all of it, what came before too */
};

struct run_curves {
    struct history *of[TRAINER_RUNS]; /* NULL: the run has none yet */
    struct ghost ghost[GHOSTS_MOST];  /* the newest first */
    int ghosts;
};

/* Take a sample in. Errors: −1, there is no memory: the sample is lost. */
int run_curves_add(struct run_curves *c, const struct sample *s);
/* The curves of a recorded run, which are this struct's from now on. */
void run_curves_take(struct run_curves *c, struct history *h, const char *name);
/* The curves of a run, empty ones where it has none yet; NULL: no memory. */
struct history *run_curves_of(struct run_curves *c, int run);
void run_curves_drop_ghosts(struct run_curves *c);
void run_curves_free(struct run_curves *c);

#endif
