/* The registry of optimizers: one line each. */
#include "optim/optimizer.h"

#include <string.h>

static const struct optimizer *const kinds[] = {
    &R(optimizer_sgd),  &R(optimizer_adagrad), &R(optimizer_rmsprop),
    &R(optimizer_adam), &R(optimizer_adamw),
};

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

static struct optimizer_args defaults(const struct optimizer *o)
{
    struct optimizer_args a = {.lr = 1e-3, .beta1 = .9, .beta2 = .999, .alpha = .99, .eps = 1e-8, .t = 1};

    if (o->defaults)
        o->defaults(&a);
    return a;
}

const struct optimizer_registry R(optimizers) = {.find = find, .at = at, .slots = slots, .defaults = defaults};
