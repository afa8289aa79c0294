/* SPDX-License-Identifier: MIT */
/* Products with the Hessian and with its Gauss–Newton part, without either matrix.
 *
 * Hessian (Pearlmutter 1994): forward, then R-forward with R{θ} = v, the loss's own Hessian on R{logits},
 * then backward with R-backward beside it, whose gradient is H v.
 * Gauss–Newton (Schraudolph 2002): forward, R-forward gives J v, the loss's part G of it, and an ordinary
 * backward pass gives Jᵀ G J v. */
#include "net/workspace.h"

static const real *rinput_of(const struct workspace *w, int shard, int layer)
{
    return layer ? w->shard[shard].routput[layer - 1] : NULL;
}

/* R{gradient of the logits} of the shard, and for the Hessian the gradient itself beside it. */
static void take_curvature(struct workspace *w, int shard)
{
    const struct batch_job *j = w->job;
    struct loss_rows r = R(pass_loss_rows)(w, shard);
    struct shard *s = &w->shard[shard];
    const real *rlogits = s->routput[w->network->count - 1];

    s->weight = R(losses).weight(j->loss, &j->loss_args, r.rows, r.labels);
    s->turn = 0;
    R(losses).curvature(j->loss, &j->loss_args, &r, w->gauss_newton, rlogits,
                        w->gauss_newton ? s->delta[0] : s->rdelta[0]);
    if (!w->gauss_newton)
        s->loss = R(losses).value(j->loss, &j->loss_args, &r, s->delta[0]);
}

/* The layer's values with their R{…}, going back. */
static struct rflow flow_of(const struct workspace *w, int shard, int layer)
{
    const struct layer *l = &w->network->layer[layer];
    const struct shard *s = &w->shard[shard];
    int next = l->kind->elementwise ? s->turn : !s->turn;

    return (struct rflow){
        .x = R(pass_input)(w, shard, layer),
        .rx = rinput_of(w, shard, layer),
        .y = s->output[layer],
        .ry = s->routput[layer],
        .dy = s->delta[s->turn],
        .rdy = s->rdelta[s->turn],
        .dx = layer ? s->delta[next] : NULL,
        .rdx = layer ? s->rdelta[next] : NULL,
    };
}

/* R-backward through `from` … above `to`, then the sums of `to`. */
static void rbackward_layers(struct workspace *w, int shard, int from, int to)
{
    for (int i = from; i > to && !workspace_cancelled(w); i--) {
        const struct layer *l = &w->network->layer[i];
        struct pass p = R(pass_of)(w, shard, i);
        struct rflow f = flow_of(w, shard, i);
        l->kind->rbackward(l, &p, &f);
        if (!l->kind->elementwise)
            w->shard[shard].turn = !w->shard[shard].turn;
    }
    if (to >= 0 && !workspace_cancelled(w)) {
        const struct layer *l = &w->network->layer[to];
        struct pass p = R(pass_of)(w, shard, to);
        struct rflow f = flow_of(w, shard, to);
        l->kind->rbackward_sums(l, &p, &f);
    }
}

static void stage_rforward(void *context, int shard)
{
    struct workspace *w = context;
    int count = w->network->count;

    for (int i = w->from; i < w->to && !workspace_cancelled(w); i++) {
        const struct layer *l = &w->network->layer[i];
        struct pass p = R(pass_of)(w, shard, i);
        l->kind->rforward(l, &p, R(pass_input)(w, shard, i), rinput_of(w, shard, i), w->shard[shard].output[i],
                          w->shard[shard].routput[i]);
    }
    if (workspace_cancelled(w))
        return;
    if (w->to < count) {
        const struct layer *l = &w->network->layer[w->to];
        struct pass p = R(pass_of)(w, shard, w->to);
        l->kind->rforward_sums(l, &p, R(pass_input)(w, shard, w->to), rinput_of(w, shard, w->to));
        return;
    }
    take_curvature(w, shard);
    if (w->gauss_newton)
        R(pass_backward_begin)(w, shard);
    else
        rbackward_layers(w, shard, count - 1, R(pass_wait_down)(w, count - 1));
}

static void stage_rbackward(void *context, int shard)
{
    struct workspace *w = context;
    rbackward_layers(w, shard, w->from, w->to);
}

static void rforward_pass(struct workspace *w, struct pool *p)
{
    w->from = 0;
    for (w->to = R(pass_wait_up)(w, 0);; w->to = R(pass_wait_up)(w, w->from + 1)) {
        pool_run(p, stage_rforward, w, w->shards);
        if (w->to == w->network->count)
            return;
        w->from = w->to;
    }
}

static void rbackward_pass(struct workspace *w, struct pool *p)
{
    for (w->from = R(pass_wait_down)(w, w->network->count - 1); w->from >= 0; w->from = w->to) {
        w->to = R(pass_wait_down)(w, w->from - 1);
        pool_run(p, stage_rbackward, w, w->shards);
    }
}

/* R-forward has two products for each forward, R-backward two for each of the two backward; told when they are made. */
static void count_work(const struct workspace *w, const struct batch_job *j, int forwards)
{
    if (j->work)
        atomic_fetch_add(j->work, (long long)(forwards * j->examples * R(network).work(w->network)));
}

/* Where the workspace is spread over ranks, each computes all shards: the sums are the same, and no rank waits. */
static int product(struct workspace *w, struct pool *p, const struct batch_job *j, int gauss_newton, const real *v,
                   real *out)
{
    int *spread = w->first_shard;

    if (R(workspace_curvature)(w) != 0)
        return -ERR_RUNTIME;
    w->first_shard = NULL;
    R(pass_modes)(w, j, 1);
    w->gauss_newton = gauss_newton;
    w->v = v;
    R(pass_forward)(w, p, NULL);
    rforward_pass(w, p);
    count_work(w, j, 2);
    if (gauss_newton) {
        R(pass_backward)(w, p);
    } else {
        rbackward_pass(w, p);
        count_work(w, j, 4);
    }
    R(pass_reduce)(w, p, out);
    w->first_shard = spread;
    return workspace_cancelled(w) ? -ERR_CANCELLED : 0;
}

int R(network_hessian_vector)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out)
{
    return product(w, p, j, 0, v, out);
}

int R(network_gauss_newton)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out)
{
    return product(w, p, j, 1, v, out);
}
