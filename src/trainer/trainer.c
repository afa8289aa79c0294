/* SPDX-License-Identifier: MIT */
/* The trainer's thread. One loop: drain commands, do the next piece of work of the run that is furthest behind, publish at most every
 * PUBLISH_SECONDS, as often as a screen draws; while paused it sleeps on an eventfd that trainer_send rings. The master
 * copies and the runs belong to this thread alone; the other side sees published copies. */
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

static const double PUBLISH_SECONDS = .05;
static const double UNDO_SECONDS = 2; /* where nobody says otherwise */

/* ---- what is published ---------------------------------------------------------------------- */

static void wake(int fd)
{
    uint64_t one = 1;
    (void)!write(fd, &one, sizeof one);
}

/* The snapshot of every run, with what they all tell alike. */
static void draft_snapshots(struct trainer *t, struct snapshots *draft)
{
    const struct trainer_report *common = &t->report;

    draft->version = common->version;
    draft->focus = run_id(t->focus->run);
    draft->by_examples = t->pace.by_examples;
    draft->play = common->play;
    memcpy(draft->play_text, common->play_text, sizeof draft->play_text);
    draft->there = 0;
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct runner *runner = &t->runner[i];
        struct snapshot *s = &draft->run[i];
        if (!runner->run)
            continue;
        draft->there |= 1u << i;
        runner_refresh(runner);
        *s = runner->now;
        s->version = common->version;
        s->obeyed = common->obeyed;
        s->log_count = common->log_count;
        memcpy(s->log, common->log, sizeof s->log);
        memcpy(s->saved, common->saved, sizeof s->saved);
        s->unsaved = common->unsaved;
        s->samples_dropped = atomic_load_explicit(&t->mail.samples.dropped, memory_order_relaxed);
    }
}

void trainer_publish(struct trainer *t)
{
    struct runner *shown = t->focus;

    if (shown->curvature_new) {
        shown->curvature_new = 0;
        shown->curvature.version = ++t->report.curvatures;
        memcpy(mailbox_draft(&t->mail.curvatures), &shown->curvature, sizeof shown->curvature);
        mailbox_publish(&t->mail.curvatures);
    }
    if (shown->landscape_new) {
        shown->landscape_new = 0;
        shown->landscape.version = ++t->report.landscapes;
        memcpy(mailbox_draft(&t->mail.landscapes), &shown->landscape, sizeof shown->landscape);
        mailbox_publish(&t->mail.landscapes);
    }
    t->report.version++;
    draft_snapshots(t, mailbox_draft(&t->mail.snapshots));
    mailbox_publish(&t->mail.snapshots);
    t->pace.published = clock_seconds();
    wake(t->mail.event_fd);
}

void trainer_log(struct runner *runner, enum log_kind kind, const char *text)
{
    struct trainer_report *to = &runner->trainer->report;
    struct log_entry *entry = &to->log[to->log_count++ % SNAPSHOT_LOG];

    *entry = (struct log_entry){.step = run_counters(runner->run)->step,
                                .epoch = run_epoch(runner->run),
                                .kind = kind,
                                .run = run_id(runner->run)};
    text_copy(entry->text, sizeof entry->text, text);
    trainer_observe(runner, OBSERVED_LOG, NULL, text);
}

void trainer_observe(const struct runner *runner, enum observed_kind kind, const struct sample *s, const char *text)
{
    const struct trainer_observer *observer = &runner->trainer->observer;
    const struct observation o = {.kind = kind,
                                  .run = runner->run,
                                  .recipe = runner->now.recipe,
                                  .sample = s,
                                  .text = text,
                                  .status = runner->now.status};

    if (observer->observe)
        observer->observe(observer->context, &o);
}

void trainer_observe_look(const struct runner *runner, double loss, double accuracy)
{
    const struct trainer_observer *observer = &runner->trainer->observer;
    const struct observation o = {.kind = OBSERVED_LOOK, .run = runner->run, .recipe = runner->now.recipe, .status = runner->now.status,
                                  .loss = loss, .accuracy = accuracy};

    if (observer->observe)
        observer->observe(observer->context, &o);
}

