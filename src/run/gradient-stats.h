/* SPDX-License-Identifier: MIT */
/* What the screen wants to know of a step beyond what the step itself needs. Looks only; the run is the same
 * whether somebody looks or not. */
#ifndef SADDLE_RUN_GRADIENT_STATS_H
#define SADDLE_RUN_GRADIENT_STATS_H

#include <stdint.h>

enum { GRADIENT_STATS_LAYERS = 16, GRADIENT_STATS_BINS = 10 };

/* Mean length of ∂L/∂logits under both losses, for the examples whose true class has probability in one tenth. */
struct logit_gradient_bin {
    double examples, cross_entropy, mse;
};

struct gradient_stats {
    int layers;                        /* layers with parameters, the first GRADIENT_STATS_LAYERS */
    double layer_norm[GRADIENT_STATS_LAYERS]; /* of the gradient's part, before clipping */
    double cosine;                     /* of this gradient with the one before, as that was applied; NaN: none */
    double cross_entropy, mse;         /* mean |∂L/∂logits| over the batch */
    struct logit_gradient_bin bin[GRADIENT_STATS_BINS];
};

struct run;

/* Room for the sums of so many parts. */
int gradient_stats_open(struct run *l, int parts);
void gradient_stats_close(struct run *l);
/* What is seen of the step whose gradient and logits are in hand, before it is applied: begun; each part, the
 * gradient's elements `from` … `to` among it, by any thread; and added up in l->seen. */
void gradient_stats_begin(struct run *l, int examples);
void gradient_stats_part(struct run *l, int part, int64_t from, int64_t to);
void gradient_stats_end(struct run *l);
/* The layers' names as the network says them: index of the i-th layer with parameters, or −1. */
int gradient_stats_layer(const struct run *l, int i);

#endif
