/* SPDX-License-Identifier: MIT */
/* The pass of a batch through a network, forward and back, cut into shards on the compute pool. */
#include "net/workspace.h"

#include <string.h>

enum { LANES = 16, BLOCK = 4096 }; /* sums kept side by side; elements reduced at a time */

struct pass R(pass_of)(const struct workspace *w, int shard, int layer)
{
    const struct batch_job *j = w->job;
    int first = shard_first(j->examples, w->shards, shard);

    return (struct pass){
        .batch_statistics = w->batch_statistics,
        .masks = w->masks,
        .shard = shard,
        .shards = w->shards,
        .first = first,
        .lengths = j->lengths ? j->lengths + first : NULL,
        .examples = shard_examples(j->examples, w->shards, shard),
        .batch = j->examples,
        .cancel = j->cancel,
        .work = j->work,
        .blas = w->network->blas,
        .theta = j->theta,
        .statistics = j->statistics,
        .v = w->v,
        .gradient = w->shard[shard].gradient,
        .random = {.seed = j->seed, .purpose = RNG_DROPOUT},
        .step = j->step,
        .dropout = j->dropout,
        .saved = w->shard[shard].saved[layer],
        .rsaved = w->shard[shard].rsaved[layer],
        .shared = w->shared[layer],
    };
}

const real *R(pass_input)(const struct workspace *w, int shard, int layer)
{
    return layer ? w->shard[shard].output[layer - 1] : w->shard[shard].x;
}

int R(pass_wait_up)(const struct workspace *w, int from)
{
    int i = from;

    while (i < w->network->count && !(w->batch_statistics && w->network->layer[i].kind->forward_sums))
        i++;
    return i;
}

int R(pass_wait_down)(const struct workspace *w, int from)
{
    int i = from;

    while (i >= 0 && !(w->batch_statistics && w->network->layer[i].kind->backward_sums))
        i--;
    return i;
}

static void forward_layers(struct workspace *w, int shard, int from, int to)
{
    for (int i = from; i < to && !workspace_cancelled(w); i++) {
        const struct layer *l = &w->network->layer[i];
        struct pass p = R(pass_of)(w, shard, i);
        l->kind->forward(l, &p, R(pass_input)(w, shard, i), w->shard[shard].output[i]);
        if (!l->kind->cell)
            layer_worked(&p, layer_rows(l, &p) * layer_weights(l));
    }
}

/* The shard's rows as the loss sees them. The scale is that of a batch in which every row counts; where
 * some do not, the reduction makes up for it. */
struct loss_rows R(pass_loss_rows)(const struct workspace *w, int shard)
{
    const struct layer *last = &w->network->layer[w->network->count - 1];

    return (struct loss_rows){
        .rows = last->out.steps * shard_examples(w->job->examples, w->shards, shard),
        .classes = last->out.width,
        .ld = last->out_ld,
        .logits = w->shard[shard].output[w->network->count - 1],
        .labels = w->shard[shard].labels,
        .scale = 1 / ((real)last->out.steps * (real)w->job->examples),
    };
}

static void take_loss(struct workspace *w, int shard, real *gradient)
{
    const struct batch_job *j = w->job;
    struct loss_rows r = R(pass_loss_rows)(w, shard);
    struct shard *s = &w->shard[shard];

    s->weight = R(losses).weight(j->loss, &j->loss_args, r.rows, r.labels);
    s->correct = R(loss_correct)(r.rows, r.classes, r.ld, r.logits, r.labels);
    s->loss = R(losses).value(j->loss, &j->loss_args, &r, gradient);
}

static void loss_only(struct workspace *w, int shard)
{
    take_loss(w, shard, NULL);
}

static void loss_and_back(struct workspace *w, int shard)
{
    take_loss(w, shard, w->shard[shard].delta[0]);
    R(pass_backward_begin)(w, shard);
}

static void backward_sums(struct workspace *w, int shard, int layer)
{
    const struct layer *l = &w->network->layer[layer];
    struct pass p = R(pass_of)(w, shard, layer);

    l->kind->backward_sums(l, &p, R(pass_input)(w, shard, layer), w->shard[shard].delta[w->shard[shard].turn]);
}

