/* SPDX-License-Identifier: MIT */
/* The tree of a live run: its figures as they are published, the next test, and the layers in words. */
#include <math.h>
#include <stdio.h>

#include "lecture/diagnosis-tree.h"

static const double BEHIND = .9; /* of the examples: whoever has seen fewer is behind */
static const double RECENT = .2; /* of a run's steps: its weights have not changed by much since */

static void take_smaller(const struct snapshots *all, const struct snapshot *s, struct tree_figures *f, int *against)
{
    const struct snapshot *other = s->smaller ? &all->run[s->smaller - 1] : NULL;

    *against = 0;
    if (!other || !isfinite(other->part_loss))
        return;
    *against = s->smaller;
    f->against = (struct tree_loss){other->part_loss, other->part_accuracy};
    f->against_behind = other->epoch < BEHIND * s->epoch;
}

static int is_recent(const struct snapshot *s)
{
    const struct measured *m = &s->measured;

    if (!m->known || m->step > s->step)
        return 0;
    if ((double)(s->step - m->step) <= RECENT * (double)s->step)
        return 1;
    return !isfinite(s->part_loss) || s->epoch - m->epoch < s->knobs.value[KNOB_EVAL_EVERY];
}

enum tree_source tree_figures_of(const struct snapshots *all, int run, struct tree_figures *f, int *against)
{
    const struct snapshot *s = &all->run[run];

    if (is_recent(s)) {
        *f = s->measured.figures;
        *against = s->measured.against;
        if (!isfinite(f->against.loss))
            take_smaller(all, s, f, against);
        return TREE_MEASURED;
    }
    *f = s->scale;
    f->unheard = f->train = f->validation = f->against = (struct tree_loss){NAN, NAN};
    if (s->step > 0 && isfinite(s->part_loss)) {
        f->train = (struct tree_loss){s->part_loss, s->part_accuracy};
        f->validation = (struct tree_loss){s->validation_loss, s->validation_accuracy};
    }
    if (!f->no_unheard)
        f->no_unheard = "unheard voices are not measured";
    take_smaller(all, s, f, against);
    return isfinite(f->train.loss) ? TREE_EVALUATION : TREE_NOT_EVALUATED;
}

/* ---- the next test -------------------------------------------------------------------------- */

static enum tree_test test_of_large(const struct tree_figures *f, enum tree_branch b)
{
    if (!isfinite(f->against.loss))
        return TREE_TEST_SHALLOWER;
    if (b == TREE_OPTIMIZATION)
        return TREE_TEST_PROBE;
    return b == TREE_UNKNOWN && f->against_behind ? TREE_TEST_WAIT : TREE_TEST_WIDER;
}

enum tree_test tree_next_test(const struct tree_figures *f, const struct tree_thresholds *t, enum tree_branch b)
{
    double train = tree_relative(f, f->train.loss);

    if (!isfinite(train))
        return TREE_TEST_MEASURE;
    if (train > t->large)
        return test_of_large(f, b);
    if (b == TREE_OVERFITTING)
        return TREE_TEST_CURES;
    return b == TREE_HEALTHY && !isfinite(f->unheard.loss) ? TREE_TEST_MEASURE : TREE_TEST_NONE;
}

const char *tree_test_words(enum tree_test test)
{
    static const char *const words[] = {
        [TREE_TEST_NONE] = "the tree asks for no further test",
        [TREE_TEST_MEASURE] = "measures whole sets, and unheard voices",
        [TREE_TEST_SHALLOWER] = "trains a shallower network beside it",
        [TREE_TEST_WAIT] = "trains on: the smaller network has seen less",
        [TREE_TEST_WIDER] = "trains a wider network beside it",
        [TREE_TEST_PROBE] = "probes the curvature: a critical point?",
        [TREE_TEST_CURES] = "lists cures, each of them a fork",
    };

    return words[test];
}

/* ---- layers --------------------------------------------------------------------------------- */

/* Updates are usually about a thousandth of the weights a step. */
static const double STILL = 1e-6, SLOW = 1e-5, FAST = 3e-2, TOO_FAST = .3, MANY = .5, SOME = .2;

static double dead_share(const struct layer_health *h)
{
    return h->units > 0 ? (double)h->dead / (double)h->units : 0;
}

int tree_layer_words(const struct layer_health *h, char out[TREE_LAYER_TEXT])
{
    double dead = dead_share(h);

    if (isnan(h->update))
        snprintf(out, TREE_LAYER_TEXT, "the next step is not finite");
    else if (dead > MANY)
        snprintf(out, TREE_LAYER_TEXT, "%.0f %% of its ReLUs are dead: 0 for every frame looked at, without a gradient", 100 * dead);
    else if (h->saturated > MANY)
        snprintf(out, TREE_LAYER_TEXT, "%.0f %% are saturated: hardly any gradient passes", 100 * h->saturated);
    else if (h->update < STILL)
        snprintf(out, TREE_LAYER_TEXT, "stands still: a step changes less than a millionth of the weights");
    else if (h->update > TOO_FAST)
        snprintf(out, TREE_LAYER_TEXT, "thrown about: a step changes %.0f %% of the weights; reduce the rate", 100 * h->update);
    else if (dead > SOME)
        snprintf(out, TREE_LAYER_TEXT, "%.0f %% of its ReLUs are dead", 100 * dead);
    else if (h->update < SLOW)
        snprintf(out, TREE_LAYER_TEXT, "learns slowly: a thousandth of the weights a step is usual");
    else if (h->update > FAST)
        snprintf(out, TREE_LAYER_TEXT, "moves fast: a thousandth of the weights a step is usual");
    else
        snprintf(out, TREE_LAYER_TEXT, "learns");
    if (isnan(h->update) || dead > MANY || h->saturated > MANY || h->update < STILL || h->update > TOO_FAST)
        return 2;
    return dead > SOME || h->update < SLOW || h->update > FAST;
}
