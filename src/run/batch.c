/* SPDX-License-Identifier: MIT */
#include "run/batch.h"
#include "run/run-private.h"
#include "run/update.h"

#include <string.h>

#include "data/window.h"

static int whole(const struct knobs *k, enum knob_id id)
{
    return (int)k->value[id];
}

/* ---- shapes --------------------------------------------------------------------------------- */

static int takes_sequences(const struct network_spec *s)
{
    for (int i = 0; i < s->count; i++) {
        const struct layer_kind *kind = layers_f.find(s->layer[i].kind);
        if (kind && (kind->cell || strcmp(kind->name, "select") == 0))
            return 1;
    }
    return 0;
}

struct shape feed_shape(const struct dataset *d, const struct knobs *k, const struct network_spec *s)
{
    int piece = whole(k, KNOB_PIECE), context = whole(k, KNOB_CONTEXT);

    if (piece > 0)
        return (struct shape){piece, d->dims};
    if (takes_sequences(s))
        return (struct shape){context, d->dims};
    return (struct shape){1, context * d->dims};
}

int feed_check(const struct network *n, const struct dataset *d, const struct knobs *k, struct err *e)
{
    int steps = n->layer[n->count - 1].out.steps;

    if (n->classes != d->classes.count)
        return err_set(e, ERR_INPUT, "network: it ends in %d outputs, the data has %d classes", n->classes,
                       d->classes.count);
    if (whole(k, KNOB_PIECE) > 0 && steps != n->in.steps)
        return err_set(e, ERR_INPUT, "network: pieces of utterances want an answer to every frame: `all`, not `last` "
                                     "or `center`");
    return 0;
}

/* ---- sources -------------------------------------------------------------------------------- */

int source_make(struct source *s, const struct frame_set *frames, const struct dataset *d, const struct knobs *k,
                struct err *e)
{
    (void)d;
    *s = (struct source){.frames = frames};
    return whole(k, KNOB_PIECE) > 0 ? piece_set_make(&s->pieces, frames, whole(k, KNOB_PIECE), e) : 0;
}

void source_free(struct source *s)
{
    piece_set_free(&s->pieces);
}

int64_t source_examples(const struct source *s, const struct knobs *k, int training)
{
    int64_t n = s->frames->frames;

    if (s->pieces.length > 0)
        return s->pieces.count;
    if (training && n > whole(k, KNOB_STRIDE))
        n /= whole(k, KNOB_STRIDE);
    return n;
}

/* ---- noise and masks (training only) -------------------------------------------------------- */

/* A stretch of at most `most` of n places; where it begins, and how long it is. */
static int stretch(const struct rng *r, uint64_t step, uint64_t index, int most, int n, int *begin)
{
    int length;

    if (most > n)
        most = n;
    length = (int)(rng_uniform(r, step, index) * (most + 1));
    *begin = (int)(rng_uniform(r, step, index + 1) * (n - length + 1));
    return length;
}

/* One example of `steps` frames, `stride` apart. Its random numbers depend on step and example alone. Masked values
 * become 0, the mean of normalised features (Park et al. 2019, SpecAugment). */
static void disturb(const struct run *l, uint64_t example, float *x, int steps, int64_t stride)
{
    const struct knobs *k = &l->state->knobs;
    struct rng r = {.seed = (uint64_t)k->value[KNOB_SEED], .purpose = RNG_DATA};
    uint64_t step = l->state->counters.step, base = example << 24;
    int dims = l->data->dims, begin, length;

    for (int t = 0; k->value[KNOB_INPUT_NOISE] > 0 && t < steps; t++)
        for (int i = 0; i < dims; i++)
            x[t * stride + i] +=
                (float)(k->value[KNOB_INPUT_NOISE] * rng_normal(&r, step, base + 4 + (uint64_t)(t * dims + i)));
    if (k->value[KNOB_MASK_TIME] > 0) {
        length = stretch(&r, step, base, whole(k, KNOB_MASK_TIME), steps, &begin);
        for (int t = begin; t < begin + length; t++)
            memset(x + t * stride, 0, sizeof *x * (size_t)dims);
    }
    if (k->value[KNOB_MASK_FEATURES] > 0) {
        length = stretch(&r, step, base + 2, whole(k, KNOB_MASK_FEATURES), dims, &begin);
        for (int t = 0; t < steps; t++)
            memset(x + t * stride + begin, 0, sizeof *x * (size_t)length);
    }
}

/* ---- batches -------------------------------------------------------------------------------- */

/* The example that number `at` means: in training and in a part, somewhere else. */
static int64_t example_of(const struct feed *f, int64_t at)
{
    const struct knobs *k = &f->run->state->knobs;
    struct rng order = {.seed = (uint64_t)k->value[KNOB_SEED], .purpose = f->part ? RNG_PROBE : RNG_ORDER};
    uint64_t n = (uint64_t)source_examples(f->source, k, f->training);

    if (!f->training && !f->part)
        return at;
    return (int64_t)rng_permute(&order, f->part ? 0 : f->run->state->counters.epoch, (uint64_t)at, n);
}

