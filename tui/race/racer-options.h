/* A racer in words: an optimizer or a schedule with numbers of its own, "sgd:lr=.05,momentum=.9",
 * "cosine:T_max=100". The words are the knobs' names and aliases; what is not said has the optimizer's
 * (PyTorch's) default, not the knob's. */
#ifndef SADDLE_TUI_RACE_RACER_OPTIONS_H
#define SADDLE_TUI_RACE_RACER_OPTIONS_H

#include "core/err.h"
#include "race/race.h"

/* The optimizer of a setup, without a schedule. Errors: ERR_USAGE. */
int racer_options_optimizer(struct racer_setup *s, const char *text, struct err *e);
/* Its schedule; times are in steps. Errors: ERR_USAGE. */
int racer_options_schedule(struct racer_setup *s, const char *text, struct err *e);

#endif
