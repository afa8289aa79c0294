/* SPDX-License-Identifier: MIT */
/* The surfaces' part of the parity cases: double in both builds. */
#ifndef SADDLE_TEST_PARITY_SURFACE_H
#define SADDLE_TEST_PARITY_SURFACE_H

#include "math/real.h"
#include "parity.h"

void R(toy_chain_case)(const json_t *c, struct parity_report *r);

#endif
