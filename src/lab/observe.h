/* What the screen wants to know of a step beyond what the step itself needs. Looks only; the run is the same
 * whether somebody looks or not. */
#ifndef SADDLE_LAB_OBSERVE_H
#define SADDLE_LAB_OBSERVE_H

#include <stdint.h>

enum { OBSERVE_LAYERS = 16, OBSERVE_BINS = 10 };

/* Mean length of ∂L/∂logits under both losses, for the examples whose true class has probability in one tenth. */
struct contrast_bin {
    double examples, cross_entropy, mse;
};

struct observation {
    int layers;                        /* layers with parameters, the first OBSERVE_LAYERS */
    double layer_norm[OBSERVE_LAYERS]; /* of the gradient's part, before clipping */
    double cosine;                     /* of this gradient with the one before, as that was applied; NaN: none */
    double cross_entropy, mse;         /* mean |∂L/∂logits| over the batch */
    struct contrast_bin bin[OBSERVE_BINS];
};

struct lane;

/* Of the step whose gradient and logits are in hand. */
void observe(struct lane *l, int examples, struct observation *o);
/* The layers' names as the network says them: index of the i-th layer with parameters, or −1. */
int observe_layer(const struct lane *l, int i);

#endif
