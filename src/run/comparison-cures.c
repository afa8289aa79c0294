/* SPDX-License-Identifier: MIT */
/* Comparisons that the diagnosis of a run asks for: other networks on the same data, and cures of overfitting. */
#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "net/network.h"
#include "run/comparison-private.h"

/* ---- networks ------------------------------------------------------------------------------- */

static int is_wide(const struct network_spec *s, int i)
{
    return comparison_is_hidden(s, i) || comparison_is_recurrent(&s->layer[i]);
}

/* Every hidden layer's width times so much; how many were changed. */
static int scale_widths(struct network_spec *s, double by)
{
    int changed = 0;

    for (int i = 0; i < s->count; i++) {
        int width = s->layer[i].width, to = (int)fmin(fmax(round(width * by), 1), SPEC_MOST_WIDTH);
        if (!is_wide(s, i) || to == width)
            continue;
        s->layer[i].width = to;
        changed++;
    }
    return changed;
}

static int scaled(struct comparison_draft *d, double by, const char *label)
{
    struct network_spec s;
    int r = spec_parse(&s, d->base->network, d->e);

    if (r)
        return r;
    if (scale_widths(&s, by) == 0)
        return err_set(d->e, ERR_USAGE, by > 1 ? "no layer can be made wider" : "no layer can be made narrower");
    return comparison_set_network(d, comparison_add(d, "%s", label), &s);
}

static int make_wider(struct comparison_draft *d)
{
    return scaled(d, 2, "widths ×2");
}

static int make_smaller(struct comparison_draft *d)
{
    return scaled(d, .5, "widths ÷2");
}

/* Without the last hidden blocks, so many. */
static void remove_blocks(struct network_spec *s, int blocks)
{
    for (int i = s->count - 1; i >= 0 && blocks > 0; i--) {
        int end = comparison_block_end(s, i);
        if (!comparison_is_hidden(s, i))
            continue;
        for (int k = end; k < s->count; k++)
            s->layer[i + k - end] = s->layer[k];
        s->count -= end - i;
        blocks--;
    }
}

/* Half the hidden layers, or half the levels; of what has one of them, half the width. */
static int make_shallower(struct comparison_draft *d)
{
    struct network_spec s;
    int r = spec_parse(&s, d->base->network, d->e), hidden = 0, halved = 0;

    if (r)
        return r;
    for (int i = 0; i < s.count; i++) {
        hidden += comparison_is_hidden(&s, i);
        if (comparison_is_recurrent(&s.layer[i]) && s.layer[i].levels > 1) {
            s.layer[i].levels /= 2;
            halved++;
        }
    }
    if (hidden > 1)
        remove_blocks(&s, hidden / 2);
    else if (!halved)
        return scaled(d, .5, "widths ÷2");
    return comparison_set_network(d, comparison_add(d, "half as deep"), &s);
}

/* ---- cures ---------------------------------------------------------------------------------- */

static double higher_dropout(double rate)
{
    double higher = rate < .5 ? rate + .2 : rate + (1 - rate) / 2;

    return fmin(round(higher * 100) / 100, knob_row(KNOB_DROPOUT)->max);
}

/* Of layers with a rate of their own; how many there are. */
static int raise_own_dropout(struct network_spec *s)
{
    int raised = 0;

    for (int i = 0; i < s->count; i++)
        if (s->layer[i].rate > 0) { /* not NaN: that follows the setting */
            s->layer[i].rate = higher_dropout(s->layer[i].rate);
            raised++;
        }
    return raised;
}

/* Into a network without any, else at a higher rate. */
static int make_dropout(struct comparison_draft *d)
{
    double rate = d->base->value[KNOB_DROPOUT], higher = higher_dropout(rate);
    struct network_spec s;
    int r = spec_parse(&s, d->base->network, d->e);

    if (r)
        return r;
    if (raise_own_dropout(&s))
        return comparison_set_network(d, comparison_add(d, "more dropout"), &s);
    if (!knobs_read(d->base, KNOB_DROPOUT) || rate <= 0)
        return comparison_dropout(d);
    if (higher <= rate)
        return err_set(d->e, ERR_USAGE, "the dropout rate is at its limit");
    knobs_put(comparison_add(d, "dropout %g", higher), KNOB_DROPOUT, higher);
    return 0;
}

