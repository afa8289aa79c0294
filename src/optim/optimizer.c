/* SPDX-License-Identifier: MIT */
/* The registry of optimizers: one line each, new ones at the end (knobs count places). */
#include "optim/optimizer.h"

#include <string.h>

#define OPTIMIZERS(X)                                                                                        \
    X(sgd)                                                                                                   \
    X(adagrad)                                                                                               \
    X(rmsprop)                                                                                               \
    X(adam)                                                                                                  \
    X(adamw)                                                                                                 \
    X(adagrad_rms)                                                                                           \
    X(adadelta)                                                                                              \
    X(adamax)                                                                                                \
    X(nadam)                                                                                                 \
    X(radam)                                                                                                 \
    X(rprop)                                                                                                 \
    X(asgd)                                                                                                  \
    X(lion)                                                                                                  \
    X(lbfgs)                                                                                                 \
    X(schedule_free_adamw)                                                                                   \
    X(schedule_free_sgd)                                                                                     \
    X(prodigy)                                                                                               \
    X(perturbed)                                                                                             \
    X(saddle_free)                                                                                           \
    X(muon)                                                                                                  \
    X(soap)

#define DECLARED(name) extern const struct optimizer R(optimizer_##name);
#define LISTED(name)   &R(optimizer_##name),

OPTIMIZERS(DECLARED)

static const struct optimizer *const kinds[] = {OPTIMIZERS(LISTED)};

static const struct optimizer *at(int i)
{
    return i >= 0 && i < (int)(sizeof kinds / sizeof *kinds) ? kinds[i] : NULL;
}

static const struct optimizer *find(const char *name)
{
    for (int i = 0; at(i); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

static int slots(const struct optimizer *o)
{
    int n = 0;

    while (n < OPTIMIZER_SLOTS && o->slot[n])
        n++;
    return n;
}

static unsigned slots_used(const struct optimizer *o, const struct optimizer_args *a)
{
    unsigned all = (1u << slots(o)) - 1;

    return o->slots_used ? o->slots_used(a) & all : all;
}

static struct optimizer_args defaults(const struct optimizer *o)
{
    struct optimizer_args a = {.lr = 1e-3, .beta1 = .9, .beta2 = .999, .alpha = .99, .eps = 1e-8, .t = 1,
                               .sam_rho = .05, .sam_eta = .01};

    if (o->defaults)
        o->defaults(&a);
    return a;
}

const struct optimizer_registry R(optimizers) = {
    .find = find,
    .at = at,
    .slots = slots,
    .slots_used = slots_used,
    .defaults = defaults,
};
