/* SPDX-License-Identifier: MIT */
#include "lecture/diagnosis-tree.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct tree_thresholds tree_thresholds_standard = {.large = .5, .gap = .15, .mismatch = .3, .margin = .02};

const char *tree_branch_name(enum tree_branch b)
{
    static const char *const names[] = {
        [TREE_UNKNOWN] = "unknown",         [TREE_MODEL_BIAS] = "model bias", [TREE_OPTIMIZATION] = "optimization",
        [TREE_OVERFITTING] = "overfitting", [TREE_MISMATCH] = "mismatch",     [TREE_HEALTHY] = "healthy",
    };

    return names[b];
}

double tree_relative(const struct tree_figures *f, double loss)
{
    return (loss - f->floor) / (f->guess - f->floor);
}

/* ---- the tree ------------------------------------------------------------------------------- */

static enum tree_branch branch_of_large(const struct tree_figures *f, const struct tree_thresholds *t)
{
    double worse = tree_relative(f, f->train.loss) - tree_relative(f, f->against.loss);

    return worse > t->margin ? TREE_OPTIMIZATION : worse < -t->margin ? TREE_MODEL_BIAS : TREE_UNKNOWN;
}

static enum tree_branch branch_of(const struct tree_figures *f, const struct tree_thresholds *t)
{
    double train = tree_relative(f, f->train.loss), validation = tree_relative(f, f->validation.loss);

    if (!isfinite(train))
        return TREE_UNKNOWN;
    if (train > t->large)
        return branch_of_large(f, t);
    if (isnan(validation))
        return TREE_UNKNOWN;
    if (validation - train > t->gap)
        return TREE_OVERFITTING;
    return tree_relative(f, f->unheard.loss) - validation > t->mismatch ? TREE_MISMATCH : TREE_HEALTHY;
}

__attribute__((format(printf, 2, 3))) static void add(struct tree_report *r, const char *format, ...)
{
    size_t used = strlen(r->evidence);
    va_list a;

    va_start(a, format);
    vsnprintf(r->evidence + used, sizeof r->evidence - used, format, a);
    va_end(a);
}

/* ", validation 4.10": three digits are enough to compare. */
static void add_loss(struct tree_report *r, const char *name, double loss)
{
    if (isfinite(loss))
        add(r, "%s %.*f", name, fabs(loss) < 1 ? 3 : 2, loss);
}

static void say_why_unknown(struct tree_report *r, const struct tree_figures *f, const struct tree_thresholds *t)
{
    double train = tree_relative(f, f->train.loss);

    if (!isfinite(f->train.loss))
        add(r, "; the training loss is not finite");
    else if (!isfinite(train))
        add(r, "; all training frames have one class");
    else if (train <= t->large)
        add(r, "; no validation frames");
    else if (isnan(f->against.loss))
        add(r, "; the training loss is large (guessing: %.2f): model bias and optimization cannot be told apart without the "
               "training loss of a shallower or smaller network", f->guess);
    else
        add(r, "; both training losses are large (guessing: %.2f) and alike", f->guess);
}

static void say_of_unheard(struct tree_report *r, const struct tree_figures *f)
{
    if (f->no_unheard) {
        add(r, "; mismatch cannot be told: %s", f->no_unheard);
        return;
    }
    add_loss(r, "; unheard voices", f->unheard.loss);
    add(r, " (accuracy %.3f, validation %.3f)", f->unheard.accuracy, f->validation.accuracy);
}

struct tree_report tree_diagnose(const struct tree_figures *f, const struct tree_thresholds *t)
{
    struct tree_report r = {.branch = branch_of(f, t)};
    int compared = tree_relative(f, f->train.loss) > t->large && !isnan(f->against.loss);

    add_loss(&r, "training", f->train.loss);
    add_loss(&r, compared ? ", of the smaller network" : ", validation", compared ? f->against.loss : f->validation.loss);
    if (r.branch == TREE_MISMATCH)
        add_loss(&r, ", unheard voices", f->unheard.loss);
    add(&r, ": %s", tree_branch_name(r.branch));
    if (r.branch == TREE_UNKNOWN)
        say_why_unknown(&r, f, t);
    else if (r.branch == TREE_OVERFITTING || r.branch == TREE_HEALTHY)
        say_of_unheard(&r, f);
    return r;
}

/* ---- figures -------------------------------------------------------------------------------- */

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

static int evaluate(struct tree_loss *t, struct run *l, enum run_set_id set, struct err *e)
{
    int r;

    *t = (struct tree_loss){NAN, NAN};
    if (run_source(l, set)->frames->frames == 0)
        return 0;
    r = run_evaluate(l, run_source(l, set), NULL, NULL, &t->loss, &t->accuracy);
    if (r == -ERR_INPUT)
        return dataset_check(run_data(l), e);
    return r ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

int tree_measure(struct tree_figures *f, struct run *l, struct err *e)
{
    const struct knobs *k = run_knobs(l);
    const struct loss_kind *loss = losses_f.at((int)k->value[KNOB_LOSS]);
    double share[DATASET_MOST_CLASSES];
    int r;

    *f = (struct tree_figures){.unheard = {NAN, NAN}, .against = {NAN, NAN}, .no_unheard = tree_no_unheard(l)};
    if (count_classes(l, share) == 0)
        return err_set(e, ERR_INPUT, "%s: no utterances to train on", run_data(l)->path);
    find_scale(f, share, run_data(l)->classes.count, loss == &loss_cross_entropy_f, k->value[KNOB_LABEL_SMOOTHING]);
    r = evaluate(&f->train, l, RUN_TRAIN, e);
    if (r == 0)
        r = evaluate(&f->validation, l, RUN_VALIDATION, e);
    if (r == 0 && !f->no_unheard)
        r = evaluate(&f->unheard, l, RUN_TEST, e);
    return r;
}

int tree_measure_against(struct tree_figures *f, struct run *l, struct err *e)
{
    return evaluate(&f->against, l, RUN_TRAIN, e);
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
