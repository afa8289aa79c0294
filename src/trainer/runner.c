/* SPDX-License-Identifier: MIT */
/* A run as the trainer has it: its pieces of work, and what is known and told of them. */
#include <math.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/text.h"
#include "trainer/trainer-private.h"

static const double RATE_SECONDS = .5;
enum { SPIKE_AFTER = 20 }; /* steps: before that there is no running mean */

char runner_letter(const struct runner *runner)
{
    return (char)('A' + (runner - runner->trainer->runner));
}

double runner_progress(const struct runner *runner)
{
    const struct counters *c = run_counters(runner->run);

    return runner->trainer->pace.by_examples ? run_epoch(runner->run) * run_steps_per_epoch(runner->run) *
                                                   run_knobs(runner->run)->value[KNOB_BATCH_SIZE]
                                             : (double)c->step;
}

/* ---- what is known of it -------------------------------------------------------------------- */

static void begin_snapshot(struct runner *runner)
{
    const struct run *run = runner->run;
    struct snapshot *s = &runner->now;

    s->run = run_id(run);
    text_copy(s->data, sizeof s->data, run_data(run)->name);
    s->classes = run_data(run)->classes.count;
    s->majority = run_majority(run);
    s->train_loss = s->train_accuracy = s->gradient_norm = NAN;
    s->parent = -1;
}

void runner_forget(struct runner *runner)
{
    edits_clear(&runner->edits);
    trainer_probe_reset(runner);
    trainer_landscape_reset(runner);
    trainer_measure_reset(runner);
    runner->now.train_loss = runner->now.train_accuracy = runner->now.gradient_norm = NAN;
    runner->epoch_ended = 0;
}

int runner_begin(struct runner *runner, struct run *run, struct err *e)
{
    struct trainer *t = runner->trainer;
    int r;

    *runner = (struct runner){.trainer = t, .run = run, .steps_left = UINT64_MAX};
    run_set_id(run, (int)(runner - t->runner));
    r = run_look(run, &runner->now.seen, e);
    if (r) {
        runner->run = NULL;
        return r;
    }
    run_watch(run, &t->mail.interrupt, &t->mail.step_done);
    begin_snapshot(runner);
    runner_forget(runner);
    return 0;
}

int runner_swap(struct runner *runner, struct run *run, struct err *e)
{
    struct trainer *t = runner->trainer;
    int r = run_look(run, &runner->now.seen, e);

    if (r)
        return r;
    run_set_id(run, run_id(runner->run));
    run_watch(run, &t->mail.interrupt, &t->mail.step_done);
    run_free(runner->run);
    runner->run = run;
    if (t->focus == runner)
        *t->caller = run;
    return 0;
}

void runner_end(struct runner *runner)
{
    for (int kind = 0; kind < JOB_KINDS; kind++)
        trainer_job_forget(runner, (enum job_kind_id)kind);
    trainer_probe_end(runner);
    trainer_landscape_end(runner);
    travel_end(runner);
    edits_clear(&runner->edits);
}

/* The layers whose gradients are seen, by name. */
static void name_layers(struct runner *runner)
{
    const struct run *run = runner->run;
    struct snapshot *s = &runner->now;

    for (int i = 0; i < GRADIENT_STATS_LAYERS && gradient_stats_layer(run, i) >= 0; i++)
        snprintf(s->layer[i], sizeof s->layer[i], "%d %s", gradient_stats_layer(run, i),
                 run_network(run)->layer[gradient_stats_layer(run, i)].kind->name);
}

void runner_refresh(struct runner *runner)
{
    const struct run *run = runner->run;
    const struct counters *c = run_counters(run);
    struct snapshot *s = &runner->now;

    s->knobs = *run_knobs(run);
    s->seed = (uint64_t)s->knobs.value[KNOB_SEED];
    s->parameters = run_network(run)->parameters;
    s->train_frames = run_source(run, RUN_TRAIN)->frames->frames;
    s->validation_frames = run_source(run, RUN_VALIDATION)->frames->frames;
    name_layers(runner);
    s->stuck = trainer_stuck(runner);
    trainer_measure_refresh(runner);
    s->undos = runner->edits.done;
    s->redos = runner->edits.all - runner->edits.done;
    s->step = c->step;
    s->epoch = run_epoch(run);
    s->schedule_start = run_schedule_start(run);
    s->schedule_factor = run_state(run)->schedule.factor;
    s->steps_per_epoch = run_steps_per_epoch(run);
    if (c->step == 0 || !runner->trainer->pace.running)
        s->learning_rate = run_learning_rate(run);
    s->validation_loss = c->validation_loss;
    s->validation_accuracy = c->validation_accuracy;
    s->part_loss = c->part_loss;
    s->part_accuracy = c->part_accuracy;
    s->best_accuracy = c->best_accuracy;
    s->best_step = c->best_step;
    travel_refresh(runner);
}

