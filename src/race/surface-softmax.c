/* SPDX-License-Identifier: MIT */
/* Why classification wants cross-entropy (Lee, "Classification", 2021): both losses over the outputs y1
 * and y2, with y3 = −1000, p = softmax(y), the target class 1. With e = p − (1, 0, 0):
 *   CE = −ln p1,         ∂/∂yj = ej,                     ∂²/∂yi∂yj = pi (δij − pj)
 *   MSE = Σ ek²,         ∂/∂yj = 2 pj uj                 where uj = Σk pk (ej − ek)
 *   and as ∂pj/∂yi = pj (δij − pi):
 *   ∂²MSE/∂yi∂yj = 2 [pj (δij − pi) (uj + pj) − pj pi (pi + ei − Σk pk (pk + ek))]
 * Far from the target p1 → 0: MSE's slope goes with it, CE's does not. 1 − pj is summed from the other
 * classes, so that no digits are lost there. */
#include <math.h>
#include <stddef.h>

#include "race/surface.h"

enum { CLASSES = 3, SEEN = 2 };

struct softmax {
    double y[CLASSES], p[CLASSES], rest[CLASSES]; /* rest: 1 − p */
    double e[CLASSES], u[CLASSES];
    double log_sum; /* ln Σ exp y */
};

static struct softmax softmax(const double *at)
{
    struct softmax m = {.y = {at[0], at[1], -1000}, .e = {0}};
    double most = fmax(fmax(m.y[0], m.y[1]), m.y[2]), sum = 0;

    for (int k = 0; k < CLASSES; k++)
        sum += exp(m.y[k] - most);
    m.log_sum = most + log(sum);
    for (int k = 0; k < CLASSES; k++)
        m.p[k] = exp(m.y[k] - most) / sum;
    for (int k = 0; k < CLASSES; k++)
        m.rest[k] = m.p[(k + 1) % CLASSES] + m.p[(k + 2) % CLASSES];
    for (int k = 0; k < CLASSES; k++)
        m.e[k] = k == 0 ? -m.rest[0] : m.p[k];
    for (int j = 0; j < CLASSES; j++)
        for (int k = 0; k < CLASSES; k++)
            m.u[j] += m.p[k] * (m.e[j] - m.e[k]);
    return m;
}

/* ∂pj/∂yi. */
static double slope(const struct softmax *m, int j, int i)
{
    return m->p[j] * (i == j ? m->rest[i] : -m->p[i]);
}

static double cross_entropy(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    struct softmax m = softmax(at);

    (void)s;
    for (int j = 0; gradient && j < SEEN; j++)
        gradient[j] = m.e[j];
    for (int i = 0; hessian && i < SEEN; i++)
        for (int j = 0; j < SEEN; j++)
            hessian[i * SEEN + j] = slope(&m, j, i);
    return m.rest[0] < .5 ? -log1p(-m.rest[0]) : m.log_sum - m.y[0];
}

static double squared_error(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    struct softmax m = softmax(at);
    double sum = 0, mean = 0;

    (void)s;
    for (int k = 0; k < CLASSES; k++) {
        sum += m.e[k] * m.e[k];
        mean += m.p[k] * (m.p[k] + m.e[k]);
    }
    for (int j = 0; gradient && j < SEEN; j++)
        gradient[j] = 2 * m.p[j] * m.u[j];
    for (int i = 0; hessian && i < SEEN; i++)
        for (int j = 0; j < SEEN; j++)
            hessian[i * SEEN + j] =
                2 * (slope(&m, j, i) * (m.u[j] + m.p[j]) - m.p[j] * m.p[i] * (m.p[i] + m.e[i] - mean));
    return sum;
}

const struct surface surface_softmax_mse = {
    .name = "softmax_mse",
    .title = "softmax, squared error",
    .formula = "|softmax(y1, y2, −1000) − (1, 0, 0)|²",
    .n = SEEN,
    .axis = {"y1", "y2"},
    .window = {{-10, 10}, {-10, 10}},
    .start = {-7, 5},
    .race = {{"sgd:lr=.5", "sgd:lr=.5,momentum=.9", "adam:lr=.2", "rmsprop:lr=.1"}, "loss<.02", 20},
    .f = squared_error,
};

const struct surface surface_softmax_ce = {
    .name = "softmax_ce",
    .title = "softmax, cross-entropy",
    .formula = "−ln softmax(y1, y2, −1000)₁",
    .n = SEEN,
    .axis = {"y1", "y2"},
    .window = {{-10, 10}, {-10, 10}},
    .start = {-7, 5},
    .race = {{"sgd:lr=.5", "sgd:lr=.5,momentum=.9", "adam:lr=.2", "rmsprop:lr=.1"}, "loss<.1053605", 0},
    .f = cross_entropy,
};
