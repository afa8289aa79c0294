/* SPDX-License-Identifier: MIT */
/* The condition under which a racer stops: "loss<.01", "gradient<=1e-6", "w1 > 2". */
#ifndef SADDLE_RACE_CONDITION_H
#define SADDLE_RACE_CONDITION_H

#include "core/err.h"
#include "race/race.h"

struct race_goal {
    int what, below, or_equal;
    double bound;
};

/* A finite decimal number at *at, moving *at behind it: 0, or −1. */
int text_number(const char **at, double *out);

/* Errors: ERR_USAGE. */
int race_goal_parse(struct race_goal *g, const char *text, const struct surface *s, struct err *e);
int race_goal_reached(const struct race_goal *g, const struct racer *c);

#endif
