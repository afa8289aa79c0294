/* SPDX-License-Identifier: MIT */
/* Shared by model.c, lineup.c and undo.c. */
#ifndef SADDLE_RACE_MODEL_PRIVATE_H
#define SADDLE_RACE_MODEL_PRIVATE_H

#include "race/model.h"

/* Stop the racers that meet the finish condition; returns how many still race. */
int race_model_judge(struct race_model *s);
/* Update curves, leader and verdict from the race. */
void race_model_refresh(struct race_model *s);
/* To be called before an edit that can be undone; and once it has succeeded, with its name: "the start". */
void race_model_before_edit(struct race_model *s);
void race_model_edited(struct race_model *s, const char *what, int live);
/* As race_model_rate and race_model_turn_noise, without an entry for undo. */
void race_model_set_rate(struct race_model *s, int i, double lr);
void race_model_set_noise(struct race_model *s, double sigma);
/* Race with these numbers; racers and start are copied. In error all is as before. */
int race_model_set_up(struct race_model *s, const struct surface *surface, const double *start, const struct racer_setup *setup,
                      int racers, double noise, struct err *e);
/* Recompute the heights of the part that is seen. */
void race_model_look_around(struct race_model *s);

#endif
