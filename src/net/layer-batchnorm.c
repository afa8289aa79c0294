/* SPDX-License-Identifier: MIT */
/* Batch normalisation (Ioffe and Szegedy 2015), over all rows of the batch:
 *   y = γ x̂ + β,  x̂ = (x − μ) s,  s = 1/√(σ² + ε)
 * with the batch's mean μ and biased variance σ² in training, the running ones in evaluation.
 *   dγ = Σ dy x̂,  dβ = Σ dy,  dx = γ s q,  q = dy − ⟨dy⟩ − x̂ ⟨dy x̂⟩,  ⟨·⟩ the mean over the batch's rows.
 * R-version, with the direction (v, w) in (γ, β) and m = ⟨x̂ R{x}⟩:
 *   R{x̂} = s (R{x} − ⟨R{x}⟩ − x̂ m),  R{s} = −s² m,  R{y} = v x̂ + γ R{x̂} + w,  R{dx} = R{γ s} q + γ s R{q}.
 * Under running statistics every ⟨·⟩ and m is 0.
 * Running statistics move by `momentum`, the variance unbiased; a batch of one leaves it as it was.
 *
 * The sums run over all shards: each shard writes its own into `shared`, and after the barrier every
 * shard adds them up over the same tree (network.h) (pairwise variance: Chan, Golub and LeVeque 1983). */
#include <math.h>
#include <string.h>

#include "net/layer.h"

/* Rows of a shard's piece of `shared`: how many rows count (padding does not), their mean and sum of
 * squared deviations, then sums. */
enum { COUNT, MEAN, SQUARES, DBETA, DGAMMA, RX, RALONG, RDBETA, RDGAMMA, SUMS };
enum { KEPT_MEAN, KEPT_INVERSE, KEPT_DBETA, KEPT_DGAMMA, KEPT }; /* rows of `saved`: μ, s, ⟨dy⟩, ⟨dy x̂⟩ */
enum { KEPT_RX = KEPT_MEAN, KEPT_M = KEPT_INVERSE };             /* and of `rsaved`: ⟨R{x}⟩, m, R of the rest */

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

static struct layer_sums sums(const struct layer *l, int backward)
{
    size_t row = sizeof(real) * (size_t)l->in_ld;
    int from = backward ? DBETA : COUNT, to = backward ? DGAMMA : SQUARES;

    return (struct layer_sums){.from = row * (size_t)from, .size = row * (size_t)(to - from + 1)};
}

static int counting_rows(const struct layer *l, const struct pass *p)
{
    int rows = layer_rows(l, p), count = 0;

    for (int i = 0; i < rows; i++)
        count += layer_counts(l, p, i);
    return count;
}

KERNEL static void forward_sums(const struct layer *l, const struct pass *p, const real *x)
{
    real *mean = sums_of(l, p->shared, p->shard, MEAN), *squares = sums_of(l, p->shared, p->shard, SQUARES);
    int rows = layer_rows(l, p), width = l->in.width, count = counting_rows(l, p);

    *sums_of(l, p->shared, p->shard, COUNT) = (real)count;
    memset(mean, 0, sizeof *mean * (size_t)l->in_ld);
    memset(squares, 0, sizeof *squares * (size_t)l->in_ld);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = x + (size_t)i * (size_t)l->in_ld;
        int counted = layer_counts(l, p, i) ? width : 0;
        LAYER_LOOP
        for (int j = 0; j < counted; j++)
            mean[j] += row[j];
    }
    for (int j = 0; count > 0 && j < width; j++)
        mean[j] /= (real)count;
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = x + (size_t)i * (size_t)l->in_ld;
        int counted = layer_counts(l, p, i) ? width : 0;
        LAYER_LOOP
        for (int j = 0; j < counted; j++) {
            real d = row[j] - mean[j];
            squares[j] += d * d;
        }
    }
}

/* Rows of the whole batch that count. */
static double total_of(const struct layer *l, const void *area, int shards)
{
    double total = 0;

    for (int s = 0; s < shards; s++)
        total += (double)*sums_of(l, area, s, COUNT);
    return total;
}

