/* SPDX-License-Identifier: MIT */
#include "hessian/stability.h"

#include <stdio.h>
#include <string.h>

static double of_sgd(const struct optimizer_args *a)
{
    double beta = a->momentum;

    if (beta > 0 && a->nesterov)
        return (2 + 2 * beta) / (1 + 2 * beta);
    return beta > 0 ? (2 + 2 * beta) / (1 - a->dampening) : 2;
}

static int is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static struct stability limit_of(double limit, int preconditioned)
{
    return (struct stability){limit, preconditioned, NAN, NAN};
}

struct stability stability_of(const char *optimizer, const struct optimizer_args *a)
{
    struct stability s = limit_of(NAN, 0);

    if (a->sam != OPTIMIZER_SAM_OFF) /* its gradient is another function's */
        return s;
    if (is(optimizer, "sgd")) {
        s.limit = of_sgd(a);
        if (!(a->momentum > 0 && (a->nesterov || a->dampening > 0))) {
            s.small = 2 * (1 - a->momentum);
            s.large = 2 * (1 + a->momentum);
        }
    }
    if (is(optimizer, "adam") || is(optimizer, "adamw"))
        return limit_of(2 * (1 + a->beta1) / (1 - a->beta1), 1);
    if (is(optimizer, "rmsprop") && !a->centered)
        return limit_of(2 + 2 * a->momentum, 1);
    return s;
}

const char *stability_formula(const char *optimizer, const struct optimizer_args *a)
{
    if (is(optimizer, "adam") || is(optimizer, "adamw"))
        return "2(1+beta1)/(1-beta1)";
    if (is(optimizer, "rmsprop") && !a->centered)
        return a->momentum > 0 ? "2+2 momentum" : NULL;
    if (!is(optimizer, "sgd") || !(a->momentum > 0))
        return NULL;
    if (a->nesterov)
        return "(2+2 momentum)/(1+2 momentum)";
    return a->dampening > 0 ? "(2+2 momentum)/(1-dampening)" : "2+2 momentum";
}

void stability_scale(const char *optimizer, const struct optimizer_args *a, int64_t n, const float *v,
                     float *scale)
{
    double correct = is(optimizer, "rmsprop") ? 1 : 1 - pow(a->beta2, (double)a->t);

    for (int64_t i = 0; i < n; i++)
        scale[i] = (float)(1 / sqrt(sqrt((double)v[i] / (correct > 0 ? correct : 1)) + a->eps));
}

enum stability_batches stability_batches(double noise)
{
    const double mostly = .5;

    return isnan(noise) ? STABILITY_BATCHES_UNKNOWN : noise > mostly ? STABILITY_BATCHES_SMALL : STABILITY_BATCHES_LARGE;
}

void stability_batch_words(const struct stability *s, double noise, int batch_norm, char *out, size_t size)
{
    enum stability_batches batches = stability_batches(noise);
    int momentum = s->large > s->small, small = batches == STABILITY_BATCHES_SMALL;
    size_t used;

    if (batches == STABILITY_BATCHES_UNKNOWN)
        snprintf(out, size, "batch sharpness is not known here");
    else if (isnan(s->small))
        snprintf(out, size, "%s batches (noise %.0f %%): no limit of batch sharpness is known for this optimizer",
                 small ? "small" : "large", 100 * noise);
    else
        snprintf(out, size, "%s batches (noise %.0f %%): batch sharpness settles at %s%s", small ? "small" : "large",
                 100 * noise, !momentum ? "2/lr" : small ? "2(1-momentum)/lr" : "2(1+momentum)/lr",
                 small ? ", lmax below it" : ", as lmax does");
    used = strlen(out);
    if (batch_norm && used < size)
        snprintf(out + used, size - used, "; batch norm couples examples, the limit ignores that");
}