void trainer_observe_all(const struct trainer *t, enum observed_kind kind, const char *text)
{
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run)
            trainer_observe(&t->runner[i], kind, NULL, text);
}

void trainer_note(struct runner *runner, const char *text)
{
    text_copy(runner->now.note, sizeof runner->now.note, text);
}

/* ---- commands --------------------------------------------------------------------------------- */

/* Steps of this run that see as many examples as so many of the run in focus. */
static uint64_t steps_alike(const struct trainer *t, const struct runner *runner, uint64_t steps)
{
    double batch = run_knobs(t->focus->run)->value[KNOB_BATCH_SIZE], own = run_knobs(runner->run)->value[KNOB_BATCH_SIZE];

    if (steps == UINT64_MAX || !t->pace.by_examples || runner == t->focus)
        return steps;
    return (uint64_t)fmax(1, round((double)steps * batch / own));
}

/* A run that has ended, or cannot take its next step, goes on where it is the one in focus. */
static void go_on(struct trainer *t, uint64_t steps)
{
    t->pace.worked = clock_seconds();
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct runner *runner = &t->runner[i];
        enum run_status status = runner->now.status;
        if (runner->run && (runner == t->focus || (status != RUN_DIVERGED && status != RUN_FINISHED)))
            runner_go_on(runner, steps_alike(t, runner, steps));
    }
    t->pace.running = 1;
}

static void pause_all(struct trainer *t)
{
    t->pace.running = 0;
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run && t->runner[i].now.status != RUN_DIVERGED && t->runner[i].now.status != RUN_FINISHED)
            runner_rest(&t->runner[i], RUN_PAUSED);
}

int trainer_runs(const struct trainer *t)
{
    int runs = 0;

    for (int i = 0; i < TRAINER_RUNS; i++)
        runs += t->runner[i].run != NULL;
    return runs;
}

void trainer_settle(struct trainer *t)
{
    int training = 0;

    for (int i = 0; i < TRAINER_RUNS; i++)
        training += runner_trains(&t->runner[i]);
    if (!training)
        t->pace.running = 0;
}

void trainer_pause(struct runner *runner, enum run_status status)
{
    runner_rest(runner, status);
    trainer_observe(runner, OBSERVED_STATUS, NULL, NULL);
    trainer_settle(runner->trainer);
}

/* How it went: in the log, and for who asked. */
void trainer_tell_saved(struct trainer *t, int failed, const char *text)
{
    t->report.unsaved = failed;
    text_copy(t->report.saved, sizeof t->report.saved, text);
    trainer_log(t->focus, LOG_NOTE, text);
}

/* To the run it names, or to the one in focus. */
static struct runner *addressee(struct trainer *t, const struct command *c)
{
    int named = c->run > 0 && c->run <= TRAINER_RUNS;

    return named ? &t->runner[c->run - 1] : t->focus;
}

/* The run as it was at the keyframe that the command means; NULL: it means the run as it is, or is told why not. */
static struct run *past_of(struct runner *runner, const struct command *c)
{
    struct run *then = NULL;
    struct err e;

    if (c->past && runner->run && travel_look(runner, c->past - 1, &then, &e) != 0)
        trainer_log(runner, LOG_NOTE, e.text);
    return then;
}

/* What is done about all runs. 1: the command was one of these. */
static int do_common(struct trainer *t, const struct command *c)
{
    switch (c->kind) {
    case COMMAND_PAUSE:
        pause_all(t);
        return 1;
    case COMMAND_RESUME:
        if (!t->pace.running)
            go_on(t, UINT64_MAX);
        return 1;
    case COMMAND_TOGGLE:
        if (t->pace.running)
            pause_all(t);
        else
            go_on(t, UINT64_MAX);
        return 1;
    case COMMAND_STEPS:
        if (c->count > 0)
            go_on(t, c->count);
        return 1;
    case COMMAND_SAVE:
        if (addressee(t, c)->run)
            trainer_save(addressee(t, c), c->text);
        return 1;
    case COMMAND_KEEP:
        trainer_keep(t, c);
        return 1;
    case COMMAND_SESSION:
        trainer_write_session(t, c->text);
        return 1;
    case COMMAND_FOCUS:
        trainer_focus(t, (int)c->count);
        return 1;
    case COMMAND_DROP:
        trainer_drop(t, (int)c->count);
        return 1;
    case COMMAND_LEVEL:
        t->pace.by_examples = c->count != 0;
        return 1;
    case COMMAND_PROBE_CANCEL:
        trainer_job_cancel(t, JOB_PROBE);
        return 1;
    case COMMAND_TASK:
        trainer_task_ask(t, addressee(t, c), c->task, past_of(addressee(t, c), c));
        return 1;
    case COMMAND_TASK_CANCEL:
        trainer_task_cancel(t, (int)c->count);
        return 1;
    case COMMAND_MEASURE_CANCEL:
        trainer_job_cancel(t, JOB_MEASURE);
        return 1;
    default:
        return 0;
    }
}

