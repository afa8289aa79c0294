/* SPDX-License-Identifier: MIT */
#include "network-objective.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "test.h"
#include "two-workers.h"

enum { STEPS = 4, WIDTH = 5 };

double made(uint64_t stream, uint64_t i)
{
    return noise_of(8, stream, i);
}

const struct example kinds[KINDS] = {
    {"linear 20 relu bn dropout=.2 | linear 12 relu bn | linear 3", 1, 8},
    {"linear 20 tanh bn | linear 12 tanh | linear 3", 1, 8},
    {"lstm 8 | last | linear 3", STEPS, WIDTH},
    {"gru 9 | all | linear 3", STEPS, WIDTH},
    {"rnn 8 bi | center | linear 6 bn silu linear 3", STEPS, WIDTH},
};

static void fill_batch(struct probe_batch *b)
{
    for (int i = 0; i < b->examples * b->steps * b->width; i++)
        b->x[i] = (float)made(1, (uint64_t)i);
    for (int i = 0; i < b->examples * b->answers; i++)
        b->labels[i] = (uint8_t)(i % 11 == 7 ? LOSS_IGNORED : i * 7 % 3);
}

static void make_point(struct probed *p)
{
    size_t n = (size_t)p->net.parameters, m = (size_t)p->net.statistics;

    p->theta = calloc(n + 1, sizeof *p->theta);
    p->statistics = calloc(m + 1, sizeof *p->statistics);
    p->point = calloc(n + 1, sizeof *p->point);
    p->still = calloc(m + 1, sizeof *p->still);
    R(network).init(&p->net, 1, p->point, p->still);
    for (size_t i = 0; i < n; i++)
        p->point[i] = p->theta[i] = (float)(p->point[i] + .2 * made(2, i));
    for (size_t i = 0; i < m; i++)
        p->still[i] = p->statistics[i] = (float)(p->still[i] + .2 * fabs(made(4, i)));
}

void probed_open(struct probed *p, const struct example *x, int slice, int batch_statistics)
{
    struct err e = {0};

    memset(p, 0, sizeof *p);
    must(spec_parse(&p->spec, x->text, &e), &e);
    must(R(network).build(&p->net, &p->spec, (struct shape){x->steps, x->width}, &e), &e);
    must(probe_batch_init(&p->batch, EXAMPLES, x->steps, x->width, p->net.layer[p->net.count - 1].out.steps,
                          0, &e),
         &e);
    fill_batch(&p->batch);
    make_point(p);
    p->source = (struct objective_network){.network = &p->net,
                                           .batch = &p->batch,
                                           .statistics = p->still,
                                           .loss = R(losses).at(0),
                                           .pool = pool,
                                           .shards = 2,
                                           .slice = slice,
                                           .batch_statistics = batch_statistics};
    must(R(objective_network).open(&p->source, &p->f, &e), &e);
}

void probed_close(struct probed *p)
{
    R(objective_network).close(&p->source);
    R(network).free(&p->net);
    probe_batch_free(&p->batch);
    free(p->theta);
    free(p->statistics);
    free(p->point);
    free(p->still);
}

struct curvature hessian_of(const struct probed *p, int gauss_newton)
{
    struct curvature c = {.objective = &p->f, .theta = p->point, .gauss_newton = gauss_newton};
    struct err e = {0};

    must(R(curvature).open(&c, &e), &e);
    return c;
}

struct spectrum spectrum_of(const struct curvature *c)
{
    struct spectrum s;
    struct err e = {0};

    must(R(spectrum).whole(c, &s, NULL, NULL, &e), &e);
    return s;
}
