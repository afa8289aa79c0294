/* What the files of the race's stage share. */
#ifndef SADDLE_TUI_RACE_STAGE_PRIVATE_H
#define SADDLE_TUI_RACE_STAGE_PRIVATE_H

#include "race/model.h"

/* Who is where the race ends stops; returns how many still race. */
int race_stage_judge(struct race_stage *s);
/* Take in what came of the race. */
void race_stage_refresh(struct race_stage *s);
/* Before an edit that may be taken back; and once it succeeded, what it was: "the start". */
void race_stage_before_edit(struct race_stage *s);
void race_stage_edited(struct race_stage *s, const char *what, int live);
/* As race_stage_rate and race_stage_turn_noise, without an entry for undo. */
void race_stage_set_rate(struct race_stage *s, int i, double lr);
void race_stage_set_noise(struct race_stage *s, double sigma);
/* Race with these numbers; racers and start are copied. In error all is as before. */
int race_stage_set_up(struct race_stage *s, const struct surface *surface, const double *start, const struct racer_setup *setup,
                      int racers, double noise, struct err *e);
/* Heights anew, of the part that is seen. */
void race_stage_look_around(struct race_stage *s);

#endif