static void do_own(struct runner *runner, const struct command *c)
{
    struct err e;

    switch (c->kind) {
    case COMMAND_SET:
        trainer_turn(runner, c);
        break;
    case COMMAND_UNDO:
        trainer_step_back(runner, 0);
        break;
    case COMMAND_REDO:
        trainer_step_back(runner, 1);
        break;
    case COMMAND_RESTART:
        trainer_restart(runner, c->count);
        break;
    case COMMAND_CHANGE:
        trainer_restart_changed(runner, c);
        break;
    case COMMAND_RECIPE:
        if (trainer_restart_recipe(runner, c->text, &e) != 0)
            trainer_log(runner, LOG_NOTE, e.text);
        break;
    case COMMAND_FORK:
        trainer_fork(runner);
        break;
    case COMMAND_COMPARE:
        trainer_compare(runner, c->text);
        break;
    case COMMAND_BACK:
        trainer_back(runner, c->count);
        break;
    case COMMAND_PROBE:
        runner->probe.with = (unsigned)c->count;
        trainer_job_ask(runner, JOB_PROBE, past_of(runner, c));
        break;
    case COMMAND_MEASURE:
        trainer_job_ask(runner, JOB_MEASURE, past_of(runner, c));
        break;
    case COMMAND_ESCAPE:
        trainer_escape(runner, c->value);
        break;
    case COMMAND_LANDSCAPE:
        trainer_landscape_ask(runner, c->text, past_of(runner, c));
        break;
    case COMMAND_LANDSCAPE_CANCEL:
        trainer_landscape_cancel(runner);
        break;
    case COMMAND_LANDSCAPE_FOLLOW:
        trainer_landscape_follow(runner, c->count != 0);
        break;
    default:
        break;
    }
}

static void do_command(struct trainer *t, const struct command *c)
{
    struct runner *runner = addressee(t, c);

    if (do_common(t, c))
        return;
    if (t->player)
        trainer_log(t->focus, LOG_NOTE, "a session is being replayed; nothing can be changed before it ends");
    else if (runner->run) {
        do_own(runner, c);
        session_catch_up(t);
    } else
        trainer_log(t->focus, LOG_NOTE, "the run this was meant for has been dropped");
}

