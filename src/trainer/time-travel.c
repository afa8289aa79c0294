/* SPDX-License-Identifier: MIT */
/* Going back: keyframes of a run, and any step reached exactly from the nearest of them by replaying the run's journal. A
 * run that began from scratch can always be made again from its first settings. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "run/journal.h"
#include "run/savepoint.h"
#include "trainer/replay.h"
#include "trainer/trainer-private.h"

static const size_t KEYFRAME_BYTES = (size_t)256 << 20; /* of all runs together */
static const double LEAST_SECONDS = .25;   /* between two keyframes, and … */
static const double LEAST_COST = 50;       /* … times what one takes, for each run there is: 2 % of the training at most */
static const double WORSE = 1.25;          /* a keyframe's loss over the least so far: no longer good */

static void release(void *item)
{
    savepoint_free(item);
}

static void *share(void *item)
{
    return savepoint_share(item);
}

/* The budget of each run. */
static size_t budget(const struct trainer *t)
{
    int runs = trainer_runs(t);

    return KEYFRAME_BYTES / (size_t)(runs > 0 ? runs : 1);
}

int travel_begin(struct runner *runner, struct err *e)
{
    struct keyframes *all = runner->travel.keyframes;

    if (all)
        keyframes_clear(all);
    else if (!(all = keyframes_new(release, share)))
        return err_memory(e, "keyframes", 1);
    runner->travel = (struct time_travel){.keyframes = all,
                                          .first = *run_knobs(runner->run),
                                          .from_scratch = run_counters(runner->run)->step == 0 &&
                                                          journal_lines(run_journal(runner->run)) ==
                                                              journal_count(runner->run, JOURNAL_PRODUCTS),
                                          .loss = NAN};
    travel_note(runner, 1);
    return 0;
}

void travel_end(struct runner *runner)
{
    keyframes_free(runner->travel.keyframes);
    runner->travel.keyframes = NULL;
}

int travel_share(struct runner *runner, const struct runner *from, struct err *e)
{
    struct time_travel v = from->travel;

    v.keyframes = keyframes_copy(v.keyframes);
    if (!v.keyframes)
        return err_memory(e, "keyframes", 1);
    keyframes_free(runner->travel.keyframes);
    runner->travel = v;
    return 0;
}

void travel_note_step(struct runner *runner, double loss)
{
    double *mean = &runner->travel.loss;

    *mean = isfinite(*mean) ? .95 * *mean + .05 * loss : loss;
    runner->travel.losses++;
}

void travel_note(struct runner *runner, int now)
{
    struct time_travel *v = &runner->travel;
    uint64_t step = run_counters(runner->run)->step;
    int count = keyframes_count(v->keyframes);
    double begin = clock_seconds();
    struct savepoint *k;

    if (count && keyframes_step(v->keyframes, count - 1) >= step)
        return;
    if (!now && begin - v->taken < fmax(LEAST_SECONDS, LEAST_COST * v->cost) * trainer_runs(runner->trainer))
        return;
    if (run_state(runner->run)->bytes > budget(runner->trainer) / 2)
        return;
    k = savepoint_take(runner->run);
    if (!k)
        return;
    k->loss = v->loss;
    if (keyframes_add(v->keyframes, step, savepoint_bytes(k), k) != 0)
        savepoint_free(k);
    keyframes_bound(v->keyframes, budget(runner->trainer));
    v->taken = clock_seconds();
    v->cost = v->taken - begin;
}

/* The newest keyframe from before the loss rose; NULL when it has not risen since the last one. */
static const struct savepoint *last_good(const struct time_travel *v)
{
    const struct savepoint *good = NULL;
    double least = INFINITY;

    for (int i = 0; i < keyframes_count(v->keyframes); i++) {
        const struct savepoint *k = keyframes_nearest(v->keyframes, keyframes_step(v->keyframes, i), NULL);
        if (isfinite(k->loss) && k->loss <= WORSE * least)
            good = k;
        least = isfinite(k->loss) ? fmin(least, k->loss) : least;
    }
    return good;
}

void travel_refresh(struct runner *runner)
{
    const struct time_travel *v = &runner->travel;
    const struct savepoint *good = last_good(v);
    struct snapshot *s = &runner->now;
    int count = keyframes_count(v->keyframes), first = count > SNAPSHOT_KEYFRAMES ? count - SNAPSHOT_KEYFRAMES : 0;

    s->keyframes = count - first;
    for (int i = first; i < count; i++)
        s->keyframe[i - first] = keyframes_step(v->keyframes, i);
    s->first_step = v->from_scratch || !count ? 0 : keyframes_step(v->keyframes, 0);
    s->last_good = good ? good->state->counters.step : 0;
}

