/* Optimizers: loops over flat vectors that know nothing of networks. One file each (optimizer-NAME.c),
 * ending in its const descriptor; listed in optimizer.c. Names, defaults and formulas are PyTorch's
 * (torch.optim, 1.13) unless the file says otherwise. */
#ifndef SADDLE_OPTIM_OPTIMIZER_H
#define SADDLE_OPTIM_OPTIMIZER_H

#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

/* Every optimizer's numbers; each reads its own. */
struct optimizer_args {
    double lr; /* in force at this step */
    double momentum, dampening;
    int nesterov, amsgrad, centered;
    double beta1, beta2, alpha, eps, weight_decay;
    double lr_decay, initial_accumulator_value; /* Adagrad */
    uint64_t t; /* steps this optimizer has made, this one included: 1, 2, … */
};

enum { OPTIMIZER_SLOTS = 3 };

struct optimizer {
    const char *name;                     /* "adamw" */
    const char *title;                    /* "AdamW" */
    const char *reads;                    /* knobs it reads, as "momentum nesterov weight_decay" */
    const char *slot[OPTIMIZER_SLOTS];    /* names of its state vectors, PyTorch's; NULL beyond the last */
    /* Defaults that differ from optimizer_defaults(); NULL: none. */
    void (*defaults)(struct optimizer_args *a);
    /* State for a run that begins, zeroed before; NULL: zero it is. */
    void (*start)(const struct optimizer_args *a, size_t n, real *const *slot);
    /* One step on elements 0 … n−1 of theta, gradient and each slot. Elements do not touch each other,
     * so a step may be cut into parts. */
    void (*step)(const struct optimizer_args *a, size_t n, real *theta, const real *gradient, real *const *slot);
};

/* What the gradient is multiplied by so that its norm is at most `most` (0: no limit), as PyTorch's
 * clip_grad_norm_ computes it (Pascanu, Mikolov and Bengio 2013). */
static inline double optimizer_clip(double most, double norm)
{
    double factor = most / (norm + 1e-6);

    return most > 0 && factor < 1 ? factor : 1;
}

struct optimizer_registry {
    const struct optimizer *(*find)(const char *name);
    const struct optimizer *(*at)(int i); /* NULL beyond the last */
    int (*slots)(const struct optimizer *o);
    /* PyTorch's default hyper-parameters of this optimizer. */
    struct optimizer_args (*defaults)(const struct optimizer *o);
};
extern const struct optimizer_registry R(optimizers);

extern const struct optimizer R(optimizer_sgd), R(optimizer_adagrad), R(optimizer_rmsprop), R(optimizer_adam),
    R(optimizer_adamw);

#endif
