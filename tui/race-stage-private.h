/* What the files of the race's stage share. */
#ifndef SADDLE_TUI_RACE_STAGE_PRIVATE_H
#define SADDLE_TUI_RACE_STAGE_PRIVATE_H

#include "race-stage.h"

/* Who is where the race ends stops; returns how many still race. */
int race_stage_judge(struct race_stage *s);
/* Take in what came of the race. */
void race_stage_refresh(struct race_stage *s);
/* Heights anew, of the part that is seen. */
void race_stage_look_around(struct race_stage *s);

#endif
