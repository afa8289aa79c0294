/* The knobs of optimizers and schedules, as the numbers these rooms take. */
#ifndef SADDLE_RUN_HYPER_H
#define SADDLE_RUN_HYPER_H

#include "run/hyperparameter.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

/* Every number that is a knob; lr and t are the caller's. */
struct optimizer_args knobs_optimizer(const struct knobs *k);
struct schedule_args knobs_schedule(const struct knobs *k);

/* One number alone: 1, or 0 when the knob is none of an optimizer's (of a schedule's). */
int knob_to_optimizer(const struct knobs *k, enum knob_id id, struct optimizer_args *a);
int knob_to_schedule(const struct knobs *k, enum knob_id id, struct schedule_args *a);

/* "10,20,30" into out[SCHEDULE_MILESTONES] (may be NULL): how many, or −1 when it is not a list of
 * numbers ≥ 0. Empty text is none. */
int milestones_parse(const char *text, double *out);

#endif
