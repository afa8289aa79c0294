/* SPDX-License-Identifier: MIT */
#include "fake-trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "trainer/rate-preview.h"
#include "trainer/task.h"
#include "optim/schedule.h"

enum { SAMPLES = 1 << 15, STEPS_PER_EPOCH = 200 };

/* Shares of the gradient; the first layer's grows, the last one's shrinks. */
static const struct {
    int number;
    const char *kind;
    double share, grows;
} layers[] = {{0, "linear", .3, .98}, {2, "bn", .02, .5}, {4, "linear", .5, .8}, {6, "bn", .03, .5},
              {8, "linear", .8, -1}};
enum { LAYERS = sizeof layers / sizeof *layers };

struct trainer {
    struct snapshots draft, shown, given; /* given stays untouched until the next is asked for */
    struct curvature_view curvature, curvature_shown;
    struct landscape_view landscape, landscape_shown;
    struct sample *samples;
    int written, read;
    struct command last;
    int taken, full, crowded;
    int fd;
    uint64_t noise;
    struct step_progress computing;
};

struct trainer *fake_trainer_new(void)
{
    struct trainer *t = calloc(1, sizeof *t);
    struct snapshot *s = &t->draft.run[0];

    t->draft.there = 1;
    t->samples = calloc(SAMPLES, sizeof *t->samples);
    t->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    knobs_standard(&s->knobs);
    knobs_put(&s->knobs, KNOB_SCHEDULE, schedule_find("cosine_warm_restarts"));
    knobs_put(&s->knobs, KNOB_T_0, 5);
    knobs_put(&s->knobs, KNOB_T_MULT, 2);
    knobs_put(&s->knobs, KNOB_ETA_MIN, 1e-6);
    snprintf(s->recipe, sizeof s->recipe, "quick");
    snprintf(s->data, sizeof s->data, "sample");
    s->seed = 1;
    s->status = RUN_TRAINING;
    s->parent = -1;
    s->steps_per_epoch = STEPS_PER_EPOCH;
    snprintf(t->curvature.escape.why_not, sizeof t->curvature.escape.why_not, "probe the curvature first");
    s->schedule_factor = 1;
    s->frames_per_second = 41234;
    s->majority = .177;
    for (int i = 0; i < LAYERS; i++)
        snprintf(s->layer[i], sizeof s->layer[i], "%d %s", layers[i].number, layers[i].kind);
    s->validation_loss = s->validation_accuracy = s->best_accuracy = s->train_loss = s->train_accuracy = NAN;
    return t;
}

void fake_trainer_free(struct trainer *t)
{
    close(t->fd);
    free(t->samples);
    free(t);
}

struct snapshot *fake_trainer_draft(struct trainer *t)
{
    return &t->draft.run[t->draft.focus];
}

struct snapshots *fake_trainer_runs(struct trainer *t)
{
    return &t->draft;
}

struct curvature_view *fake_trainer_curvature(struct trainer *t)
{
    return &t->curvature;
}

struct landscape_view *fake_trainer_landscape(struct trainer *t)
{
    return &t->landscape;
}

void fake_trainer_publish(struct trainer *t)
{
    uint64_t one = 1;

    t->draft.version++;
    for (int i = 0; i < TRAINER_RUNS; i++)
        t->draft.run[i].version = t->draft.version;
    t->shown = t->draft;
    t->curvature.version++;
    t->curvature_shown = t->curvature;
    t->landscape.version++;
    t->landscape_shown = t->landscape;
    if (write(t->fd, &one, sizeof one) < 0)
        abort();
}

/* Numbers that look alike on every processor: no library's random generator, no long sums. */
static double noise(struct trainer *t)
{
    t->noise = t->noise * 6364136223846793005u + 1442695040888963407u;
    return (double)(t->noise >> 40) / (1 << 24) - .5;
}

static void push(struct trainer *t, struct sample s)
{
    if (t->written < SAMPLES)
        t->samples[t->written++] = s;
}

/* How much higher the loss of a fork is. */
static double handicap(const struct snapshot *s)
{
    return s->parent < 0 ? 0 : .1 * s->run * (1 - exp(-((double)s->step - (double)s->forked) / STEPS_PER_EPOCH));
}

