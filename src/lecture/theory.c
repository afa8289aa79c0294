/* SPDX-License-Identifier: MIT */
#include "lecture/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "data/window.h"

double theory_bound(double hypotheses, double epsilon, double samples)
{
    return hypotheses * 2 * exp(-2 * samples * epsilon * epsilon);
}

double theory_samples_needed(double hypotheses, double epsilon, double delta)
{
    double n = log(2 * hypotheses / delta) / (2 * epsilon * epsilon);

    return n > 0 ? n : 0;
}

/* ---- thresholds ----------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* The feature of every frame into value[]. */
static int read_feature(const struct dataset *d, int feature, float *value, struct err *e)
{
    float *frame = malloc(sizeof *frame * (size_t)d->dims);

    if (!frame)
        return err_memory(e, "a frame", sizeof *frame * (unsigned long long)d->dims);
    for (int64_t i = 0; i < d->frames; i++) {
        window_copy(d, i, 1, frame, d->dims);
        value[i] = frame[feature];
        if (!isfinite(value[i])) {
            free(frame);
            return err_set(e, ERR_INPUT, "%s: feature %d of frame %lld is not finite", d->path, feature, (long long)i);
        }
    }
    free(frame);
    return dataset_check(d, e);
}

/* Of `n` values, ascending: those at which a threshold stands, or below which and above the one before. */
static int place_thresholds(const float *value, int n, int64_t hypotheses, float *threshold)
{
    double low = value[0], range = (double)value[n - 1] - low, last = (double)(hypotheses - 1);
    int count = 0;

    for (int i = 0; i < n; i++) {
        double at = range > 0 ? (value[i] - low) / range : 1, before = i > 0 ? (value[i - 1] - low) / range : -1;
        if (hypotheses == 1 ? before < .5 && .5 <= at : floor(at * last) / last > before)
            threshold[count++] = value[i];
    }
    return count;
}