/* Backward through `from` … above `to`, then the sums of `to`. */
static void backward_layers(struct workspace *w, int shard, int from, int to)
{
    struct shard *s = &w->shard[shard];

    for (int i = from; i > to && !workspace_cancelled(w); i--) {
        const struct layer *l = &w->network->layer[i];
        struct pass p = R(pass_of)(w, shard, i);
        real *dy = s->delta[s->turn], *dx = l->kind->elementwise ? dy : s->delta[!s->turn];
        l->kind->backward(l, &p, R(pass_input)(w, shard, i), s->output[i], dy, i ? dx : NULL);
        if (!l->kind->cell)
            layer_worked(&p, 2 * layer_rows(l, &p) * layer_weights(l));
        if (!l->kind->elementwise)
            s->turn = !s->turn;
    }
    if (to >= 0 && !workspace_cancelled(w))
        backward_sums(w, shard, to);
}

static void fill_shard(struct workspace *w, int shard)
{
    const struct batch_job *j = w->job;
    int first = shard_first(j->examples, w->shards, shard), count = shard_examples(j->examples, w->shards, shard);
    int steps = w->network->layer[w->network->count - 1].out.steps;
    uint8_t *labels = w->shard[shard].labels;

    j->fill(j->fill_context, first, count, w->shard[shard].x, real_padded(w->network->in.width), labels);
    for (int t = 1; j->lengths && t < steps; t++)
        for (int i = 0; i < count; i++)
            if (t >= j->lengths[first + i])
                labels[t * count + i] = LOSS_IGNORED;
}

void R(pass_backward_begin)(struct workspace *w, int shard)
{
    w->shard[shard].turn = 0;
    backward_layers(w, shard, w->network->count - 1, R(pass_wait_down)(w, w->network->count - 1));
}

/* Stages: what every shard does between two barriers. */
static void stage_forward(void *context, int shard)
{
    struct workspace *w = context;

    if (w->first)
        fill_shard(w, shard);
    forward_layers(w, shard, w->from, w->to);
    if (workspace_cancelled(w))
        return;
    if (w->to < w->network->count) {
        const struct layer *l = &w->network->layer[w->to];
        struct pass p = R(pass_of)(w, shard, w->to);
        l->kind->forward_sums(l, &p, R(pass_input)(w, shard, w->to));
    } else if (w->end)
        w->end(w, shard);
}

static void stage_backward(void *context, int shard)
{
    struct workspace *w = context;
    backward_layers(w, shard, w->from, w->to);
}

void R(pass_run)(struct workspace *w, struct pool *p, void (*stage)(void *context, int shard))
{
    if (w->first_shard)
        R(ranks_run)(w, p, stage);
    else
        pool_run(p, stage, w, w->shards);
}

/* The next stage of the way forward, and the sums that the layer after it waits for. */
static void run_forward(struct workspace *w, struct pool *p)
{
    R(pass_run)(w, p, stage_forward);
    if (w->to < w->network->count)
        R(ranks_share_sums)(w, w->to, 0);
}

void R(pass_forward)(struct workspace *w, struct pool *p, void (*end)(struct workspace *w, int shard))
{
    w->end = end;
    w->from = 0;
    w->to = R(pass_wait_up)(w, 0);
    w->first = 1;
    run_forward(w, p);
    for (w->first = 0; w->to < w->network->count;) {
        w->from = w->to;
        w->to = R(pass_wait_up)(w, w->from + 1);
        run_forward(w, p);
    }
}

void R(pass_backward)(struct workspace *w, struct pool *p)
{
    for (w->from = R(pass_wait_down)(w, w->network->count - 1); w->from >= 0; w->from = w->to) {
        w->to = R(pass_wait_down)(w, w->from - 1);
        R(ranks_share_sums)(w, w->from, 1);
        R(pass_run)(w, p, stage_backward);
    }
}

static double weight_of(const struct workspace *w)
{
    struct shard_sum weight = {0};

    for (int s = 0; s < w->shards; s++)
        shard_add(&weight, w->shard[s].weight);
    return shard_total(&weight);
}

/* Divisor of the sums over the rows. If no row counts, they are 0 as well. */
static double divisor(const struct workspace *w)
{
    double weight = w->job->weight > 0 ? w->job->weight : weight_of(w);

    return weight > 0 ? weight : 1;
}

