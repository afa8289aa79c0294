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

/* Room for the sums of so many parts. */
int observe_open(struct lane *l, int parts);
void observe_close(struct lane *l);
/* What is seen of the step whose gradient and logits are in hand, before it is applied: begun; each part, the
 * gradient's elements `from` … `to` among it, by any thread; and added up in l->seen. */
void observe_begin(struct lane *l, int examples);
void observe_part(struct lane *l, int part, int64_t from, int64_t to);
void observe_end(struct lane *l);
/* The layers' names as the network says them: index of the i-th layer with parameters, or −1. */
int observe_layer(const struct lane *l, int i);

#endif