/* Thresholds at or below this value. */
static uint32_t rank(const struct thresholds *t, float value)
{
    int low = 0, high = t->count;

    while (low < high) {
        int middle = low + (high - low) / 2;
        if (t->threshold[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* L(h, examples) of every h, as wrong examples: difference[k] holds, of the examples that reach k thresholds, those of
 * the class less the others. An example of the class is wrong under a threshold that it reaches, another under one that it
 * does not. */
static void add_up(const int32_t *difference, int64_t of_class, int count, int64_t *wrong)
{
    int64_t sum = of_class;

    for (int k = 0; k < count; k++) {
        sum -= difference[k];
        wrong[k] = sum;
    }
}

static int count_losses(struct thresholds *t, struct err *e)
{
    int32_t *difference = calloc((size_t)t->count + 1, sizeof *difference);
    int64_t *wrong = malloc(sizeof *wrong * (size_t)t->count), of_class = 0;

    t->loss = malloc(sizeof *t->loss * (size_t)t->count);
    if (!difference || !wrong || !t->loss) {
        free(difference);
        free(wrong);
        return err_memory(e, "the thresholds", sizeof *t->loss * (unsigned long long)t->count);
    }
    for (int64_t i = 0; i < t->frames; i++) {
        difference[t->frame[i] / 2] += t->frame[i] % 2 ? 1 : -1;
        of_class += t->frame[i] % 2;
    }
    add_up(difference, of_class, t->count, wrong);
    for (int k = 0; k < t->count; k++)
        t->loss[k] = (double)wrong[k] / (double)t->frames;
    free(difference);
    free(wrong);
    return 0;
}

/* `sorted` is room for as many values. */
static int make(struct thresholds *t, const struct dataset *d, int class, int64_t hypotheses, const float *value,
                float *sorted, struct err *e)
{
    int n = 1;

    memcpy(sorted, value, sizeof *sorted * (size_t)d->frames);
    qsort(sorted, (size_t)d->frames, sizeof *sorted, compare);
    for (int64_t i = 1; i < d->frames; i++)
        if (sorted[i] > sorted[n - 1])
            sorted[n++] = sorted[i];
    t->threshold = malloc(sizeof *t->threshold * (size_t)n);
    if (!t->threshold)
        return err_memory(e, "the thresholds", sizeof *t->threshold * (unsigned long long)n);
    t->count = place_thresholds(sorted, n, hypotheses, t->threshold);
    for (int64_t i = 0; i < d->frames; i++)
        t->frame[i] = 2 * rank(t, value[i]) + (d->labels[i] == class);
    return count_losses(t, e);
}

int thresholds_init(struct thresholds *t, const struct dataset *d, int feature, int class, int64_t hypotheses,
                    struct err *e)
{
    unsigned long long bytes = (unsigned long long)d->frames * (2 * sizeof(float) + sizeof *t->frame);
    float *value, *sorted;
    int r;

    *t = (struct thresholds){.frames = d->frames};
    if (d->frames > INT32_MAX / 2)
        return err_set(e, ERR_INPUT, "%s: more than %d frames", d->path, INT32_MAX / 2);
    value = malloc(sizeof *value * (size_t)d->frames);
    sorted = malloc(sizeof *sorted * (size_t)d->frames);
    t->frame = malloc(sizeof *t->frame * (size_t)d->frames);
    r = value && sorted && t->frame ? read_feature(d, feature, value, e) : err_memory(e, "the feature's values", bytes);
    if (r == 0)
        r = make(t, d, class, hypotheses, value, sorted, e);
    free(value);
    free(sorted);
    return r;
}

void thresholds_free(struct thresholds *t)
{
    free(t->threshold);
    free(t->loss);
    free(t->frame);
    *t = (struct thresholds){.frames = 0};
}

/* ---- draws ---------------------------------------------------------------------------------- */

struct drawing {
    int32_t *difference; /* [count + 1] */
    int64_t *wrong;      /* [count] */
    double far;          /* the largest |L(h, draw) − L(h, all)| */
    int trained;         /* the hypothesis of the least loss on the draw */
};

static int least(const struct thresholds *t)
{
    int best = 0;

    for (int k = 1; k < t->count; k++)
        if (t->loss[k] < t->loss[best])
            best = k;
    return best;
}

static void draw(struct drawing *w, const struct thresholds *t, const struct theory_draws *plan, uint64_t number)
{
    const struct rng random = {.seed = plan->seed, .purpose = RNG_LECTURE};
    double n = (double)plan->samples;
    int64_t of_class = 0;

    memset(w->difference, 0, sizeof *w->difference * ((size_t)t->count + 1));
    for (int64_t i = 0; i < plan->samples; i++) {
        double at = rng_uniform(&random, number, (uint64_t)i) * (double)t->frames;
        uint32_t frame = t->frame[(int64_t)at];
        w->difference[frame / 2] += frame % 2 ? 1 : -1;
        of_class += frame % 2;
    }
    add_up(w->difference, of_class, t->count, w->wrong);
    w->far = 0;
    w->trained = 0;
    for (int k = 0; k < t->count; k++) {
        w->far = fmax(w->far, fabs((double)w->wrong[k] / n - t->loss[k]));
        if (w->wrong[k] < w->wrong[w->trained])
            w->trained = k;
    }
}

static void draw_all(struct theory_report *r, struct drawing *w, const struct thresholds *t,
                     const struct theory_draws *plan)
{
    int bad = 0, best = least(t);

    r->best = t->threshold[best];
    r->best_loss = t->loss[best];
    for (int i = 0; i < plan->draws; i++) {
        double on_draw;
        draw(w, t, plan, (uint64_t)i);
        on_draw = (double)w->wrong[w->trained] / (double)plan->samples;
        if (i == 0) {
            r->trained = t->threshold[w->trained];
            r->trained_draw = on_draw;
            r->trained_all = t->loss[w->trained];
        }
        bad += w->far > plan->epsilon;
        r->worst = fmax(r->worst, w->far);
        r->mean_trained_draw += on_draw / plan->draws;
        r->mean_trained_all += t->loss[w->trained] / plan->draws;
    }
    r->bad_share = (double)bad / plan->draws;
}

static int drawing_init(struct drawing *w, const struct thresholds *t, struct err *e)
{
    w->difference = malloc(sizeof *w->difference * ((size_t)t->count + 1));
    w->wrong = malloc(sizeof *w->wrong * (size_t)t->count);
    return w->difference && w->wrong ? 0 : err_memory(e, "a draw", sizeof *w->wrong * (unsigned long long)t->count);
}

static void drawing_free(struct drawing *w)
{
    free(w->difference);
    free(w->wrong);
}

int theory_losses(double *loss, const struct thresholds *t, const struct theory_draws *plan, uint64_t number, struct err *e)
{
    struct drawing w;
    int result = drawing_init(&w, t, e);

    if (result == 0)
        draw(&w, t, plan, number);
    for (int k = 0; result == 0 && k < t->count; k++)
        loss[k] = (double)w.wrong[k] / (double)plan->samples;
    drawing_free(&w);
    return result;
}

int theory_draw(struct theory_report *r, const struct thresholds *t, const struct theory_draws *plan, struct err *e)
{
    struct drawing w;
    int result;

    *r = (struct theory_report){.bad_share = 0};
    if (plan->samples > THEORY_MOST_WORK / plan->draws)
        return err_set(e, ERR_USAGE, "%d draws of %lld frames are too many: at most %lld frames in all", plan->draws,
                       (long long)plan->samples, THEORY_MOST_WORK);
    result = drawing_init(&w, t, e);
    if (result == 0)
        draw_all(r, &w, t, plan);
    drawing_free(&w);
    return result;
}
