/* SPDX-License-Identifier: MIT */
#include "hessian/objective-network.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum {
    SLICE_ROWS = 1024, /* frames of a slice: enough to keep the products busy, short enough to be cancelled */
    PIECE = 1 << 18    /* elements between two looks at cancel */
};

/* ---- the batch, slice by slice -------------------------------------------------------------- */

static void fill(void *context, int first, int count, real *x, int ld, uint8_t *labels)
{
    const struct objective_network *o = context;
    const struct probe_batch *b = o->batch;

    for (int i = 0; i < count; i++) {
        size_t example = (size_t)(o->first + first + i);
        const float *from = b->x + example * (size_t)b->steps * (size_t)b->width;
        for (int t = 0; t < b->steps; t++)
            for (int k = 0; k < b->width; k++)
                x[((size_t)t * (size_t)count + (size_t)i) * (size_t)ld + (size_t)k] =
                    (real)from[(size_t)t * (size_t)b->width + (size_t)k];
        for (int t = 0; t < b->answers; t++)
            labels[t * count + i] = b->labels[example * (size_t)b->answers + (size_t)t];
    }
}

/* Padding of a sequence may carry any label; the network ignores it. */
static double weight_of(const struct objective_network *o)
{
    const struct probe_batch *b = o->batch;
    double weight = 0;

    for (int i = 0; i < b->examples; i++) {
        int answers = b->lengths && b->answers > 1 ? b->lengths[i] : b->answers;
        weight += R(losses).weight(o->loss, &o->loss_args, answers, b->labels + (size_t)i * (size_t)b->answers);
    }
    return weight;
}

/* Something of training is in force: batch norm by the batch, or masks. */
static int trains(const struct objective_network *o)
{
    return o->batch_statistics || o->masks;
}

static struct batch_job job_of(struct objective_network *o, const real *theta, int first, int examples)
{
    static const struct probe_masks off;
    const struct probe_masks *m = o->masks ? o->masks : &off;

    o->first = first;
    return (struct batch_job){
        .theta = theta,
        .statistics = o->statistics,
        .loss = o->loss,
        .loss_args = o->loss_args,
        .examples = examples,
        .fill = fill,
        .fill_context = o,
        .lengths = o->batch->lengths ? o->batch->lengths + first : NULL,
        .cancel = o->cancel,
        .weight = o->weight,
        .running_statistics = !o->batch_statistics,
        .no_masks = !o->masks,
        .seed = m->seed,
        .step = m->step,
        .dropout = m->dropout,
    };
}

/* The quantity to compute of a slice. */
enum kind { VALUE, GRADIENT, HESSIAN, GAUSS_NEWTON };

static int ask(struct objective_network *o, const struct batch_job *j, enum kind kind, const real *v,
               double *f, real *out)
{
    struct batch_result r = {0};

    if (kind == HESSIAN)
        return R(network).hessian_vector(o->work, o->pool, j, v, out);
    if (kind == GAUSS_NEWTON)
        return R(network).gauss_newton_vector(o->work, o->pool, j, v, out);
    if (kind == VALUE && !trains(o))
        R(network).evaluate(o->work, o->pool, j, &r);
    else
        R(network).gradient(o->work, o->pool, j, out, &r);
    *f = r.loss;
    return r.cancelled ? -ERR_CANCELLED : 0;
}

static int whole(struct objective_network *o, const real *theta, enum kind kind, const real *v, double *f,
                 real *out)
{
    struct batch_job j = job_of(o, theta, 0, o->batch->examples);

    return ask(o, &j, kind, v, f, out);
}

/* Zeros, in pieces between which it can be cancelled: the first time their memory comes with them. */
static int clear(const struct objective_network *o, real *out, int64_t n)
{
    for (int64_t from = 0; from < n; from += PIECE) {
        if (o->cancel && atomic_load(o->cancel))
            return -ERR_CANCELLED;
        memset(out + from, 0, sizeof *out * (size_t)(n - from < PIECE ? n - from : PIECE));
    }
    return 0;
}

static int in_slices(struct objective_network *o, const real *theta, enum kind kind, const real *v, double *f,
                     real *out)
{
    double value = 0;
    int64_t n = kind == VALUE ? 0 : o->network->parameters;

    if (out && clear(o, out, n) != 0)
        return -ERR_CANCELLED;
    for (int first = 0; first < o->batch->examples; first += o->slice) {
        int left = o->batch->examples - first, examples = left < o->slice ? left : o->slice, r;
        struct batch_job j = job_of(o, theta, first, examples);
        double part = 0;
        r = ask(o, &j, kind, v, &part, o->part);
        if (r)
            return r;
        value += part;
        for (int64_t i = 0; i < n; i++)
            out[i] += o->part[i];
    }
    if (f)
        *f = value;
    return 0;
}

