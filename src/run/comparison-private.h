/* SPDX-License-Identifier: MIT */
/* What the rows of the comparisons share. */
#ifndef SADDLE_RUN_COMPARISON_PRIVATE_H
#define SADDLE_RUN_COMPARISON_PRIVATE_H

#include "net/spec.h"
#include "run/comparison.h"

/* A comparison in the making; a row's function adds its runs. */
struct comparison_draft {
    const struct knobs *base;
    struct shape in;
    struct knobs *out;
    int count;
    char (*label)[COMPARISON_LABEL];
    struct err *e;
};

/* One more run with the base's settings, called so; to be changed by the caller. */
struct knobs *comparison_add(struct comparison_draft *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Of network: a linear layer with another after it, the last one makes the logits; a recurrent layer; where the
 * activations, norms and dropout that follow layer i end. */
int comparison_is_hidden(const struct network_spec *s, int i);
int comparison_is_recurrent(const struct layer_spec *l);
int comparison_block_end(const struct network_spec *s, int i);
/* Give the run this network. */
int comparison_set_network(const struct comparison_draft *d, struct knobs *k, const struct network_spec *s);
int comparison_batch_norm(struct comparison_draft *d);
int comparison_dropout(struct comparison_draft *d);
int comparison_depth(struct comparison_draft *d);

#endif