/* ---- going back ----------------------------------------------------------------------------- */

struct journey { /* from where the run is to where it is to go */
    struct runner *runner;
    char *journal; /* of the run as it is */
    uint64_t step;
    size_t to;     /* bytes of the journal that are to be played, … */
    int lines;     /* … which are so many lines */
    double most;   /* seconds that it may take */
    double told;   /* clock of the last publication */
};

static void tell(void *context, uint64_t step)
{
    struct journey *j = context;
    char line[SNAPSHOT_TEXT], at[TEXT_COUNT], to[TEXT_COUNT];
    double now = clock_seconds();

    if (now - j->told < .1)
        return;
    j->told = now;
    text_count(at, sizeof at, step);
    text_count(to, sizeof to, j->step);
    snprintf(line, sizeof line, "replaying: step %s of %s", at, to);
    trainer_note(j->runner, line);
    trainer_publish(j->runner->trainer);
}

int travel_look(const struct runner *runner, uint64_t step, struct run **then, struct err *e)
{
    const struct savepoint *k = keyframes_nearest(runner->travel.keyframes, step, NULL);
    int r = k ? run_fork(then, runner->run, e) : err_set(e, ERR_INPUT, "no keyframe is kept of that step or an earlier one");

    if (r == 0 && (r = savepoint_restore(*then, k, e)) != 0)
        run_free(*then);
    if (r)
        *then = NULL;
    return r;
}

/* A run that is where a keyframe is, or (NULL) at the beginning. */
static int start_from(const struct journey *j, const struct savepoint *k, struct run **fresh, struct err *e)
{
    int r;

    if (!k)
        return run_restarted(fresh, j->runner->run, &j->runner->travel.first, e);
    r = run_fork(fresh, j->runner->run, e);
    if (r == 0 && (r = savepoint_restore(*fresh, k, e)) != 0)
        run_free(*fresh);
    return r;
}

/* … and goes from there to the journey's end. */
static int replay_from(struct journey *j, const struct savepoint *k, struct run **fresh, struct err *e)
{
    struct replay_part part = {.journal = j->journal, .from = k ? k->journal_size : 0, .to = j->to, .tell = tell, .context = j};
    int r = start_from(j, k, fresh, e);

    if (r)
        return r;
    run_watch(*fresh, &j->runner->trainer->mail.leave, NULL);
    r = run_replay_part(*fresh, &part, j->step, e);
    if (r)
        run_free(*fresh);
    return r;
}

/* From a keyframe, or (NULL) from the beginning: where that takes too long, it is not begun. */
static int replay_in_time(struct journey *j, const struct savepoint *k, struct run **fresh, struct err *e)
{
    uint64_t way = j->step - (k ? k->state->counters.step : 0);

    if ((double)way * j->runner->travel.step_seconds > j->most)
        return err_set(e, ERR_USAGE, "going back would take longer than %.0f s", j->most);
    return replay_from(j, k, fresh, e);
}

/* From the nearest keyframe; where an escape went along what an earlier probe found, from one before that. */
static int replay(struct journey *j, struct run **fresh, struct err *e)
{
    const struct time_travel *v = &j->runner->travel;
    int r = err_set(e, ERR_INPUT, "no keyframe reaches that step");

    for (int i = keyframes_count(v->keyframes) - 1; i >= 0 && r == -ERR_INPUT; i--) {
        const struct savepoint *k = keyframes_nearest(v->keyframes, keyframes_step(v->keyframes, i), NULL);
        if (k->state->counters.step <= j->step && k->journal_size <= j->to)
            r = replay_in_time(j, k, fresh, e);
    }
    return r == -ERR_INPUT && v->from_scratch ? replay_in_time(j, NULL, fresh, e) : r;
}

/* A keyframe that is the journey's very end: nothing is to be made but the state. */
static const struct savepoint *exact(const struct journey *j)
{
    uint64_t found = 0;
    const struct savepoint *k = keyframes_nearest(j->runner->travel.keyframes, j->step, &found);

    return k && found == j->step && k->journal_size == j->to ? k : NULL;
}

