/* Parity cases: what PyTorch computed for small networks, optimizers and schedules, as JSON
 * (tests/cases/README.md). parity-case.c is compiled twice, as the numeric rooms are. */
#ifndef SADDLE_TEST_PARITY_H
#define SADDLE_TEST_PARITY_H

#include <jansson.h>

enum parity_outcome { PARITY_OK, PARITY_FAILED, PARITY_SKIPPED };

struct parity_report {
    enum parity_outcome outcome;
    double worst;        /* largest error over its tolerance: ok while ≤ 1 */
    char worst_at[96];   /* what it belongs to */
    char reason[256];    /* why it failed or was skipped */
};

void parity_case_f(const json_t *c, struct parity_report *r);
void parity_case_d(const json_t *c, struct parity_report *r);

#endif