static void run_evaluation(struct trainer *t, struct snapshot *s)
{
    struct sample e = {.kind = SAMPLE_EVALUATION, .run = s->run, .step = s->step, .epoch = s->epoch};

    s->validation_loss = .95 + handicap(s) + 2.2 * exp(-s->epoch * .8);
    s->validation_accuracy = .72 - .5 * exp(-s->epoch * .7);
    s->best_accuracy = s->validation_accuracy;
    e.evaluation.loss = (float)s->validation_loss;
    e.evaluation.accuracy = (float)s->validation_accuracy;
    e.evaluation.part_accuracy = (float)(s->validation_accuracy + .4 * (s->train_accuracy - s->validation_accuracy));
    push(t, e);
}

/* A network that is sure and wrong at first: what the lecture's losses make of it. */
static void gradient_stats_step(struct snapshot *s, double norm)
{
    struct gradient_stats *o = &s->seen;

    o->layers = LAYERS;
    for (int i = 0; i < LAYERS; i++)
        o->layer_norm[i] = norm * layers[i].share * (1 - layers[i].grows * exp(-s->epoch));
    o->cross_entropy = o->mse = 0;
    for (int i = 0; i < GRADIENT_STATS_BINS; i++) {
        double p = (i + .5) / GRADIENT_STATS_BINS, shift = 1 - exp(-s->epoch * .7);
        struct logit_gradient_bin *bin = &o->bin[i];
        bin->examples = floor(512 * ((1 - shift) * (1 - p) * (1 - p) + shift * p * p) * .3);
        bin->cross_entropy = 1.3 * (1 - p);
        bin->mse = 2.6 * p * (1 - p) * (1 - p);
        o->cross_entropy += bin->examples * bin->cross_entropy / 512;
        o->mse += bin->examples * bin->mse / 512;
    }
}

static void run_step(struct trainer *t, struct snapshot *s)
{
    struct sample p = {.kind = SAMPLE_STEP, .run = s->run, .step = ++s->step};

    p.epoch = s->epoch = (double)s->step / STEPS_PER_EPOCH;
    p.seconds = (double)s->step * .0125;
    s->learning_rate = rate_preview(s, s->epoch);
    s->train_loss = (.7 + handicap(s) + 3 * exp(-s->epoch)) * (1 + .25 * noise(t));
    s->train_accuracy = .8 - handicap(s) - .7 * exp(-s->epoch * .7) + .08 * noise(t);
    s->gradient_norm = (.5 + 2 * exp(-s->epoch * 2)) * (1 + noise(t));
    s->seconds = p.seconds;
    p.at_step.loss = (float)s->train_loss;
    p.at_step.accuracy = (float)s->train_accuracy;
    p.at_step.learning_rate = (float)s->learning_rate;
    p.at_step.gradient_norm = (float)s->gradient_norm;
    gradient_stats_step(s, s->gradient_norm);
    p.at_step.cross_entropy = (float)s->seen.cross_entropy;
    p.at_step.mse = (float)s->seen.mse;
    for (int i = 0; i < LAYERS; i++)
        p.at_step.layer_norm[i] = (float)s->seen.layer_norm[i];
    for (int i = 0; i < GRADIENT_STATS_BINS; i++) {
        const struct logit_gradient_bin *bin = &s->seen.bin[i];
        p.at_step.share[i] = (struct logit_gradient_share){(float)bin->examples, (float)bin->cross_entropy, (float)bin->mse};
    }
    push(t, p);
    if (s->step % STEPS_PER_EPOCH == 0)
        run_evaluation(t, s);
}

static void step_all(struct trainer *t)
{
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->draft.there >> i & 1)
            run_step(t, &t->draft.run[i]);
}

void fake_trainer_run(struct trainer *t, int steps)
{
    for (int i = 0; i < steps; i++)
        step_all(t);
    fake_trainer_publish(t);
}

struct command fake_trainer_last(const struct trainer *t)
{
    return t->last;
}

int fake_trainer_taken(const struct trainer *t)
{
    return t->taken;
}

void fake_trainer_crowd(struct trainer *t, int crowded)
{
    t->crowded = crowded;
}

void fake_trainer_fill(struct trainer *t, int full)
{
    t->full = full;
}

static void take_edit(struct trainer *t, const struct command *c)
{
    struct snapshot *s = fake_trainer_draft(t);
    struct log_entry *e = &s->log[s->log_count++ % SNAPSHOT_LOG];
    struct sample mark = {.kind = SAMPLE_EDIT, .run = s->run, .step = s->step, .epoch = s->epoch};
    char before[KNOB_VALUE_SIZE], after[KNOB_VALUE_SIZE];

    knobs_show(&s->knobs, c->knob, before, sizeof before);
    mark.edit.knob = c->knob;
    mark.edit.before = s->knobs.value[c->knob];
    mark.edit.standard = !s->knobs.set[c->knob];
    knobs_set(&s->knobs, c->knob, &c->setting, NULL);
    knobs_show(&s->knobs, c->knob, after, sizeof after);
    *e = (struct log_entry){.step = s->step, .epoch = s->epoch, .kind = LOG_EDIT, .run = s->run};
    snprintf(e->text, sizeof e->text, "%.30s %.30s → %.30s", knob_row(c->knob)->title, before, after);
    push(t, mark);
}

