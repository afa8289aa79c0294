/* Cross-entropy of softmax(z) against the target t, t = (1−s)·onehot(y) + s/C with label smoothing s
 * (Szegedy et al. 2016):
 *   L = −Σ_j t_j log p_j = log Σ exp z − Σ_j t_j z_j,   ∂L/∂z = p − t. */
#include "net/loss.h"

static double value(const struct loss_args *a, int rows, int classes, int ld, const real *logits,
                    const uint8_t *labels, real scale, real *gradient)
{
    real p[LOSS_MOST_CLASSES], even = (real)(a->label_smoothing / classes), sure = (real)(1 - a->label_smoothing);
    double sum = 0;

    for (int i = 0; i < rows; i++) {
        const real *z = logits + (size_t)i * (size_t)ld;
        real log_sum = R(loss_softmax)(classes, z, p), mean = 0;
        for (int j = 0; a->label_smoothing > 0 && j < classes; j++)
            mean += even * (log_sum - z[j]);
        sum += (double)(sure * (log_sum - z[labels[i]]) + mean);
        if (!gradient)
            continue;
        real *g = gradient + (size_t)i * (size_t)ld;
        for (int j = 0; j < classes; j++)
            g[j] = scale * (p[j] - even);
        g[labels[i]] -= scale * sure;
    }
    return sum;
}

const struct loss_kind R(loss_cross_entropy) = {
    .name = "cross_entropy",
    .title = "cross-entropy",
    .value = value,
};
