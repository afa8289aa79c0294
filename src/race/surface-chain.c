/* SPDX-License-Identifier: MIT */
/* A network of one neuron a layer and no activation, y = w1 w2 … wn x, on one datum (x, y), by default
 * (1, 1): the lecture's smallest network with a saddle (Lee, "When gradient is small", 2021). With
 * P = w1 w2 … wn, Pi = P without wi, Pij = P without wi and wj, and r = y − x P:
 *   f = r²
 *   ∂f/∂wi = −2 r x Pi
 *   ∂²f/∂wi² = 2 x² Pi²,   ∂²f/∂wi∂wj = 2 x² Pi Pj − 2 r x Pij
 * At 0 the gradient is 0; for n = 2 its Hessian is [[0, −2], [−2, 0]], a saddle; for n > 2 it is 0. */
#include "race/surface-chain.h"

static const struct chain_datum ONE = {1, 1};

/* The product of all w but the i-th and the j-th; −1: none. */
static double product_without(const struct surface *s, const double *w, int i, int j)
{
    double p = 1;

    for (int k = 0; k < s->n; k++)
        if (k != i && k != j)
            p *= w[k];
    return p;
}

static double f(const struct surface *s, const double *w, double *gradient, double *hessian)
{
    const struct chain_datum *d = s->data;
    double r = d->y - d->x * product_without(s, w, -1, -1), part[SURFACE_MOST];

    for (int i = 0; i < s->n; i++)
        part[i] = d->x * product_without(s, w, i, i);
    for (int i = 0; gradient && i < s->n; i++)
        gradient[i] = -2 * r * part[i];
    for (int i = 0; hessian && i < s->n; i++)
        for (int j = 0; j < s->n; j++)
            hessian[i * s->n + j] =
                2 * part[i] * part[j] - (i == j ? 0 : 2 * r * d->x * product_without(s, w, i, j));
    return r * r;
}

const struct surface surface_chain = {
    .name = "chain",
    .title = "chain of two weights",
    .formula = "(1 − w1 w2)²",
    .n = 2,
    .axis = {"w1", "w2"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {1e-3, 1e-3},
    .optima = 2,
    .optimum = {{1, 1}, {-1, -1}},
    .race = {{"sgd:lr=.05", "sgd:lr=.05,momentum=.9", "adam:lr=.05", "rmsprop:lr=.01"}, "loss<.01", 0},
    .f = f,
    .data = &ONE,
};

const struct surface surface_chain3 = {
    .name = "chain3",
    .title = "chain of three weights",
    .formula = "(1 − w1 w2 w3)²",
    .n = 3,
    .axis = {"w1", "w2"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {.1, .1, .1},
    .optima = 1,
    .optimum = {{1, 1, 1}},
    .race = {{"sgd:lr=.05", "sgd:lr=.05,momentum=.9", "adam:lr=.05", "rmsprop:lr=.01"}, "loss<.01", 0},
    .f = f,
    .data = &ONE,
};

const struct surface surface_chain5 = {
    .name = "chain5",
    .title = "chain of five weights",
    .formula = "(1 − w1 w2 w3 w4 w5)²",
    .n = 5,
    .axis = {"w1", "w2"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {.5, .5, .5, .5, .5},
    .optima = 1,
    .optimum = {{1, 1, 1, 1, 1}},
    .race = {{"sgd:lr=.05", "sgd:lr=.05,momentum=.9", "adam:lr=.05", "rmsprop:lr=.01"}, "loss<.01", 0},
    .f = f,
    .data = &ONE,
};
