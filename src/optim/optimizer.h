/* SPDX-License-Identifier: MIT */
/* Optimizers: loops over flat vectors that know nothing of networks. One file each (optimizer-NAME.c),
 * ending in its const descriptor; listed in optimizer.c. Names, defaults and formulas are PyTorch's
 * (torch.optim, 1.13) unless the file says otherwise.
 *
 * Most make their step element by element: begin() once, then step() on parts, as many as there are
 * workers. One whose elements depend on each other, through sums (Prodigy) or the matrices they form (Muon), has
 * step_vector() instead; one that asks for f and its gradient at points of its choice (L-BFGS) step_whole(). */
#ifndef SADDLE_OPTIM_OPTIMIZER_H
#define SADDLE_OPTIM_OPTIMIZER_H

#include <stddef.h>
#include <stdint.h>

#include "math/blas.h"

struct pool;

enum optimizer_line_search { OPTIMIZER_FIXED_STEP, OPTIMIZER_STRONG_WOLFE };
enum optimizer_adjust { OPTIMIZER_ORIGINAL, OPTIMIZER_MATCH_RMS_ADAMW };
enum optimizer_sam { OPTIMIZER_SAM_OFF, OPTIMIZER_SAM, OPTIMIZER_ASAM };

/* A piece of θ that is one thing: a matrix, row-major and without gaps, or a vector. */
struct optimizer_part {
    size_t offset, count;
    int rows, cols; /* of a matrix; 0: a vector */
    int hidden;     /* it is a matrix of neither the first nor the last layer */
    int scaled;     /* a weight, by its name: ASAM scales it, but not a bias */
};

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
    double warmup_steps, average_power, weight_lr_power;     /* Schedule-Free */
    double beta3, d0, d_coef, growth_rate; /* Prodigy; beta3 0: √beta2; growth_rate 0: no limit */
    int use_bias_correction, safeguard_warmup;
    double threshold_grad, radius; /* perturbed gradient descent */
    int kick_interval;
    int lanczos_vectors; /* saddle-free Newton */
    double damping, complement_lr;
    int ns_steps, adjust_lr_fn; /* Muon; adjust_lr_fn: enum optimizer_adjust */
    double ns_coefficients[3], adamw_scale;
    double shampoo_beta; /* SOAP; below 0: beta2 */
    int precondition_frequency, correct_bias;
    int sam; /* enum optimizer_sam; for sam.h, beside any optimizer */
    double sam_rho, sam_eta;
    const struct optimizer_part *part; /* all of θ in its order; NULL: a vector of weights */
    int parts;
    struct pool *pool; /* shares the work of step_vector and of SAM; NULL: the calling thread alone */
    const struct blas *products; /* of matrices; NULL: OpenBLAS's */
    uint64_t seed; /* of random numbers, which are functions of it and of t */
    uint64_t t;    /* steps this optimizer has made, this one included: 1, 2, … */
    unsigned fresh; /* slots that this step is the first to use, bit by bit; at t = 1 all of them are */
    double now[2]; /* what begin() works out for the parts of this step */
};

enum { OPTIMIZER_SLOTS = 3, OPTIMIZER_SCALARS = 2 };

/* f and its derivatives at points of a step's choice. */
struct optimizer_closure {
    /* NaN ends the step at once, undone. */
    double (*f_and_gradient)(void *context, const real *theta, real *gradient);
    /* out = H v, H the Hessian at θ. Not 0 ends the step at once, undone. */
    int (*hessian_vector)(void *context, const real *theta, const real *v, real *out);
    void *context;
};

/* Sizes of what step_vector() and step_whole() work on: vectors of n elements each, one after the other, and
 * scalars. */
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
    const char *use;                   /* two lines: when to use it */
    const char *slot[OPTIMIZER_SLOTS]; /* names of its state vectors, PyTorch's; NULL beyond the last */
    /* Which slot, by its number + 1, holds the point that evaluation belongs to; 0: θ. Such an optimizer averages
     * instead of a schedule: the learning rate stays the base rate. */
    int average;
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
     * depend on the cut. NULL when there is step_vector or step_whole. */
    void (*step)(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot);
    /* Memory that step_vector or step_whole needs for n elements with these settings; when the state's size
     * changes, it begins anew. */
    struct optimizer_size (*size)(const struct optimizer_args *a, size_t n);
    /* How many Hessian-vector products step_vector asks for; NULL: none. */
    size_t (*products)(const struct optimizer_args *a, size_t n);
    /* One step on the whole of theta with its gradient. Returns 0, or −1: then
     * theta and state are as before. */
    int (*step_vector)(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m);
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
