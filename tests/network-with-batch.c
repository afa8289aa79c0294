/* SPDX-License-Identifier: MIT */
#include "network-with-batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "test.h"
#include "two-workers.h"

enum { TOPOLOGIES = 3, MODES = 4 };

const int lengths[EXAMPLES] = {4, 1, 3, 2, 4, 2, 3};

static void fill(void *context, int first, int count, real *x, int ld, uint8_t *labels)
{
    const struct tried *b = context;
    int own = b->net.layer[b->net.count - 1].out.steps;

    for (int i = 0; i < count; i++) {
        int example = b->skip + first + i;
        for (int t = 0; t < b->net.in.steps; t++)
            for (int f = 0; f < b->net.in.width; f++)
                x[(t * count + i) * ld + f] = noise(1, (uint64_t)(example * 1000 + t * 50 + f));
        for (int t = 0; t < own; t++)
            labels[t * count + i] = (uint8_t)(example >= b->whole - b->ignored ? LOSS_IGNORED
                                                                               : (example * 5 + t) % b->net.classes);
    }
}

static void open_spec(struct tried *b, const struct network_spec *s, struct shape in, int shards, int examples)
{
    struct err e = {0};

    memset(b, 0, sizeof *b);
    must(R(network).build(&b->net, s, in, &e), &e);
    b->n = b->net.parameters;
    b->work = R(network).workspace_new(&b->net, shards, examples);
    assert_non_null(b->work);
    b->theta = calloc((size_t)b->n + 1, sizeof(real));
    b->statistics = calloc((size_t)b->net.statistics + 1, sizeof(real));
    b->gradient = calloc((size_t)b->n + 1, sizeof(real));
    b->v = calloc((size_t)b->n + 1, sizeof(real));
    b->out = calloc((size_t)b->n + 1, sizeof(real));
    R(network).init(&b->net, 1, b->theta, b->statistics);
    for (int64_t i = 0; i < b->n; i++) {
        b->theta[i] += (real).3 * (real)noise(2, (uint64_t)i);
        b->v[i] = noise(3, (uint64_t)i);
    }
    for (int64_t i = 0; i < b->net.statistics; i++)
        b->statistics[i] += (real).2 * fabs((real)noise(4, (uint64_t)i));
    b->whole = examples;
    b->job = (struct batch_job){.theta = b->theta,
                                .statistics = b->statistics,
                                .loss = R(losses).at(0),
                                .loss_args = {.label_smoothing = .1},
                                .examples = examples,
                                .fill = fill,
                                .fill_context = b,
                                .seed = 3,
                                .step = 9,
                                .dropout = .4};
}

void tried_open(struct tried *b, const char *text, struct shape in, int shards, int examples)
{
    struct network_spec s;
    struct err e = {0};

    must(spec_parse(&s, text, &e), &e);
    open_spec(b, &s, in, shards, examples);
}

void tried_close(struct tried *b)
{
    R(network).workspace_free(b->work);
    R(network).free(&b->net);
    free(b->theta);
    free(b->statistics);
    free(b->gradient);
    free(b->v);
    free(b->out);
}

double loss_at(struct tried *b, real *gradient)
{
    struct batch_result r;

    R(network).gradient(b->work, pool, &b->job, gradient, &r);
    return r.loss;
}

/* Every layer kind stands once where it may overwrite its input and once where it may not; above it all
 * frames, one frame, or every frame with a loss of its own. */
static struct network_spec around(const struct layer_kind *kind, int topology)
{
    static const char *const above[TOPOLOGIES] = {"bn last linear 3", "center linear 6 bn tanh linear 3",
                                                  "all ln linear 3"};
    struct layer_spec l = spec_layer(kind->name), linear = spec_layer("linear");
    struct network_spec s = {0}, tail;

    linear.width = WIDTH;
    l.width = 4;
    l.levels = 2;
    l.bidirectional = topology != 2;
    l.rate = kind->cell ? .25 : l.rate;
    l.select = SELECT_CENTER;
    s.layer[s.count++] = linear;
    s.layer[s.count++] = l;
    l.select = SELECT_ALL;
    s.layer[s.count++] = linear;
    s.layer[s.count++] = spec_layer("silu");
    s.layer[s.count++] = l;
    assert_int_equal(spec_parse(&tail, above[topology], NULL), 0);
    for (int i = 0; i < tail.count; i++)
        s.layer[s.count++] = tail.layer[i];
    return s;
}

void every_combination(check *run)
{
    for (int k = 0; R(layers).at(k); k++)
        for (int topology = 0; topology < TOPOLOGIES; topology++) {
            struct network_spec s = around(R(layers).at(k), topology);
            struct tried b;
            open_spec(&b, &s, (struct shape){STEPS, WIDTH}, SHARDS, EXAMPLES);
            for (int loss = 0; R(losses).at(loss); loss++)
                for (int mode = 0; mode < MODES; mode++) {
                    char what[96];
                    b.job.loss = R(losses).at(loss);
                    b.job.running_statistics = mode == 1;
                    b.job.no_masks = mode == 2;
                    b.job.lengths = mode == 3 && topology == 2 ? lengths : NULL; /* every frame has its loss */
                    snprintf(what, sizeof what, "%s, topology %d, %s, mode %d", R(layers).at(k)->name, topology,
                             b.job.loss->name, mode);
                    run(&b, what);
                }
            tried_close(&b);
        }
}

double largest(const real *x, int64_t n)
{
    double most = 0;

    for (int64_t i = 0; i < n; i++)
        most = fabs((double)x[i]) > most ? fabs((double)x[i]) : most;
    return most;
}
