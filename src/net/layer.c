/* SPDX-License-Identifier: MIT */
/* The registry of layer kinds: one line each. */
#include "net/layer.h"

#include <string.h>

static const struct layer_kind *const kinds[] = {
    &R(layer_linear),
    &R(layer_relu),
    &R(layer_leaky_relu),
    &R(layer_elu),
    &R(layer_gelu),
    &R(layer_silu),
    &R(layer_sigmoid),
    &R(layer_tanh),
    &R(layer_batchnorm),
    &R(layer_layernorm),
    &R(layer_dropout),
    &R(layer_rnn),
    &R(layer_lstm),
    &R(layer_gru),
    &R(layer_select),
};

static const struct layer_kind *at(int i)
{
    return i >= 0 && i < (int)(sizeof kinds / sizeof *kinds) ? kinds[i] : NULL;
}

static const struct layer_kind *find(const char *name)
{
    for (int i = 0; at(i); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

const struct layer_registry R(layers) = {.find = find, .at = at};
