/* Batch normalisation (Ioffe and Szegedy 2015), over all rows of the batch:
 *   y = γ x̂ + β,  x̂ = (x − μ) / √(σ² + ε)
 * with the batch's mean μ and biased variance σ² in training, the running ones in evaluation.
 *   dγ = Σ dy x̂,  dβ = Σ dy,  dx = γ/√(σ²+ε) · (dy − Σdy/N − x̂ Σ(dy x̂)/N).
 * Running statistics move by `momentum`, the variance unbiased; a batch of one leaves it as it was.
 *
 * The sums run over all shards: each shard writes its own into `shared`, and after the barrier every
 * shard adds them up in the same order (pairwise variance: Chan, Golub and LeVeque 1983). */
#include <string.h>

#include "net/layer.h"

enum { MEAN, SQUARES, DBETA, DGAMMA, SUMS }; /* rows of a shard's piece of `shared` */
enum { KEPT_MEAN, KEPT_INVERSE, KEPT_DBETA, KEPT_DGAMMA, KEPT }; /* rows of `saved`: μ, 1/√(σ²+ε), sums / N */

static int setup(struct layer *l, struct err *e)
{
    static const char *const parameters[] = {"weight", "bias"};
    static const char *const statistics[] = {"running_mean", "running_var"};

    (void)e;
    l->out = l->in;
    l->parameters = l->statistics = 2;
    for (int k = 0; k < 2; k++) {
        l->parameter[k] = (struct place){.dims = 1, .shape = {l->in.width}};
        l->statistic[k] = l->parameter[k];
        strncpy(l->parameter[k].name, parameters[k], TENSOR_NAME - 1);
        strncpy(l->statistic[k].name, statistics[k], TENSOR_NAME - 1);
    }
    return 0;
}

static void init(const struct layer *l, real *theta, real *statistics, const struct rng *r)
{
    (void)r;
    for (int j = 0; j < l->in.width; j++) {
        theta[l->parameter[0].offset + j] = 1;
        theta[l->parameter[1].offset + j] = 0;
        statistics[l->statistic[0].offset + j] = 0;
        statistics[l->statistic[1].offset + j] = 1;
    }
}

static size_t saved(const struct layer *l, int examples)
{
    (void)examples;
    return sizeof(real) * KEPT * (size_t)l->in_ld;
}

static size_t shared(const struct layer *l, int shards)
{
    return sizeof(real) * SUMS * (size_t)l->in_ld * (size_t)shards;
}

static real *sums_of(const struct layer *l, const void *area, int shard, int which)
{
    return (real *)area + ((size_t)shard * SUMS + (size_t)which) * (size_t)l->in_ld;
}

static void forward_sums(const struct layer *l, const struct pass *p, const real *x)
{
    real *mean = sums_of(l, p->shared, p->shard, MEAN), *squares = sums_of(l, p->shared, p->shard, SQUARES);
    int rows = layer_rows(l, p), width = l->in.width;

    memset(mean, 0, sizeof *mean * (size_t)l->in_ld);
    memset(squares, 0, sizeof *squares * (size_t)l->in_ld);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < width; j++)
            mean[j] += x[(size_t)i * l->in_ld + j];
    for (int j = 0; rows > 0 && j < width; j++)
        mean[j] /= (real)rows;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < width; j++) {
            real d = x[(size_t)i * l->in_ld + j] - mean[j];
            squares[j] += d * d;
        }
}

/* Mean and sum of squared deviations of the whole batch, for feature j. */
static void whole_batch(const struct layer *l, const void *area, int shards, int batch, int j, double *mean,
                        double *squares)
{
    double total = (double)l->in.steps * batch;

    *mean = *squares = 0;
    for (int s = 0; s < shards; s++)
        *mean += (double)l->in.steps * shard_examples(batch, shards, s) * sums_of(l, area, s, MEAN)[j];
    *mean /= total;
    for (int s = 0; s < shards; s++) {
        double d = sums_of(l, area, s, MEAN)[j] - *mean;
        *squares += sums_of(l, area, s, SQUARES)[j] +
                    (double)l->in.steps * shard_examples(batch, shards, s) * d * d;
    }
}

