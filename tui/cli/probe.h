/* SPDX-License-Identifier: MIT */
/* Options and results of `saddle probe`. */
#ifndef SADDLE_TUI_CLI_PROBE_H
#define SADDLE_TUI_CLI_PROBE_H

#include "cli/json-line.h"
#include "run/probe-input.h"
#include "run/step-ahead.h"

enum { PROBING_TOLERANCES = 3 };

struct probing {
    const char *checkpoint, *data, *split;
    const char *tolerance[PROBING_TOLERANCES]; /* of the verdict; NULL: the checkpoint's settings */
    long long top, frames, threads, seed;
    int json, density, gauss_newton, blocks, batch_statistics;
    /* what comes of it */
    struct probe_batch batch;
    struct probe_report report;
    struct stability limit;
    float *scale; /* of Adam's kin */
    double rate;  /* learning rate in force */
    struct step_ahead ahead; /* the step that the run makes next; unknown on data that is not its own */
    int batch_norm;          /* the network couples the examples of a batch */
};

/* η λmax, of the matrix the limit speaks of; NaN where that is not known. */
double probing_sharpness(const struct probing *p);
/* One object, to be released: eigenvalues, trace, verdict, stability … */
json_t *probing_json(const struct probing *p, const struct run *l);

#endif
