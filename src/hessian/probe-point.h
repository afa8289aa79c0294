/* SPDX-License-Identifier: MIT */
/* The point of a network that an ask names, over `real`: its loss on the probe batch as an objective. */
#ifndef SADDLE_HESSIAN_PROBE_POINT_H
#define SADDLE_HESSIAN_PROBE_POINT_H

#include "hessian/objective-network.h"
#include "hessian/probe.h"

struct probe_point {
    struct network network;
    struct objective_network source;
    struct objective objective; /* of network.parameters numbers */
    const real *theta; /* the ask's own, where `real` is float */
    real *copied, *statistics;
};

struct probe_point_ops {
    /* Errors: ERR_RUNTIME; ERR_INPUT, a batch that does not fit the network, an unknown loss. Close accepts what
     * open left half-done. The ask is borrowed. */
    int (*open)(struct probe_point *p, const struct probe_ask *a, struct err *e);
    void (*close)(struct probe_point *p);
    /* n numbers over `real`; from NULL: zero. NULL: no memory. */
    real *(*converted)(const float *from, int64_t n);
};
extern const struct probe_point_ops R(probe_point);

#endif