/* Mean and sum of squared deviations of the whole batch, for feature j. */
static void whole_batch(const struct layer *l, const void *area, int shards, int j, double *mean, double *squares)
{
    struct shard_sum sum = {0}, deviations = {0};

    for (int s = 0; s < shards; s++)
        shard_add(&sum, (double)*sums_of(l, area, s, COUNT) * (double)sums_of(l, area, s, MEAN)[j]);
    *mean = shard_total(&sum) / total_of(l, area, shards);
    for (int s = 0; s < shards; s++) {
        double d = (double)sums_of(l, area, s, MEAN)[j] - *mean;
        shard_add(&deviations,
                  (double)sums_of(l, area, s, SQUARES)[j] + (double)*sums_of(l, area, s, COUNT) * d * d);
    }
    *squares = shard_total(&deviations);
}

/* μ and 1/√(σ²+ε) into `saved`: of the batch, or the running ones. */
static void statistics_in_force(const struct layer *l, const struct pass *p, real *kept)
{
    const real *running_mean = p->statistics + l->statistic[0].offset;
    const real *running_var = p->statistics + l->statistic[1].offset;
    double total = p->batch_statistics ? total_of(l, p->shared, p->shards) : 1;

    for (int j = 0; j < l->in.width; j++) {
        double mean = running_mean[j], variance = running_var[j];
        if (p->batch_statistics) {
            whole_batch(l, p->shared, p->shards, j, &mean, &variance);
            variance /= total;
        }
        kept[KEPT_MEAN * l->in_ld + j] = (real)mean;
        kept[KEPT_INVERSE * l->in_ld + j] = (real)(1 / sqrt(variance + l->spec.eps));
    }
}

KERNEL static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    const real *gamma = p->theta + l->parameter[0].offset, *beta = p->theta + l->parameter[1].offset;
    real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width, ld = l->in_ld;

    statistics_in_force(l, p, p->saved);
    for (int i = 0; i < rows && !layer_cancelled(p); i++, x += ld, y += ld)
        LAYER_LOOP
        for (int j = 0; j < width; j++)
            y[j] = (x[j] - mean[j]) * inverse[j] * gamma[j] + beta[j];
}

/* kept[0] and kept[1] = the means over the whole batch of two neighbouring sums; 0 when the running
 * statistics are in force. */
static void take_means(const struct layer *l, const struct pass *p, int which, real *kept)
{
    double total = p->batch_statistics ? total_of(l, p->shared, p->shards) : 1;

    memset(kept, 0, 2 * sizeof *kept * (size_t)l->in_ld);
    for (int k = 0; p->batch_statistics && k < 2; k++)
        for (int j = 0; j < l->in.width; j++) {
            struct shard_sum sum = {0};
            for (int s = 0; s < p->shards; s++)
                shard_add(&sum, (double)sums_of(l, p->shared, s, which + k)[j]);
            kept[(size_t)k * (size_t)l->in_ld + (size_t)j] = (real)(shard_total(&sum) / total);
        }
}

KERNEL static void backward_sums(const struct layer *l, const struct pass *p, const real *x, const real *dy)
{
    real *dbeta = sums_of(l, p->shared, p->shard, DBETA), *dgamma = sums_of(l, p->shared, p->shard, DGAMMA);
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width, ld = l->in_ld;

    memset(dbeta, 0, sizeof *dbeta * (size_t)ld);
    memset(dgamma, 0, sizeof *dgamma * (size_t)ld);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = x + (size_t)i * ld, *d = dy + (size_t)i * ld;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            dbeta[j] += d[j];
            dgamma[j] += d[j] * (row[j] - mean[j]) * inverse[j];
        }
    }
}

