/* Squared error of the probabilities p = softmax(z) against onehot(y), summed over classes:
 *   L = Σ_j (p_j − t_j)²,   ∂L/∂z_j = 2 p_j ((p_j − t_j) − Σ_k p_k (p_k − t_k)).
 * Its gradient vanishes where p_y → 0: the lecture's point. */
#include "net/loss.h"

static double value(const struct loss_args *a, int rows, int classes, int ld, const real *logits,
                    const uint8_t *labels, real scale, real *gradient)
{
    real p[LOSS_MOST_CLASSES];
    double sum = 0;

    (void)a;
    for (int i = 0; i < rows; i++) {
        const real *z = logits + (size_t)i * (size_t)ld;
        real loss = 0, mean = 0;
        R(loss_softmax)(classes, z, p);
        for (int j = 0; j < classes; j++) {
            real d = p[j] - (j == labels[i]);
            loss += d * d;
            mean += p[j] * d;
        }
        sum += (double)loss;
        for (int j = 0; gradient && j < classes; j++)
            gradient[(size_t)i * (size_t)ld + (size_t)j] = 2 * scale * p[j] * (p[j] - (j == labels[i]) - mean);
    }
    return sum;
}

const struct loss_kind R(loss_mse_softmax) = {
    .name = "mse_softmax",
    .title = "MSE on softmax",
    .value = value,
};