static int make_weight_decay(struct comparison_draft *d)
{
    double now = d->base->value[KNOB_WEIGHT_DECAY];
    double more = now > 0 ? fmin(now * 10, knob_row(KNOB_WEIGHT_DECAY)->max) : knob_row(KNOB_WEIGHT_DECAY)->standard;

    if (!knobs_read(d->base, KNOB_WEIGHT_DECAY))
        return err_set(d->e, ERR_USAGE, "%s has no weight decay",
                       knob_choice_title(KNOB_OPTIMIZER, (int)d->base->value[KNOB_OPTIMIZER]));
    if (more <= now)
        return err_set(d->e, ERR_USAGE, "the weight decay is at its limit");
    knobs_put(comparison_add(d, "weight decay %g", more), KNOB_WEIGHT_DECAY, more);
    return 0;
}

/* Noise in units of the features' own spread, where they are normalised, and as the homework's best runs mask features. */
static int make_augmentation(struct comparison_draft *d)
{
    double noise = d->base->value[KNOB_INPUT_NOISE], masked = d->base->value[KNOB_MASK_FEATURES];
    double more = fmin(noise > 0 ? noise * 2 : .2, knob_row(KNOB_INPUT_NOISE)->max);
    double mask = masked > 0 ? masked : 4;
    struct knobs *k = comparison_add(d, "noise %g, mask %g", more, mask);

    knobs_put(k, KNOB_INPUT_NOISE, more);
    knobs_put(k, KNOB_MASK_FEATURES, mask);
    return 0;
}

static int make_early_stopping(struct comparison_draft *d)
{
    const int patience = 3;

    if (d->base->value[KNOB_EARLY_STOPPING] > 0)
        return err_set(d->e, ERR_USAGE, "early stopping is on already, after %g evaluations",
                       d->base->value[KNOB_EARLY_STOPPING]);
    knobs_put(comparison_add(d, "early stopping"), KNOB_EARLY_STOPPING, patience);
    return 0;
}

static int make_more_data(struct comparison_draft *d)
{
    double now = d->base->value[KNOB_TRAIN_SHARE], more = fmin(now * 2, 1);

    if (now >= 1)
        return err_set(d->e, ERR_USAGE, "all training utterances are used already (training share 1)");
    knobs_put(comparison_add(d, "training share %.3g", more), KNOB_TRAIN_SHARE, more);
    return 0;
}

/* ---- the table ------------------------------------------------------------------------------ */

static const struct comparison table[] = {
    {
        .name = "shallower",
        .title = "shallower network",
        .help = "train a network of half the depth from the start on the same data: if its training loss is lower, the matter is "
                "optimization",
        .from_scratch = 1,
        .make = make_shallower,
    },
    {
        .name = "wider",
        .title = "more capacity",
        .help = "train a network twice as wide from the start: if its training loss is lower, the model was too small",
        .from_scratch = 1,
        .make = make_wider,
    },
    {
        .name = "fewer-parameters",
        .title = "fewer parameters",
        .help = "train a network half as wide from the start: it has less room to learn the training set by heart",
        .from_scratch = 1,
        .make = make_smaller,
    },
    {
        .name = "more-dropout",
        .title = "more dropout",
        .help = "train with dropout in every hidden layer, or with a higher rate",
        .make = make_dropout,
    },
    {
        .name = "more-weight-decay",
        .title = "more weight decay",
        .help = "train on with a weight decay ten times as large",
        .make = make_weight_decay,
    },
    {
        .name = "augmentation",
        .title = "augmentation",
        .help = "train on with noise added to the features and some of them masked, anew for every example",
        .make = make_augmentation,
    },
    {
        .name = "early-stopping",
        .title = "early stopping",
        .help = "train on until three evaluations bring no improvement, and go back to the best weights",
        .make = make_early_stopping,
    },
    {
        .name = "more-data",
        .title = "more data",
        .help = "train from the start on twice as many of the training utterances",
        .from_scratch = 1,
        .make = make_more_data,
    },
};

const struct comparison *comparison_cure_at(int i)
{
    return i >= 0 && i < (int)(sizeof table / sizeof *table) ? &table[i] : NULL;
}
