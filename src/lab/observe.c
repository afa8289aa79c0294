#include "lab/observe.h"

#include <math.h>
#include <string.h>

#include "lab/lane-feed.h"

enum { PARTS = 8, LANES = 16 };

struct looking {
    struct lane *lane;
    int rows;
    struct observation part[PARTS]; /* sums of each */
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

/* One part of every layer's gradient. */
static void look_at_gradient(const struct lane *l, int part, struct observation *o)
{
    for (o->layers = 0; o->layers < OBSERVE_LAYERS && observe_layer(l, o->layers) >= 0; o->layers++) {
        const struct layer *layer = &l->network.layer[observe_layer(l, o->layers)];
        int64_t from = layer->parameter[0].offset, n = 0;
        for (int k = 0; k < layer->parameters; k++)
            n += layer->parameter[k].count;
        o->layer_norm[o->layers] =
            squares(l->gradient + from + n * part / PARTS, n * (part + 1) / PARTS - n * part / PARTS);
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

    look_at_gradient(w->lane, part, &w->part[part]);
    look_at_losses(w->lane, w->rows * part / PARTS, w->rows * (part + 1) / PARTS, &w->part[part]);
}

static void add_up(const struct looking *w, struct observation *o)
{
    *o = (struct observation){.layers = w->part[0].layers};
    for (int p = 0; p < PARTS; p++) {
        for (int i = 0; i < o->layers; i++)
            o->layer_norm[i] += w->part[p].layer_norm[i];
        for (int b = 0; b < OBSERVE_BINS; b++) {
            o->bin[b].examples += w->part[p].bin[b].examples;
            o->bin[b].cross_entropy += w->part[p].bin[b].cross_entropy;
            o->bin[b].mse += w->part[p].bin[b].mse;
        }
    }
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
