/* The rows behind lab/knob.h, for its own files. */
#ifndef SADDLE_LAB_KNOB_TABLE_H
#define SADDLE_LAB_KNOB_TABLE_H

#include "run/hyperparameter.h"

extern const struct knob knob_table[KNOB_COUNT];

#endif
