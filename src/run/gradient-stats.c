/* SPDX-License-Identifier: MIT */
#include "run/gradient-stats.h"

#include <math.h>
#include <stdlib.h>

#include "run/batch.h"
#include "run/run-private.h"

enum { LANES = 16 };

/* Sums of one part. */
struct observed {
    struct gradient_stats sum;  /* cosine: of the products with the gradient before, … */
    double square, previous; /* … and of the squares of both */
};

struct looking {
    int rows, parts;
    struct observed part[];
};

int gradient_stats_open(struct run *l, int parts)
{
    l->looking = calloc(1, sizeof *l->looking + sizeof *l->looking->part * (size_t)parts);
    if (l->looking)
        l->looking->parts = parts;
    return l->looking ? 0 : -1;
}

void gradient_stats_close(struct run *l)
{
    free(l->looking);
    l->looking = NULL;
}

int gradient_stats_layer(const struct run *l, int i)
{
    for (int k = 0; k < l->network.count; k++)
        if (l->network.layer[k].parameters > 0 && i-- == 0)
            return k;
    return -1;
}

/* Σ x², in LANES sums: so the compiler may keep them in vectors. */
KERNEL static double squares(const float *x, int64_t n)
{
    double sum[LANES] = {0};
    int64_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            sum[k] += (double)x[i + k] * (double)x[i + k];
    for (; i < n; i++)
        sum[0] += (double)x[i] * (double)x[i];
    for (int k = 1; k < LANES; k++)
        sum[0] += sum[k];
    return sum[0];
}

/* Σ x², Σ x y and Σ y² in one go over both; the first is returned. */
KERNEL static double squares_and_product(const float *x, const float *y, int64_t n, double *product, double *other)
{
    double xx[LANES] = {0}, xy[LANES] = {0}, yy[LANES] = {0};
    int64_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++) {
            xx[k] += (double)x[i + k] * (double)x[i + k];
            xy[k] += (double)x[i + k] * (double)y[i + k];
            yy[k] += (double)y[i + k] * (double)y[i + k];
        }
    for (; i < n; i++) {
        xx[0] += (double)x[i] * (double)x[i];
        xy[0] += (double)x[i] * (double)y[i];
        yy[0] += (double)y[i] * (double)y[i];
    }
    for (int k = 1; k < LANES; k++) {
        xx[0] += xx[k];
        xy[0] += xy[k];
        yy[0] += yy[k];
    }
    *product += xy[0];
    *other += yy[0];
    return xx[0];
}

/* Elements `from` … `to` of the gradient; those of the first GRADIENT_STATS_LAYERS by themselves too. */
static void look_at_gradient(const struct run *l, int64_t from, int64_t to, struct observed *o)
{
    for (int i = 0; gradient_stats_layer(l, i) >= 0; i++) {
        const struct layer *layer = &l->network.layer[gradient_stats_layer(l, i)];
        int64_t begin = layer->parameter[0].offset, end = begin;
        double square = 0;
        for (int k = 0; k < layer->parameters; k++)
            end += layer->parameter[k].count;
        begin = begin > from ? begin : from;
        end = end < to ? end : to;
        if (begin < end && l->previous)
            square = squares_and_product(l->gradient + begin, l->previous + begin, end - begin, &o->sum.cosine,
                                         &o->previous);
        else if (begin < end)
            square = squares(l->gradient + begin, end - begin);
        o->square += square;
        if (i < GRADIENT_STATS_LAYERS)
            o->sum.layer_norm[o->sum.layers++] = square;
    }
}

/* Rows from..to that count, as many at a time as are compared side by side; the last ones again where they run out. */
static void look_at_losses(const struct run *l, int from, int to, struct gradient_stats *o)
{
    for (int i = from; i < to;) {
        const float *z[LOSS_CONTRASTS];
        int y[LOSS_CONTRASTS], n = 0;
        struct loss_contrast c[LOSS_CONTRASTS];
        for (; n < LOSS_CONTRASTS && i < to; i++) {
            y[n] = network_f.label(l->workspace, i);
            z[n] = network_f.logits(l->workspace, i);
            n += y[n] != LOSS_IGNORED;
        }
        if (n == 0)
            return;
        for (int k = n; k < LOSS_CONTRASTS; k++) {
            y[k] = y[0];
            z[k] = z[0];
        }
        loss_contrast_f(l->network.classes, z, y, c);
        for (int k = 0; k < n; k++) {
            int bin = c[k].p >= 0 && c[k].p < 1 ? (int)(c[k].p * GRADIENT_STATS_BINS) : GRADIENT_STATS_BINS - 1;
            o->bin[bin].examples++;
            o->bin[bin].cross_entropy += c[k].cross_entropy;
            o->bin[bin].mse += c[k].mse;
        }
    }
}

void gradient_stats_begin(struct run *l, int examples)
{
    l->looking->rows = examples * l->network.layer[l->network.count - 1].out.steps;
}

void gradient_stats_part(struct run *l, int part, int64_t from, int64_t to)
{
    struct looking *w = l->looking;
    struct observed o = {0};
    int64_t rows = w->rows;

    look_at_gradient(l, from, to, &o);
    look_at_losses(l, (int)(rows * part / w->parts), (int)(rows * (part + 1) / w->parts), &o.sum);
    w->part[part] = o;
}

static void add_up(const struct looking *w, struct gradient_stats *o)
{
    double square = 0, previous = 0;

    *o = (struct gradient_stats){.layers = w->part[0].sum.layers};
    for (int p = 0; p < w->parts; p++) {
        const struct observed *part = &w->part[p];
        square += part->square;
        previous += part->previous;
        o->cosine += part->sum.cosine;
        for (int i = 0; i < o->layers; i++)
            o->layer_norm[i] += part->sum.layer_norm[i];
        for (int b = 0; b < GRADIENT_STATS_BINS; b++) {
            o->bin[b].examples += part->sum.bin[b].examples;
            o->bin[b].cross_entropy += part->sum.bin[b].cross_entropy;
            o->bin[b].mse += part->sum.bin[b].mse;
        }
    }
    o->cosine = square > 0 && previous > 0 ? o->cosine / sqrt(square) / sqrt(previous) : NAN;
}

void gradient_stats_end(struct run *l)
{
    struct gradient_stats *o = l->seen;
    double rows = 0;

    add_up(l->looking, o);
    for (int i = 0; i < o->layers; i++)
        o->layer_norm[i] = sqrt(o->layer_norm[i]);
    for (int b = 0; b < GRADIENT_STATS_BINS; b++) {
        struct logit_gradient_bin *bin = &o->bin[b];
        o->cross_entropy += bin->cross_entropy;
        o->mse += bin->mse;
        rows += bin->examples;
        bin->cross_entropy = bin->examples ? bin->cross_entropy / bin->examples : NAN;
        bin->mse = bin->examples ? bin->mse / bin->examples : NAN;
    }
    o->cross_entropy = rows ? o->cross_entropy / rows : NAN;
    o->mse = rows ? o->mse / rows : NAN;
}
