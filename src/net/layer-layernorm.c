/* SPDX-License-Identifier: MIT */
/* Layer normalisation (Ba, Kiros and Hinton 2016), over the features of each row:
 *   y = γ x̂ + β,  x̂ = (x − μ) s,  s = 1/√(σ² + ε),  σ² biased.
 * With g = γ dy and ⟨·⟩ the mean over the row's features,
 *   dx = s q,  q = g − ⟨g⟩ − x̂ ⟨g x̂⟩,  dγ = Σ_rows dy x̂,  dβ = Σ_rows dy.
 * R-version, m = ⟨x̂ R{x}⟩:
 *   R{x̂} = s (R{x} − ⟨R{x}⟩ − x̂ m),  R{s} = −s² m,  R{dx} = R{s} q + s R{q}. */
#include <string.h>

#include "net/layer.h"

enum { KEPT_MEAN, KEPT_INVERSE, KEPT }; /* of each row, in `saved`: μ and s */
enum { KEPT_RMEAN = KEPT_MEAN, KEPT_M = KEPT_INVERSE }; /* in `rsaved`: ⟨R{x}⟩ and m */

static int setup(struct layer *l, struct err *e)
{
    (void)e;
    l->out = l->in;
    l->parameters = 2;
    l->parameter[0] = (struct place){.name = "weight", .dims = 1, .shape = {l->in.width}};
    l->parameter[1] = (struct place){.name = "bias", .dims = 1, .shape = {l->in.width}};
    return 0;
}

static void init(const struct layer *l, real *theta, real *statistics, const struct rng *r)
{
    (void)r;
    (void)statistics;
    for (int j = 0; j < l->in.width; j++) {
        theta[l->parameter[0].offset + j] = 1;
        theta[l->parameter[1].offset + j] = 0;
    }
}

static size_t saved(const struct layer *l, int examples)
{
    return sizeof(real) * KEPT * (size_t)l->in.steps * (size_t)examples;
}

KERNEL static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    const real *gamma = p->theta + l->parameter[0].offset, *beta = p->theta + l->parameter[1].offset;
    int rows = layer_rows(l, p), width = l->in.width;
    real *kept = p->saved;

    for (int i = 0; i < rows && !layer_cancelled(p); i++, x += l->in_ld, y += l->in_ld) {
        double mean = 0, squares = 0;
        for (int j = 0; j < width; j++)
            mean += (double)x[j];
        mean /= width;
        for (int j = 0; j < width; j++)
            squares += ((double)x[j] - mean) * ((double)x[j] - mean);
        real inverse = (real)(1 / sqrt(squares / width + l->spec.eps)), centre = (real)mean;
        kept[KEPT * i + KEPT_MEAN] = centre;
        kept[KEPT * i + KEPT_INVERSE] = inverse;
        LAYER_LOOP
        for (int j = 0; j < width; j++)
            y[j] = (x[j] - centre) * inverse * gamma[j] + beta[j];
    }
}

KERNEL static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    const real *gamma = p->theta + l->parameter[0].offset, *kept = p->saved;
    real *dgamma = p->gradient + l->parameter[0].offset, *dbeta = p->gradient + l->parameter[1].offset;
    int rows = layer_rows(l, p), width = l->in.width;

    (void)y;
    memset(dgamma, 0, sizeof *dgamma * (size_t)width);
    memset(dbeta, 0, sizeof *dbeta * (size_t)width);
    for (int i = 0; i < rows && !layer_cancelled(p); i++, x += l->in_ld, dy += l->in_ld) {
        real mean = kept[KEPT * i + KEPT_MEAN], s = kept[KEPT * i + KEPT_INVERSE], sum = 0, along = 0;
        for (int j = 0; j < width; j++) {
            real hat = (x[j] - mean) * s, g = gamma[j] * dy[j];
            dgamma[j] += dy[j] * hat;
            dbeta[j] += dy[j];
            sum += g;
            along += g * hat;
        }
        for (int j = 0; dx && j < width; j++)
            dx[(size_t)i * l->in_ld + j] =
                s * (gamma[j] * dy[j] - sum / (real)width - (x[j] - mean) * s * (along / (real)width));
    }
}

