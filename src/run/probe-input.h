/* SPDX-License-Identifier: MIT */
/* What a run hands to a probe: its point, its loss, and some of its examples. */
#ifndef SADDLE_RUN_PROBE_INPUT_H
#define SADDLE_RUN_PROBE_INPUT_H

#include "run/run.h"
#include "hessian/probe.h"
#include "hessian/stability.h"

/* About `frames` frames of a set that have a class, drawn by the seed without repetition, as evaluation sees
 * them (no noise, no masks). Errors: ERR_INPUT, a set without frames; ERR_RUNTIME. */
int probe_input_batch(struct run *l, const struct source *source, int frames, uint64_t seed,
                     struct probe_batch *b, struct err *e);

/* The point of the ask: network, weights and statistics (run_shown_theta, …) and loss of the run, borrowed (`spec`, the
 * caller's, is filled), shards, pool and the verdict's tolerances as its knobs have them; the rest is zero. */
int probe_input_ask(const struct run *l, const struct probe_batch *b, struct network_spec *spec,
                   struct probe_ask *a, struct err *e);

/* The limit of the run's optimizer on η λmax; where it is that of the preconditioned Hessian, *scale (to be
 * freed) becomes S, or NULL before the first step. Errors: ERR_RUNTIME. */
int probe_input_stability(const struct run *l, struct stability *s, float **scale, struct err *e);

#endif
