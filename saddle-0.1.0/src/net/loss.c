/* The registry of losses, and what they share. */
#include "net/loss.h"

#include <string.h>

static const struct loss_kind *const kinds[] = {
    &R(loss_cross_entropy),
    &R(loss_mse_softmax),
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

const struct loss_registry R(losses) = {.find = find, .at = at};

real R(loss_softmax)(int classes, const real *z, real *p)
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