/* Which frame of the set example `at` is about: in training every n-th one, another n-th each epoch. */
static int64_t frame_of(const struct feed *f, int64_t at)
{
    const struct run *l = f->run;
    int64_t stride = whole(&l->state->knobs, KNOB_STRIDE), frame = example_of(f, at);

    if (f->training)
        frame = frame * stride + (int64_t)(l->state->counters.epoch % (uint64_t)stride);
    return frame < f->source->frames->frames ? frame : f->source->frames->frames - 1;
}

static void fill_window(const struct feed *f, int i, int first, int count, float *x, int ld, uint8_t *labels)
{
    const struct run *l = f->run;
    const struct dataset *d = l->data;
    int flat = l->network.in.steps == 1, context = flat ? l->network.in.width / d->dims : l->network.in.steps;
    int answers = l->network.layer[l->network.count - 1].out.steps;
    int64_t stride = flat ? d->dims : (int64_t)count * ld, begin, end, frame;
    float *at = x + (int64_t)i * ld;

    frame = frame_set_locate(f->source->frames, d, frame_of(f, f->from + first + i), &begin, &end);
    window_gather(d, frame, begin, end, context, at, stride);
    if (f->training)
        disturb(l, (uint64_t)(first + i), at, context, stride);
    for (int t = 0; t < answers; t++) {
        int64_t of = frame + (answers > 1 ? t - context / 2 : 0);
        labels[t * count + i] = d->labels[of < begin ? begin : of > end ? end : of];
    }
}

static void fill_piece(const struct feed *f, int i, int first, int count, float *x, int ld, uint8_t *labels)
{
    const struct run *l = f->run;
    int64_t at = f->from + first + i, stride = (int64_t)count * ld;
    int frames, steps = l->network.in.steps;
    int64_t begin = piece_set_locate(&f->source->pieces, l->data, example_of(f, at), &frames);

    window_copy(l->data, begin, frames, x + (int64_t)i * ld, stride);
    if (f->training)
        disturb(l, (uint64_t)(first + i), x + (int64_t)i * ld, frames, stride);
    for (int t = 0; t < steps; t++) {
        labels[t * count + i] = t < frames ? l->data->labels[begin + t] : LOSS_IGNORED;
        if (t >= frames)
            memset(x + t * stride + (int64_t)i * ld, 0, sizeof *x * (size_t)l->data->dims);
    }
}

static void fill(void *context, int first, int count, float *x, int ld, uint8_t *labels)
{
    const struct feed *f = context;

    for (int i = 0; i < count; i++) {
        if (f->source->pieces.length > 0)
            fill_piece(f, i, first, count, x, ld, labels);
        else
            fill_window(f, i, first, count, x, ld, labels);
    }
}

/* Lengths of the pieces of a batch into the run's list; the frames they have together. */
static int64_t note_lengths(struct run *l, const struct feed *f, int n)
{
    int64_t frames = 0;

    for (int i = 0; i < n; i++) {
        int64_t at = f->from + i;
        piece_set_locate(&f->source->pieces, l->data, example_of(f, at), &l->lengths[i]);
        frames += l->lengths[i];
    }
    return frames;
}

const float *evaluated_theta(const struct run *l)
{
    const float *average = update_average(l);

    return average ? average : l->state->shape.ema ? state_ema(l->state) : state_theta(l->state);
}

const float *evaluated_statistics(const struct run *l)
{
    return update_average(l) ? l->kept_statistics : state_statistics(l->state);
}

struct batch_job feed_job(struct run *l, struct feed *f, int n, int64_t *frames)
{
    const struct knobs *k = &l->state->knobs;
    int pieces = f->source->pieces.length > 0;

    *frames = pieces ? note_lengths(l, f, n) : (int64_t)n * l->network.layer[l->network.count - 1].out.steps;
    return (struct batch_job){
        .theta = f->training ? state_theta(l->state) : evaluated_theta(l),
        .statistics = f->training ? state_statistics(l->state) : evaluated_statistics(l),
        .loss = losses_f.at(whole(k, KNOB_LOSS)),
        .loss_args = {.label_smoothing = k->value[KNOB_LABEL_SMOOTHING],
                      .class_weight = whole(k, KNOB_CLASS_WEIGHTS) ? l->class_weight : NULL},
        .examples = n,
        .fill = fill,
        .fill_context = f,
        .lengths = pieces ? l->lengths : NULL,
        .seed = (uint64_t)k->value[KNOB_SEED],
        .step = l->state->counters.step,
        .dropout = k->value[KNOB_DROPOUT],
        .cancel = l->cancel,
        .work = f->training ? l->work : NULL,
    };
}
