/* SPDX-License-Identifier: MIT */
#include "app/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

struct history *history_new(void)
{
    struct history *h = calloc(1, sizeof *h);

    for (int i = 0; h && i < TRACK_COUNT; i++)
        h->track[i].merged = 1;
    if (h) {
        h->layers.merged = 1;
        h->track[TRACK_LOSS].smoothing = .98;
        h->track[TRACK_ACCURACY].smoothing = .98;
        h->track[TRACK_GRADIENT].smoothing = .95;
        h->track[TRACK_CROSS_ENTROPY].smoothing = h->track[TRACK_MSE].smoothing = .95;
    }
    return h;
}

struct history *history_copy(const struct history *h)
{
    struct history *copy = malloc(sizeof *copy);

    if (copy)
        *copy = *h;
    return copy;
}

void history_free(struct history *h)
{
    free(h);
}

static void track_halve(struct track *t)
{
    for (int i = 0; i < TRACK_POINTS / 2; i++) {
        int a = 2 * i, b = a + 1;
        t->step[i] = t->step[b];
        t->epoch[i] = t->epoch[b];
        t->seconds[i] = t->seconds[b];
        t->y[i] = t->y[b];
        t->lo[i] = fminf(t->lo[a], t->lo[b]);
        t->hi[i] = fmaxf(t->hi[a], t->hi[b]);
    }
    t->count = TRACK_POINTS / 2;
    t->merged *= 2;
    t->filled = t->merged;
}

/* The exponential average, over a window that grows with the run: a weight of the past that was fixed would lag far
 * behind the steep beginning. The first value stands for itself, so that there is no bias towards 0. */
static float track_smooth(struct track *t, float value)
{
    double window = fmax(1, (t->seen + 1) * HISTORY_WINDOW), past = fmin(t->smoothing, 1 - 1 / window);

    if (!isfinite(value))
        return value;
    t->average = t->seen > 0 ? past * t->average + (1 - past) * value : value;
    t->seen++;
    return (float)t->average;
}

static void track_add(struct track *t, const struct sample *s, float value)
{
    float y = track_smooth(t, value);
    int i;

    if (t->count == TRACK_POINTS && t->filled == t->merged)
        track_halve(t);
    if (t->count == 0 || t->filled == t->merged) {
        i = t->count++;
        t->lo[i] = t->hi[i] = value;
        t->filled = 0;
    }
    i = t->count - 1;
    t->filled++;
    t->step[i] = (double)s->step;
    t->epoch[i] = s->epoch;
    t->seconds[i] = s->seconds;
    t->y[i] = y;
    t->lo[i] = fminf(t->lo[i], value);
    t->hi[i] = fmaxf(t->hi[i], value);
}

/* Of an unsmoothed track: a value that may belong before others already there, or in the place of one. */
static void track_insert(struct track *t, const struct sample *s, float value)
{
    double step = (double)s->step;
    int at = t->count;
    size_t after;

    while (at && t->step[at - 1] >= step)
        at--;
    if (at == t->count) {
        track_add(t, s, value);
        return;
    }
    if (t->step[at] > step) {
        if (t->count == TRACK_POINTS) {
            track_halve(t);
            track_insert(t, s, value);
            return;
        }
        after = (size_t)(t->count++ - at);
        memmove(&t->step[at + 1], &t->step[at], after * sizeof *t->step);
        memmove(&t->epoch[at + 1], &t->epoch[at], after * sizeof *t->epoch);
        memmove(&t->seconds[at + 1], &t->seconds[at], after * sizeof *t->seconds);
        memmove(&t->y[at + 1], &t->y[at], after * sizeof *t->y);
        memmove(&t->lo[at + 1], &t->lo[at], after * sizeof *t->lo);
        memmove(&t->hi[at + 1], &t->hi[at], after * sizeof *t->hi);
    }
    t->step[at] = step;
    t->epoch[at] = s->epoch;
    t->seconds[at] = s->seconds;
    t->y[at] = t->lo[at] = t->hi[at] = value;
}

static void track_forget(struct track *t, double step)
{
    if (!t->count || t->step[t->count - 1] < step)
        return;
    while (t->count && t->step[t->count - 1] >= step)
        t->count--;
    t->filled = t->merged;
    t->seen = fmin(t->seen, (double)t->count * t->merged);
    t->average = t->count ? t->y[t->count - 1] : 0;
}

/* Of two norms the one that must not be lost. */
static float worse(float a, float b)
{
    return !isfinite(a) ? a : !isfinite(b) ? b : fmaxf(a, b);
}