static int go(struct journey *j, struct err *e)
{
    struct runner *runner = j->runner;
    const struct savepoint *k = exact(j);
    struct run *fresh = NULL;
    int r = k ? 0 : replay(j, &fresh, e);

    if (r)
        return r;
    session_note_back(runner, j->step, j->lines);
    r = k ? savepoint_restore(runner->run, k, e) : runner_swap(runner, fresh, e);
    if (r && fresh)
        run_free(fresh);
    if (r == 0)
        session_skip(runner);
    return r;
}

/* States of what is undone go: those after the step, and one at the step that was kept after edits made there. The
 * journal of every one that stays is the beginning of the run's. */
static void cut_keyframes(const struct journey *j)
{
    struct keyframes *all = j->runner->travel.keyframes;
    uint64_t found = 0;
    const struct savepoint *k;

    keyframes_cut(all, j->step);
    k = keyframes_nearest(all, j->step, &found);
    if (k && found == j->step && j->step > 0 && k->journal_size > j->to)
        keyframes_cut(all, j->step - 1);
}

/* What was known of what came later is known of nothing any more. */
static void arrived(const struct journey *j)
{
    struct runner *runner = j->runner;
    struct sample s = runner_sample(runner, SAMPLE_BACK);

    runner_push(runner, &s);
    cut_keyframes(j);
    edits_forget_later(&runner->edits);
    trainer_probe_reset(runner);
    trainer_measure_reset(runner);
    trainer_landscape_note(runner);
    runner->now.train_loss = runner->now.train_accuracy = runner->now.gradient_norm = NAN;
    runner->now.identical = 0;
    runner->trainer->pace.compared = 0;
    runner->travel.loss = NAN;
    runner->travel.losses = 0;
    runner->now.spiked = 0;
    runner->epoch_ended = 0;
    if (runner->now.status != RUN_TRAINING && runner->now.status != RUN_EVALUATING)
        runner->now.status = RUN_PAUSED;
}

/* Bytes of the journal before what was done at that step; of a run that was taken up from a file there, those it had. */
static size_t before_edits(const struct runner *runner, const char *journal, uint64_t step)
{
    const struct time_travel *v = &runner->travel;
    size_t to = journal_before(journal, step), begun = 0;

    if (!v->from_scratch && keyframes_count(v->keyframes) && keyframes_step(v->keyframes, 0) == step)
        begun = ((const struct savepoint *)keyframes_nearest(v->keyframes, step, NULL))->journal_size;
    return to > begun ? to : begun;
}

int travel_to(struct runner *runner, uint64_t step, int lines, double most, struct err *e)
{
    struct journey j = {.runner = runner, .step = step, .most = most, .told = clock_seconds()};
    int r;

    if (step > run_counters(runner->run)->step)
        return err_set(e, ERR_USAGE, "the run has not reached that step");
    j.journal = strdup(run_journal(runner->run));
    if (!j.journal)
        return err_memory(e, "the journal", 1);
    j.to = lines < 0 ? before_edits(runner, j.journal, step) : journal_bytes(j.journal, lines);
    j.lines = journal_lines(j.journal) - journal_lines(j.journal + j.to);
    r = go(&j, e);
    trainer_note(runner, "");
    runner->trainer->pace.worked = clock_seconds();
    if (r == 0)
        arrived(&j);
    free(j.journal);
    return r;
}

/* Why not; 1 when the run has been at that step. */
static int is_within(struct runner *runner, uint64_t step)
{
    char line[2 * SNAPSHOT_TEXT], at[TEXT_COUNT], first[TEXT_COUNT], last[TEXT_COUNT];

    runner_refresh(runner);
    if (step <= runner->now.step && step >= runner->now.first_step)
        return 1;
    text_count(at, sizeof at, step);
    text_count(first, sizeof first, runner->now.first_step);
    text_count(last, sizeof last, runner->now.step);
    snprintf(line, sizeof line, "step %s is outside run %c (steps %s to %s)", at, runner_letter(runner),
             first, last);
    trainer_log(runner, LOG_NOTE, line);
    return 0;
}

void trainer_back(struct runner *runner, uint64_t step)
{
    char line[SNAPSHOT_TEXT], at[TEXT_COUNT];
    struct err e = {0};

    if (!is_within(runner, step))
        return;
    if (travel_to(runner, step, -1, INFINITY, &e) != 0) {
        trainer_log(runner, LOG_NOTE, e.text);
        return;
    }
    edits_forget_from(&runner->edits, step);
    text_count(at, sizeof at, step);
    snprintf(line, sizeof line, "back at step %s, with its weights", at);
    trainer_log(runner, LOG_EDIT, line);
}