static void fork_run(struct trainer *t)
{
    struct snapshot *from = fake_trainer_draft(t);
    int to = 0;

    while (to < TRAINER_RUNS && (t->draft.there >> to & 1))
        to++;
    if (to == TRAINER_RUNS || t->crowded)
        return;
    t->draft.run[to] = *from;
    t->draft.run[to].run = to;
    t->draft.run[to].parent = from->run;
    t->draft.run[to].forked = from->step;
    t->draft.there |= 1u << to;
    t->draft.focus = to;
    push(t, (struct sample){.kind = SAMPLE_FORK, .run = to, .step = from->step, .epoch = from->epoch, .fork.parent = from->run});
}

static void drop_run(struct trainer *t, int id)
{
    push(t, (struct sample){.kind = SAMPLE_DROP, .run = id});
    t->draft.there &= ~(1u << id);
    while (!(t->draft.there >> t->draft.focus & 1))
        t->draft.focus = (t->draft.focus + 1) % TRAINER_RUNS;
}

static void go_back(struct trainer *t, uint64_t step)
{
    struct snapshot *s = fake_trainer_draft(t);

    s->step = step;
    s->epoch = (double)step / STEPS_PER_EPOCH;
    push(t, (struct sample){.kind = SAMPLE_BACK, .run = s->run, .step = step, .epoch = s->epoch});
}

static void restart(struct trainer *t)
{
    struct snapshot *s = fake_trainer_draft(t);

    s->step = 0, s->epoch = 0;
    push(t, (struct sample){.kind = SAMPLE_RESTART, .run = s->run});
}

static void obey(struct trainer *t, const struct command *c)
{
    struct snapshot *s = fake_trainer_draft(t);

    if (c->kind == COMMAND_SET)
        take_edit(t, c);
    else if (c->kind == COMMAND_TASK)
        task_release(c->task); /* it is never done */
    else if (c->kind == COMMAND_TOGGLE)
        s->status = s->status == RUN_TRAINING ? RUN_PAUSED : RUN_TRAINING;
    else if (c->kind == COMMAND_RESTART)
        restart(t);
    else if (c->kind == COMMAND_FORK)
        fork_run(t);
    else if (c->kind == COMMAND_FOCUS)
        t->draft.focus = (int)c->count;
    else if (c->kind == COMMAND_DROP)
        drop_run(t, (int)c->count);
    else if (c->kind == COMMAND_BACK)
        go_back(t, c->count);
    else if (c->kind == COMMAND_LEVEL)
        t->draft.by_examples = (int)c->count;
    else if (c->kind == COMMAND_STEPS) {
        s->status = RUN_PAUSED;
        for (uint64_t i = 0; i < c->count; i++)
            step_all(t);
    }
}

uint64_t trainer_send(struct trainer *t, const struct command *c)
{
    uint64_t number;

    if (t->full)
        return 0;
    t->last = *c;
    t->taken++;
    t->last.number = number = ++fake_trainer_draft(t)->obeyed;
    obey(t, c);
    for (int i = 0; i < TRAINER_RUNS; i++)
        t->draft.run[i].obeyed = number;
    fake_trainer_publish(t);
    return number;
}

const struct snapshots *trainer_snapshots(struct trainer *t)
{
    t->given = t->shown;
    return &t->given;
}

const struct snapshot *trainer_snapshot(struct trainer *t)
{
    return &t->shown.run[t->shown.focus];
}

const struct curvature_view *trainer_curvature(struct trainer *t)
{
    return &t->curvature_shown;
}

const struct landscape_view *trainer_landscape(struct trainer *t)
{
    return &t->landscape_shown;
}

struct step_progress *fake_trainer_computing(struct trainer *t)
{
    return &t->computing;
}

struct step_progress trainer_step(const struct trainer *t)
{
    return t->computing;
}

int trainer_sample(struct trainer *t, struct sample *s)
{
    if (t->read == t->written)
        return 0;
    *s = t->samples[t->read++];
    return 1;
}

int trainer_event_fd(const struct trainer *t)
{
    return t->fd;
}
