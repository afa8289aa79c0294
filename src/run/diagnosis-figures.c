/* SPDX-License-Identifier: MIT */
#include "run/diagnosis-figures.h"
#include "run/run.h"

#include <math.h>
#include <string.h>

double tree_relative(const struct tree_figures *f, double loss)
{
    return (loss - f->floor) / (f->guess - f->floor);
}

/* The mean of the targets of class y, at j. */
static double target(double smoothing, int classes, int y, int j)
{
    return smoothing / classes + (y == j ? 1 - smoothing : 0);
}

static double entropy_term(double p)
{
    return p > 0 ? -p * log(p) : 0;
}

/* floor and guess for classes of these shares: under the cross-entropy the entropy of one target, and that of the mean
 * target; under a squared error 0, and 1 − Σ share². */
static void find_scale(struct tree_figures *f, const double *share, int classes, int cross_entropy, double smoothing)
{
    f->floor = f->guess = 0;
    for (int j = 0; j < classes; j++) {
        double mean = smoothing / classes + (1 - smoothing) * share[j];
        f->guess += cross_entropy ? entropy_term(mean) : share[j] * (1 - share[j]);
        if (cross_entropy)
            f->floor += entropy_term(target(smoothing, classes, 0, j));
    }
}

/* Shares of the classes in training; where rare classes count as much as common ones, those present have the same. */
static int64_t count_classes(const struct run *l, double *share)
{
    const struct frame_set *t = run_source(l, RUN_TRAIN)->frames;
    const struct dataset *d = run_data(l);
    int64_t count[DATASET_MOST_CLASSES] = {0}, present = 0;

    for (int64_t u = 0; u < t->utterances; u++)
        for (int64_t i = d->bounds[t->utterance[u]]; i < d->bounds[t->utterance[u] + 1]; i++)
            count[d->labels[i]]++;
    for (int c = 0; c < d->classes.count; c++)
        present += count[c] > 0;
    for (int c = 0; c < d->classes.count; c++)
        share[c] = run_knobs(l)->value[KNOB_CLASS_WEIGHTS] != 0 ? (count[c] > 0) / (double)present
                                                               : (double)count[c] / (double)t->frames;
    return t->frames;
}

const char *tree_no_unheard(const struct run *l)
{
    const struct frame_set *train = run_source(l, RUN_TRAIN)->frames, *test = run_source(l, RUN_TEST)->frames;
    const struct dataset *d = run_data(l);

    if (test->frames == 0)
        return "the data has no test split";
    if (d->speakers.count < 2)
        return "the data does not tell speakers apart";
    for (int64_t u = 0; u < test->utterances; u++)
        for (int64_t v = 0; v < train->utterances; v++)
            if (d->speaker[test->utterance[u]] == d->speaker[train->utterance[v]])
                return "speakers of the test split are also in training";
    return NULL;
}

static int evaluate(struct tree_loss *t, struct run *l, enum run_set_id set, const struct tree_watch *w, struct err *e)
{
    int64_t frames = w ? w->frames : 0;
    int r;

    *t = (struct tree_loss){NAN, NAN};
    if (run_source(l, set)->frames->frames == 0)
        return 0;
    r = run_evaluate_part(l, run_source(l, set), frames, w ? w->stop : NULL, w ? w->context : NULL, &t->loss, &t->accuracy);
    if (r == -ERR_INPUT)
        return dataset_check(run_data(l), e);
    return r ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

int tree_scale(struct tree_figures *f, const struct run *l)
{
    const struct knobs *k = run_knobs(l);
    const struct loss_kind *loss = losses_f.at((int)k->value[KNOB_LOSS]);
    const struct tree_loss none = {NAN, NAN};
    double share[DATASET_MOST_CLASSES];

    *f = (struct tree_figures){.train = none, .validation = none, .unheard = none, .against = none, .no_unheard = tree_no_unheard(l)};
    if (count_classes(l, share) == 0)
        return 0;
    find_scale(f, share, run_data(l)->classes.count, loss == &loss_cross_entropy_f, k->value[KNOB_LABEL_SMOOTHING]);
    return 1;
}

static void tell(const struct tree_watch *w, const char *what, int done)
{
    if (w)
        w->next(w->context, what, done, TREE_SETS);
}

int tree_measure_watched(struct tree_figures *f, struct run *l, const struct tree_watch *w, struct err *e)
{
    int r;

    if (!tree_scale(f, l))
        return err_set(e, ERR_INPUT, "%s: no utterances to train on", run_data(l)->path);
    tell(w, "training loss", 0);
    r = evaluate(&f->train, l, RUN_TRAIN, w, e);
    tell(w, "validation loss", 1);
    if (r == 0)
        r = evaluate(&f->validation, l, RUN_VALIDATION, w, e);
    tell(w, "unheard voices", 2);
    if (r == 0 && !f->no_unheard)
        r = evaluate(&f->unheard, l, RUN_TEST, w, e);
    return r;
}

int tree_measure(struct tree_figures *f, struct run *l, struct err *e)
{
    return tree_measure_watched(f, l, NULL, e);
}

int tree_measure_against(struct tree_figures *f, struct run *l, const struct tree_watch *w, struct err *e)
{
    tell(w, "training loss of the smaller network", TREE_SETS - 1);
    return evaluate(&f->against, l, RUN_TRAIN, w, e);
}

static int weighted_layers(const struct network *n)
{
    int count = 0;

    for (int i = 0; i < n->count; i++)
        count += n->layer[i].kind->cell || strcmp(n->layer[i].kind->name, "linear") == 0;
    return count;
}

int tree_check_against(const struct run *l, const struct run *smaller, struct err *e)
{
    static const enum knob_id same[] = {KNOB_LOSS, KNOB_LABEL_SMOOTHING, KNOB_CLASS_WEIGHTS};
    const struct frame_set *in = run_source(l, RUN_TRAIN)->frames, *other = run_source(smaller, RUN_TRAIN)->frames;
    const struct network *a = run_network(l), *b = run_network(smaller);

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (run_knobs(l)->value[same[i]] != run_knobs(smaller)->value[same[i]])
            return err_set(e, ERR_USAGE, "the training losses of the two checkpoints do not compare: they differ in %s",
                           knob_row(same[i])->name);
    if (in->utterances != other->utterances ||
        memcmp(in->utterance, other->utterance, sizeof *in->utterance * (size_t)in->utterances) != 0)
        return err_set(e, ERR_USAGE, "the training losses of the two checkpoints do not compare: they were trained on "
                                     "different utterances");
    if (weighted_layers(b) > weighted_layers(a) ||
        (weighted_layers(b) == weighted_layers(a) && b->parameters > a->parameters))
        return err_set(e, ERR_USAGE, "compare with a shallower or smaller network: the one given has %d layers and %lld "
                                     "parameters, this one %d and %lld",
                       weighted_layers(b), (long long)b->parameters, weighted_layers(a), (long long)a->parameters);
    return 0;
}

int tree_is_smaller(const struct run *l, const struct run *smaller)
{
    const struct network *a = run_network(l), *b = run_network(smaller);
    struct err e;

    return tree_check_against(l, smaller, &e) == 0 &&
           (weighted_layers(b) < weighted_layers(a) || b->parameters < a->parameters);
}
