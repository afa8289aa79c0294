/* SPDX-License-Identifier: MIT */
/* Parity cases: what PyTorch computed for small networks, optimizers and schedules, as JSON
 * (tests/cases/README.md). parity-case.c is compiled twice, as the numeric rooms are. */
#ifndef SADDLE_TEST_PARITY_H
#define SADDLE_TEST_PARITY_H

#include <jansson.h>

#include "math/products.h"

enum parity_outcome { PARITY_OK, PARITY_FAILED };

struct parity_report {
    enum parity_outcome outcome;
    double worst;        /* largest error over its tolerance: ok while ≤ 1 */
    char worst_at[96];   /* what it belongs to */
    char reason[256];    /* why it failed */
};

extern enum products_source parity_products; /* what computes a network's products in float */

void parity_case_f(const json_t *c, struct parity_report *r);
void parity_case_d(const json_t *c, struct parity_report *r);

#endif
