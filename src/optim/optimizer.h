/* SPDX-License-Identifier: MIT */
/* Optimizers: loops over flat vectors that know nothing of networks. One file each (optimizer-NAME.c),
 * ending in its const descriptor; listed in optimizer.c. Names, defaults and formulas are PyTorch's
 * (torch.optim, 1.13) unless the file says otherwise.
 *
 * Most make their step element by element: begin() once, then step() on parts, as many as there are
 * workers. One that needs whole vectors, and f and its gradient at points of its choice (L-BFGS), has
 * step_whole() instead. */
#ifndef SADDLE_OPTIM_OPTIMIZER_H
#define SADDLE_OPTIM_OPTIMIZER_H

#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

enum optimizer_line_search { OPTIMIZER_FIXED_STEP, OPTIMIZER_STRONG_WOLFE };

/* Every optimizer's numbers; each reads its own. */
struct optimizer_args {
    double lr; /* in force at this step */
    double momentum, dampening;
    int nesterov, amsgrad, centered;
    double beta1, beta2, alpha, eps, weight_decay;
    double lr_decay, initial_accumulator_value;             /* Adagrad */
    double rho;                                             /* Adadelta */
    double momentum_decay;                                  /* NAdam */
    double etaminus, etaplus, step_size_min, step_size_max; /* Rprop */
    double lambd, t0;                                       /* ASGD */
    int max_iter, max_eval, history_size;                   /* L-BFGS; max_eval 0: 5/4 of max_iter */
    int line_search_fn;                                     /* enum optimizer_line_search */
    double tolerance_grad, tolerance_change;
    uint64_t t;    /* steps this optimizer has made, this one included: 1, 2, … */
    unsigned fresh; /* slots that this step is the first to use, bit by bit; at t = 1 all of them are */
    double now[2]; /* what begin() works out for the parts of this step */
};

enum { OPTIMIZER_SLOTS = 3, OPTIMIZER_SCALARS = 2 };

/* Gives step_whole() f and its gradient at θ. NaN ends the step at once, undone. */
struct optimizer_closure {
    double (*f_and_gradient)(void *context, const real *theta, real *gradient);
    void *context;
};

/* Sizes of what step_whole() works on: vectors of n elements each, one after the other, and scalars. */
struct optimizer_size {
    size_t vectors, scalars;         /* the state: saved, zeroed before the first step */
    size_t scratch, scratch_scalars; /* hold nothing between two steps */
};

struct optimizer_memory {
    real *vector;
    double *scalar;
    real *scratch;
    double *scratch_scalar;
};

struct optimizer {
    const char *name;                  /* "adamw" */
    const char *title;                 /* "AdamW" */
    const char *reads;                 /* settings of its own, as "momentum nesterov weight_decay" */
    const char *ignores;               /* settings of every optimizer that do not change its step; NULL: none */
    const char *slot[OPTIMIZER_SLOTS]; /* names of its state vectors, PyTorch's; NULL beyond the last */
    /* Defaults that differ from optimizer_defaults(); NULL: none. */
    void (*defaults)(struct optimizer_args *a);
    /* Mask of the slots in use with these numbers, bit k for slot k; NULL: all. The others may be NULL; one
     * that comes into use later begins zeroed. */
    unsigned (*slots_used)(const struct optimizer_args *a);
    /* State for a run that begins, zeroed before; NULL: zero it is. */
    void (*start)(const struct optimizer_args *a, size_t n, real *const *slot);
    /* Once a step, before its parts: carries the run's scalars (saved with the slots, zeroed before) on and
     * fills a->now; NULL: nothing to do. */
    void (*begin)(struct optimizer_args *a, double scalar[OPTIMIZER_SCALARS]);
    /* One step on elements 0 … n−1 of theta, gradient and each slot. Elements do not touch each other, so
     * a step may be cut into parts; where parts begin on multiples of REAL_PAD elements, the bits do not
     * depend on the cut. NULL when there is step_whole. */
    void (*step)(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot);
    /* Memory that step_whole needs with these settings; when the state's size changes, it begins anew. */
    struct optimizer_size (*size)(const struct optimizer_args *a);
    /* One step on the whole of theta, which asks for f as often as it likes. Returns f where it began, or
     * NaN when the closure gave NaN or no finite f was reached: then theta and state are as before. */
    double (*step_whole)(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n,
                         real *theta, const struct optimizer_memory *m);
};

/* The factor that limits the gradient's norm to `most` (0: no limit), as PyTorch's
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
    /* The slots in use under these numbers, bit k for slot k. */
    unsigned (*slots_used)(const struct optimizer *o, const struct optimizer_args *a);
    /* PyTorch's default hyper-parameters of this optimizer. */
    struct optimizer_args (*defaults)(const struct optimizer *o);
};
extern const struct optimizer_registry R(optimizers);

#endif
