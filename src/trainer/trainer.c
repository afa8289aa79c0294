/* SPDX-License-Identifier: MIT */
/* The trainer's thread. One loop: drain commands, do the run's next piece of work, publish at most every
 * PUBLISH_SECONDS, as often as a screen draws; while paused it sleeps on an eventfd that trainer_send rings. The master
 * copies and the run belong to this thread alone; the other side sees published copies. */
#include "trainer/trainer-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/text.h"
#include "core/thread.h"
#include "run/checkpoint.h"

enum { SAMPLES = 1 << 16 };

static const double PUBLISH_SECONDS = .05, RATE_SECONDS = .5;

/* ---- what is published ---------------------------------------------------------------------- */

static void wake(int fd)
{
    uint64_t one = 1;
    (void)!write(fd, &one, sizeof one);
}

static void refresh(struct trainer *t)
{
    const struct run *l = t->run;
    const struct counters *c = run_counters(l);
    struct snapshot *s = &t->now;

    s->knobs = *run_knobs(l);
    s->seed = (uint64_t)run_knobs(l)->value[KNOB_SEED];
    s->parameters = run_network(l)->parameters;
    s->train_frames = run_source(l, RUN_TRAIN)->frames->frames;
    s->validation_frames = run_source(l, RUN_VALIDATION)->frames->frames;
    for (int i = 0; i < GRADIENT_STATS_LAYERS && gradient_stats_layer(l, i) >= 0; i++)
        snprintf(s->layer[i], sizeof s->layer[i], "%d %s", gradient_stats_layer(l, i),
                 run_network(l)->layer[gradient_stats_layer(l, i)].kind->name);
    s->stuck = trainer_stuck(t);
    s->undos = t->edits.done;
    s->redos = t->edits.all - t->edits.done;
    s->step = c->step;
    s->epoch = run_epoch(l);
    s->schedule_start = run_schedule_start(l);
    s->schedule_factor = run_state(l)->schedule.factor;
    s->steps_per_epoch = run_steps_per_epoch(l);
    if (c->step == 0 || !t->pace.running)
        s->learning_rate = run_learning_rate(l);
    s->validation_loss = c->validation_loss;
    s->validation_accuracy = c->validation_accuracy;
    s->part_loss = c->part_loss;
    s->part_accuracy = c->part_accuracy;
    s->best_accuracy = c->best_accuracy;
    s->best_step = c->best_step;
    s->samples_dropped = atomic_load_explicit(&t->mail.samples.dropped, memory_order_relaxed);
}

void trainer_publish(struct trainer *t)
{
    refresh(t);
    if (t->curvature_new) {
        t->curvature_new = 0;
        t->curvature.version++;
        memcpy(mailbox_draft(&t->mail.curvatures), &t->curvature, sizeof t->curvature);
        mailbox_publish(&t->mail.curvatures);
    }
    if (t->landscape_new) {
        t->landscape_new = 0;
        t->landscape.version++;
        memcpy(mailbox_draft(&t->mail.landscapes), &t->landscape, sizeof t->landscape);
        mailbox_publish(&t->mail.landscapes);
    }
    t->now.version++;
    memcpy(mailbox_draft(&t->mail.snapshots), &t->now, sizeof t->now);
    mailbox_publish(&t->mail.snapshots);
    t->pace.published = clock_seconds();
    wake(t->mail.event_fd);
}

struct sample trainer_sample_of(const struct trainer *t, enum sample_kind kind)
{
    return (struct sample){.kind = kind,
                           .run = run_id(t->run),
                           .step = run_counters(t->run)->step,
                           .epoch = run_epoch(t->run)};
}

void trainer_log(struct trainer *t, enum log_kind kind, const char *text)
{
    struct log_entry *entry = &t->now.log[t->now.log_count++ % SNAPSHOT_LOG];

    *entry = (struct log_entry){
        .step = run_counters(t->run)->step, .epoch = run_epoch(t->run), .kind = kind, .run = run_id(t->run)};
    text_copy(entry->text, sizeof entry->text, text);
}

void trainer_note(struct trainer *t, const char *text)
{
    text_copy(t->now.note, sizeof t->now.note, text);
}

/* ---- commands --------------------------------------------------------------------------------- */

