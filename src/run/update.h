/* SPDX-License-Identifier: MIT */
/* The update of a run's step: the optimizer chosen, its memory, and how it is called. For run.c. */
#ifndef SADDLE_RUN_UPDATE_H
#define SADDLE_RUN_UPDATE_H

#include "run/run.h"

/* Give the state the vectors and scalars that the optimizer of these knobs works on; those it had and
 * still needs are kept, unless `fresh`. Errors leave the run as it was. */
int update_fit(struct run *l, const struct knobs *k, int fresh, struct err *e);

/* The optimizer of a run whose state is a copy of the other's. Errors: ERR_RUNTIME. */
int update_adopt(struct run *l, const struct run *from, struct err *e);

/* Vectors of all parameters that the optimizer and the averages of these knobs take. */
size_t update_vectors(const struct run *l, const struct knobs *k);

/* The point that evaluation belongs to, where the optimizer averages and has made a step; else NULL. */
float *update_average(const struct run *l);
/* How many vectors from state_vector(0) on are points that move with θ, when something else than a step moves it. */
int update_points(const struct run *l);

/* Before anything is changed: the memory of the optimizer's vectors, which the system only gives where it is first
 * written (seconds, of a large network), in pieces between which l->cancel is looked at. Returns 0, or −1 when it was
 * cancelled: the next call goes on from there. */
int update_ready(struct run *l);

/* The step at learning rate lr: l->gradient, of norm `norm`, is that of the batch `job`; it is clipped.
 * Running statistics move by the batch. Returns 0, −ERR_DIVERGED when the optimizer found no finite loss, or −ERR_RUNTIME when
 * there is no memory for products with the Hessian: then nothing was changed. */
int update_apply(struct run *l, const struct batch_job *job, double lr, double norm);

void update_free(struct run *l);

#endif