KERNEL static void input_gradient(const struct layer *l, const struct pass *p, const real *x, const real *dy, real *dx)
{
    const real *gamma = p->theta + l->parameter[0].offset;
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    const real *dbeta = mean + KEPT_DBETA * l->in_ld, *dgamma = mean + KEPT_DGAMMA * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width;

    for (int i = 0; i < rows && !layer_cancelled(p); i++, x += l->in_ld, dy += l->in_ld, dx += l->in_ld) {
        if (!layer_counts(l, p, i)) {
            memset(dx, 0, sizeof *dx * (size_t)width);
            continue;
        }
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            real hat = (x[j] - mean[j]) * inverse[j];
            dx[j] = gamma[j] * inverse[j] * (dy[j] - dbeta[j] - hat * dgamma[j]);
        }
    }
}

/* The shard's own sums are its share of the parameters' gradient; before a barrier they are there. */
static void parameter_gradient(const struct layer *l, const struct pass *p, int dbeta, int dgamma)
{
    size_t bytes = sizeof(real) * (size_t)l->in.width;

    memcpy(p->gradient + l->parameter[0].offset, sums_of(l, p->shared, p->shard, dgamma), bytes);
    memcpy(p->gradient + l->parameter[1].offset, sums_of(l, p->shared, p->shard, dbeta), bytes);
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    (void)y;
    if (!p->batch_statistics)
        backward_sums(l, p, x, dy);
    parameter_gradient(l, p, DBETA, DGAMMA);
    if (!dx)
        return;
    take_means(l, p, DBETA, (real *)p->saved + KEPT_DBETA * l->in_ld);
    input_gradient(l, p, x, dy, dx);
}

KERNEL static void rforward_sums(const struct layer *l, const struct pass *p, const real *x, const real *rx)
{
    real *sum = sums_of(l, p->shared, p->shard, RX), *along = sums_of(l, p->shared, p->shard, RALONG);
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = rx ? layer_rows(l, p) : 0, width = l->in.width, ld = l->in_ld;

    memset(sum, 0, sizeof *sum * (size_t)ld);
    memset(along, 0, sizeof *along * (size_t)ld);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = x + (size_t)i * (size_t)ld, *r = rx + (size_t)i * (size_t)ld;
        int counted = layer_counts(l, p, i) ? width : 0;
        LAYER_LOOP
        for (int j = 0; j < counted; j++) {
            sum[j] += r[j];
            along[j] += r[j] * (row[j] - mean[j]) * inverse[j];
        }
    }
}

/* R{x̂} of feature j in a row, from x̂ and R{x}. */
KERNEL_INLINE real rhat_of(const struct layer *l, const struct pass *p, int j, real hat, real rx)
{
    const real *kept = p->saved, *rkept = p->rsaved;

    return kept[KEPT_INVERSE * l->in_ld + j] *
           (rx - rkept[KEPT_RX * l->in_ld + j] - hat * rkept[KEPT_M * l->in_ld + j]);
}

KERNEL static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    const real *gamma = p->theta + l->parameter[0].offset;
    const real *vgamma = p->v + l->parameter[0].offset, *vbeta = p->v + l->parameter[1].offset;
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width;

    (void)y;
    take_means(l, p, RX, (real *)p->rsaved + KEPT_RX * l->in_ld);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = x + (size_t)i * l->in_ld, *r = rx ? rx + (size_t)i * l->in_ld : NULL;
        real *out = ry + (size_t)i * l->in_ld;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            real hat = (row[j] - mean[j]) * inverse[j];
            out[j] = vgamma[j] * hat + gamma[j] * rhat_of(l, p, j, hat, r ? r[j] : 0) + vbeta[j];
        }
    }
}

KERNEL static void rbackward_sums(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    real *rdbeta = sums_of(l, p->shared, p->shard, RDBETA), *rdgamma = sums_of(l, p->shared, p->shard, RDGAMMA);
    const real *mean = p->saved, *inverse = mean + KEPT_INVERSE * l->in_ld;
    int rows = layer_rows(l, p), width = l->in.width, ld = l->in_ld;

    backward_sums(l, p, f->x, f->dy);
    memset(rdbeta, 0, sizeof *rdbeta * (size_t)ld);
    memset(rdgamma, 0, sizeof *rdgamma * (size_t)ld);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *x = f->x + (size_t)i * ld, *r = f->rx ? f->rx + (size_t)i * ld : NULL;
        const real *dy = f->dy + (size_t)i * ld, *rdy = f->rdy + (size_t)i * ld;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            real hat = (x[j] - mean[j]) * inverse[j];
            rdbeta[j] += rdy[j];
            rdgamma[j] += rdy[j] * hat + dy[j] * rhat_of(l, p, j, hat, r ? r[j] : 0);
        }
    }
}