static void layers_halve(struct layer_track *t)
{
    for (int i = 0; i < LAYER_POINTS / 2; i++) {
        t->step[i] = t->step[2 * i + 1];
        for (int k = 0; k < GRADIENT_STATS_LAYERS; k++)
            t->norm[i][k] = worse(t->norm[2 * i][k], t->norm[2 * i + 1][k]);
        memcpy(t->share[i], t->share[2 * i + 1], sizeof *t->share);
    }
    t->count = LAYER_POINTS / 2;
    t->merged *= 2;
    t->filled = t->merged;
}

static void layers_add(struct layer_track *t, const struct sample *s)
{
    const float *norm = s->at_step.layer_norm;
    float *last;

    if (t->count == LAYER_POINTS && t->filled == t->merged)
        layers_halve(t);
    if (t->count == 0 || t->filled == t->merged) {
        memcpy(t->norm[t->count++], norm, sizeof *t->norm);
        t->filled = 0;
    }
    last = t->norm[t->count - 1];
    for (int k = 0; k < GRADIENT_STATS_LAYERS; k++)
        last[k] = worse(last[k], norm[k]);
    memcpy(t->share[t->count - 1], s->at_step.share, sizeof *t->share);
    t->step[t->count - 1] = (double)s->step;
    t->filled++;
}

static void layers_forget(struct layer_track *t, double step)
{
    if (!t->count || t->step[t->count - 1] < step)
        return;
    while (t->count && t->step[t->count - 1] >= step)
        t->count--;
    t->filled = t->merged;
}

static void history_forget(struct history *h, double step)
{
    for (int i = 0; i < TRACK_COUNT; i++)
        track_forget(&h->track[i], step);
    layers_forget(&h->layers, step);
    while (h->mark_count && h->mark[h->mark_count - 1].step >= step)
        h->mark_count--;
}

static void add_mark(struct history *h, const struct sample *s)
{
    int edit = s->kind == SAMPLE_EDIT, loss = edit && s->edit.knob == KNOB_LOSS;
    struct history_mark *mark;

    if (loss) /* smoothing begins anew */
        h->track[TRACK_LOSS].seen = 0;
    if (h->mark_count == HISTORY_MARKS) {
        memmove(h->mark, h->mark + 1, (HISTORY_MARKS - 1) * sizeof *h->mark);
        h->mark_count--;
    }
    mark = &h->mark[h->mark_count++];
    *mark = (struct history_mark){
        .step = (double)s->step, .epoch = s->epoch, .event = s->kind == SAMPLE_EVENT, .loss = loss,
        .before = loss ? (int)s->edit.before : 0, .after = loss ? (int)s->edit.after : 0, .knob = -1};
    if (!edit)
        return;
    mark->knob = s->edit.knob;
    mark->standard = s->edit.standard;
    mark->value = s->edit.before;
    text_copy(mark->text, sizeof mark->text, s->edit.text);
}

static void add_step_ahead(struct history *h, const struct sample *s)
{
    const struct {
        enum track_id track;
        double value;
    } figures[] = {{TRACK_GAIN, s->probe.gain},
                   {TRACK_COST, s->probe.cost},
                   {TRACK_ACTUAL, -s->probe.actual},
                   {TRACK_BATCH_SHARPNESS, s->probe.batch_sharpness},
                   {TRACK_LIMIT_SMALL, s->probe.small},
                   {TRACK_LIMIT_LARGE, s->probe.large}};

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        track_insert(&h->track[figures[i].track], s, (float)figures[i].value);
}

/* When the run had come to this step. */
static double seconds_of(const struct history *h, double step)
{
    const struct track *t = &h->track[TRACK_LOSS];
    int i = t->count;

    while (i > 0 && t->step[i - 1] >= step)
        i--;
    return !t->count ? NAN : t->seconds[i < t->count ? i : t->count - 1];
}

static void add_probe(struct history *h, const struct sample *probe)
{
    struct sample s = *probe;

    s.seconds = seconds_of(h, (double)s.step);
    track_insert(&h->track[TRACK_HIGHEST], &s, (float)s.probe.highest);
    track_insert(&h->track[TRACK_LOWEST], &s, (float)s.probe.lowest);
    track_insert(&h->track[TRACK_TRACE], &s, (float)s.probe.trace);
    track_insert(&h->track[TRACK_SHARPNESS], &s, (float)s.probe.sharpness);
    if (s.probe.ahead)
        add_step_ahead(h, &s);
}

