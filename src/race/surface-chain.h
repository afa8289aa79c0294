/* SPDX-License-Identifier: MIT */
/* The datum a chain is fitted to; surface.data of the chains. A chain of any length up to SURFACE_MOST is a
 * copy of surface_chain with another n, and another datum if need be. */
#ifndef SADDLE_RACE_SURFACE_CHAIN_H
#define SADDLE_RACE_SURFACE_CHAIN_H

#include "race/surface.h"

struct chain_datum {
    double x, y;
};

extern const struct surface surface_chain;

#endif
