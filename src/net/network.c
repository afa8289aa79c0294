/* SPDX-License-Identifier: MIT */
#include "net/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/products.h"
#include "net/workspace.h"

/* ---- building ------------------------------------------------------------------------------- */

/* Give the layer's tensors their names and offsets in the network's flat vectors. */
static void place_tensors(struct network *n, struct layer *l)
{
    for (int k = 0; k < l->parameters + l->statistics; k++) {
        int parameter = k < l->parameters;
        struct place *t = parameter ? &l->parameter[k] : &l->statistic[k - l->parameters];
        int64_t *end = parameter ? &n->parameters : &n->statistics;
        char own[32];

        memcpy(own, t->name, sizeof own - 1);
        own[sizeof own - 1] = 0;
        snprintf(t->name, TENSOR_NAME, "layers.%d.%s", l->index, own);
        t->count = t->shape[0] * (t->dims > 1 ? t->shape[1] : 1);
        t->offset = *end;
        *end += t->count;
    }
    n->places += l->parameters;
    n->statistic_places += l->statistics;
}

static int build_layer(struct network *n, const struct layer_spec *spec, struct shape in, struct err *e)
{
    struct layer *l = &n->layer[n->count], *before = n->count ? l - 1 : NULL;
    int r;

    *l = (struct layer){.kind = R(layers).find(spec->kind), .spec = *spec, .index = n->count, .in = in};
    l->parameter = n->place + n->places;
    l->statistic = n->statistic + n->statistic_places;
    if (!l->kind)
        return err_set(e, ERR_INPUT, "network: layer %d: there is no layer \"%s\"", n->count, spec->kind);
    r = l->kind->setup(l, e);
    if (r)
        return r;
    l->in_ld = real_padded(l->in.width);
    l->out_ld = real_padded(l->out.width);
    l->in_place = l->kind->elementwise && !l->kind->needs_input && before && !before->kind->needs_output;
    place_tensors(n, l);
    n->count++;
    return 0;
}

static void network_free(struct network *n)
{
    free(n->place);
    free(n->statistic);
    memset(n, 0, sizeof *n);
}

enum { TENSORS = 2 }; /* of a layer that does not say how many */

static int allocate_places(struct network *n, const struct network_spec *s, struct err *e)
{
    size_t most = 0;

    for (int i = 0; i < s->count; i++) {
        const struct layer_kind *k = R(layers).find(s->layer[i].kind);
        int tensors = k && k->tensors ? k->tensors(&s->layer[i]) : TENSORS;
        most += tensors > 0 && tensors < LAYER_TENSORS ? (size_t)tensors : TENSORS;
    }
    n->place = calloc(most + 1, sizeof *n->place);
    n->statistic = calloc(most + 1, sizeof *n->statistic);
    if (!n->place || !n->statistic)
        return err_memory(e, "a network", most * sizeof *n->place);
    return 0;
}

/* The steps of each layer's output that reach the loss. */
static void find_needs(struct network *n)
{
    int first = 0, last = n->layer[n->count - 1].out.steps - 1;

    for (int i = n->count - 1; i >= 0; i--) {
        struct layer *l = &n->layer[i];
        l->need_first = first;
        l->need_last = last;
        if (l->kind->reach)
            l->kind->reach(l, &first, &last);
    }
}

static int build_layers(struct network *n, const struct network_spec *s, struct err *e)
{
    struct shape shape = n->in;
    int r = allocate_places(n, s, e);

    for (int i = 0; r == 0 && i < s->count; i++) {
        r = build_layer(n, &s->layer[i], shape, e);
        shape = n->layer[i].out;
    }
    n->classes = shape.width;
    if (r == 0 && (n->classes > LOSS_MOST_CLASSES || n->count == 0))
        r = err_set(e, ERR_INPUT, "network: it must end in 1 to %d classes", LOSS_MOST_CLASSES);
    return r;
}

static int build(struct network *n, const struct network_spec *s, struct shape in, struct err *e)
{
    int r;

    memset(n, 0, sizeof *n);
    n->in = in;
    n->blas = R(products_blas)(PRODUCTS_AUTO);
    r = build_layers(n, s, e);
    if (r)
        network_free(n);
    else
        find_needs(n);
    return r;
}

static void init(const struct network *n, uint64_t seed, real *theta, real *statistics)
{
    struct rng r = {.seed = seed, .purpose = RNG_INIT};

    for (int i = 0; i < n->count; i++)
        if (n->layer[i].kind->init)
            n->layer[i].kind->init(&n->layer[i], theta, statistics, &r);
}

/* ---- what stands in a workspace ------------------------------------------------------------- */

static double work(const struct network *n)
{
    double sum = 0;

    for (int i = 0; i < n->count; i++)
        sum += n->layer[i].in.steps * layer_weights(&n->layer[i]);
    return sum;
}

static void workspace_use(struct workspace *w, const struct network *n)
{
    w->network = n;
}

static int capacity(const struct workspace *w)
{
    return w->capacity;
}

static void commit_share(const struct workspace *w, double share, real *statistics)
{
    for (int i = 0; i < w->network->count; i++) {
        const struct layer *l = &w->network->layer[i];
        if (l->kind->commit)
            l->kind->commit(l, w->shared[i], w->shards, share, statistics);
    }
}

static void commit(const struct workspace *w, real *statistics)
{
    commit_share(w, NAN, statistics);
}

/* Place of row i of the last pass: its shard, and its row there. */
static const struct shard *find_row(const struct workspace *w, int i, size_t *at)
{
    const struct layer *last = &w->network->layer[w->network->count - 1];
    int shard = 0, example = i / last->out.steps, step = i % last->out.steps;

    while (shard + 1 < w->shards && shard_first(w->job->examples, w->shards, shard + 1) <= example)
        shard++;
    example -= shard_first(w->job->examples, w->shards, shard);
    *at = (size_t)step * (size_t)shard_examples(w->job->examples, w->shards, shard) + (size_t)example;
    return &w->shard[shard];
}

static const real *logits(const struct workspace *w, int i)
{
    int last = w->network->count - 1;
    size_t at;
    const struct shard *s = find_row(w, i, &at);

    return s->output[last] + at * (size_t)w->network->layer[last].out_ld;
}

static int label(const struct workspace *w, int i)
{
    size_t at;
    const struct shard *s = find_row(w, i, &at);

    return s->labels[at];
}

const struct network_ops R(network) = {
    .build = build,
    .free = network_free,
    .init = init,
    .workspace_bytes = R(workspace_bytes),
    .workspace_new = R(workspace_new),
    .workspace_free = R(workspace_free),
    .workspace_use = workspace_use,
    .capacity = capacity,
    .spread = R(network_spread),
    .gather_rows = R(network_gather_rows),
    .work = work,
    .gradient = R(network_gradient),
    .commit = commit,
    .commit_share = commit_share,
    .evaluate = R(network_evaluate),
    .logits = logits,
    .label = label,
    .activity = R(network_activity),
    .hessian_vector = R(network_hessian_vector),
    .gauss_newton_vector = R(network_gauss_newton),
};