struct sample runner_sample(const struct runner *runner, enum sample_kind kind)
{
    return (struct sample){.kind = kind,
                           .run = run_id(runner->run),
                           .step = run_counters(runner->run)->step,
                           .epoch = run_epoch(runner->run),
                           .seconds = runner->now.seconds};
}

void runner_push(struct runner *runner, const struct sample *s)
{
    ring_push(&runner->trainer->mail.samples, s);
    trainer_observe(runner, OBSERVED_SAMPLE, s, NULL);
}

/* ---- pausing and going on -------------------------------------------------------------------- */

int runner_trains(const struct runner *runner)
{
    return runner->run && runner->trainer->pace.running &&
           (runner->now.status == RUN_TRAINING || runner->now.status == RUN_EVALUATING);
}

/* Of steps that were asked for before those that are not made yet are made, too. */
void runner_go_on(struct runner *runner, uint64_t steps)
{
    int in_hand = runner->trainer->pace.running && (runner->now.status == RUN_TRAINING || runner->now.status == RUN_EVALUATING);
    uint64_t left = in_hand ? runner->steps_left : 0;

    runner->steps_left = steps == UINT64_MAX || left >= UINT64_MAX - steps ? steps : steps + left;
    runner->now.spiked = 0;
    runner->now.status = RUN_TRAINING;
    trainer_note(runner, "");
}

void runner_rest(struct runner *runner, enum run_status status)
{
    runner->now.status = status;
    runner->now.frames_per_second = 0;
    runner->rate_frames = 0;
    runner->rate_seconds = 0;
}

/* ---- work ----------------------------------------------------------------------------------- */

/* A single step that had to wait for the processor says nothing of those before it. */
static double smoothed(double mean, double spent)
{
    return mean > 0 ? .9 * mean + .1 * spent : spent;
}

static void note_time(struct runner *runner, int64_t frames)
{
    double now = clock_seconds(), spent = now - runner->trainer->pace.worked;

    runner->trainer->pace.worked = now;
    if (frames)
        runner->travel.step_seconds = smoothed(runner->travel.step_seconds, spent);
    runner->now.seconds += spent;
    runner->rate_frames += (uint64_t)frames;
    runner->rate_seconds += frames ? spent : 0; /* of steps only: an evaluation is no slower training */
    if (runner->rate_seconds >= RATE_SECONDS || (runner->now.frames_per_second == 0 && runner->rate_seconds > .05)) {
        runner->now.frames_per_second = (double)runner->rate_frames / runner->rate_seconds;
        runner->rate_frames = 0;
        runner->rate_seconds = 0;
    }
}

static void show_evaluation(struct runner *runner, double share)
{
    double now = clock_seconds();

    if (runner->now.status != RUN_EVALUATING)
        runner->evaluation_began = now;
    runner->now.status = RUN_EVALUATING;
    runner->now.evaluated = share;
    runner->now.evaluation_seconds = now - runner->evaluation_began;
}

/* A loss far above its running mean: the step stands, what follows waits for a decision. */
static void spiked(struct runner *runner, double loss)
{
    double times = run_knobs(runner->run)->value[KNOB_SPIKE], mean = runner->travel.loss;
    char line[SNAPSHOT_TEXT], step[TEXT_COUNT];
    struct sample s = runner_sample(runner, SAMPLE_EVENT);

    if (!(times > 0) || runner->travel.losses < SPIKE_AFTER || !(loss > times * mean) || runner->trainer->player)
        return;
    runner_push(runner, &s);
    text_count(step, sizeof step, run_counters(runner->run)->step);
    snprintf(line, sizeof line, "step %s: loss %.3g is %.3g times its running mean", step, loss, loss / mean);
    trainer_log(runner, LOG_EVENT, line);
    trainer_note(runner, line);
    runner->now.spiked = 1;
    runner->steps_left = 1; /* stepped takes it away */
}

static void stepped(struct runner *runner, const struct run_report *r)
{
    struct sample s = runner_sample(runner, SAMPLE_STEP);

    s.at_step.loss = (float)r->loss;
    s.at_step.accuracy = (float)r->accuracy;
    s.at_step.learning_rate = (float)r->learning_rate;
    s.at_step.gradient_norm = (float)r->gradient_norm;
    s.at_step.cross_entropy = (float)runner->now.seen.cross_entropy;
    s.at_step.mse = (float)runner->now.seen.mse;
    for (int i = 0; i < runner->now.seen.layers; i++)
        s.at_step.layer_norm[i] = (float)runner->now.seen.layer_norm[i];
    for (int i = 0; i < GRADIENT_STATS_BINS; i++) {
        const struct logit_gradient_bin *bin = &runner->now.seen.bin[i];
        s.at_step.share[i] = (struct logit_gradient_share){(float)bin->examples, (float)bin->cross_entropy, (float)bin->mse};
    }
    runner_push(runner, &s);
    runner->now.status = RUN_TRAINING;
    if (run_counters(runner->run)->evaluation_due)
        show_evaluation(runner, 0);
    runner->now.learning_rate = r->learning_rate;
    runner->now.train_loss = r->loss;
    runner->now.train_accuracy = r->accuracy;
    runner->now.gradient_norm = r->gradient_norm;
    diagnosis_note(&runner->stuck, r->loss, r->gradient_norm, runner->now.seen.cosine);
    spiked(runner, r->loss);
    travel_note_step(runner, r->loss);
    if (runner->steps_left != UINT64_MAX)
        runner->steps_left--;
}

