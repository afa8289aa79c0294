/* ReLU: y = max(x, 0);  dx = dy where y > 0. NaN goes through: it must be seen. */
#include "net/layer.h"

static int setup(struct layer *l, struct err *e)
{
    (void)e;
    l->out = l->in;
    return 0;
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;

    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;

    (void)x;
    for (size_t i = 0; dx && i < n; i++)
        dx[i] = y[i] > 0 ? dy[i] : 0;
}

const struct layer_kind R(layer_relu) = {
    .name = "relu",
    .elementwise = 1,
    .needs_output = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
};
