/* SPDX-License-Identifier: MIT */
/* Sentences about names that no setting and no choice has. */
#ifndef SADDLE_RUN_SETTING_UNKNOWN_H
#define SADDLE_RUN_SETTING_UNKNOWN_H

#include "run/hyperparameter.h"

/* "--set: unknown setting "momentun"; did you mean "momentum"?", `before` being "--set: ". Returns −code. */
int setting_unknown(enum err_code code, const char *before, const char *name, struct err *e);
/* "optimizer: there is no "adm"; choose from sgd, …; did you mean "adam"?" Returns −ERR_USAGE. */
int setting_no_choice(const char *title, enum knob_id id, const char *text, struct err *e);

#endif
