/* SPDX-License-Identifier: MIT */
/* A run's step out of a saddle: θ moves along an eigenvector that a probe of this run has found, between two
 * steps; the optimizer's state, the schedule and all else stay.
 *
 * The journal has three kinds of lines of it, so that the run can be made again (lab/replay.h):
 *     step run probe NUMBER:hand         the state was looked at here, fully, or …
 *     step run probe NUMBER:series       … as one of a series
 *     step run escape NUMBER:BY          θ += BY · v, v the eigenvector of that probe's lowest eigenvalue
 *     step run escape_back NUMBER        θ is again as it was before the last escape, to the bit */
#ifndef SADDLE_RUN_SADDLE_ESCAPE_H
#define SADDLE_RUN_SADDLE_ESCAPE_H

#include "run/run.h"

/* An eigenvector of a probe, shared by those who may step along it. */
struct escape_direction {
    int references;
    int number;      /* of the probe, in the journal */
    uint64_t step;   /* where it was */
    double lowest;   /* the eigenvalue */
    int64_t n;
    float v[];       /* [n], of length 1 */
};

/* One reference, the caller's. NULL: no memory. */
struct escape_direction *escape_direction_new(int number, uint64_t step, double lowest, int64_t n, const float *v);
struct escape_direction *escape_direction_share(struct escape_direction *d);
void escape_direction_drop(struct escape_direction *d);

/* Weights, shared by the escapes of a run and of its forks. */
struct escape_weights {
    int references;
    float v[];
};

struct saddle_escape { /* one that was made */
    struct escape_direction *along;
    double by;
    double alpha;        /* by, with the sign that the user gave it; for the log */
    struct escape_weights *before; /* [n] θ before it, and the optimizer's points; NULL: not kept */
    uint64_t step;       /* where; with … */
    uint64_t from, to;   /* … the run's mark before and after, to know whether θ has moved since */
};

/* For the journal: a probe is made of the state here. Returns its number, or a negative error. */
int run_note_probe(struct run *l, int series, struct err *e);

/* Make it, from along and by. Errors (ERR_RUNTIME; ERR_DIVERGED, weights that are not finite) leave the run as
 * it was. */
int saddle_escape(struct run *l, struct saddle_escape *x, struct err *e);
/* Whether nothing has moved θ since, and what it was before is known. */
int saddle_escape_is_last(const struct run *l, const struct saddle_escape *x);
/* Take it back: θ becomes what it was where saddle_escape_is_last, else the same step is subtracted. */
int saddle_escape_back(struct run *l, struct saddle_escape *x, struct err *e);
/* The same escape of a fork. NULL: no memory. */
struct saddle_escape *saddle_escape_copy(const struct saddle_escape *x);
void saddle_escape_free(struct saddle_escape *x);

#endif
