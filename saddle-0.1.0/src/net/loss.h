/* Losses on logits: const descriptors, one file each (loss-NAME.c), listed in loss.c. A loss is the
 * mean over examples; a shard computes its share. */
#ifndef SADDLE_NET_LOSS_H
#define SADDLE_NET_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

struct loss_args {
    double label_smoothing; /* cross-entropy: the target is (1−s)·onehot + s/classes */
};

struct loss_kind {
    const char *name;
    const char *title;
    /* logits[rows][ld], labels[rows] < classes. Returns the SUM of the rows' losses; when gradient is
     * not NULL writes gradient[rows][ld] = scale × ∂(sum)/∂logits. gradient may be logits. */
    double (*value)(const struct loss_args *a, int rows, int classes, int ld, const real *logits,
                    const uint8_t *labels, real scale, real *gradient);
};

struct loss_registry {
    const struct loss_kind *(*find)(const char *name);
    const struct loss_kind *(*at)(int i); /* NULL beyond the last */
};
extern const struct loss_registry R(losses);

extern const struct loss_kind R(loss_cross_entropy), R(loss_mse_softmax);

enum { LOSS_MOST_CLASSES = 256 };

/* p[0…classes) = softmax(z), stable for any finite z; returns log Σ exp z. */
real R(loss_softmax)(int classes, const real *z, real *p);

/* How many rows have their largest logit at the label (the first one wins a tie, as argmax does). */
int R(loss_correct)(int rows, int classes, int ld, const real *logits, const uint8_t *labels);

#endif
