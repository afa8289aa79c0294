/* SPDX-License-Identifier: MIT */
/* Units that are silent or saturated in the last pass: what the activations of one batch say of a layer. */
#include "net/workspace.h"

#include "net/recurrent.h"

/* Beyond these an activation hardly follows its input: slopes of a sigmoid below .048, of tanh below .098. */
static const real LOW = (real).05, HIGH = (real).95;

/* A sigmoid's value lies in 0 … 1, that of tanh in −1 … 1. */
static int is_saturated(real y, int two_sided)
{
    return y > HIGH || y < (two_sided ? -HIGH : LOW);
}

static int examples_of(const struct workspace *w, int shard)
{
    return shard_examples(w->job->examples, w->shards, shard);
}

/* A unit is alive when one of the rows has it above 0. */
static int is_alive(const struct workspace *w, const struct layer *l, int unit)
{
    for (int s = 0; s < w->shards; s++) {
        const real *y = w->shard[s].output[l->index] + unit;
        for (int row = 0; row < l->out.steps * examples_of(w, s); row++)
            if (y[(size_t)row * (size_t)l->out_ld] > 0)
                return 1;
    }
    return 0;
}

static void look_at_outputs(const struct workspace *w, const struct layer *l, int two_sided, struct layer_activity *a)
{
    for (int s = 0; s < w->shards; s++)
        for (int row = 0; row < l->out.steps * examples_of(w, s); row++) {
            const real *y = w->shard[s].output[l->index] + (size_t)row * (size_t)l->out_ld;
            for (int j = 0; j < l->out.width; j++)
                a->saturated += is_saturated(y[j], two_sided);
            a->values += l->out.width;
        }
}

/* The gates of one step: those of the cell that are sigmoids, as bits of their blocks. */
static void look_at_gates(const struct cell_step *c, unsigned blocks, struct layer_activity *a)
{
    for (int row = 0; row < c->rows; row++)
        for (int block = 0; blocks >> block; block++) {
            const real *gate = c->gates + (size_t)row * (size_t)c->gates_ld + block * c->hidden;
            if (!(blocks >> block & 1))
                continue;
            for (int j = 0; j < c->hidden; j++)
                a->saturated += is_saturated(gate[j], 0);
            a->values += c->hidden;
        }
}

static void look_at_cells(const struct workspace *w, const struct layer *l, unsigned blocks, struct layer_activity *a)
{
    for (int s = 0; s < w->shards; s++) {
        struct pass p = R(pass_of)(w, s, l->index);
        struct arena arena = {.base = p.saved};
        struct recurrent_memory m;
        R(recurrent).lay_out(l, &arena, p.examples, &m);
        for (int level = 0; level < l->spec.levels; level++)
            for (int d = 0; d < recurrent_directions(l); d++) {
                struct track t = R(recurrent).track(l, level, d);
                real *output = level == l->spec.levels - 1 ? w->shard[s].output[l->index] : m.output[level];
                for (int k = 0; k < t.count && p.examples > 0; k++) {
                    struct cell_step c = R(recurrent).step(l, &p, &m, level, &t, k, output);
                    look_at_gates(&c, blocks, a);
                }
            }
    }
}

void R(network_activity)(const struct workspace *w, int layer, struct layer_activity *a)
{
    const struct layer *l = &w->network->layer[layer];
    const char *name = l->kind->name;

    *a = (struct layer_activity){0};
    if (strcmp(name, "relu") == 0) {
        a->units = l->out.width;
        for (int j = 0; j < l->out.width; j++)
            a->dead += !is_alive(w, l, j);
    } else if (strcmp(name, "sigmoid") == 0 || strcmp(name, "tanh") == 0)
        look_at_outputs(w, l, name[0] == 't', a);
    else if (strcmp(name, "lstm") == 0)
        look_at_cells(w, l, 1 << 0 | 1 << 1 | 1 << 3, a); /* i, f and o */
    else if (strcmp(name, "gru") == 0)
        look_at_cells(w, l, 1 << 0 | 1 << 1, a); /* r and z */
}
