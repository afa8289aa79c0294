/* SPDX-License-Identifier: MIT */
/* The gradients of the last step in lines: at the logits under both losses, by the true class's probability, and
 * layer by layer. */
#ifndef SADDLE_TUI_TRAIN_TEXT_GRADIENTS_H
#define SADDLE_TUI_TRAIN_TEXT_GRADIENTS_H

#include <stddef.h>

#include "trainer/snapshot.h"

enum { PLAIN_GRADIENTS_LINES = 1 + GRADIENT_STATS_BINS + GRADIENT_STATS_LAYERS, PLAIN_GRADIENTS_SIZE = 176 };

/* Returns how many lines there are; one that says so before the first step. */
int plain_gradients(const struct snapshot *s, char line[PLAIN_GRADIENTS_LINES][PLAIN_GRADIENTS_SIZE]);

#endif
