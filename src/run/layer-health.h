/* SPDX-License-Identifier: MIT */
/* How the layers of a run do: how far the next step moves their weights, and which of their units are silent or
 * saturated. */
#ifndef SADDLE_RUN_LAYER_HEALTH_H
#define SADDLE_RUN_LAYER_HEALTH_H

#include "run/gradient-stats.h"

struct run;
struct err;

struct layer_health {
    double update;    /* |change of the next step| / |weights|; NaN: that step is not finite, or the weights are 0 */
    double gradient;  /* norm of the batch's gradient in that step, before clipping */
    int64_t units, dead; /* ReLUs after this layer, and those that are 0 for every frame of the batch looked at */
    double saturated; /* share of the gates (LSTM, GRU) or outputs (sigmoid, tanh) that hardly follow their input; NaN: there
                         are none */
};

enum { LAYER_HEALTH_EXAMPLES = 512 };

/* Of the first GRADIENT_STATS_LAYERS layers with parameters, in the order of gradient_stats_layer; what follows a norm
 * counts for the layer before that. The run takes a step: it has to be a copy that nobody goes on with. Returns how many
 * layers, or an error: ERR_INPUT, the data is gone; ERR_CANCELLED; ERR_RUNTIME. */
int layer_health_look(struct run *l, struct layer_health health[GRADIENT_STATS_LAYERS], struct err *e);

#endif