static double all_rows(const struct workspace *w)
{
    return (double)w->network->layer[w->network->count - 1].out.steps * w->job->examples;
}

KERNEL void R(pass_add)(int64_t n, const real *a, const real *b, real *to)
{
    LAYER_LOOP
    for (int64_t i = 0; i < n; i++)
        to[i] = a[i] + b[i];
}

/* x times a factor, and Σ x² in LANES sums: so the compiler may keep them in vectors. */
KERNEL static void scale_and_square(int64_t n, real factor, real *x, double *sum)
{
    double own[LANES] = {0};
    int64_t i = 0;

    for (int64_t k = 0; factor != 1 && k < n; k++)
        x[k] *= factor;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            own[k] += (double)x[i + k] * (double)x[i + k];
    for (; i < n; i++)
        own[i % LANES] += (double)x[i] * (double)x[i];
    for (int k = 0; k < LANES; k++)
        sum[k] += own[k];
}

/* out = the shards' gradients from element `from` on, summed over the tree that network.h describes; all but its root
 * in their own place, and but what a rank has summed. */
static void sum_shards(struct workspace *w, int64_t from, int64_t count, real *out)
{
    int stride = 1;

    for (; 2 * stride < w->shards; stride *= 2)
        for (int s = 0; s + stride < w->shards; s += 2 * stride)
            if (!R(ranks_join)(w, s, stride))
                R(pass_add)(count, w->shard[s].gradient + from, w->shard[s + stride].gradient + from,
                            w->shard[s].gradient + from);
    if (w->shards > 1)
        R(pass_add)(count, w->shard[0].gradient + from, w->shard[stride].gradient + from, out);
    else
        memcpy(out, w->shard[0].gradient + from, sizeof *out * (size_t)count);
}

/* One part of the flat gradient, block by block, so that each is read once and summed in the cache. Parts begin on
 * cache lines. */
static void stage_reduce(void *context, int part)
{
    struct workspace *w = context;
    int64_t from = workspace_part(w, part), to = workspace_part(w, part + 1);
    real *out = w->reduced, factor = (real)(all_rows(w) / divisor(w));
    double sum[LANES] = {0};

    for (; from < to && !workspace_cancelled(w); from += BLOCK) {
        int64_t count = from + BLOCK < to ? BLOCK : to - from;
        sum_shards(w, from, count, out + from);
        scale_and_square(count, factor, out + from, sum);
    }
    for (int k = 1; k < LANES; k++)
        sum[0] += sum[k];
    w->shard[part].squares = sum[0];
}

void R(pass_reduce)(struct workspace *w, struct pool *p, real *out)
{
    w->reduced = out;
    R(ranks_share_figures)(w);
    R(ranks_share_gradients)(w, p);
    R(pass_run)(w, p, stage_reduce);
    R(ranks_share_reduced)(w);
}

static void gather_result(const struct workspace *w, struct batch_result *r)
{
    struct shard_sum loss = {0};

    *r = (struct batch_result){0};
    for (int s = 0; s < w->shards; s++) {
        shard_add(&loss, w->shard[s].loss);
        r->correct += w->shard[s].correct;
    }
    r->loss = shard_total(&loss) / divisor(w);
    r->weight = weight_of(w);
    r->cancelled = workspace_cancelled(w);
}

void R(pass_modes)(struct workspace *w, const struct batch_job *j, int training)
{
    w->job = j;
    w->batch_statistics = training && !j->running_statistics;
    w->masks = training && !j->no_masks;
}

void R(network_gradient)(struct workspace *w, struct pool *p, const struct batch_job *j, real *out,
                         struct batch_result *r)
{
    struct shard_sum squares = {0};

    R(pass_modes)(w, j, 1);
    R(pass_forward)(w, p, loss_and_back);
    R(pass_backward)(w, p);
    R(pass_reduce)(w, p, out);
    gather_result(w, r);
    for (int s = 0; s < w->shards; s++)
        shard_add(&squares, w->shard[s].squares);
    r->gradient_norm = sqrt(shard_total(&squares));
}

void R(network_evaluate)(struct workspace *w, struct pool *p, const struct batch_job *j, struct batch_result *r)
{
    R(pass_modes)(w, j, j->measure);
    R(pass_forward)(w, p, loss_only);
    R(ranks_share_figures)(w);
    gather_result(w, r);
}
