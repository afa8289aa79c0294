/* SPDX-License-Identifier: MIT */
/* The registry of losses, and what they share. */
#include "net/loss.h"

#include <string.h>

#include "core/kernel.h"

static const struct loss_kind *const kinds[] = {
    &R(loss_cross_entropy),
    &R(loss_mse_softmax),
    &R(loss_mse_logits),
};

static const struct loss_kind *at(int i)
{
    return i >= 0 && i < (int)(sizeof kinds / sizeof *kinds) ? kinds[i] : NULL;
}

static const struct loss_kind *find(const char *name)
{
    for (int i = 0; at(i); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

static void multiply(real *g, int n, real by)
{
    for (int j = 0; j < n; j++)
        g[j] *= by;
}

static double value(const struct loss_kind *k, const struct loss_args *a, const struct loss_rows *r, real *gradient)
{
    double sum = 0;

    for (int i = 0; i < r->rows; i++) {
        size_t at = (size_t)i * (size_t)r->ld;
        real *g = gradient ? gradient + at : NULL;
        if (r->labels[i] != LOSS_IGNORED)
            sum += k->value(a, r->classes, r->logits + at, r->labels[i], g);
        else if (g)
            memset(g, 0, sizeof *g * (size_t)r->classes);
        if (g)
            multiply(g, r->classes, r->scale);
    }
    return sum;
}

static void curvature(const struct loss_kind *k, const struct loss_args *a, const struct loss_rows *r,
                      int gauss_newton, const real *v, real *out)
{
    for (int i = 0; i < r->rows; i++) {
        size_t at = (size_t)i * (size_t)r->ld;
        if (r->labels[i] == LOSS_IGNORED)
            memset(out + at, 0, sizeof *out * (size_t)r->classes);
        else if (gauss_newton && k->gauss_newton)
            k->gauss_newton(a, r->classes, r->logits + at, r->labels[i], v + at, out + at);
        else
            k->hessian(a, r->classes, r->logits + at, r->labels[i], v + at, out + at);
        multiply(out + at, r->classes, r->scale);
    }
}

static double weight(const struct loss_kind *k, const struct loss_args *a, int rows, const uint8_t *labels)
{
    double sum = 0;

    for (int i = 0; i < rows; i++)
        if (labels[i] != LOSS_IGNORED)
            sum += k->weighted && a->class_weight ? a->class_weight[labels[i]] : 1;
    return sum;
}

const struct loss_registry R(losses) = {
    .find = find,
    .at = at,
    .value = value,
    .curvature = curvature,
    .weight = weight,
};

KERNEL real R(loss_softmax)(int classes, const real *z, real *p)
{
    real most = z[0], sum = 0;

    for (int j = 1; j < classes; j++)
        most = z[j] > most ? z[j] : most;
    for (int j = 0; j < classes; j++)
        p[j] = real_exp(z[j] - most);
    for (int j = 0; j < classes; j++)
        sum += p[j];
    for (int j = 0; j < classes; j++)
        p[j] /= sum;
    return most + (real)log((double)sum);
}

int R(loss_correct)(int rows, int classes, int ld, const real *logits, const uint8_t *labels)
{
    int correct = 0;

    for (int i = 0; i < rows; i++) {
        const real *z = logits + (size_t)i * (size_t)ld;
        int best = 0;
        for (int j = 1; j < classes; j++)
            if (z[j] > z[best])
                best = j;
        correct += best == labels[i];
    }
    return correct;
}

/* A number of each of the rows that are compared side by side. */
typedef double rows __attribute__((vector_size(LOSS_CONTRASTS * sizeof(double))));

/* e^(z − max z), class by class. */
KERNEL_INLINE void exponents(int classes, const real *const z[], rows *p)
{
    rows most;

    for (int k = 0; k < LOSS_CONTRASTS; k++) {
        real m = z[k][0];
        for (int j = 0; j < classes; j++) {
            m = z[k][j] > m ? z[k][j] : m;
            p[j][k] = (double)z[k][j];
        }
        most[k] = (double)m;
    }
    for (int j = 0; j < classes; j++) {
        rows x = p[j] - most;
        for (int k = 0; k < LOSS_CONTRASTS; k++)
            x[k] = exp(x[k]);
        p[j] = x;
    }
}

/* In double, whatever `real` is: where p_y is small, the gradient of MSE is a difference of nearly equal numbers.
 * With d = p − onehot(y), ∂CE/∂z = d and ∂MSE/∂z = 2 p ∘ (d − ⟨p, d⟩). */
KERNEL void R(loss_contrast)(int classes, const real *const z[], const int y[], struct loss_contrast *c)
{
    rows p[LOSS_MOST_CLASSES], d[LOSS_MOST_CLASSES], sum = {0}, mean = {0}, ce = {0}, mse = {0};

    exponents(classes, z, p);
    for (int j = 0; j < classes; j++)
        sum += p[j];
    sum = 1 / sum;
    for (int j = 0; j < classes; j++)
        d[j] = p[j] *= sum;
    for (int k = 0; k < LOSS_CONTRASTS; k++)
        d[y[k]][k] -= 1;
    for (int j = 0; j < classes; j++) {
        mean += p[j] * d[j];
        ce += d[j] * d[j];
    }
    for (int j = 0; j < classes; j++) {
        rows g = 2 * p[j] * (d[j] - mean);
        mse += g * g;
    }
    for (int k = 0; k < LOSS_CONTRASTS; k++)
        c[k] = (struct loss_contrast){p[y[k]][k], sqrt(ce[k]), sqrt(mse[k])};
}
