/* The rows behind lab/knob.h, for its own files. */
#ifndef SADDLE_RUN_HYPERPARAMETER_TABLE_H
#define SADDLE_RUN_HYPERPARAMETER_TABLE_H

#include "run/hyperparameter.h"

extern const struct knob knob_table[KNOB_COUNT];

#endif
