/* A lane's step out of a saddle: θ moves along an eigenvector that a probe of this run has found, between two
 * steps; the optimizer's state, the schedule and all else stay.
 *
 * The journal has three kinds of lines of it, so that the run can be made again (lab/replay.h):
 *     step lane probe NUMBER:hand         the state was looked at here, fully, or …
 *     step lane probe NUMBER:series       … as one of a series
 *     step lane escape NUMBER:BY          θ += BY · v, v the eigenvector of that probe's lowest eigenvalue
 *     step lane escape_back NUMBER        θ is again as it was before the last escape, to the bit */
#ifndef SADDLE_LAB_LANE_ESCAPE_H
#define SADDLE_LAB_LANE_ESCAPE_H

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

struct lane_escape { /* one that was made */
    struct escape_direction *along;
    double by;
    double alpha;        /* by, with the sign that the user gave it; for the log */
    float *before;       /* [n] θ before it */
    uint64_t step;       /* where; with … */
    uint64_t from, to;   /* … the lane's mark before and after, to know whether θ has moved since */
};

/* For the journal: a probe is made of the state here. Returns its number, or a negative error. */
int lane_note_probe(struct lane *l, int series, struct err *e);

/* Make it, from along and by. Errors (ERR_RUNTIME; ERR_DIVERGED, weights that are not finite) leave the lane as
 * it was. */
int lane_escape(struct lane *l, struct lane_escape *x, struct err *e);
/* Take it back: θ becomes what it was where nothing has moved it since, else the same step is subtracted. */
int lane_escape_back(struct lane *l, struct lane_escape *x, struct err *e);
void lane_escape_free(struct lane_escape *x);

#endif
