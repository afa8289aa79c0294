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

/* In double, whatever `real` is: where p_y is small, the gradient of MSE is a difference of nearly equal numbers. */
double R(loss_contrast)(int classes, const real *z, int y, double *cross_entropy, double *mse)
{
    double p[LOSS_MOST_CLASSES], most = (double)z[0], sum = 0, mean = 0, ce = 0, squares = 0;

    for (int j = 1; j < classes; j++)
        most = (double)z[j] > most ? (double)z[j] : most;
    for (int j = 0; j < classes; j++)
        p[j] = exp((double)z[j] - most);
    for (int j = 0; j < classes; j++)
        sum += p[j];
    for (int j = 0; j < classes; j++) {
        double d = (p[j] /= sum) - (j == y);
        mean += p[j] * d;
        ce += d * d;
    }
    for (int j = 0; j < classes; j++) {
        double g = 2 * p[j] * (p[j] - (j == y) - mean);
        squares += g * g;
    }
    *cross_entropy = sqrt(ce);
    *mse = sqrt(squares);
    return p[y];
}
