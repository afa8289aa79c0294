#include "lab/observe.h"

#include <math.h>
#include <string.h>

#include "lab/lane-feed.h"

enum { PARTS = 8, LANES = 16 };

struct looking {
    struct lane *lane;
    int rows;
    struct observation part[PARTS]; /* sums of each; cosine: of the products with the gradient before, … */
    double square[PARTS], previous[PARTS]; /* … and of the squares of both */
};

int observe_layer(const struct lane *l, int i)
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

/* One part of every layer's gradient; the first OBSERVE_LAYERS by themselves too. */
static void look_at_gradient(struct looking *w, int part)
{
    const struct lane *l = w->lane;
    struct observation *o = &w->part[part];

    w->square[part] = w->previous[part] = o->cosine = 0;
    o->layers = 0;
    for (int i = 0; observe_layer(l, i) >= 0; i++) {
        const struct layer *layer = &l->network.layer[observe_layer(l, i)];
        int64_t from = layer->parameter[0].offset, n = 0, count;
        double square;
        for (int k = 0; k < layer->parameters; k++)
            n += layer->parameter[k].count;
        from += n * part / PARTS;
        count = n * (part + 1) / PARTS - n * part / PARTS;
        square = l->previous ? squares_and_product(l->gradient + from, l->previous + from, count, &o->cosine,
                                                   &w->previous[part])
                             : squares(l->gradient + from, count);
        w->square[part] += square;
        if (i < OBSERVE_LAYERS)
            o->layer_norm[o->layers++] = square;
    }
}

static void look_at_losses(const struct lane *l, int from, int to, struct observation *o)
{
    for (int i = from; i < to; i++) {
        double ce, mse, p;
        int y = network_f.label(l->workspace, i), bin;
        if (y == LOSS_IGNORED)
            continue;
        p = loss_contrast_f(l->network.classes, network_f.logits(l->workspace, i), y, &ce, &mse);
        bin = p >= 0 && p < 1 ? (int)(p * OBSERVE_BINS) : OBSERVE_BINS - 1;
        o->bin[bin].examples++;
        o->bin[bin].cross_entropy += ce;
        o->bin[bin].mse += mse;
    }
}

static void look(void *context, int part)
{
    struct looking *w = context;

    look_at_gradient(w, part);
    look_at_losses(w->lane, w->rows * part / PARTS, w->rows * (part + 1) / PARTS, &w->part[part]);
}

static void add_up(const struct looking *w, struct observation *o)
{
    double square = 0, previous = 0;

    *o = (struct observation){.layers = w->part[0].layers};
    for (int p = 0; p < PARTS; p++) {
        square += w->square[p];
        previous += w->previous[p];
        o->cosine += w->part[p].cosine;
        for (int i = 0; i < o->layers; i++)
            o->layer_norm[i] += w->part[p].layer_norm[i];
        for (int b = 0; b < OBSERVE_BINS; b++) {
            o->bin[b].examples += w->part[p].bin[b].examples;
            o->bin[b].cross_entropy += w->part[p].bin[b].cross_entropy;
            o->bin[b].mse += w->part[p].bin[b].mse;
        }
    }
    o->cosine = square > 0 && previous > 0 ? o->cosine / sqrt(square) / sqrt(previous) : NAN;
}

void observe(struct lane *l, int examples, struct observation *o)
{
    struct looking w = {.lane = l, .rows = examples * l->network.layer[l->network.count - 1].out.steps};
    double rows = 0;

    pool_run(l->pool, look, &w, PARTS);
    add_up(&w, o);
    for (int i = 0; i < o->layers; i++)
        o->layer_norm[i] = sqrt(o->layer_norm[i]);
    for (int b = 0; b < OBSERVE_BINS; b++) {
        struct contrast_bin *bin = &o->bin[b];
        o->cross_entropy += bin->cross_entropy;
        o->mse += bin->mse;
        rows += bin->examples;
        bin->cross_entropy = bin->examples ? bin->cross_entropy / bin->examples : NAN;
        bin->mse = bin->examples ? bin->mse / bin->examples : NAN;
    }
    o->cross_entropy = rows ? o->cross_entropy / rows : NAN;
    o->mse = rows ? o->mse / rows : NAN;
}
