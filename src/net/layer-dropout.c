/* Dropout (Srivastava et al. 2014), inverted: in training y = x m / (1 − p), m = 0 with probability p;
 * in evaluation y = x. The mask is a function of (seed, step, layer, example, feature): it is the same
 * whoever computes it, and is computed once more in backward rather than kept. Held, it is a linear map
 * and its own derivative: R{y} = R{x} m / (1 − p).
 *
 * p is rounded to 1/65536: 16 random bits an element. */
#include "net/layer.h"

enum { CHUNK = 2048, LAYER_BITS = 48, LEVEL_BITS = 44 }; /* where layer and level stand in a mask's index */

static int setup(struct layer *l, struct err *e)
{
    if (l->spec.rate < 0 || l->spec.rate >= 1)
        return err_set(e, ERR_INPUT, "dropout's rate is %g, it must be at least 0 and below 1", l->spec.rate);
    l->out = l->in;
    return 0;
}

double R(dropout_rate)(const struct layer *l, const struct pass *p)
{
    if (!p->masks)
        return 0;
    return isnan(l->spec.rate) ? p->dropout : l->spec.rate;
}

/* y = x where the element's random word is not below the rate's, times scale; else 0. */
KERNEL static void keep(size_t n, const uint16_t *random, uint16_t below, real scale, const real *x, real *y)
{
    LAYER_LOOP
    for (size_t i = 0; i < n; i++)
        y[i] = random[i] < below ? 0 : x[i] * scale;
}

void R(dropout_apply)(const struct layer *l, const struct pass *p, int level, int steps, int ld, double rate,
                      const real *x, real *y)
{
    uint64_t stream = (uint64_t)l->index << LAYER_BITS | (uint64_t)level << LEVEL_BITS;
    uint16_t random[CHUNK], below = (uint16_t)(rate * 65536);
    real scale = (real)(1 / (1 - below / 65536.0));
    size_t row = (size_t)ld, n = (size_t)p->examples * row;

    for (int t = 0; t < steps; t++) {
        uint64_t at = stream + ((uint64_t)t * (uint64_t)p->batch + (uint64_t)p->first) * row;
        for (size_t done = 0; done < n; done += CHUNK) {
            size_t count = n - done < CHUNK ? n - done : CHUNK, base = (size_t)t * n + done;
            rng_halves(&p->random, p->step, at + done, count, random);
            keep(count, random, below, scale, x + base, y + base);
        }
    }
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;
    double rate = R(dropout_rate)(l, p);

    if (rate > 0)
        R(dropout_apply)(l, p, 0, l->in.steps, l->in_ld, rate, x, y);
    else
        for (size_t i = 0; x != y && i < n; i++)
            y[i] = x[i];
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    (void)x;
    (void)y;
    if (dx)
        forward(l, p, dy, dx);
}

static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;

    (void)x;
    (void)y;
    if (rx)
        forward(l, p, rx, ry);
    else
        for (size_t i = 0; i < n; i++)
            ry[i] = 0;
}

static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    if (!f->dx)
        return;
    forward(l, p, f->dy, f->dx);
    forward(l, p, f->rdy, f->rdx);
}

const struct layer_kind R(layer_dropout) = {
    .name = "dropout",
    .elementwise = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
