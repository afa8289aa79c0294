/* The update of a lane's step: the optimizer chosen, its memory, and how it is called. For lane.c. */
#ifndef SADDLE_LAB_LANE_UPDATE_H
#define SADDLE_LAB_LANE_UPDATE_H

#include "run/run.h"

/* Give the state the vectors and scalars that the optimizer of these knobs works on; those it had and
 * still needs are kept, unless `fresh`. Errors leave the lane as it was. */
int update_fit(struct lane *l, const struct knobs *k, int fresh, struct err *e);

/* Before anything is changed: the memory of the optimizer's vectors, which the system only gives where it is first
 * written (seconds, of a large network), in pieces between which l->cancel is looked at. Returns 0, or −1 when it was
 * called off: the next call goes on from there. */
int update_ready(struct lane *l);

/* The step at learning rate lr: l->gradient, of norm `norm`, is that of the batch `job`; it is clipped.
 * Returns 0, or −1 when the optimizer found no finite loss: then nothing was changed. */
int update_apply(struct lane *l, const struct batch_job *job, double lr, double norm);

void update_free(struct lane *l);

#endif
