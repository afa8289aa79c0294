/* The trainer's thread. One loop: drain commands, do the run's next piece of work, publish at most
 * every PUBLISH_SECONDS, as often as a screen draws; while paused it sleeps on an eventfd that trainer_send rings. The
 * master copy of the snapshot and the run are this thread's alone; the other side sees published copies. */
#include "trainer/trainer-private.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"
#include "run/checkpoint.h"

enum { SAMPLES = 1 << 16 };

static const double PUBLISH_SECONDS = .05, RATE_SECONDS = .5;

void trainer_run(struct trainer *t, uint64_t steps)
{
    t->running = 1;
    t->steps_left = steps;
    t->worked = trainer_clock();
    t->now.status = RUN_TRAINING;
    trainer_note(t, "");
}

void trainer_pause(struct trainer *t, enum run_status status)
{
    t->running = 0;
    t->now.status = status;
    t->now.frames_per_second = 0;
    t->rate_frames = 0;
    t->rate_seconds = 0;
}

/* From a command's sending to its being obeyed. */
static void count_waiting(struct trainer *t, const struct command *c, int by)
{
    int ends = c->kind == COMMAND_RESTART || c->kind == COMMAND_CHANGE;

    if (ends)
        atomic_fetch_add(&t->ending, by);
    if (ends || c->kind == COMMAND_PAUSE || c->kind == COMMAND_TOGGLE)
        atomic_fetch_add(&t->stopping, by);
}

static void obey(struct trainer *t, const struct command *c)
{
    count_waiting(t, c, -1);
    trainer_obey(t, c);
}

/* Commands take effect between two steps. What comes while an evaluation is in hand waits for its end,
 * except pausing, which only says what is to follow it, calling off what is looked at, and leaving, which throws it
 * away: it is made again when the run goes on. */
static int drain(struct trainer *t)
{
    int evaluating = t->run->state->counters.evaluation_due != 0, obeyed = 0;
    struct command c;

    atomic_store(&t->interrupt, 0);
    for (int i = 0; !evaluating && i < t->held_count; i++, obeyed = 1)
        obey(t, &t->held[i]);
    if (!evaluating)
        t->held_count = 0;
    while (t->held_count < TRAINER_COMMANDS && ring_pop(&t->commands, &c)) {
        int at_once = c.kind == COMMAND_PAUSE || c.kind == COMMAND_RESUME || c.kind == COMMAND_TOGGLE ||
                      c.kind == COMMAND_PROBE_CANCEL || c.kind == COMMAND_LANDSCAPE_CANCEL;
        if (evaluating && !at_once) {
            t->held[t->held_count++] = c;
            continue;
        }
        obey(t, &c);
        obeyed = 1;
    }
    t->quit = atomic_load(&t->leave);
    return obeyed;
}

/* ---- work ----------------------------------------------------------------------------------- */

static void note_time(struct trainer *t, int64_t frames)
{
    double now = trainer_clock(), spent = now - t->worked;

    t->worked = now;
    t->now.seconds += spent;
    t->rate_frames += (uint64_t)frames;
    t->rate_seconds += frames ? spent : 0; /* of steps only: an evaluation is no slower training */
    if (t->rate_seconds >= RATE_SECONDS || (t->now.frames_per_second == 0 && t->rate_seconds > .05)) {
        t->now.frames_per_second = (double)t->rate_frames / t->rate_seconds;
        t->rate_frames = 0;
        t->rate_seconds = 0;
    }
}

static void show_evaluation(struct trainer *t, double share)
{
    double now = trainer_clock();

    if (t->now.status != RUN_EVALUATING)
        t->evaluation_began = now;
    t->now.status = RUN_EVALUATING;
    t->now.evaluated = share;
    t->now.evaluation_seconds = now - t->evaluation_began;
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
    ring_push(&t->samples, &s);
    t->now.status = RUN_TRAINING;
    if (t->run->state->counters.evaluation_due)
        show_evaluation(t, 0);
    t->now.learning_rate = r->learning_rate;
    t->now.train_loss = r->loss;
    t->now.train_accuracy = r->accuracy;
    t->now.gradient_norm = r->gradient_norm;
    diagnosis_note(&t->stuck, r->loss, r->gradient_norm, t->now.seen.cosine);
    if (t->steps_left != UINT64_MAX)
        t->steps_left--;
}

