/* SPDX-License-Identifier: MIT */
#include "hessian/probe-point.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

static real *converted(const float *from, int64_t n)
{
    real *to = memory_zeroed(sizeof *to * (size_t)(n + 1));

    for (int64_t i = 0; to && from && i < n; i++)
        to[i] = (real)from[i];
    return to;
}

/* Weights may be the largest thing in memory, and long to copy: in float they are used as they stand. */
static int take_weights(struct probe_point *p, const struct probe_ask *a, struct err *e)
{
    const void *own = a->theta;

    p->theta = own;
    p->statistics = converted(a->statistics, p->network.statistics);
    if (sizeof(real) != sizeof(float))
        p->theta = p->copied = converted(a->theta, p->network.parameters);
    if (!p->theta || !p->statistics)
        return err_memory(e, "the probed weights",
                          sizeof(real) * (unsigned long long)(p->network.parameters + p->network.statistics));
    return 0;
}

static int open_point(struct probe_point *p, const struct probe_ask *a, struct err *e)
{
    int r;

    memset(p, 0, sizeof *p);
    r = R(network).build(&p->network, a->spec, (struct shape){a->batch->steps, a->batch->width}, e);
    if (r)
        return r;
    p->network.blas = R(products_blas)(a->products);
    r = take_weights(p, a, e);
    if (r)
        return r;
    p->source = (struct objective_network){
        .network = &p->network,
        .batch = a->batch,
        .statistics = p->statistics,
        .loss = R(losses).find(a->loss),
        .loss_args = {.label_smoothing = a->label_smoothing, .class_weight = a->class_weight},
        .pool = a->pool,
        .shards = a->shards > 0 ? a->shards : 1,
        .slice = a->slice,
        .batch_statistics = a->batch_statistics,
        .masks = a->masks,
        .cancel = a->cancel,
    };
    if (!p->source.loss)
        return err_set(e, ERR_INPUT, "unknown loss \"%.40s\"", a->loss);
    return R(objective_network).open(&p->source, &p->objective, e);
}

static void close_point(struct probe_point *p)
{
    R(objective_network).close(&p->source);
    R(network).free(&p->network);
    free(p->copied);
    free(p->statistics);
    memset(p, 0, sizeof *p);
}

const struct probe_point_ops R(probe_point) = {.open = open_point, .close = close_point, .converted = converted};