static void go_on(struct trainer *t, uint64_t steps)
{
    t->pace.running = 1;
    t->pace.steps_left = steps;
    t->pace.worked = clock_seconds();
    t->now.status = RUN_TRAINING;
    trainer_note(t, "");
}

void trainer_pause(struct trainer *t, enum run_status status)
{
    t->pace.running = 0;
    t->now.status = status;
    t->now.frames_per_second = 0;
    t->pace.rate_frames = 0;
    t->pace.rate_seconds = 0;
}

/* Begin again with other knobs; where they do not fit, the run stays as it is. */
static void restart(struct trainer *t, const struct knobs *k, const char *why)
{
    struct sample s = {.kind = SAMPLE_RESTART, .run = run_id(t->run)};
    char line[SNAPSHOT_TEXT * 2];
    struct run *fresh;
    struct err e;
    int r = run_restarted(&fresh, t->run, k, &e);

    if (r == 0 && (r = run_look(fresh, &t->now.seen, &e)) != 0)
        run_free(fresh);
    if (r) {
        trainer_log(t, LOG_NOTE, e.text);
        return;
    }
    run_watch(fresh, &t->mail.interrupt, &t->mail.step_done);
    run_free(t->run);
    *t->caller = t->run = fresh;
    ring_push(&t->mail.samples, &s);
    edits_clear(&t->edits);
    trainer_probe_reset(t);
    trainer_landscape_reset(t);
    t->now.train_loss = t->now.train_accuracy = t->now.gradient_norm = NAN;
    t->now.seconds = 0;
    t->pace.epoch_ended = 0;
    snprintf(line, sizeof line, "restarted: %s", why);
    trainer_log(t, LOG_NOTE, line);
    if (!t->pace.running) {
        t->now.status = RUN_PAUSED;
        trainer_note(t, "");
    }
}

static void restart_seeded(struct trainer *t, uint64_t more)
{
    struct knobs k = *run_knobs(t->run);
    char why[64];

    if (more)
        knobs_put(&k, KNOB_SEED, k.value[KNOB_SEED] + (double)more);
    if (k.value[KNOB_SEED] > knob_row(KNOB_SEED)->max)
        knobs_put(&k, KNOB_SEED, 0);
    snprintf(why, sizeof why, "seed %.0f", k.value[KNOB_SEED]);
    restart(t, &k, why);
}