static void evaluated(struct trainer *t)
{
    struct sample s = trainer_sample_of(t, SAMPLE_EVALUATION);

    s.evaluation.loss = (float)t->run->state->counters.validation_loss;
    s.evaluation.accuracy = (float)t->run->state->counters.validation_accuracy;
    s.evaluation.part_loss = (float)t->run->state->counters.part_loss;
    s.evaluation.part_accuracy = (float)t->run->state->counters.part_accuracy;
    ring_push(&t->samples, &s);
    t->now.status = t->running ? RUN_TRAINING : RUN_PAUSED;
    trainer_note(t, "");
}

static void evaluating(struct trainer *t, const struct run_report *r)
{
    show_evaluation(t, r->share);
    trainer_note(t, t->running ? "" : "pausing after this evaluation");
}

static void diverged(struct trainer *t, const struct err *e)
{
    struct sample s = trainer_sample_of(t, SAMPLE_EVENT);

    ring_push(&t->samples, &s);
    diagnosis_note_divergence(&t->stuck);
    trainer_log(t, LOG_EVENT, e->text);
    trainer_note(t, e->text);
    trainer_pause(t, RUN_DIVERGED);
}

/* After a piece of work: is there a reason to stop here? */
static void check_end(struct trainer *t, const struct run_report *r)
{
    const struct counters *c = &t->run->state->counters;

    t->epoch_ended |= r->epoch_ended;
    if (c->evaluation_due)
        return;
    if (r->stopped_early) {
        trainer_log(t, LOG_NOTE, "stopped early, back at the best weights");
        trainer_pause(t, RUN_FINISHED);
        return;
    }
    if (t->epoch_ended && (double)c->epoch == t->run->state->knobs.value[KNOB_EPOCHS]) {
        trainer_log(t, LOG_NOTE, "the recipe's epochs are done");
        trainer_pause(t, RUN_FINISHED);
    } else if (t->steps_left == 0) {
        trainer_pause(t, RUN_PAUSED);
    }
    t->epoch_ended = 0;
}

/* run_advance, and what trainer_step tells meanwhile. */
static int advance(struct trainer *t, struct run_report *r, struct err *e)
{
    int result;

    if (!t->run->state->counters.evaluation_due) {
        atomic_store(&t->step_done, 0);
        atomic_store(&t->step_work, (long long)run_step_work(t->run));
        atomic_store(&t->step_began, trainer_clock());
    }
    result = run_advance(t->run, r, e);
    atomic_store(&t->step_began, 0);
    return result;
}

struct step_progress trainer_step(const struct trainer *t)
{
    double began = atomic_load(&t->step_began), of = (double)atomic_load(&t->step_work);

    return (struct step_progress){.share = of > 0 ? fmin((double)atomic_load(&t->step_done) / of, 1) : 0,
                                  .seconds = began > 0 ? fmax(trainer_clock() - began, 0) : 0};
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
        evaluated(t);
    if (r.did == RUN_SLICE)
        evaluating(t, &r);
    check_end(t, &r);
    return t->now.status != before;
}

/* An evaluation in hand is finished even while paused: commands wait for it. */
static int busy(const struct trainer *t)
{
    return t->running || t->run->state->counters.evaluation_due;
}

static void *thread_main(void *arg)
{
    struct trainer *t = arg;

    trainer_publish(t);
    while (!t->quit) {
        int show = drain(t) | trainer_studies(t) | trainer_landscapes(t);
        if (busy(t) && !t->quit)
            show |= work(t);
        if (show || trainer_clock() - t->published >= PUBLISH_SECONDS)
            trainer_publish(t);
        if (!busy(t) && !t->quit) {
            uint64_t rung;
            (void)!read(t->command_fd, &rung, sizeof rung); /* sleeps until a command comes */
        }
    }
    trainer_probe_cancel(t);
    t->result = 0;
    if (t->checkpoint)
        t->result = checkpoint_write(t->run, t->checkpoint, &t->error);
    return NULL;
}

/* ---- the other side ------------------------------------------------------------------------- */

static double majority(const struct run *l)
{
    int64_t count[256] = {0}, most = 0;
    const struct frame_set *v = &l->split.validation;

    for (int64_t u = 0; u < v->utterances; u++)
        for (int64_t f = l->data->bounds[v->utterance[u]]; f < l->data->bounds[v->utterance[u] + 1]; f++)
            count[l->data->labels[f]]++;
    for (int c = 0; c < 256; c++)
        most = count[c] > most ? count[c] : most;
    return v->frames ? (double)most / (double)v->frames : NAN;
}