KERNEL static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    const real *gamma = p->theta + l->parameter[0].offset, *kept = p->saved;
    const real *vgamma = p->v + l->parameter[0].offset, *vbeta = p->v + l->parameter[1].offset;
    int rows = layer_rows(l, p), width = l->in.width;
    real *rkept = p->rsaved;

    (void)y;
    for (int i = 0; i < rows && !layer_cancelled(p); i++, x += l->in_ld, ry += l->in_ld) {
        real mean = kept[KEPT * i + KEPT_MEAN], s = kept[KEPT * i + KEPT_INVERSE], rmean = 0, m = 0;
        const real *r = rx ? rx + (size_t)i * l->in_ld : NULL;
        for (int j = 0; r && j < width; j++) {
            rmean += r[j] / (real)width;
            m += (x[j] - mean) * s * r[j] / (real)width;
        }
        rkept[KEPT * i + KEPT_RMEAN] = rmean;
        rkept[KEPT * i + KEPT_M] = m;
        for (int j = 0; j < width; j++) {
            real hat = (x[j] - mean) * s, rhat = r ? s * (r[j] - rmean - hat * m) : 0;
            ry[j] = vgamma[j] * hat + gamma[j] * rhat + vbeta[j];
        }
    }
}

/* One row at hand: its statistics, and the means its gradient takes away, each with its R{…}. */
struct row {
    real mean, s, rmean, m, sum, along, rsum, ralong;
};

KERNEL static void row_means(const struct layer *l, const struct pass *p, const struct rflow *f, size_t at,
                             struct row *w)
{
    const real *gamma = p->theta + l->parameter[0].offset, *vgamma = p->v + l->parameter[0].offset;
    real *dgamma = p->gradient + l->parameter[0].offset, *dbeta = p->gradient + l->parameter[1].offset;
    int width = l->in.width;

    for (int j = 0; j < width; j++) {
        real hat = (f->x[at + (size_t)j] - w->mean) * w->s, dy = f->dy[at + (size_t)j], rdy = f->rdy[at + (size_t)j];
        real rhat = f->rx ? w->s * (f->rx[at + (size_t)j] - w->rmean - hat * w->m) : 0;
        real g = gamma[j] * dy, rg = vgamma[j] * dy + gamma[j] * rdy;
        dgamma[j] += rdy * hat + dy * rhat;
        dbeta[j] += rdy;
        w->sum += g / (real)width;
        w->along += g * hat / (real)width;
        w->rsum += rg / (real)width;
        w->ralong += (rg * hat + g * rhat) / (real)width;
    }
}

KERNEL static void row_back(const struct layer *l, const struct pass *p, const struct rflow *f, size_t at,
                     const struct row *w)
{
    const real *gamma = p->theta + l->parameter[0].offset, *vgamma = p->v + l->parameter[0].offset;

    for (int j = 0; j < l->in.width; j++) {
        real hat = (f->x[at + (size_t)j] - w->mean) * w->s, dy = f->dy[at + (size_t)j], rdy = f->rdy[at + (size_t)j];
        real rhat = f->rx ? w->s * (f->rx[at + (size_t)j] - w->rmean - hat * w->m) : 0;
        real q = gamma[j] * dy - w->sum - hat * w->along;
        real rq = vgamma[j] * dy + gamma[j] * rdy - w->rsum - rhat * w->along - hat * w->ralong;
        f->dx[at + (size_t)j] = w->s * q;
        f->rdx[at + (size_t)j] = w->s * rq - w->s * w->s * w->m * q;
    }
}

static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    const real *kept = p->saved, *rkept = p->rsaved;
    size_t bytes = sizeof(real) * (size_t)l->in.width;
    int rows = layer_rows(l, p);

    memset(p->gradient + l->parameter[0].offset, 0, bytes);
    memset(p->gradient + l->parameter[1].offset, 0, bytes);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        struct row w = {.mean = kept[KEPT * i + KEPT_MEAN], .s = kept[KEPT * i + KEPT_INVERSE],
                        .rmean = rkept[KEPT * i + KEPT_RMEAN], .m = rkept[KEPT * i + KEPT_M]};
        row_means(l, p, f, (size_t)i * (size_t)l->in_ld, &w);
        if (f->dx)
            row_back(l, p, f, (size_t)i * (size_t)l->in_ld, &w);
    }
}

const struct layer_kind R(layer_layernorm) = {
    .name = "layernorm",
    .setup = setup,
    .init = init,
    .saved = saved,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
