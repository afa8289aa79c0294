/* SPDX-License-Identifier: MIT */
/* The layers of a network, as text and as a list.
 *
 *   linear 256 relu bn dropout=.2 x2 | linear 41
 *   lstm 256x2 bi dropout=.25 | center | linear 256 bn relu | linear 41
 *
 * A block stands between bars and may be repeated (x2); a layer's numbers follow its name. Layers:
 *   linear WIDTH
 *   rnn | lstm | gru  HIDDEN or HIDDENxLEVELS [bi] [dropout or dropout=RATE between the levels]
 *   last | center | all                     of a sequence's frames
 *   relu tanh sigmoid elu gelu silu leaky_relu or leaky_relu=SLOPE
 *   bn, ln                                  batch norm, layer norm
 *   dropout or dropout=RATE
 * `dropout` without a rate follows the knob. Errors point at the place in the text. */
#ifndef SADDLE_NET_SPEC_H
#define SADDLE_NET_SPEC_H

#include <stddef.h>

#include "core/err.h"

enum { SPEC_MOST_LAYERS = 96, SPEC_KIND = 16, SPEC_MOST_WIDTH = 65536, SPEC_MOST_LEVELS = 8 };

enum spec_select { SELECT_LAST, SELECT_CENTER, SELECT_ALL };

struct layer_spec {
    char kind[SPEC_KIND]; /* a layer kind's name: "linear", "lstm", "batchnorm", … */
    int width;            /* linear: outputs; recurrent: hidden size, of one direction */
    int levels;           /* recurrent: stacked */
    int bidirectional;    /* recurrent */
    int bias;             /* linear, recurrent */
    int select;           /* select: enum spec_select */
    double eps, momentum; /* batchnorm; layernorm: eps */
    double rate;          /* dropout, recurrent between levels; NaN: the knob's */
    double slope;         /* leaky_relu, below 0 */
};

struct network_spec {
    int count;
    struct layer_spec layer[SPEC_MOST_LAYERS];
};

/* A layer of this kind with PyTorch's defaults. */
struct layer_spec spec_layer(const char *kind);
int spec_parse(struct network_spec *s, const char *text, struct err *e);
/* A text that spec_parse reads back as the same layers, equal blocks in a row as one with x2. What the grammar has no
 * words for (eps, momentum, bias) is left out. Returns 0; −1 when it does not fit, or there is no layer. */
int spec_format(const struct network_spec *s, char *text, size_t size);

#endif
