/* What a lane hands to a probe: its point, its loss, and some of its examples. */
#ifndef SADDLE_LAB_LANE_PROBE_H
#define SADDLE_LAB_LANE_PROBE_H

#include "run/run.h"
#include "hessian/probe.h"
#include "hessian/stability.h"

/* About `frames` frames of a set that have a class, drawn by the seed without repetition, as evaluation sees
 * them (no noise, no masks). Errors: ERR_INPUT, a set without frames; ERR_RUNTIME. */
int lane_probe_batch(struct lane *l, const struct source *source, int frames, uint64_t seed,
                     struct probe_batch *b, struct err *e);

/* The point of the ask: network, weights, statistics and loss of the lane, borrowed (`spec`, the caller's, is
 * filled), shards, pool and the verdict's tolerances as its knobs have them; the rest is zero. */
int lane_probe_ask(const struct lane *l, const struct probe_batch *b, struct network_spec *spec,
                   struct probe_ask *a, struct err *e);

/* The limit of the lane's optimizer on η λmax; where it is that of the preconditioned Hessian, *scale (to be
 * freed) becomes S, or NULL before the first step. Errors: ERR_RUNTIME. */
int lane_probe_stability(const struct lane *l, struct stability *s, float **scale, struct err *e);

#endif
