#include "net/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

/* A shard's own memory. */
struct shard {
    real *x;                          /* the batch's rows */
    uint8_t *labels;
    real *output[SPEC_MOST_LAYERS];   /* of each layer; elementwise layers share their input's */
    void *saved[SPEC_MOST_LAYERS];
    real *delta[2];                   /* gradients of activations, in turn */
    int turn;                         /* which delta holds the present one */
    real *gradient;                   /* [parameters] */
    double loss;
    int correct;
    double squares;                   /* of this part of the reduced gradient */
};

struct workspace {
    const struct network *network;
    int shards, capacity;
    struct shard *shard;
    void *shared[SPEC_MOST_LAYERS];
    void *block;                      /* all of the above points in here */
    /* the pass at hand */
    const struct batch_job *job;
    int training;
    int from, to;                     /* layers of the stage */
    int first;                        /* the stage begins by filling in the batch */
    real *reduced;                    /* where the gradient goes */
};

/* ---- building ------------------------------------------------------------------------------- */

/* Give the layer's tensors their names and offsets in the network's flat vectors. */
static void place_tensors(struct network *n, struct layer *l)
{
    for (int k = 0; k < l->parameters + l->statistics; k++) {
        int parameter = k < l->parameters;
        struct place *t = parameter ? &l->parameter[k] : &l->statistic[k - l->parameters];
        int64_t *end = parameter ? &n->parameters : &n->statistics;
        char own[16];

        memcpy(own, t->name, sizeof own - 1);
        own[sizeof own - 1] = 0;
        snprintf(t->name, TENSOR_NAME, "layers.%d.%s", l->index, own);
        t->count = t->shape[0] * (t->dims > 1 ? t->shape[1] : 1);
        t->offset = *end;
        *end += t->count;
        if (parameter)
            n->place[n->places++] = *t;
        else
            n->statistic[n->statistic_places++] = *t;
    }
}