static void restart_changed(struct trainer *t, const struct command *c)
{
    struct knobs k = *run_knobs(t->run);
    char text[KNOB_VALUE_SIZE], why[KNOB_VALUE_SIZE + 64];
    struct err e;

    if ((unsigned)c->knob >= KNOB_COUNT)
        return;
    if (knobs_set(&k, c->knob, &c->setting, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return;
    }
    knobs_format(&k, c->knob, text, sizeof text);
    snprintf(why, sizeof why, "%s %s", knob_row(c->knob)->title, text);
    restart(t, &k, why);
}

/* How it went: in the log, and for who asked. */
static void tell_saved(struct trainer *t, int failed, const char *text)
{
    t->now.unsaved = failed;
    text_copy(t->now.saved, sizeof t->now.saved, text);
    trainer_log(t, LOG_NOTE, text);
}

static void save(struct trainer *t, const char *path)
{
    char line[SNAPSHOT_TEXT * 2];
    struct err e = {0};

    if (!*path && !t->checkpoint) {
        tell_saved(t, 1, "nothing is saved: the run has no checkpoint file");
        return;
    }
    if (!*path)
        path = t->checkpoint;
    snprintf(line, sizeof line, "saved as %.100s", path);
    if (checkpoint_write(t->run, path, &e) != 0)
        tell_saved(t, 1, e.text);
    else
        tell_saved(t, 0, line);
}

static void do_command(struct trainer *t, const struct command *c)
{
    switch (c->kind) {
    case COMMAND_PAUSE:
        if (t->pace.running)
            trainer_pause(t, RUN_PAUSED);
        break;
    case COMMAND_RESUME:
        if (!t->pace.running)
            go_on(t, UINT64_MAX);
        break;
    case COMMAND_TOGGLE:
        if (t->pace.running)
            trainer_pause(t, RUN_PAUSED);
        else
            go_on(t, UINT64_MAX);
        break;
    case COMMAND_STEPS:
        if (c->count > 0)
            go_on(t, c->count);
        break;
    case COMMAND_SET:
        trainer_turn(t, c);
        break;
    case COMMAND_UNDO:
        trainer_step_back(t, 0);
        break;
    case COMMAND_REDO:
        trainer_step_back(t, 1);
        break;
    case COMMAND_RESTART:
        restart_seeded(t, c->count);
        break;
    case COMMAND_CHANGE:
        restart_changed(t, c);
        break;
    case COMMAND_SAVE:
        save(t, c->text);
        break;
    case COMMAND_PROBE:
        t->probe.with = (unsigned)c->count;
        trainer_job_ask(t, JOB_PROBE);
        break;
    case COMMAND_PROBE_CANCEL:
        trainer_job_cancel(t, JOB_PROBE);
        break;
    case COMMAND_ESCAPE:
        trainer_escape(t, c->value);
        break;
    case COMMAND_LANDSCAPE:
        trainer_landscape_ask(t, c->text);
        break;
    case COMMAND_LANDSCAPE_CANCEL:
        trainer_landscape_cancel(t);
        break;
    case COMMAND_LANDSCAPE_FOLLOW:
        trainer_landscape_follow(t, c->count != 0);
        break;
    }
}

/* From a command's sending to its being obeyed. */
static void count_waiting(struct trainer *t, const struct command *c, int by)
{
    int ends = c->kind == COMMAND_RESTART || c->kind == COMMAND_CHANGE;

    if (ends)
        atomic_fetch_add(&t->mail.ending, by);
    if (ends || c->kind == COMMAND_PAUSE || c->kind == COMMAND_TOGGLE)
        atomic_fetch_add(&t->mail.stopping, by);
}

static void obey(struct trainer *t, const struct command *c)
{
    count_waiting(t, c, -1);
    do_command(t, c);
}

/* A command that is held is not obeyed, though later ones are: a pause in the midst of an evaluation. */
static void count_obeyed(struct trainer *t)
{
    t->now.obeyed = t->held.first < t->held.count ? t->held.list[t->held.first].number - 1 : t->held.received;
}

static int obey_held(struct trainer *t)
{
    int obeyed = t->held.count > 0;

    while (t->held.first < t->held.count) {
        obey(t, &t->held.list[t->held.first]);
        t->held.first++;
        count_obeyed(t);
    }
    t->held.first = t->held.count = 0;
    return obeyed;
}

/* Commands take effect between two steps. What comes while an evaluation is in hand waits for its end,
 * except pausing, which only says what is to follow it, calling off what is looked at, and leaving, which throws it
 * away: it is made again when the run goes on. */
static int drain(struct trainer *t)
{
    int evaluating = run_counters(t->run)->evaluation_due != 0, obeyed;
    struct command c;

    atomic_store(&t->mail.interrupt, 0);
    obeyed = evaluating ? 0 : obey_held(t);
    while (t->held.count < TRAINER_COMMANDS && ring_pop(&t->mail.commands, &c)) {
        int at_once = c.kind == COMMAND_PAUSE || c.kind == COMMAND_RESUME || c.kind == COMMAND_TOGGLE ||
                      c.kind == COMMAND_PROBE_CANCEL || c.kind == COMMAND_LANDSCAPE_CANCEL;
        if (evaluating && !at_once) {
            t->held.list[t->held.count++] = c;
        } else {
            obey(t, &c);
            obeyed = 1;
        }
        t->held.received = c.number;
        count_obeyed(t);
    }
    t->pace.quit = atomic_load(&t->mail.leave);
    return obeyed;
}

/* ---- work ----------------------------------------------------------------------------------- */

static void note_time(struct trainer *t, int64_t frames)
{
    double now = clock_seconds(), spent = now - t->pace.worked;

    t->pace.worked = now;
    t->now.seconds += spent;
    t->pace.rate_frames += (uint64_t)frames;
    t->pace.rate_seconds += frames ? spent : 0; /* of steps only: an evaluation is no slower training */
    if (t->pace.rate_seconds >= RATE_SECONDS || (t->now.frames_per_second == 0 && t->pace.rate_seconds > .05)) {
        t->now.frames_per_second = (double)t->pace.rate_frames / t->pace.rate_seconds;
        t->pace.rate_frames = 0;
        t->pace.rate_seconds = 0;
    }
}

static void show_evaluation(struct trainer *t, double share)
{
    double now = clock_seconds();

    if (t->now.status != RUN_EVALUATING)
        t->pace.evaluation_began = now;
    t->now.status = RUN_EVALUATING;
    t->now.evaluated = share;
    t->now.evaluation_seconds = now - t->pace.evaluation_began;
}

static void stepped(struct trainer *t, const struct run_report *r)
{
    struct sample s = trainer_sample_of(t, SAMPLE_STEP);

    s.at_step.loss = (float)r->loss;
    s.at_step.accuracy = (float)r->accuracy;
    s.at_step.learning_rate = (float)r->learning_rate;
    s.at_step.gradient_norm = (float)r->gradient_norm;
    s.at_step.cross_entropy = (float)t->now.seen.cross_entropy;
    s.at_step.mse = (float)t->now.seen.mse;
    for (int i = 0; i < t->now.seen.layers; i++)
        s.at_step.layer_norm[i] = (float)t->now.seen.layer_norm[i];
    ring_push(&t->mail.samples, &s);
    t->now.status = RUN_TRAINING;
    if (run_counters(t->run)->evaluation_due)
        show_evaluation(t, 0);
    t->now.learning_rate = r->learning_rate;
    t->now.train_loss = r->loss;
    t->now.train_accuracy = r->accuracy;
    t->now.gradient_norm = r->gradient_norm;
    diagnosis_note(&t->stuck, r->loss, r->gradient_norm, t->now.seen.cosine);
    if (t->pace.steps_left != UINT64_MAX)
        t->pace.steps_left--;
}

static void evaluated(struct trainer *t, const struct run_report *r)
{
    struct sample s = trainer_sample_of(t, SAMPLE_EVALUATION);

    s.evaluation.loss = (float)r->validation_loss;
    s.evaluation.accuracy = (float)r->validation_accuracy;
    s.evaluation.part_loss = (float)r->part_loss;
    s.evaluation.part_accuracy = (float)r->part_accuracy;
    ring_push(&t->mail.samples, &s);
    t->now.status = t->pace.running ? RUN_TRAINING : RUN_PAUSED;
    trainer_note(t, "");
}

static void evaluating(struct trainer *t, const struct run_report *r)
{
    show_evaluation(t, r->share);
    trainer_note(t, t->pace.running ? "" : "pausing after this evaluation");
}

static void diverged(struct trainer *t, const struct err *e)
{
    struct sample s = trainer_sample_of(t, SAMPLE_EVENT);

    ring_push(&t->mail.samples, &s);
    diagnosis_note_divergence(&t->stuck);
    trainer_log(t, LOG_EVENT, e->text);
    trainer_note(t, e->text);
    trainer_pause(t, RUN_DIVERGED);
}

/* The data is gone: nothing can be computed any more, but the state is as it was before this step. */
static void failed(struct trainer *t, const struct err *e)
{
    trainer_log(t, LOG_EVENT, e->text);
    trainer_note(t, e->text);
    trainer_pause(t, RUN_FAILED);
}

/* Background jobs compute on the data too. */
static int check_data(struct trainer *t)
{
    struct err e;

    if (t->now.status == RUN_FAILED || dataset_check(run_data(t->run), &e) == 0)
        return 0;
    failed(t, &e);
    return 1;
}

/* The best weights are back: figures of the last step are not theirs. */
static void stopped_early(struct trainer *t)
{
    const struct counters *c = run_counters(t->run);
    char line[SNAPSHOT_TEXT], step[TEXT_COUNT];

    text_count(step, sizeof step, c->best_step);
    snprintf(line, sizeof line, "stopped early: back to the weights of step %s, validation accuracy %.2f %%", step,
             100 * c->best_accuracy);
    trainer_log(t, LOG_NOTE, line);
    t->now.train_loss = t->now.train_accuracy = t->now.gradient_norm = NAN;
    trainer_back_at_best(t);
    trainer_pause(t, RUN_FINISHED);
}

/* After a piece of work: is there a reason to stop here? */
static void check_end(struct trainer *t, const struct run_report *r)
{
    const struct counters *c = run_counters(t->run);

    t->pace.epoch_ended |= r->epoch_ended;
    if (c->evaluation_due)
        return;
    if (r->stopped_early) {
        stopped_early(t);
        return;
    }
    if (t->pace.epoch_ended && (double)c->epoch == run_knobs(t->run)->value[KNOB_EPOCHS]) {
        trainer_log(t, LOG_NOTE, "the recipe's epochs are done");
        trainer_pause(t, RUN_FINISHED);
    } else if (t->pace.steps_left == 0) {
        trainer_pause(t, RUN_PAUSED);
    }
    t->pace.epoch_ended = 0;
}

/* run_advance, and what trainer_step tells meanwhile. */
static int advance(struct trainer *t, struct run_report *r, struct err *e)
{
    int result;

    if (!run_counters(t->run)->evaluation_due) {
        atomic_store(&t->mail.step_done, 0);
        atomic_store(&t->mail.step_work, (long long)run_step_work(t->run));
        atomic_store(&t->mail.step_began, clock_seconds());
    }
    result = run_advance(t->run, r, e);
    atomic_store(&t->mail.step_began, 0);
    return result;
}

struct step_progress trainer_step(const struct trainer *t)
{
    double began = atomic_load(&t->mail.step_began), of = (double)atomic_load(&t->mail.step_work);

    return (struct step_progress){.share = of > 0 ? fmin((double)atomic_load(&t->mail.step_done) / of, 1) : 0,
                                  .seconds = began > 0 ? fmax(clock_seconds() - began, 0) : 0};
}

/* One step or one slice. Returns whether it is worth showing at once. */
static int work(struct trainer *t)
{
    enum run_status before = t->now.status;
    struct run_report r;
    struct err e;

    switch (-advance(t, &r, &e)) {
    case 0:
        break;
    case ERR_INPUT:
        failed(t, &e);
        return 1;
    case ERR_CANCELLED: /* a command came that does not wait for the step's end */
        return 0;
    default:
        diverged(t, &e);
        return 1;
    }
    note_time(t, r.did == RUN_STEP ? r.frames : 0);
    if (r.did == RUN_STEP) {
        stepped(t, &r);
        trainer_probe_series(t);
        trainer_landscape_note(t);
    }
    if (r.did == RUN_EVALUATED)
        evaluated(t, &r);
    if (r.did == RUN_SLICE)
        evaluating(t, &r);
    check_end(t, &r);
    return t->now.status != before;
}

/* An evaluation in hand is finished even while paused: commands wait for it. */
static int busy(const struct trainer *t)
{
    return t->now.status != RUN_FAILED && (t->pace.running || run_counters(t->run)->evaluation_due);
}

static void *thread_main(void *arg)
{
    struct trainer *t = arg;

    trainer_publish(t);
    while (!t->pace.quit) {
        int show = drain(t) | trainer_jobs_poll(t) | check_data(t);
        if (busy(t) && !t->pace.quit)
            show |= work(t);
        if (show || clock_seconds() - t->pace.published >= PUBLISH_SECONDS)
            trainer_publish(t);
        if (!busy(t) && !t->pace.quit) {
            uint64_t rung;
            (void)!read(t->mail.command_fd, &rung, sizeof rung); /* sleeps until a command comes */
        }
    }
    trainer_job_cancel(t, JOB_PROBE);
    t->result = 0;
    if (t->checkpoint)
        t->result = checkpoint_write(t->run, t->checkpoint, &t->error);
    return NULL;
}

/* ---- the other side ------------------------------------------------------------------------- */

static void first_snapshot(struct trainer *t, const char *recipe)
{
    const struct run *l = t->run;
    struct snapshot *s = &t->now;
    char slow[SNAPSHOT_TEXT];

    text_copy(s->recipe, sizeof s->recipe, recipe);
    text_copy(s->data, sizeof s->data, run_data(l)->name);
    s->run = run_id(l);
    s->classes = run_data(l)->classes.count;
    s->majority = run_majority(l);
    s->train_loss = s->train_accuracy = s->gradient_norm = NAN;
    trainer_probe_reset(t);
    trainer_landscape_reset(t);
    if (run_slow_words(l, slow, sizeof slow))
        trainer_log(t, LOG_NOTE, slow);
}

static void trainer_free(struct trainer *t)
{
    trainer_jobs_end(t);
    trainer_probe_end(t);
    trainer_landscape_end(t);
    edits_clear(&t->edits);
    run_watch(t->run, NULL, NULL);
    run_look(t->run, NULL, NULL);
    ring_free(&t->mail.commands);
    ring_free(&t->mail.samples);
    mailbox_free(&t->mail.snapshots);
    mailbox_free(&t->mail.curvatures);
    mailbox_free(&t->mail.landscapes);
    if (t->mail.command_fd >= 0)
        close(t->mail.command_fd);
    if (t->mail.event_fd >= 0)
        close(t->mail.event_fd);
    free(t->checkpoint);
    free(t);
}

int trainer_start(struct trainer **out, struct run **run, const char *recipe, const char *checkpoint, int paused,
                  struct err *e)
{
    struct trainer *t = calloc(1, sizeof *t);

    if (!t)
        return err_memory(e, "the trainer", sizeof *t);
    t->run = *run;
    t->caller = run;
    run_watch(t->run, &t->mail.interrupt, &t->mail.step_done);
    t->mail.command_fd = eventfd(0, EFD_CLOEXEC);
    t->mail.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    t->checkpoint = checkpoint ? strdup(checkpoint) : NULL;
    if (t->mail.command_fd < 0 || t->mail.event_fd < 0 || (checkpoint && !t->checkpoint) ||
        ring_init(&t->mail.commands, sizeof(struct command), TRAINER_COMMANDS) != 0 ||
        ring_init(&t->mail.samples, sizeof(struct sample), SAMPLES) != 0 ||
        mailbox_init(&t->mail.snapshots, sizeof(struct snapshot)) != 0 ||
        mailbox_init(&t->mail.curvatures, sizeof(struct curvature_view)) != 0 ||
        mailbox_init(&t->mail.landscapes, sizeof(struct landscape_view)) != 0 ||
        run_look(t->run, &t->now.seen, NULL) != 0) {
        trainer_free(t);
        return err_memory(e, "the trainer's mail", SAMPLES * sizeof(struct sample));
    }
    first_snapshot(t, recipe);
    for (int i = 0; *run_remark_at(t->run, i); i++)
        trainer_log(t, LOG_NOTE, run_remark_at(t->run, i));
    if (!paused)
        go_on(t, UINT64_MAX);
    if (thread_start(&t->thread, thread_main, t) != 0) {
        trainer_free(t);
        return err_set(e, ERR_RUNTIME, "cannot create the trainer's thread");
    }
    *out = t;
    return 0;
}

int trainer_stop(struct trainer *t, struct err *e)
{
    int r;

    atomic_store(&t->mail.leave, 1);
    atomic_fetch_add(&t->mail.ending, 1);
    atomic_fetch_add(&t->mail.stopping, 1);
    atomic_store(&t->mail.interrupt, 1);
    wake(t->mail.command_fd);
    pthread_join(t->thread, NULL);
    r = t->result;
    if (r)
        *e = t->error;
    trainer_free(t);
    return r;
}

uint64_t trainer_send(struct trainer *t, const struct command *c)
{
    struct command numbered = *c;
    int taken;

    numbered.number = t->mail.sent + 1;
    count_waiting(t, c, 1);
    taken = ring_push(&t->mail.commands, &numbered);
    t->mail.sent += (uint64_t)taken;
    if (!taken)
        count_waiting(t, c, -1);
    if (c->kind == COMMAND_PAUSE || c->kind == COMMAND_TOGGLE || c->kind == COMMAND_RESTART || c->kind == COMMAND_CHANGE)
        atomic_store(&t->mail.interrupt, 1);
    wake(t->mail.command_fd);
    return taken ? numbered.number : 0;
}

const struct snapshot *trainer_snapshot(struct trainer *t)
{
    return mailbox_latest(&t->mail.snapshots, NULL);
}

const struct curvature_view *trainer_curvature(struct trainer *t)
{
    return mailbox_latest(&t->mail.curvatures, NULL);
}

const struct landscape_view *trainer_landscape(struct trainer *t)
{
    return mailbox_latest(&t->mail.landscapes, NULL);
}

int trainer_sample(struct trainer *t, struct sample *s)
{
    return ring_pop(&t->mail.samples, s);
}

int trainer_event_fd(const struct trainer *t)
{
    return t->mail.event_fd;
}