/* μ and 1/√(σ²+ε) into `saved`: of the batch, or the running ones. */
static void statistics_in_force(const struct layer *l, const struct pass *p, real *kept)
{
    const real *running_mean = p->statistics + l->statistic[0].offset;
    const real *running_var = p->statistics + l->statistic[1].offset;

    for (int j = 0; j < l->in.width; j++) {
        double mean = running_mean[j], variance = running_var[j];
        if (p->training) {
            whole_batch(l, p->shared, p->shards, p->batch, j, &mean, &variance);
            variance /= (double)l->in.steps * p->batch;
        }
        kept[KEPT_MEAN * l->in_ld + j] = (real)mean;
        kept[KEPT_INVERSE * l->in_ld + j] = (real)(1 / sqrt(variance + l->spec.eps));
    }
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    const real *gamma = p->theta + l->parameter[0].offset, *beta = p->theta + l->parameter[1].offset;
    real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width, ld = l->in_ld;

    statistics_in_force(l, p, p->saved);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < width; j++)
            y[(size_t)i * ld + j] = (x[(size_t)i * ld + j] - mean[j]) * inverse[j] * gamma[j] + beta[j];
}

static void backward_sums(const struct layer *l, const struct pass *p, const real *x, const real *dy)
{
    real *dbeta = sums_of(l, p->shared, p->shard, DBETA), *dgamma = sums_of(l, p->shared, p->shard, DGAMMA);
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width, ld = l->in_ld;

    memset(dbeta, 0, sizeof *dbeta * (size_t)ld);
    memset(dgamma, 0, sizeof *dgamma * (size_t)ld);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < width; j++) {
            real d = dy[(size_t)i * ld + j];
            dbeta[j] += d;
            dgamma[j] += d * (x[(size_t)i * ld + j] - mean[j]) * inverse[j];
        }
}

/* dx from the two sums of the whole batch, already divided by its rows. */
static void input_gradient(const struct layer *l, const struct pass *p, const real *x, const real *dy,
                           const real *dbeta, const real *dgamma, real *dx)
{
    const real *gamma = p->theta + l->parameter[0].offset;
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width, ld = l->in_ld;

    for (int i = 0; i < rows; i++)
        for (int j = 0; j < width; j++) {
            real hat = (x[(size_t)i * ld + j] - mean[j]) * inverse[j];
            dx[(size_t)i * ld + j] =
                gamma[j] * inverse[j] * (dy[(size_t)i * ld + j] - dbeta[j] - hat * dgamma[j]);
        }
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    size_t bytes = sizeof(real) * (size_t)l->in.width;
    real *kept = p->saved, *dbeta = kept + KEPT_DBETA * l->in_ld, *dgamma = dbeta + l->in_ld;
    real total = (real)l->in.steps * (real)p->batch;

    (void)y;
    memcpy(p->gradient + l->parameter[0].offset, sums_of(l, p->shared, p->shard, DGAMMA), bytes);
    memcpy(p->gradient + l->parameter[1].offset, sums_of(l, p->shared, p->shard, DBETA), bytes);
    if (!dx)
        return;
    memset(dbeta, 0, 2 * sizeof(real) * (size_t)l->in_ld);
    for (int s = 0; s < p->shards; s++)
        for (int j = 0; j < l->in.width; j++) {
            dbeta[j] += sums_of(l, p->shared, s, DBETA)[j] / total;
            dgamma[j] += sums_of(l, p->shared, s, DGAMMA)[j] / total;
        }
    input_gradient(l, p, x, dy, dbeta, dgamma, dx);
}

static void commit(const struct layer *l, const void *area, int shards, int batch, real *statistics)
{
    real *running_mean = statistics + l->statistic[0].offset, *running_var = statistics + l->statistic[1].offset;
    double m = l->spec.momentum, total = (double)l->in.steps * batch;

    for (int j = 0; j < l->in.width; j++) {
        double mean, squares;
        whole_batch(l, area, shards, batch, j, &mean, &squares);
        running_mean[j] = (real)((1 - m) * running_mean[j] + m * mean);
        if (total > 1)
            running_var[j] = (real)((1 - m) * running_var[j] + m * squares / (total - 1));
    }
}

const struct layer_kind R(layer_batchnorm) = {
    .name = "batchnorm",
    .setup = setup,
    .init = init,
    .saved = saved,
    .shared = shared,
    .forward_sums = forward_sums,
    .backward_sums = backward_sums,
    .forward = forward,
    .backward = backward,
    .commit = commit,
};
