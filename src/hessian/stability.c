/* SPDX-License-Identifier: MIT */
#include "hessian/stability.h"

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

struct stability stability_of(const char *optimizer, const struct optimizer_args *a)
{
    if (a->sam != OPTIMIZER_SAM_OFF) /* its gradient is another function's */
        return (struct stability){NAN, 0};
    if (is(optimizer, "sgd"))
        return (struct stability){of_sgd(a), 0};
    if (is(optimizer, "adam") || is(optimizer, "adamw"))
        return (struct stability){2 * (1 + a->beta1) / (1 - a->beta1), 1};
    if (is(optimizer, "rmsprop") && !a->centered)
        return (struct stability){2 + 2 * a->momentum, 1};
    return (struct stability){NAN, 0};
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
