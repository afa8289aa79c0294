/* SPDX-License-Identifier: MIT */
#include "lecture/confusion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lecture/predict.h"

int confusion_init(struct confusion *c, int classes, struct err *e)
{
    size_t cells = (size_t)classes * (size_t)classes;

    *c = (struct confusion){.classes = classes, .matrix = calloc(cells, sizeof *c->matrix)};
    return c->matrix ? 0 : err_memory(e, "a confusion matrix", cells * sizeof *c->matrix);
}

void confusion_free(struct confusion *c)
{
    free(c->matrix);
    *c = (struct confusion){0};
}

void confusion_begin(struct confusion *c, const struct run *l, const struct source *source)
{
    c->set = source->frames;
    c->utterance = 0;
    c->window = run_answer_steps(l, source);
    c->places = c->window < CONFUSION_PLACES ? c->window : CONFUSION_PLACES;
}

int confusion_place_at(const struct confusion *c, int place)
{
    return (int)(((int64_t)place * c->window + c->places - 1) / c->places);
}

static void count_place(struct confusion_place *p, int correct)
{
    p->frames++;
    p->correct += correct;
}

static void count_tenth(struct confusion *c, int64_t frame, int correct)
{
    const int64_t *first = c->set->first;

    while (frame >= first[c->utterance + 1])
        c->utterance++;
    count_place(&c->tenth[(frame - first[c->utterance]) * CONFUSION_TENTHS /
                          (first[c->utterance + 1] - first[c->utterance])], correct);
}

void confusion_count(struct confusion *c, const struct run_answer *a)
{
    double p[LOSS_MOST_CLASSES];
    int best, at, correct;

    if (a->label >= c->classes)
        return;
    best = softmax_probabilities(c->classes, a->logits, p);
    correct = best == a->label;
    if (c->places)
        count_place(&c->place[(int64_t)a->position * c->places / c->window], correct);
    if (a->frame < 0)
        return;
    count_tenth(c, a->frame, correct);
    at = p[best] < 1 ? (int)(p[best] * CONFUSION_BINS) : CONFUSION_BINS - 1;
    c->matrix[a->label * c->classes + best]++;
    c->frames++;
    c->correct += correct;
    c->bin[at].count++;
    c->bin[at].correct += correct;
    c->bin[at].probability += p[best];
}

static void take(void *context, const struct run_answer *a)
{
    confusion_count(context, a);
}

int confusion_add(struct confusion *c, struct run *l, const struct source *source, double *loss, double *accuracy,
                  struct err *e)
{
    int r;

    confusion_begin(c, l, source);
    r = run_answers(l, source, take, c, loss, accuracy);
    if (r == -ERR_INPUT)
        return dataset_check(run_data(l), e);
    return r ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

int64_t confusion_row(const struct confusion *c, int truth)
{
    int64_t sum = 0;

    for (int k = 0; k < c->classes; k++)
        sum += c->matrix[truth * c->classes + k];
    return sum;
}

double confusion_accuracy(const struct confusion *c, int truth)
{
    int64_t row = confusion_row(c, truth);

    return row ? (double)c->matrix[truth * c->classes + truth] / (double)row : NAN;
}

/* Where a pair with this count belongs: behind those that are as frequent. */
static int place_of(const struct confusion_pair *pair, int n, int64_t count)
{
    while (n > 0 && pair[n - 1].count < count)
        n--;
    return n;
}

int confusion_pairs(const struct confusion *c, struct confusion_pair *pair, int most)
{
    int n = 0;

    for (int i = 0; i < c->classes * c->classes; i++) {
        int truth = i / c->classes, predicted = i % c->classes, at;
        if (truth == predicted || c->matrix[i] == 0)
            continue;
        at = place_of(pair, n, c->matrix[i]);
        if (at == most)
            continue;
        n += n < most;
        memmove(pair + at + 1, pair + at, (size_t)(n - at - 1) * sizeof *pair);
        pair[at] = (struct confusion_pair){truth, predicted, c->matrix[i]};
    }
    return n;
}

int confusion_order(const struct confusion *c, int *order)
{
    int n = 0;

    for (int k = 0; k < c->classes; k++) {
        int at = n;
        if (confusion_row(c, k) == 0)
            continue;
        while (at > 0 && confusion_accuracy(c, order[at - 1]) > confusion_accuracy(c, k))
            at--;
        memmove(order + at + 1, order + at, (size_t)(n - at) * sizeof *order);
        order[at] = k;
        n++;
    }
    return n;
}

double confusion_ece(const struct confusion *c)
{
    double sum = 0;

    for (int i = 0; i < CONFUSION_BINS; i++)
        sum += fabs((double)c->bin[i].correct - c->bin[i].probability);
    return c->frames ? sum / (double)c->frames : NAN;
}
