/* What lane.c and lane-knobs.c share. */
#ifndef SADDLE_LAB_LANE_PRIVATE_H
#define SADDLE_LAB_LANE_PRIVATE_H

#include "lab/lane.h"

/* A workspace for batches of so many examples in place of the lane's. Errors (ERR_RUNTIME) leave the old one. */
int lane_make_workspace(struct lane *l, int batch, struct err *e);

#endif
