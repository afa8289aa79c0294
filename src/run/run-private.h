/* What lane.c, lane-knobs.c and lane-evaluate.c share. */
#ifndef SADDLE_LAB_LANE_PRIVATE_H
#define SADDLE_LAB_LANE_PRIVATE_H

#include "run/run.h"

/* Examples of an evaluation's slice: windows enough to keep the products busy, few enough that commands are answered
 * in between; of sequences, as many as a batch has. */
static inline int lane_slice(const struct lane *l, int batch)
{
    enum { WINDOWS = 1024 };

    return l->network.in.steps > 1 || batch > WINDOWS ? batch : WINDOWS;
}

/* A workspace for batches of so many examples in place of the lane's. Errors (ERR_RUNTIME) leave the old one. */
int lane_make_workspace(struct lane *l, int batch, struct err *e);
/* The next slice of the evaluation that is due; as lane_advance. */
int lane_evaluation(struct lane *l, struct lane_report *r, struct err *e);

#endif
