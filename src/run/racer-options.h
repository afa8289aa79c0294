/* SPDX-License-Identifier: MIT */
/* A racer in words: an optimizer or a schedule with settings of its own, "sgd:lr=.05,momentum=.9",
 * "cosine:T_max=100". Names, aliases and bounds are those of the hyper-parameters; what is not given has the
 * optimizer's own default, which is PyTorch's. */
#ifndef SADDLE_RUN_RACER_OPTIONS_H
#define SADDLE_RUN_RACER_OPTIONS_H

#include "core/err.h"
#include "race/model.h"

/* The optimizer of a setup, without a schedule. Errors: ERR_USAGE. */
int racer_options_optimizer(struct racer_setup *s, const char *text, struct err *e);
/* Its schedule; times are in steps. Errors: ERR_USAGE. */
int racer_options_schedule(struct racer_setup *s, const char *text, struct err *e);
/* Both, for a race_model. */
extern const struct racer_words racer_options_words;

#endif
