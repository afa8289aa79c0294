/* SPDX-License-Identifier: MIT */
#include "lecture/diagnosis-tree.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct tree_thresholds tree_thresholds_of(const struct knobs *k)
{
    return (struct tree_thresholds){k->value[KNOB_DIAGNOSIS_LARGE], k->value[KNOB_DIAGNOSIS_GAP], k->value[KNOB_DIAGNOSIS_MISMATCH],
                                    k->value[KNOB_DIAGNOSIS_MARGIN]};
}

const char *tree_branch_name(enum tree_branch b)
{
    static const char *const names[] = {
        [TREE_UNKNOWN] = "unknown",         [TREE_MODEL_BIAS] = "model bias", [TREE_OPTIMIZATION] = "optimization",
        [TREE_OVERFITTING] = "overfitting", [TREE_MISMATCH] = "mismatch",     [TREE_HEALTHY] = "healthy",
    };

    return names[b];
}

/* ---- the tree ------------------------------------------------------------------------------- */

static enum tree_branch branch_of_large(const struct tree_figures *f, const struct tree_thresholds *t)
{
    double worse = tree_relative(f, f->train.loss) - tree_relative(f, f->against.loss);

    if (worse < -t->margin)
        return f->against_behind ? TREE_UNKNOWN : TREE_MODEL_BIAS;
    return worse > t->margin ? TREE_OPTIMIZATION : TREE_UNKNOWN;
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
    else if (f->against_behind && f->against.loss > f->train.loss)
        add(r, "; the smaller network has seen fewer examples: train it as long");
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