static int answer(const struct objective *seam, const real *theta, enum kind kind, const real *v, double *f,
                  real *out, struct err *e)
{
    struct objective_network *o = seam->context;
    int r = o->part ? in_slices(o, theta, kind, v, f, out) : whole(o, theta, kind, v, f, out);

    if (r == -ERR_CANCELLED)
        return err_set(e, ERR_CANCELLED, "cancelled");
    return r ? err_set(e, ERR_RUNTIME, "not enough memory for the curvature of %d examples", o->slice) : 0;
}

/* ---- the seam ------------------------------------------------------------------------------- */

/* There is no pass without a gradient that normalises by the batch, or drops. */
static int value(const struct objective *seam, const real *theta, double *f, struct err *e)
{
    struct objective_network *o = seam->context;
    real *unused = NULL;
    int r;

    if (trains(o) && !(unused = malloc(sizeof *unused * (size_t)seam->n + 1)))
        return err_memory(e, "a gradient", sizeof *unused * (unsigned long long)seam->n);
    r = answer(seam, theta, VALUE, NULL, f, unused, e);
    free(unused);
    return r;
}

static int gradient(const struct objective *seam, const real *theta, double *f, real *out, struct err *e)
{
    return answer(seam, theta, GRADIENT, NULL, f, out, e);
}

static int hessian_vector(const struct objective *seam, const real *theta, const real *v, real *out,
                          struct err *e)
{
    return answer(seam, theta, HESSIAN, v, NULL, out, e);
}

static int gauss_newton_vector(const struct objective *seam, const real *theta, const real *v, real *out,
                               struct err *e)
{
    return answer(seam, theta, GAUSS_NEWTON, v, NULL, out, e);
}

/* ---- open and close ------------------------------------------------------------------------- */

static int fits(const struct objective_network *o, struct err *e)
{
    const struct network *n = o->network;
    const struct probe_batch *b = o->batch;
    int answers = n->layer[n->count - 1].out.steps;

    if (b->examples < 1)
        return err_set(e, ERR_INPUT, "the probe batch has no examples");
    if (b->steps != n->in.steps || b->width != n->in.width || b->answers != answers)
        return err_set(e, ERR_INPUT,
                       "the probe batch has examples of [%d, %d] with %d answers, the network takes "
                       "[%d, %d] and gives %d",
                       b->steps, b->width, b->answers, n->in.steps, n->in.width, answers);
    if (!(o->weight > 0))
        return err_set(e, ERR_INPUT, "the loss over the probe batch is undefined: all its classes have weight 0");
    return 0;
}

static void close_network(struct objective_network *o)
{
    R(network).workspace_free(o->work);
    free(o->part);
    o->work = NULL;
    o->part = NULL;
}

static int open_network(struct objective_network *o, struct objective *seam, struct err *e)
{
    size_t bytes = sizeof(real) * (size_t)o->network->parameters;
    int r;

    o->weight = weight_of(o);
    r = fits(o, e);
    o->work = NULL;
    o->part = NULL;
    if (r)
        return r;
    if (o->slice <= 0)
        o->slice = SLICE_ROWS / o->batch->steps > 1 ? SLICE_ROWS / o->batch->steps : 1;
    if (trains(o) || o->slice > o->batch->examples)
        o->slice = o->batch->examples;
    o->work = R(network).workspace_new(o->network, o->shards, o->slice);
    if (o->work && o->slice < o->batch->examples)
        o->part = memory_zeroed(bytes);
    if (!o->work || (o->slice < o->batch->examples && !o->part)) {
        close_network(o);
        return err_set(e, ERR_RUNTIME, "not enough memory for a probe of %d examples at once", o->slice);
    }
    *seam = (struct objective){
        .n = o->network->parameters,
        .context = o,
        .cancel = o->cancel,
        .f = value,
        .gradient = gradient,
        .hessian_vector = hessian_vector,
        .gauss_newton_vector = gauss_newton_vector,
    };
    return 0;
}

static void renew(struct objective_network *o)
{
    o->weight = weight_of(o);
}

const struct objective_network_ops R(objective_network) = {.open = open_network, .close = close_network, .renew = renew};