static void first_snapshot(struct trainer *t, const char *recipe)
{
    const struct run *l = t->run;
    struct snapshot *s = &t->now;
    char slow[SNAPSHOT_TEXT];

    text_copy(s->recipe, sizeof s->recipe, recipe);
    text_copy(s->data, sizeof s->data, l->data->name);
    s->run = l->id;
    s->classes = l->data->classes.count;
    s->majority = majority(l);
    s->train_loss = s->train_accuracy = s->gradient_norm = NAN;
    trainer_studies_reset(t);
    trainer_landscape_reset(t);
    if (run_slow_words(l, slow, sizeof slow))
        trainer_log(t, LOG_NOTE, slow);
}

static void trainer_free(struct trainer *t)
{
    trainer_studies_end(t);
    trainer_landscape_end(t);
    edits_clear(&t->edits);
    t->run->cancel = NULL;
    t->run->work = NULL;
    run_look(t->run, NULL, NULL);
    ring_free(&t->commands);
    ring_free(&t->samples);
    mailbox_free(&t->snapshots);
    mailbox_free(&t->curvatures);
    mailbox_free(&t->landscapes);
    if (t->command_fd >= 0)
        close(t->command_fd);
    if (t->event_fd >= 0)
        close(t->event_fd);
    free(t->checkpoint);
    free(t);
}

static int start_thread(struct trainer *t)
{
    sigset_t all, old;
    int r;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    r = pthread_create(&t->thread, NULL, thread_main, t);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return r;
}

int trainer_start(struct trainer **out, struct run *run, const char *recipe, const char *checkpoint, int paused,
                  struct err *e)
{
    struct trainer *t = calloc(1, sizeof *t);

    if (!t)
        return err_memory(e, "the trainer", sizeof *t);
    t->run = run;
    run->cancel = &t->interrupt;
    run->work = &t->step_done;
    t->command_fd = eventfd(0, EFD_CLOEXEC);
    t->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    t->checkpoint = checkpoint ? strdup(checkpoint) : NULL;
    if (t->command_fd < 0 || t->event_fd < 0 || (checkpoint && !t->checkpoint) ||
        ring_init(&t->commands, sizeof(struct command), TRAINER_COMMANDS) != 0 ||
        ring_init(&t->samples, sizeof(struct sample), SAMPLES) != 0 ||
        mailbox_init(&t->snapshots, sizeof(struct snapshot)) != 0 ||
        mailbox_init(&t->curvatures, sizeof(struct curvature_view)) != 0 ||
        mailbox_init(&t->landscapes, sizeof(struct landscape_view)) != 0 ||
        run_look(run, &t->now.seen, NULL) != 0) {
        trainer_free(t);
        return err_memory(e, "the trainer's mail", SAMPLES * sizeof(struct sample));
    }
    first_snapshot(t, recipe);
    if (!paused)
        trainer_run(t, UINT64_MAX);
    if (start_thread(t) != 0) {
        trainer_free(t);
        return err_set(e, ERR_RUNTIME, "the system would not start the trainer's thread");
    }
    *out = t;
    return 0;
}

int trainer_stop(struct trainer *t, struct err *e)
{
    int r;

    atomic_store(&t->leave, 1);
    atomic_fetch_add(&t->ending, 1);
    atomic_fetch_add(&t->stopping, 1);
    atomic_store(&t->interrupt, 1);
    trainer_ring(t->command_fd);
    pthread_join(t->thread, NULL);
    r = t->result;
    if (r)
        *e = t->error;
    trainer_free(t);
    return r;
}

int trainer_send(struct trainer *t, const struct command *c)
{
    int taken;

    count_waiting(t, c, 1);
    taken = ring_push(&t->commands, c);
    if (!taken)
        count_waiting(t, c, -1);
    if (c->kind == COMMAND_PAUSE || c->kind == COMMAND_TOGGLE || c->kind == COMMAND_RESTART || c->kind == COMMAND_CHANGE)
        atomic_store(&t->interrupt, 1);
    trainer_ring(t->command_fd);
    return taken;
}

const struct snapshot *trainer_snapshot(struct trainer *t)
{
    return mailbox_latest(&t->snapshots, NULL);
}

const struct curvature_view *trainer_curvature(struct trainer *t)
{
    return mailbox_latest(&t->curvatures, NULL);
}

const struct landscape_view *trainer_landscape(struct trainer *t)
{
    return mailbox_latest(&t->landscapes, NULL);
}

int trainer_sample(struct trainer *t, struct sample *s)
{
    return ring_pop(&t->samples, s);
}

int trainer_event_fd(const struct trainer *t)
{
    return t->event_fd;
}
