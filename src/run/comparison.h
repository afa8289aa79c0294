/* SPDX-License-Identifier: MIT */
/* Comparisons: what is worth setting beside a run, each a row of one table. A comparison gives the settings of one to
 * three more runs, which differ from those of the base run in what it is about and in nothing else. */
#ifndef SADDLE_RUN_COMPARISON_H
#define SADDLE_RUN_COMPARISON_H

#include "net/layer.h"
#include "run/hyperparameter.h"

enum { COMPARISON_RUNS = 3, COMPARISON_LABEL = 40 };

struct comparison_draft; /* comparison-private.h */

struct comparison {
    const char *name;   /* to type: "batch" */
    const char *title;  /* in a menu: "batch ÷8 | batch ×8" */
    const char *help;   /* one sentence, without a full stop */
    int from_scratch;   /* always needs runs from step 0; comparison_from_scratch tells of a given one */
    int equal_examples; /* the runs are level after as many examples, not after as many steps */
    int (*make)(struct comparison_draft *d);
};

/* The i-th row, or NULL beyond the last. */
const struct comparison *comparison_at(int i);
/* The i-th of those that the diagnosis of a run asks for, or NULL beyond the last: other networks, and cures. */
const struct comparison *comparison_cure_at(int i);
/* Of both, by name or title, in upper or lower case; NULL when there is none. */
const struct comparison *comparison_find(const char *name);

/* The settings of *count runs (1 to 3) to set beside the run of settings `base`, and what each is called next to it
 * ("batch 64"). `in` is the shape of one of its examples. Errors leave *count 0: ERR_USAGE, a sentence why this base
 * cannot be compared so; ERR_INPUT, its network is none; ERR_RUNTIME. */
int comparison_make(const struct comparison *c, const struct knobs *base, struct shape in,
                    struct knobs out[COMPARISON_RUNS], int *count, char label[COMPARISON_RUNS][COMPARISON_LABEL],
                    struct err *e);
/* Whether a run of settings `other`, which the comparison made, has to begin at step 0: else it may go on from the base
 * run's state. */
int comparison_from_scratch(const struct comparison *c, const struct knobs *base, const struct knobs *other);

#endif
