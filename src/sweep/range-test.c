/* SPDX-License-Identifier: MIT */
#include "sweep/range-test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static const double DECAY = .98, TOO_HIGH = 4;

int range_test_steepest(const double *rate, const double *smoothed, int n)
{
    double steepest = 0;
    int found = -1, first = n / 10 > 1 ? n / 10 : 1, lowest = 0;

    for (int i = 1; i < n; i++)
        if (smoothed[i] < smoothed[lowest])
            lowest = i;
    for (int i = first; i < lowest && i + 1 < n; i++) {
        double slope = (smoothed[i + 1] - smoothed[i - 1]) / (log(rate[i + 1]) - log(rate[i - 1]));
        if (slope < steepest) {
            steepest = slope;
            found = i;
        }
    }
    return found;
}

static int check(const struct range_test_options *o, struct err *e)
{
    struct knob_value ends[2] = {knob_number(o->low), knob_number(o->high)};

    for (int i = 0; i < 2; i++)
        if (knob_check(KNOB_LEARNING_RATE, &ends[i], e) != 0)
            return -ERR_USAGE;
    if (!(o->low < o->high))
        return err_set(e, ERR_USAGE, "a range test goes from a lower to a higher learning rate");
    if (o->steps < RANGE_TEST_LEAST || o->steps > RANGE_TEST_MOST)
        return err_set(e, ERR_USAGE, "a range test makes %d to %d steps", RANGE_TEST_LEAST, RANGE_TEST_MOST);
    return 0;
}

/* The rate alone decides: no schedule, no warm-up, no evaluation between the steps. */
static int prepare(struct run *l, struct err *e)
{
    static const enum knob_id plain[] = {KNOB_SCHEDULE, KNOB_WARMUP, KNOB_EARLY_STOPPING};
    struct knob_value rarely = knob_number(knob_row(KNOB_EVAL_EVERY)->max);
    int r = run_set(l, KNOB_EVAL_EVERY, &rarely, e);

    for (size_t i = 0; r == 0 && i < sizeof plain / sizeof *plain; i++) {
        struct knob_value none = knob_number(0);
        r = run_set(l, plain[i], &none, e);
    }
    return r;
}

static int step_at(struct run *l, double rate, struct run_report *r, struct err *e)
{
    struct knob_value v = knob_number(rate);
    int result = run_set(l, KNOB_LEARNING_RATE, &v, e);

    do
        result = result ? result : run_advance(l, r, e);
    while (result == 0 && r->did != RUN_STEP);
    return result;
}

static int walk(struct range_test *t, struct run *l, const struct range_test_options *o, range_test_watcher *watcher, void *context,
                struct err *e)
{
    double average = 0, least = INFINITY;
    struct run_report r;
    struct err why = {0};

    for (int i = 0; i < o->steps; i++) {
        double rate = o->low * pow(o->high / o->low, (double)i / (o->steps - 1));
        int result = step_at(l, rate < o->high ? rate : o->high, &r, &why);
        if (result == -ERR_DIVERGED) {
            t->end = RANGE_TEST_DIVERGED;
            text_copy(t->why, sizeof t->why, why.text);
            return 0;
        }
        if (result) {
            *e = why;
            return result;
        }
        average = DECAY * average + (1 - DECAY) * r.loss;
        t->rate[i] = r.learning_rate;
        t->loss[i] = r.loss;
        t->smoothed[i] = average / (1 - pow(DECAY, i + 1));
        t->count = i + 1;
        if (watcher)
            watcher(context, t->count);
        least = fmin(least, t->smoothed[i]);
        if (t->smoothed[i] > TOO_HIGH * least) {
            t->end = RANGE_TEST_ROSE;
            return 0;
        }
    }
    return 0;
}

int range_test_init(struct range_test *t, const struct range_test_options *o, struct err *e)
{
    int r = check(o, e);

    *t = (struct range_test){.steepest = -1, .suggestion = NAN};
    if (r)
        return r;
    t->rate = calloc((size_t)o->steps, sizeof *t->rate);
    t->loss = calloc((size_t)o->steps, sizeof *t->loss);
    t->smoothed = calloc((size_t)o->steps, sizeof *t->smoothed);
    if (t->rate && t->loss && t->smoothed)
        return 0;
    range_test_free(t);
    return err_memory(e, "a range test", (unsigned long long)o->steps * 3 * sizeof *t->rate);
}

int range_test_use(struct range_test *t, struct run *copy, const struct range_test_options *o, range_test_watcher *watcher,
                   void *context, struct err *e)
{
    int r = prepare(copy, e);

    if (r == 0)
        r = walk(t, copy, o, watcher, context, e);
    if (r)
        return r;
    t->steepest = range_test_steepest(t->rate, t->smoothed, t->count);
    if (t->steepest >= 0)
        t->suggestion = t->rate[t->steepest];
    return 0;
}

int range_test(struct range_test *t, const struct run *run, const struct range_test_options *o, struct err *e)
{
    struct run *fork = NULL;
    int r = range_test_init(t, o, e);

    if (r == 0)
        r = run_fork(&fork, run, e);
    if (r == 0) {
        run_watch(fork, run_cancel(run), NULL);
        r = range_test_use(t, fork, o, NULL, NULL, e);
    }
    run_free(fork);
    if (r)
        range_test_free(t);
    return r;
}

void range_test_free(struct range_test *t)
{
    free(t->rate);
    free(t->loss);
    free(t->smoothed);
    *t = (struct range_test){.steepest = -1, .suggestion = NAN};
}

void range_test_end_words(const struct range_test *t, char *out, size_t size)
{
    *out = '\0';
    if (t->end == RANGE_TEST_ROSE)
        snprintf(out, size, "stopped after %d steps: the smoothed loss is 4 times its minimum", t->count);
    if (t->end == RANGE_TEST_DIVERGED)
        snprintf(out, size, "stopped after %d steps: %s", t->count, t->why);
}

void range_test_suggestion_words(const struct range_test *t, char *out, size_t size)
{
    if (t->steepest >= 0)
        snprintf(out, size, "suggested learning rate %.2g, where the loss falls most steeply", t->suggestion);
    else
        snprintf(out, size, "no suggestion: the loss does not fall");
}
