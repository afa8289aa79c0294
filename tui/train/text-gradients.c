/* SPDX-License-Identifier: MIT */
#include "train/text-gradients.h"

#include <stdio.h>

#include "draw/number.h"

static void bin_line(const struct logit_gradient_bin *bin, int i, char *line, size_t size)
{
    char frames[NUMBER_SIZE], ce[NUMBER_SIZE], mse[NUMBER_SIZE];

    number_count(frames, sizeof frames, (uint64_t)bin->examples);
    number_reading(ce, sizeof ce, bin->cross_entropy, 3);
    number_reading(mse, sizeof mse, bin->mse, 3);
    snprintf(line, size, "probability of the true class 0.%d to %s%d: %s frames, cross-entropy %s, MSE %s", i,
             i + 1 < GRADIENT_STATS_BINS ? "0." : "", i + 1 < GRADIENT_STATS_BINS ? i + 1 : 1, frames, ce, mse);
}

int plain_gradients(const struct snapshot *s, char line[PLAIN_GRADIENTS_LINES][PLAIN_GRADIENTS_SIZE])
{
    char step[NUMBER_SIZE], first[NUMBER_SIZE], second[NUMBER_SIZE];
    int n = 0;

    if (s->seen.layers < 1) {
        snprintf(line[n++], PLAIN_GRADIENTS_SIZE, "no gradients before the first step");
        return n;
    }
    number_count(step, sizeof step, s->step);
    number_reading(first, sizeof first, s->seen.cross_entropy, 3);
    number_reading(second, sizeof second, s->seen.mse, 3);
    snprintf(line[n++], PLAIN_GRADIENTS_SIZE, "step %s: logit gradient %s with cross-entropy, %s with MSE", step,
             first, second);
    for (int i = 0; i < GRADIENT_STATS_BINS; i++)
        if (s->seen.bin[i].examples > 0)
            bin_line(&s->seen.bin[i], i, line[n++], PLAIN_GRADIENTS_SIZE);
    for (int i = 0; i < s->seen.layers; i++) {
        number_reading(first, sizeof first, s->seen.layer_norm[i], 3);
        snprintf(line[n++], PLAIN_GRADIENTS_SIZE, "gradient norm of %s: %s", s->layer[i], first);
    }
    return n;
}
