/* What a network is made of, as text and as a list.
 *
 *   linear 256 relu bn dropout=.2 x2 | linear 41
 *
 * A block stands between bars and may be repeated (x2); a layer's numbers follow its name. `dropout`
 * without a rate follows the knob. Errors point at the place in the text. */
#ifndef SADDLE_NET_SPEC_H
#define SADDLE_NET_SPEC_H

#include "core/err.h"

enum { SPEC_MOST_LAYERS = 96, SPEC_KIND = 16, SPEC_MOST_WIDTH = 65536 };

struct layer_spec {
    char kind[SPEC_KIND]; /* "linear", "relu", "tanh", "batchnorm", "dropout" */
    int width;            /* linear: outputs */
    int bias;             /* linear */
    double eps, momentum; /* batchnorm */
    double rate;          /* dropout; NaN: the knob's */
};

struct network_spec {
    int count;
    struct layer_spec layer[SPEC_MOST_LAYERS];
};

/* A layer of this kind with PyTorch's defaults. */
struct layer_spec spec_layer(const char *kind);
int spec_parse(struct network_spec *s, const char *text, struct err *e);

#endif
