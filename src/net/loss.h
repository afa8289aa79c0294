/* SPDX-License-Identifier: MIT */
/* Losses on logits: const descriptors, one file each (loss-NAME.c), listed in loss.c. A loss is the mean
 * over examples; with class weights Σ w_y L / Σ w_y, as PyTorch means it. */
#ifndef SADDLE_NET_LOSS_H
#define SADDLE_NET_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

/* 255 as a label: padding, an example that does not count. */
enum { LOSS_MOST_CLASSES = 255, LOSS_IGNORED = 255 };

struct loss_args {
    double label_smoothing;     /* cross-entropy: the target is (1−s)·onehot + s/classes */
    const double *class_weight; /* cross-entropy: [classes]; NULL: all 1 */
};

/* All functions see one example: z[classes] its logits, y its label. */
struct loss_kind {
    const char *name;
    const char *title;
    int weighted; /* class weights are read */
    /* The loss; when gradient is not NULL, gradient[classes] = ∂L/∂z. gradient may not be z. */
    double (*value)(const struct loss_args *a, int classes, const real *z, int y, real *gradient);
    /* out = (∂²L/∂z²) v: what the R-operator makes of the gradient when R{z} = v. */
    void (*hessian)(const struct loss_args *a, int classes, const real *z, int y, const real *v, real *out);
    /* out = G v, the part of the Hessian that a Gauss–Newton product puts between Jᵀ and J; never
     * negative. NULL: the Hessian itself, which is so. */
    void (*gauss_newton)(const struct loss_args *a, int classes, const real *z, int y, const real *v, real *out);
};

/* Rows of a shard: logits[rows][ld], labels[rows]; gradients come out times `scale`. */
struct loss_rows {
    int rows, classes, ld;
    const real *logits;
    const uint8_t *labels;
    real scale;
};

struct loss_registry {
    const struct loss_kind *(*find)(const char *name);
    const struct loss_kind *(*at)(int i); /* NULL beyond the last */
    /* The sum of the rows' losses; gradient[rows][ld] (NULL: none) = scale × ∂(sum)/∂logits. Rows that do
     * not count have none. */
    double (*value)(const struct loss_kind *k, const struct loss_args *a, const struct loss_rows *r, real *gradient);
    /* out[rows][ld] = scale × Hessian (or Gauss–Newton part) × v[rows][ld], row by row. */
    void (*curvature)(const struct loss_kind *k, const struct loss_args *a, const struct loss_rows *r,
                      int gauss_newton, const real *v, real *out);
    /* Divisor of the mean: Σ of the weights of the rows that count. */
    double (*weight)(const struct loss_kind *k, const struct loss_args *a, int rows, const uint8_t *labels);
};
extern const struct loss_registry R(losses);

extern const struct loss_kind R(loss_cross_entropy), R(loss_mse_softmax), R(loss_mse_logits);

/* p[0…classes) = softmax(z), stable for any finite z; returns log Σ exp z. */
real R(loss_softmax)(int classes, const real *z, real *p);

/* The lengths of ∂L/∂z of cross-entropy and of MSE on softmax at the same logits, whatever is trained with: the
 * lecture's comparison. Of LOSS_CONTRASTS rows z[k][classes] at a time, their labels y[k]. */
enum { LOSS_CONTRASTS = 8 };
struct loss_contrast {
    double p, cross_entropy, mse; /* p: of the label's class */
};
void R(loss_contrast)(int classes, const real *const z[], const int y[], struct loss_contrast *c);

/* Number of rows whose largest logit is at the label (the first one wins a tie, as argmax does). */
int R(loss_correct)(int rows, int classes, int ld, const real *logits, const uint8_t *labels);

#endif