/* dx and R{dx} of one row, which begins at element `at`. */
KERNEL static void row_back(const struct layer *l, const struct pass *p, const struct rflow *f, size_t at)
{
    const real *gamma = p->theta + l->parameter[0].offset, *vgamma = p->v + l->parameter[0].offset;
    const real *mean = p->saved, *s = mean + KEPT_INVERSE * l->in_ld, *m = (real *)p->rsaved + KEPT_M * l->in_ld;
    const real *dbeta = mean + KEPT_DBETA * l->in_ld, *dgamma = mean + KEPT_DGAMMA * l->in_ld;
    const real *rdbeta = (real *)p->rsaved + KEPT_DBETA * l->in_ld, *rdgamma = rdbeta + l->in_ld;
    const real *x = f->x + at, *r = f->rx ? f->rx + at : NULL, *dy = f->dy + at, *rdy = f->rdy + at;
    real *dx = f->dx + at, *rdx = f->rdx + at;

    LAYER_LOOP
    for (int j = 0; j < l->in.width; j++) {
        real hat = (x[j] - mean[j]) * s[j], rhat = rhat_of(l, p, j, hat, r ? r[j] : 0);
        real q = dy[j] - dbeta[j] - hat * dgamma[j];
        real rq = rdy[j] - rdbeta[j] - rhat * dgamma[j] - hat * rdgamma[j];
        dx[j] = gamma[j] * s[j] * q;
        rdx[j] = s[j] * (vgamma[j] * q + gamma[j] * (rq - s[j] * m[j] * q));
    }
}

static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    int rows = layer_rows(l, p);

    if (!p->batch_statistics)
        rbackward_sums(l, p, f);
    parameter_gradient(l, p, RDBETA, RDGAMMA);
    if (!f->dx)
        return;
    take_means(l, p, DBETA, (real *)p->saved + KEPT_DBETA * l->in_ld);
    take_means(l, p, RDBETA, (real *)p->rsaved + KEPT_DBETA * l->in_ld);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        size_t at = (size_t)i * (size_t)l->in_ld, bytes = sizeof(real) * (size_t)l->in.width;
        if (layer_counts(l, p, i)) {
            row_back(l, p, f, at);
            continue;
        }
        memset(f->dx + at, 0, bytes);
        memset(f->rdx + at, 0, bytes);
    }
}

/* The batch's statistics need every step of every example. */
static void reach(const struct layer *l, int *first, int *last)
{
    *first = 0;
    *last = l->in.steps - 1;
}

/* A batch's value counts where the average stays a finite number: what is beyond the range of `real`, or was left by a trial of
 * L-BFGS that went too far, would stay in the run and in its checkpoints for ever. */
static void average(real *running, double momentum, double batch)
{
    real next = (real)((1 - momentum) * *running + momentum * batch);

    if (isfinite(next))
        *running = next;
}

static void commit(const struct layer *l, const void *area, int shards, double share, real *statistics)
{
    real *running_mean = statistics + l->statistic[0].offset, *running_var = statistics + l->statistic[1].offset;
    double m = isnan(share) ? l->spec.momentum : share, total = total_of(l, area, shards);

    for (int j = 0; j < l->in.width; j++) {
        double mean, squares;
        whole_batch(l, area, shards, j, &mean, &squares);
        average(&running_mean[j], m, mean);
        if (total > 1)
            average(&running_var[j], m, squares / (total - 1));
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
    .rforward_sums = rforward_sums,
    .rbackward_sums = rbackward_sums,
    .sums = sums,
    .reach = reach,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
    .commit = commit,
};