static void evaluated(struct runner *runner, const struct run_report *r)
{
    struct sample s = runner_sample(runner, SAMPLE_EVALUATION);

    s.evaluation.loss = (float)r->validation_loss;
    s.evaluation.accuracy = (float)r->validation_accuracy;
    s.evaluation.part_loss = (float)r->part_loss;
    s.evaluation.part_accuracy = (float)r->part_accuracy;
    runner_push(runner, &s);
    runner->now.status = runner->trainer->pace.running ? RUN_TRAINING : RUN_PAUSED;
    trainer_note(runner, "");
}

static void evaluating(struct runner *runner, const struct run_report *r)
{
    show_evaluation(runner, r->share);
    trainer_note(runner, runner->trainer->pace.running ? "" : "pausing after this evaluation");
}

static void diverged(struct runner *runner, const struct err *e)
{
    struct sample s = runner_sample(runner, SAMPLE_EVENT);

    runner_push(runner, &s);
    diagnosis_note_divergence(&runner->stuck);
    trainer_log(runner, LOG_EVENT, e->text);
    trainer_note(runner, e->text);
    trainer_pause(runner, RUN_DIVERGED);
}

/* The data is gone: nothing can be computed any more, but the state is as it was before this step. */
void runner_failed(struct runner *runner, const struct err *e)
{
    trainer_log(runner, LOG_EVENT, e->text);
    trainer_note(runner, e->text);
    trainer_pause(runner, RUN_FAILED);
}

/* The best weights are back: figures of the last step are not theirs. */
static void stopped_early(struct runner *runner)
{
    const struct counters *c = run_counters(runner->run);
    char line[SNAPSHOT_TEXT], step[TEXT_COUNT];

    text_count(step, sizeof step, c->best_step);
    snprintf(line, sizeof line, "stopped early: back to the weights of step %s, validation accuracy %.2f %%", step,
             100 * c->best_accuracy);
    trainer_log(runner, LOG_NOTE, line);
    runner->now.train_loss = runner->now.train_accuracy = runner->now.gradient_norm = NAN;
    trainer_back_at_best(runner);
    trainer_pause(runner, RUN_FINISHED);
}

/* After a piece of work: is there a reason to stop here? */
static void check_end(struct runner *runner, const struct run_report *r)
{
    const struct counters *c = run_counters(runner->run);

    runner->epoch_ended |= r->epoch_ended;
    if (c->evaluation_due)
        return;
    if (r->stopped_early) {
        stopped_early(runner);
        return;
    }
    if (runner->epoch_ended && (double)c->epoch == run_knobs(runner->run)->value[KNOB_EPOCHS]) {
        trainer_log(runner, LOG_NOTE, "the recipe's epochs are done");
        trainer_pause(runner, RUN_FINISHED);
    } else if (runner->steps_left == 0) {
        trainer_pause(runner, RUN_PAUSED);
    }
    runner->epoch_ended = 0;
}

/* run_advance, and what trainer_step tells meanwhile. */
static int advance(struct runner *runner, struct run_report *r, struct err *e)
{
    struct trainer_mail *mail = &runner->trainer->mail;
    int result;

    if (!run_counters(runner->run)->evaluation_due) {
        atomic_store(&mail->step_done, 0);
        atomic_store(&mail->step_work, (long long)run_step_work(runner->run));
        atomic_store(&mail->step_began, clock_seconds());
    }
    result = run_advance(runner->run, r, e);
    atomic_store(&mail->step_began, 0);
    return result;
}

int runner_work(struct runner *runner)
{
    enum run_status before = runner->now.status;
    struct run_report r;
    struct err e;

    switch (-advance(runner, &r, &e)) {
    case 0:
        break;
    case ERR_INPUT:
        runner_failed(runner, &e);
        return 1;
    case ERR_CANCELLED: /* a command came that does not wait for the step's end */
        return 0;
    default:
        diverged(runner, &e);
        return 1;
    }
    note_time(runner, r.did == RUN_STEP ? r.frames : 0);
    if (r.did == RUN_STEP) {
        stepped(runner, &r);
        trainer_probe_series(runner);
        trainer_landscape_note(runner);
    }
    if (!run_counters(runner->run)->evaluation_due)
        travel_note(runner, 0);
    if (r.did == RUN_EVALUATED)
        evaluated(runner, &r);
    if (r.did == RUN_SLICE)
        evaluating(runner, &r);
    check_end(runner, &r);
    return runner->now.status != before;
}

int runner_is_busy(const struct runner *runner)
{
    if (!runner->run || runner->now.status == RUN_FAILED)
        return 0;
    return run_counters(runner->run)->evaluation_due || runner_trains(runner);
}
