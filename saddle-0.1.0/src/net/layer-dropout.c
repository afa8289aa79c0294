/* Dropout (Srivastava et al. 2014), inverted: in training y = x m / (1 − p), m = 0 with probability p;
 * in evaluation y = x. The mask is a function of (seed, step, layer, example, feature): it is the same
 * whoever computes it, and is computed once more in backward rather than kept.
 *
 * p is rounded to 1/65536: 16 random bits an element. */
#include "net/layer.h"

enum { CHUNK = 2048 };

static int setup(struct layer *l, struct err *e)
{
    if (l->spec.rate < 0 || l->spec.rate >= 1)
        return err_set(e, ERR_INPUT, "dropout's rate is %g, it must be at least 0 and below 1", l->spec.rate);
    l->out = l->in;
    return 0;
}

static double rate_of(const struct layer *l, const struct pass *p)
{
    return isnan(l->spec.rate) ? p->dropout : l->spec.rate;
}

/* y = x · mask / (1 − p) over the shard's rows; x may be y. */
static void apply_mask(const struct layer *l, const struct pass *p, double rate, const real *x, real *y)
{
    size_t row = (size_t)l->in_ld;
    uint16_t random[CHUNK], below = (uint16_t)(rate * 65536);
    real scale = (real)(1 / (1 - below / 65536.0));

    for (int t = 0; t < l->in.steps; t++) {
        uint64_t at = (uint64_t)l->index << 48 | ((uint64_t)t * (uint64_t)p->batch + (uint64_t)p->first) * row;
        size_t base = (size_t)t * (size_t)p->examples * row, n = (size_t)p->examples * row;
        for (size_t done = 0; done < n; done += CHUNK) {
            size_t count = n - done < CHUNK ? n - done : CHUNK;
            rng_halves(&p->random, p->step, at + done, count, random);
            for (size_t i = 0; i < count; i++)
                y[base + done + i] = random[i] < below ? 0 : x[base + done + i] * scale;
        }
    }
}

static void copy(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;

    for (size_t i = 0; x != y && i < n; i++)
        y[i] = x[i];
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    double rate = rate_of(l, p);

    if (p->training && rate > 0)
        apply_mask(l, p, rate, x, y);
    else
        copy(l, p, x, y);
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    (void)x;
    (void)y;
    if (dx)
        forward(l, p, dy, dx);
}

const struct layer_kind R(layer_dropout) = {
    .name = "dropout",
    .elementwise = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
};
