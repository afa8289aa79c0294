/* SPDX-License-Identifier: MIT */
#include "lecture/predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

/* The first of the largest of n values. */
static int largest(int n, const float *x)
{
    int best = 0;

    for (int c = 1; c < n; c++)
        if (x[c] > x[best])
            best = c;
    return best;
}

int softmax_probabilities(int classes, const float *logits, double *p)
{
    int best = largest(classes, logits);
    double sum = 0;

    for (int c = 0; c < classes; c++)
        sum += p[c] = exp((double)logits[c] - (double)logits[best]);
    for (int c = 0; c < classes; c++)
        p[c] /= sum;
    return best;
}

int prediction_init(struct prediction *p, int64_t frames, int classes, struct err *e)
{
    size_t bytes;

    *p = (struct prediction){.frames = frames, .classes = classes};
    if (memory_product((size_t)frames, (size_t)classes * sizeof *p->sum + 2, 0, &bytes) != 0)
        return err_set(e, ERR_RUNTIME, "predictions: too many frames");
    if (memory_need("predictions", bytes, e))
        return -ERR_RUNTIME;
    p->sum = calloc((size_t)frames * (size_t)classes + 1, sizeof *p->sum);
    p->only = calloc((size_t)frames + 1, 1);
    p->label = calloc((size_t)frames + 1, 1);
    return p->sum && p->only && p->label ? 0 : err_memory(e, "predictions", bytes);
}

void prediction_free(struct prediction *p)
{
    free(p->sum);
    free(p->only);
    free(p->label);
    *p = (struct prediction){0};
}

static void take(void *context, int64_t frame, const float *logits, int label)
{
    struct prediction *p = context;
    double probability[LOSS_MOST_CLASSES];
    float *sum = p->sum + frame * p->classes;
    int best = softmax_probabilities(p->classes, logits, probability);

    for (int c = 0; c < p->classes; c++)
        sum[c] += (float)probability[c];
    p->only[frame] = (uint8_t)best;
    p->label[frame] = (uint8_t)label;
}

int prediction_add(struct prediction *p, struct run *l, const struct source *source, double *loss, double *accuracy,
                   struct err *e)
{
    int r;

    if (run_network(l)->classes != p->classes || source->frames->frames != p->frames)
        return err_set(e, ERR_INPUT, "%s: a network of %d classes and %lld frames cannot join a prediction of %d and %lld",
                       run_data(l)->path, run_network(l)->classes, (long long)source->frames->frames, p->classes,
                       (long long)p->frames);
    r = run_logits(l, source, take, p, loss, accuracy);
    if (r == -ERR_INPUT)
        return dataset_check(run_data(l), e);
    if (r)
        return err_set(e, ERR_CANCELLED, "cancelled");
    p->networks++;
    return 0;
}

int prediction_smooth(struct prediction *p, int width, struct err *e)
{
    size_t n = (size_t)p->classes;
    float *mean;

    if (width <= 1)
        return 0;
    mean = calloc((size_t)p->frames * n + 1, sizeof *mean);
    if (!mean)
        return err_memory(e, "predictions", (unsigned long long)p->frames * n * sizeof *mean);
    for (int64_t t = 0; t < p->frames; t++) {
        int64_t from = t < width / 2 ? 0 : t - width / 2, to = t + width / 2 < p->frames ? t + width / 2 + 1 : p->frames;
        for (int c = 0; c < p->classes; c++) {
            double sum = 0;
            for (int64_t i = from; i < to; i++)
                sum += (double)p->sum[i * p->classes + c];
            mean[t * p->classes + c] = (float)(sum / (double)(to - from));
        }
    }
    free(p->sum);
    p->sum = mean;
    for (int64_t t = 0; t < p->frames; t++)
        p->only[t] = (uint8_t)largest(p->classes, mean + t * p->classes);
    return 0;
}

double prediction_probability(const struct prediction *p, int64_t frame, int class)
{
    return (double)p->sum[frame * p->classes + class] / p->networks;
}

int prediction_class(const struct prediction *p, int64_t frame, double *probability)
{
    int best = p->networks == 1 ? p->only[frame] : largest(p->classes, p->sum + frame * p->classes);

    if (probability)
        *probability = prediction_probability(p, frame, best);
    return best;
}

double prediction_accuracy(const struct prediction *p)
{
    int64_t known = 0, correct = 0;

    for (int64_t t = 0; t < p->frames; t++) {
        if (p->label[t] == LOSS_IGNORED)
            continue;
        known++;
        correct += prediction_class(p, t, NULL) == p->label[t];
    }
    return known ? (double)correct / (double)known : NAN;
}