void history_add(struct history *h, const struct sample *s)
{
    double step = (double)s->step;

    switch (s->kind) {
    case SAMPLE_STEP:
        if (s->step <= h->last_step)
            history_forget(h, step);
        h->last_step = s->step;
        track_add(&h->track[TRACK_LOSS], s, s->at_step.loss);
        track_add(&h->track[TRACK_ACCURACY], s, s->at_step.accuracy);
        track_add(&h->track[TRACK_RATE], s, s->at_step.learning_rate);
        track_add(&h->track[TRACK_GRADIENT], s, s->at_step.gradient_norm);
        track_add(&h->track[TRACK_CROSS_ENTROPY], s, s->at_step.cross_entropy);
        track_add(&h->track[TRACK_MSE], s, s->at_step.mse);
        layers_add(&h->layers, s);
        break;
    case SAMPLE_EVALUATION:
        track_add(&h->track[TRACK_VALIDATION_LOSS], s, s->evaluation.loss);
        track_add(&h->track[TRACK_VALIDATION_ACCURACY], s, s->evaluation.accuracy);
        track_add(&h->track[TRACK_PART_ACCURACY], s, s->evaluation.part_accuracy);
        break;
    case SAMPLE_BACK:
        history_forget(h, step + 1);
        h->last_step = s->step;
        break;
    case SAMPLE_RESTART:
        history_forget(h, 0);
        h->last_step = 0;
        break;
    case SAMPLE_EDIT:
    case SAMPLE_ESCAPE:
    case SAMPLE_EVENT:
        add_mark(h, s);
        break;
    case SAMPLE_PROBE:
        add_probe(h, s);
        break;
    case SAMPLE_FORK: /* of several runs: runs.h */
    case SAMPLE_DROP:
        break;
    }
}

int history_has_clock(const struct history *h)
{
    const struct track *t = &h->track[TRACK_LOSS];

    return t->count > 0 && isfinite(t->seconds[0]) && isfinite(t->seconds[t->count - 1]);
}

/* The setting as it was before the edit. */
static struct knob_value value_before(const struct history_mark *m)
{
    struct knob_value v = knob_number(m->value);

    v.standard = m->standard;
    text_copy(v.text, sizeof v.text, m->text);
    text_make_printable(v.text);
    return v;
}

void history_settings_at(const struct history *h, double step, struct knobs *now)
{
    for (int i = h->mark_count - 1; i >= 0 && h->mark[i].step >= step; i--) {
        const struct history_mark *m = &h->mark[i];
        struct knob_value v = value_before(m);
        struct err e;
        if (m->knob >= 0)
            knobs_set(now, (enum knob_id)m->knob, &v, &e);
    }
}

struct history_part history_part_of(const struct history *h, double step, int now)
{
    struct history_part part = {-INFINITY, INFINITY, now};

    for (int i = 0; i < h->mark_count; i++) {
        const struct history_mark *k = &h->mark[i];
        if (!k->loss)
            continue;
        if (k->step < step) {
            part.from = k->step;
            part.loss = k->after;
        } else {
            part.to = k->step;
            part.loss = k->before;
            break;
        }
    }
    return part;
}

static int rises(const double *x, int count)
{
    int valid = 1;

    for (int i = 0; valid && i < count; i++)
        valid = isfinite(x[i]) && x[i] >= (i ? x[i - 1] : 0);
    return valid;
}

static int are_finite(const double *x, int count)
{
    int valid = 1;

    for (int i = 0; valid && i < count; i++)
        valid = isfinite(x[i]) != 0;
    return valid;
}

/* Known of all points that come after one of which it is known; rising, but for those. */
static int is_clock(const double *x, int count)
{
    int from = 0;

    while (from < count && isnan(x[from]))
        from++;
    return rises(x + from, count - from);
}

static int mark_fits(const struct history_mark *m)
{
    return isfinite(m->step) && isfinite(m->epoch) && knob_choice(KNOB_LOSS, m->before) && knob_choice(KNOB_LOSS, m->after) &&
           m->knob >= -1 && m->knob < KNOB_COUNT && memchr(m->text, '\0', sizeof m->text);
}

static int counts_fit(int count, int most, int merged, int filled)
{
    return count >= 0 && count <= most && merged >= 1 && filled >= 0 && filled <= merged;
}

int history_is_valid(const struct history *h)
{
    int valid = counts_fit(h->layers.count, LAYER_POINTS, h->layers.merged, h->layers.filled) &&
                rises(h->layers.step, h->layers.count) && h->mark_count >= 0 && h->mark_count <= HISTORY_MARKS;

    for (int i = 0; valid && i < TRACK_COUNT; i++) {
        const struct track *t = &h->track[i];
        valid = counts_fit(t->count, TRACK_POINTS, t->merged, t->filled) && t->smoothing >= 0 && t->smoothing < 1 &&
                t->seen >= 0 && !isnan(t->average) && rises(t->step, t->count) && are_finite(t->epoch, t->count) && is_clock(t->seconds, t->count);
    }
    for (int i = 0; valid && i < h->mark_count; i++)
        valid = mark_fits(&h->mark[i]);
    return valid;
}