static int build_layer(struct network *n, const struct layer_spec *spec, struct shape in, struct err *e)
{
    struct layer *l = &n->layer[n->count], *before = n->count ? l - 1 : NULL;
    int r;

    *l = (struct layer){.kind = R(layers).find(spec->kind), .spec = *spec, .index = n->count, .in = in};
    if (!l->kind)
        return err_set(e, ERR_INPUT, "network: layer %d: there is no layer \"%s\"", n->count, spec->kind);
    r = l->kind->setup(l, e);
    if (r)
        return r;
    l->in_ld = real_padded(l->in.width);
    l->out_ld = real_padded(l->out.width);
    l->in_place = l->kind->elementwise && before && !before->kind->needs_output;
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

static int build(struct network *n, const struct network_spec *s, struct shape in, struct err *e)
{
    struct shape shape = in;

    memset(n, 0, sizeof *n);
    n->in = in;
    n->place = calloc(SPEC_MOST_LAYERS * LAYER_TENSORS, sizeof *n->place);
    n->statistic = calloc(SPEC_MOST_LAYERS * LAYER_TENSORS, sizeof *n->statistic);
    if (!n->place || !n->statistic) {
        network_free(n);
        return err_memory(e, "a network", 1);
    }
    for (int i = 0; i < s->count; i++) {
        int r = build_layer(n, &s->layer[i], shape, e);
        if (r) {
            network_free(n);
            return r;
        }
        shape = n->layer[i].out;
    }
    n->classes = shape.width;
    if (n->classes > LOSS_MOST_CLASSES || n->count == 0) {
        network_free(n);
        return err_set(e, ERR_INPUT, "network: it must end in 1 to %d classes", LOSS_MOST_CLASSES);
    }
    return 0;
}

static void init(const struct network *n, uint64_t seed, real *theta, real *statistics)
{
    struct rng r = {.seed = seed, .purpose = RNG_INIT};

    for (int i = 0; i < n->count; i++)
        if (n->layer[i].kind->init)
            n->layer[i].kind->init(&n->layer[i], theta, statistics, &r);
}

/* ---- memory --------------------------------------------------------------------------------- */

static int widest(const struct network *n)
{
    int most = real_padded(n->in.width);

    for (int i = 0; i < n->count; i++)
        most = n->layer[i].out_ld > most ? n->layer[i].out_ld : most;
    return most;
}

static int longest(const struct network *n)
{
    int most = n->in.steps;

    for (int i = 0; i < n->count; i++)
        most = n->layer[i].out.steps > most ? n->layer[i].out.steps : most;
    return most;
}

static void lay_out_shard(const struct network *n, struct shard *s, int examples, struct arena *a)
{
    size_t size = sizeof(real), count = (size_t)examples;
    const real *x;

    s->x = arena_take(a, size * count * (size_t)n->in.steps * (size_t)real_padded(n->in.width));
    s->labels = arena_take(a, count * (size_t)longest(n));
    x = s->x;
    for (int i = 0; i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        if (l->in_place)
            s->output[i] = (real *)x;
        else
            s->output[i] = arena_take(a, size * count * (size_t)l->out.steps * (size_t)l->out_ld);
        s->saved[i] = l->kind->saved ? arena_take(a, l->kind->saved(l, examples)) : NULL;
        x = s->output[i];
    }
    for (int k = 0; k < 2; k++)
        s->delta[k] = arena_take(a, size * count * (size_t)longest(n) * (size_t)widest(n));
    s->gradient = arena_take(a, size * (size_t)n->parameters);
}

static void lay_out(struct workspace *w, struct arena *a)
{
    const struct network *n = w->network;
    int examples = (w->capacity + w->shards - 1) / w->shards;

    for (int i = 0; i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        w->shared[i] = l->kind->shared ? arena_take(a, l->kind->shared(l, w->shards)) : NULL;
    }
    for (int s = 0; s < w->shards; s++)
        lay_out_shard(n, &w->shard[s], examples, a);
}

static void workspace_free(struct workspace *w)
{
    if (!w)
        return;
    free(w->block);
    free(w->shard);
    free(w);
}

static struct workspace *workspace_new(const struct network *n, int shards, int examples)
{
    struct workspace *w = calloc(1, sizeof *w);
    struct arena a = {0};

    if (!w)
        return NULL;
    *w = (struct workspace){.network = n, .shards = shards, .capacity = examples};
    w->shard = calloc((size_t)shards, sizeof *w->shard);
    if (w->shard) {
        lay_out(w, &a);
        w->block = memory_zeroed(a.used);
    }
    if (!w->block) {
        workspace_free(w);
        return NULL;
    }
    a = (struct arena){.base = w->block};
    lay_out(w, &a);
    return w;
}

static int capacity(const struct workspace *w)
{
    return w->capacity;
}

/* ---- the pass ------------------------------------------------------------------------------- */

static struct pass pass_of(const struct workspace *w, int shard, int layer)
{
    const struct batch_job *j = w->job;

    return (struct pass){
        .training = w->training,
        .shard = shard,
        .shards = w->shards,
        .first = shard_first(j->examples, w->shards, shard),
        .examples = shard_examples(j->examples, w->shards, shard),
        .batch = j->examples,
        .theta = j->theta,
        .statistics = j->statistics,
        .gradient = w->shard[shard].gradient,
        .random = {.seed = j->seed, .purpose = RNG_DROPOUT},
        .step = j->step,
        .dropout = j->dropout,
        .saved = w->shard[shard].saved[layer],
        .shared = w->shared[layer],
    };
}

static const real *input_of(const struct workspace *w, int shard, int layer)
{
    return layer ? w->shard[shard].output[layer - 1] : w->shard[shard].x;
}

/* The first layer from `from` on that has to wait for all shards, or the number of layers. */
static int next_wait_forward(const struct workspace *w, int from)
{
    int i = from;

    while (i < w->network->count && !(w->training && w->network->layer[i].kind->forward_sums))
        i++;
    return i;
}

static void forward_layers(struct workspace *w, int shard, int from, int to)
{
    for (int i = from; i < to; i++) {
        const struct layer *l = &w->network->layer[i];
        struct pass p = pass_of(w, shard, i);
        l->kind->forward(l, &p, input_of(w, shard, i), w->shard[shard].output[i]);
    }
}

/* The loss of the shard's rows, and in training its gradient into the first delta. */
static void take_loss(struct workspace *w, int shard)
{
    const struct layer *last = &w->network->layer[w->network->count - 1];
    struct shard *s = &w->shard[shard];
    const real *z = s->output[w->network->count - 1];
    int rows = last->out.steps * shard_examples(w->job->examples, w->shards, shard);
    real scale = 1 / ((real)last->out.steps * (real)w->job->examples);

    s->turn = 0;
    s->correct = R(loss_correct)(rows, last->out.width, last->out_ld, z, s->labels);
    s->loss = w->job->loss->value(&w->job->loss_args, rows, last->out.width, last->out_ld, z, s->labels, scale,
                                  w->training ? s->delta[0] : NULL);
}

static void backward_sums(struct workspace *w, int shard, int layer)
{
    const struct layer *l = &w->network->layer[layer];
    struct pass p = pass_of(w, shard, layer);

    l->kind->backward_sums(l, &p, input_of(w, shard, layer), w->shard[shard].delta[w->shard[shard].turn]);
}

/* The first layer from `from` down that has to wait for all shards, or −1. */
static int next_wait_backward(const struct workspace *w, int from)
{
    int i = from;

    while (i >= 0 && !w->network->layer[i].kind->backward_sums)
        i--;
    return i;
}

/* Backward through `from` … above `to`, then the sums of `to`. */
static void backward_layers(struct workspace *w, int shard, int from, int to)
{
    struct shard *s = &w->shard[shard];

    for (int i = from; i > to; i--) {
        const struct layer *l = &w->network->layer[i];
        struct pass p = pass_of(w, shard, i);
        real *dy = s->delta[s->turn], *dx = l->kind->elementwise ? dy : s->delta[!s->turn];
        l->kind->backward(l, &p, input_of(w, shard, i), s->output[i], dy, i ? dx : NULL);
        if (!l->kind->elementwise)
            s->turn = !s->turn;
    }
    if (to >= 0)
        backward_sums(w, shard, to);
}

static void fill_shard(struct workspace *w, int shard)
{
    int count = shard_examples(w->job->examples, w->shards, shard);

    w->job->fill(w->job->fill_context, shard_first(w->job->examples, w->shards, shard), count,
                 w->shard[shard].x, real_padded(w->network->in.width), w->shard[shard].labels);
}

/* Stages: what every shard does between two barriers. */
static void stage_forward(void *context, int shard)
{
    struct workspace *w = context;

    if (w->first)
        fill_shard(w, shard);
    forward_layers(w, shard, w->from, w->to);
    if (w->to < w->network->count) {
        const struct layer *l = &w->network->layer[w->to];
        struct pass p = pass_of(w, shard, w->to);
        l->kind->forward_sums(l, &p, input_of(w, shard, w->to));
        return;
    }
    take_loss(w, shard);
    if (w->training)
        backward_layers(w, shard, w->network->count - 1, next_wait_backward(w, w->network->count - 1));
}

static void stage_backward(void *context, int shard)
{
    struct workspace *w = context;
    backward_layers(w, shard, w->from, w->to);
}

static void forward_pass(struct workspace *w, struct pool *p)
{
    w->from = 0;
    w->to = next_wait_forward(w, 0);
    w->first = 1;
    pool_run(p, stage_forward, w, w->shards);
    for (w->first = 0; w->to < w->network->count;) {
        w->from = w->to;
        w->to = next_wait_forward(w, w->from + 1);
        pool_run(p, stage_forward, w, w->shards);
    }
}

static void backward_pass(struct workspace *w, struct pool *p)
{
    for (w->from = next_wait_backward(w, w->network->count - 1); w->from >= 0; w->from = w->to) {
        w->to = next_wait_backward(w, w->from - 1);
        pool_run(p, stage_backward, w, w->shards);
    }
}

/* One part of the flat gradient: the shards' in order. Parts begin on cache lines. */
static void stage_reduce(void *context, int part)
{
    struct workspace *w = context;
    int64_t n = w->network->parameters, lines = (n + REAL_PAD - 1) / REAL_PAD;
    int64_t from = lines * part / w->shards * REAL_PAD, to = lines * (part + 1) / w->shards * REAL_PAD;
    real *out = w->reduced;
    double squares = 0;

    if (to > n)
        to = n;
    memcpy(out + from, w->shard[0].gradient + from, sizeof *out * (size_t)(to - from));
    for (int s = 1; s < w->shards; s++)
        for (int64_t i = from; i < to; i++)
            out[i] += w->shard[s].gradient[i];
    for (int64_t i = from; i < to; i++)
        squares += (double)out[i] * (double)out[i];
    w->shard[part].squares = squares;
}

static void gather_result(const struct workspace *w, struct batch_result *r)
{
    const struct layer *last = &w->network->layer[w->network->count - 1];

    *r = (struct batch_result){0};
    for (int s = 0; s < w->shards; s++) {
        r->loss += w->shard[s].loss;
        r->correct += w->shard[s].correct;
    }
    r->loss /= (double)last->out.steps * w->job->examples;
}

static void gradient(struct workspace *w, struct pool *p, const struct batch_job *j, real *out,
                     struct batch_result *r)
{
    double squares = 0;

    w->job = j;
    w->training = 1;
    w->reduced = out;
    forward_pass(w, p);
    backward_pass(w, p);
    pool_run(p, stage_reduce, w, w->shards);
    gather_result(w, r);
    for (int s = 0; s < w->shards; s++)
        squares += w->shard[s].squares;
    r->gradient_norm = sqrt(squares);
}

static void evaluate(struct workspace *w, struct pool *p, const struct batch_job *j, struct batch_result *r)
{
    w->job = j;
    w->training = 0;
    forward_pass(w, p);
    gather_result(w, r);
}

static void commit(const struct workspace *w, real *statistics)
{
    for (int i = 0; i < w->network->count; i++) {
        const struct layer *l = &w->network->layer[i];
        if (l->kind->commit)
            l->kind->commit(l, w->shared[i], w->shards, w->job->examples, statistics);
    }
}

static const real *logits(const struct workspace *w, int example)
{
    const struct layer *last = &w->network->layer[w->network->count - 1];
    int shard = 0;

    while (shard + 1 < w->shards && shard_first(w->job->examples, w->shards, shard + 1) <= example)
        shard++;
    example -= shard_first(w->job->examples, w->shards, shard);
    return w->shard[shard].output[w->network->count - 1] + (size_t)example * (size_t)last->out_ld;
}

const struct network_ops R(network) = {
    .build = build,
    .free = network_free,
    .init = init,
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .capacity = capacity,
    .gradient = gradient,
    .commit = commit,
    .evaluate = evaluate,
    .logits = logits,
};