/* From a command's sending to its being obeyed. */
static void count_waiting(struct trainer *t, const struct command *c, int by)
{
    int ends = c->kind == COMMAND_RESTART || c->kind == COMMAND_CHANGE || c->kind == COMMAND_RECIPE;

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
    t->report.obeyed = t->held.first < t->held.count ? t->held.list[t->held.first].number - 1 : t->held.received;
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

/* The run whose evaluation is in hand, if one is. */
static struct runner *evaluated_now(struct trainer *t)
{
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (runner_is_busy(&t->runner[i]) && run_counters(t->runner[i].run)->evaluation_due)
            return &t->runner[i];
    return NULL;
}

/* Commands take effect between two steps. What comes while an evaluation is in hand waits for its end,
 * except pausing, which only says what is to follow it, calling off what is looked at, and leaving, which throws it
 * away: it is made again when the run goes on. */
static int drain(struct trainer *t)
{
    int evaluating = evaluated_now(t) != NULL, obeyed;
    struct command c;

    atomic_store(&t->mail.interrupt, 0);
    obeyed = evaluating ? 0 : obey_held(t);
    while (t->held.count < TRAINER_COMMANDS && ring_pop(&t->mail.commands, &c)) {
        int at_once = c.kind == COMMAND_PAUSE || c.kind == COMMAND_RESUME || c.kind == COMMAND_TOGGLE ||
                      c.kind == COMMAND_PROBE_CANCEL || c.kind == COMMAND_LANDSCAPE_CANCEL ||
                      c.kind == COMMAND_MEASURE_CANCEL || c.kind == COMMAND_TASK_CANCEL;
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

struct step_progress trainer_step(const struct trainer *t)
{
    double began = atomic_load(&t->mail.step_began), of = (double)atomic_load(&t->mail.step_work);

    return (struct step_progress){.share = of > 0 ? fmin((double)atomic_load(&t->mail.step_done) / of, 1) : 0,
                                  .seconds = began > 0 ? fmax(clock_seconds() - began, 0) : 0};
}

/* Background jobs compute on the data too. */
static int check_data(struct trainer *t)
{
    struct err e;

    if (t->focus->now.status == RUN_FAILED || dataset_check(run_data(t->focus->run), &e) == 0)
        return 0;
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run)
            runner_failed(&t->runner[i], &e);
    return 1;
}

/* Whose turn it is: the run that is evaluated, or else the one of those that train that is furthest behind. */
static struct runner *next_runner(struct trainer *t)
{
    struct runner *next = evaluated_now(t);

    for (int i = 0; i < TRAINER_RUNS && !(next && run_counters(next->run)->evaluation_due); i++) {
        struct runner *runner = &t->runner[i];
        if (runner_is_busy(runner) && (!next || runner_progress(runner) < runner_progress(next)))
            next = runner;
    }
    return next;
}

static void obey_at_end(struct trainer *t, const struct command *c)
{
    if (c->kind == COMMAND_KEEP)
        trainer_keep(t, c);
    else if (c->kind == COMMAND_TASK)
        task_release(c->task);
}

/* At the end: what is to be kept is kept, nothing else is begun. */
static void obey_last(struct trainer *t)
{
    struct command c;

    for (int i = t->held.first; i < t->held.count; i++)
        obey_at_end(t, &t->held.list[i]);
    t->held.count = 0;
    while (ring_pop(&t->mail.commands, &c))
        obey_at_end(t, &c);
}

static int is_playing(const struct trainer *t)
{
    return t->player && t->pace.running;
}

static void *thread_main(void *arg)
{
    struct trainer *t = arg;

    trainer_publish(t);
    while (!t->pace.quit) {
        int show = drain(t) | trainer_jobs_poll(t) | trainer_tasks_poll(t) | check_data(t);
        struct runner *next = t->player ? NULL : next_runner(t);
        if (is_playing(t) && !t->pace.quit)
            show |= player_work(t);
        else if (next && !t->pace.quit)
            show |= runner_work(next);
        show |= trainer_compare_states(t, !next_runner(t));
        if (show || clock_seconds() - t->pace.published >= PUBLISH_SECONDS)
            trainer_publish(t);
        if (!is_playing(t) && !(next_runner(t) && !t->player) && !t->pace.quit) {
            uint64_t rung;
            (void)!read(t->mail.command_fd, &rung, sizeof rung); /* sleeps until a command comes */
        }
    }
    trainer_job_cancel(t, JOB_PROBE);
    obey_last(t);
    t->result = 0;
    if (t->checkpoint)
        run_measure_shown(t->focus->run);
    if (t->checkpoint)
        t->result = checkpoint_write(t->focus->run, t->checkpoint, &t->error);
    if (t->checkpoint && t->result == 0)
        trainer_observe(t->focus, OBSERVED_SAVED, NULL, t->checkpoint);
    trainer_observe_all(t, OBSERVED_END, NULL);
    return NULL;
}

/* ---- the other side ------------------------------------------------------------------------- */

static void trainer_free(struct trainer *t)
{
    trainer_jobs_end(t);
    trainer_tasks_end(t);
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct runner *runner = &t->runner[i];
        if (!runner->run)
            continue;
        runner_end(runner);
        run_watch(runner->run, NULL, NULL);
        run_look(runner->run, NULL, NULL);
        if (runner->run != *t->caller)
            run_free(runner->run);
    }
    player_end(t);
    session_free(&t->session);
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

static int open_mail(struct trainer_mail *m, struct err *e)
{
    m->command_fd = eventfd(0, EFD_CLOEXEC);
    m->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (m->command_fd >= 0 && m->event_fd >= 0 && ring_init(&m->commands, sizeof(struct command), TRAINER_COMMANDS) == 0 &&
        ring_init(&m->samples, sizeof(struct sample), SAMPLES) == 0 &&
        mailbox_init(&m->snapshots, sizeof(struct snapshots)) == 0 &&
        mailbox_init(&m->curvatures, sizeof(struct curvature_view)) == 0 &&
        mailbox_init(&m->landscapes, sizeof(struct landscape_view)) == 0)
        return 0;
    return err_memory(e, "the trainer's mail", SAMPLES * sizeof(struct sample));
}

static void log_remarks(struct runner *runner)
{
    char slow[SNAPSHOT_TEXT];

    if (run_slow_words(runner->run, slow, sizeof slow))
        trainer_log(runner, LOG_NOTE, slow);
    for (int i = 0; *run_remark_at(runner->run, i); i++)
        trainer_log(runner, LOG_NOTE, run_remark_at(runner->run, i));
}

/* The first of its runs. */
static int begin_run(struct trainer *t, const struct trainer_options *o, struct err *e)
{
    struct runner *runner = &t->runner[0];
    int r = runner_begin(runner, *t->caller, e);

    if (r == 0)
        r = travel_begin(runner, e);
    if (r == 0)
        r = session_begin(&t->session, runner->run, o->recipe, o->from, e);
    if (r)
        return r;
    session_skip(runner);
    text_copy(runner->now.recipe, sizeof runner->now.recipe, o->recipe);
    return o->replay ? player_begin(t, o, e) : 0;
}

int trainer_start_with(struct trainer **out, struct run **run, const struct trainer_options *o, struct err *e)
{
    struct trainer *t = calloc(1, sizeof *t);
    int r;

    if (!t)
        return err_memory(e, "the trainer", sizeof *t);
    t->caller = run;
    for (int i = 0; i < TRAINER_RUNS; i++)
        t->runner[i].trainer = t;
    t->focus = &t->runner[0];
    t->observer = o->observer;
    t->undo_seconds = o->undo_seconds > 0 ? o->undo_seconds : UNDO_SECONDS;
    t->checkpoint = o->checkpoint ? strdup(o->checkpoint) : NULL;
    r = open_mail(&t->mail, e);
    if (r == 0 && o->checkpoint && !t->checkpoint)
        r = err_memory(e, "a path", strlen(o->checkpoint));
    if (r == 0)
        r = o->resume ? trainer_resume(t, o->resume, e) : begin_run(t, o, e);
    if (r == 0) {
        log_remarks(t->focus);
        trainer_observe_all(t, OBSERVED_BEGIN, NULL);
        if (!o->paused && !(o->resume && o->resume->paused))
            go_on(t, UINT64_MAX);
        if (thread_start(&t->thread, thread_main, t) != 0)
            r = err_set(e, ERR_RUNTIME, "cannot create the trainer's thread");
    }
    if (r) {
        trainer_free(t);
        return r;
    }
    *out = t;
    return 0;
}

int trainer_start(struct trainer **t, struct run **run, const char *recipe, const char *checkpoint, int paused,
                  struct err *e)
{
    struct trainer_options o = {.recipe = recipe, .checkpoint = checkpoint, .paused = paused};

    return trainer_start_with(t, run, &o, e);
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
    if (c->kind == COMMAND_PAUSE || c->kind == COMMAND_TOGGLE || c->kind == COMMAND_RESTART || c->kind == COMMAND_CHANGE ||
        c->kind == COMMAND_RECIPE)
        atomic_store(&t->mail.interrupt, 1);
    wake(t->mail.command_fd);
    return taken ? numbered.number : 0;
}

const struct snapshots *trainer_snapshots(struct trainer *t)
{
    return mailbox_latest(&t->mail.snapshots, NULL);
}

const struct snapshot *trainer_snapshot(struct trainer *t)
{
    const struct snapshots *s = trainer_snapshots(t);

    return &s->run[s->focus];
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
