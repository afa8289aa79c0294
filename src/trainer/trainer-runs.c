/* SPDX-License-Identifier: MIT */
/* Runs beside each other: forks, restarts, the focus, runs dropped, and which of them are identical. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "run/comparison.h"
#include "run/recipe.h"
#include "trainer/trainer-private.h"

static const double COMPARE_SECONDS = 1;
static const size_t WAY_COPIED = (size_t)16 << 20; /* bytes */

/* ---- restarts ------------------------------------------------------------------------------- */

/* "S V" of a line of the session. */
static void restart_line(const struct knobs *k, enum knob_id changed, char *line, size_t size)
{
    char text[KNOB_VALUE_SIZE];
    struct knob_value value = knobs_value(k, changed);

    knob_format(changed, &value, text, sizeof text);
    snprintf(line, size, "%s %s", knob_row(changed)->name, text);
}

/* Begin again with other settings, which a line of the session tells; where they do not fit, the run stays as it is.
 * Returns whether it began. */
static int restart(struct runner *runner, const struct knobs *k, const char *act, const char *line_value, const char *why)
{
    struct sample s = {.kind = SAMPLE_RESTART, .run = run_id(runner->run), .fork.parent = -1};
    char line[SNAPSHOT_TEXT * 2];
    struct run *fresh;
    struct err e;
    int r = run_restarted(&fresh, runner->run, k, &e);

    if (r == 0)
        session_note(runner, act, line_value);
    if (r == 0 && (r = runner_swap(runner, fresh, &e)) != 0)
        run_free(fresh);
    if (r == 0)
        r = travel_begin(runner, &e);
    if (r) {
        trainer_log(runner, LOG_NOTE, e.text);
        return 0;
    }
    session_skip(runner);
    runner_push(runner, &s);
    runner_forget(runner);
    runner->now.seconds = 0;
    runner->now.parent = -1;
    runner->now.identical = 0;
    snprintf(line, sizeof line, "restarted: %s", why);
    trainer_log(runner, LOG_NOTE, line);
    if (!runner_trains(runner)) {
        runner->now.status = RUN_PAUSED;
        trainer_note(runner, "");
    }
    return 1;
}

void trainer_restart(struct runner *runner, uint64_t more)
{
    struct knobs k = *run_knobs(runner->run);
    char why[64], line[SESSION_NAME + KNOB_VALUE_SIZE];

    if (more)
        knobs_put(&k, KNOB_SEED, k.value[KNOB_SEED] + (double)more);
    if (k.value[KNOB_SEED] > knob_row(KNOB_SEED)->max)
        knobs_put(&k, KNOB_SEED, 0);
    snprintf(why, sizeof why, "seed %.0f", k.value[KNOB_SEED]);
    restart_line(&k, KNOB_SEED, line, sizeof line);
    restart(runner, &k, "restart", line, why);
}

void trainer_restart_changed(struct runner *runner, const struct command *c)
{
    struct knobs k = *run_knobs(runner->run);
    char text[KNOB_VALUE_SIZE], why[KNOB_VALUE_SIZE + 64], line[SESSION_NAME + KNOB_VALUE_SIZE];
    struct err e;

    if ((unsigned)c->knob >= KNOB_COUNT)
        return;
    if (knobs_set(&k, c->knob, &c->setting, &e) != 0) {
        trainer_log(runner, LOG_NOTE, e.text);
        return;
    }
    knobs_format(&k, c->knob, text, sizeof text);
    snprintf(why, sizeof why, "%s %s", knob_row(c->knob)->title, text);
    restart_line(&k, c->knob, line, sizeof line);
    restart(runner, &k, "restart", line, why);
}

int trainer_restart_recipe(struct runner *runner, const char *name, struct err *e)
{
    struct knobs k;
    char why[SNAPSHOT_TEXT];
    int r;

    knobs_standard(&k);
    r = recipe_load(&k, name, e);
    if (r)
        return r;
    snprintf(why, sizeof why, "recipe %.80s", name);
    if (restart(runner, &k, "recipe", name, why))
        text_copy(runner->now.recipe, sizeof runner->now.recipe, name);
    return 0;
}

static void set_focus(struct trainer *t, struct runner *runner)
{
    t->focus = runner;
    *t->caller = runner->run;
    runner->curvature_new = runner->landscape_new = 1;
}

/* ---- forks ---------------------------------------------------------------------------------- */

/* Of the way of the weights as many points as are soon copied, evenly. */
static void take_way(struct runner *to, const struct runner *from)
{
    const struct trajectory *way = &from->trajectory;
    int most = (int)(WAY_COPIED / (sizeof(float) * (size_t)(way->n + 1))), stride = most > 0 ? (way->count + most - 1) / most : 0;

    for (int i = 0; stride && i < way->count; i += stride)
        trajectory_note(&to->trajectory, way->step[i], way->theta[i]);
    trainer_landscape_note(to);
}

/* What is known of a run is known of its fork. */
static int take_after(struct runner *to, const struct runner *from, struct err *e)
{
    const struct snapshot *s = &from->now;

    to->now.status = s->status;
    memcpy(to->now.note, s->note, sizeof to->now.note);
    memcpy(to->now.recipe, s->recipe, sizeof to->now.recipe);
    to->now.seconds = s->seconds;
    to->now.frames_per_second = s->frames_per_second;
    to->now.learning_rate = s->learning_rate;
    to->now.train_loss = s->train_loss;
    to->now.train_accuracy = s->train_accuracy;
    to->now.gradient_norm = s->gradient_norm;
    to->now.seen = s->seen;
    to->now.parent = run_id(from->run);
    to->now.forked = run_counters(from->run)->step;
    to->stuck = from->stuck;
    to->steps_left = from->steps_left;
    to->epoch_ended = from->epoch_ended;
    edits_copy(&to->edits, &from->edits);
    take_way(to, from);
    return travel_share(to, from, e);
}

/* The first free place of so many that are needed; NULL: there are not as many. */
static struct runner *free_place(struct trainer *t, int needed)
{
    struct runner *to = NULL;
    int places = 0;

    for (int i = TRAINER_RUNS - 1; i >= 0; i--) {
        places += !t->runner[i].run;
        to = t->runner[i].run ? to : &t->runner[i];
    }
    return places >= needed ? to : NULL;
}

static struct runner *fork_of(struct runner *from)
{
    struct runner *to = free_place(from->trainer, 1);
    struct run *run = NULL;
    struct err e;
    int r;

    if (!to) {
        trainer_log(from->trainer->focus, LOG_NOTE, "there are already four runs; drop one before forking another");
        return NULL;
    }
    r = run_fork(&run, from->run, &e);
    if (r == 0 && (r = runner_begin(to, run, &e)) != 0)
        run_free(run);
    if (r == 0 && (r = take_after(to, from, &e)) != 0) {
        runner_end(to);
        run_free(run);
        to->run = NULL;
    }
    if (r == 0)
        return to;
    trainer_log(from, LOG_NOTE, e.text);
    return NULL;
}

/* Fork it, tell, and give the fork the focus; NULL: it was told why not. */
static struct runner *forked(struct runner *runner)
{
    struct runner *fork = fork_of(runner);
    struct sample s;
    char line[SNAPSHOT_TEXT], step[TEXT_COUNT];

    if (!fork)
        return NULL;
    s = runner_sample(fork, SAMPLE_FORK);
    s.fork.parent = run_id(runner->run);
    runner_push(fork, &s);
    text_count(step, sizeof step, run_counters(runner->run)->step);
    snprintf(line, sizeof line, "run %c is forked from run %c at step %s", runner_letter(fork), runner_letter(runner), step);
    trainer_log(fork, LOG_NOTE, line);
    set_focus(runner->trainer, fork);
    session_skip(fork);
    runner->trainer->pace.compared = 0;
    return fork;
}

void trainer_fork(struct runner *runner)
{
    struct runner *to = free_place(runner->trainer, 1);
    char letter[2] = {to ? runner_letter(to) : '\0', '\0'};

    if (forked(runner))
        session_note(runner, "fork", letter);
}

/* ---- comparisons ---------------------------------------------------------------------------- */

/* A run from scratch in a free place, whose initial weights are those of the base run where shapes agree. */
static struct runner *begun(struct runner *base, const struct knobs *k, const char *label, struct err *e)
{
    struct runner *to = free_place(base->trainer, 1);
    struct sample s;
    char line[SNAPSHOT_TEXT];
    struct run *run;
    int r = run_restarted(&run, base->run, k, e);

    if (r)
        return NULL;
    r = run_begin_alike(run, base->run, e);
    if (r == 0)
        r = runner_begin(to, run, e);
    if (r) {
        run_free(run);
        return NULL;
    }
    if (travel_begin(to, e) != 0) {
        runner_end(to);
        run_free(run);
        to->run = NULL;
        return NULL;
    }
    to->travel.from_scratch = 0; /* its first weights are not of its settings alone */
    memcpy(to->now.recipe, base->now.recipe, sizeof to->now.recipe);
    to->now.status = base->trainer->pace.running ? RUN_TRAINING : RUN_PAUSED;
    s = runner_sample(to, SAMPLE_RESTART);
    s.fork.parent = run_id(base->run);
    runner_push(to, &s);
    snprintf(line, sizeof line, "run %c begins from scratch beside run %c: %.*s", runner_letter(to), runner_letter(base),
             COMPARISON_LABEL - 1, label);
    trainer_log(to, LOG_NOTE, line);
    set_focus(base->trainer, to);
    return to;
}

/* A fork with other settings, all of them live. */
static struct runner *changed_fork(struct runner *base, const struct knobs *k)
{
    struct runner *fork = forked(base);

    for (int i = 0; fork && i < KNOB_COUNT; i++) {
        struct command c = {.kind = COMMAND_SET, .knob = (enum knob_id)i, .setting = knobs_value(k, (enum knob_id)i)};
        if (!knobs_same(k, run_knobs(fork->run), (enum knob_id)i))
            trainer_turn(fork, &c);
    }
    return fork;
}

void trainer_compare(struct runner *runner, const char *name)
{
    const struct comparison *row = comparison_find(name);
    struct knobs *k = calloc(COMPARISON_RUNS, sizeof *k);
    char label[COMPARISON_RUNS][COMPARISON_LABEL];
    struct err e = {0};
    int count = 0;

    if (!row)
        err_set(&e, ERR_USAGE, "unknown comparison \"%.40s\"", name);
    else if (!k)
        err_memory(&e, "a comparison", sizeof *k);
    else if (comparison_make(row, run_knobs(runner->run), run_network(runner->run)->in, k, &count, label, &e) == 0 &&
             !free_place(runner->trainer, count))
        err_set(&e, ERR_USAGE, "this comparison needs %d more run%s, but there can be only four; drop one first", count,
                count > 1 ? "s" : "");
    if (count && !*e.text)
        session_note(runner, "compare", row->name);
    for (int i = 0; i < count && !*e.text; i++) {
        struct runner *made = comparison_from_scratch(row, run_knobs(runner->run), &k[i]) ? begun(runner, &k[i], label[i], &e)
                                                                                         : changed_fork(runner, &k[i]);
        if (!made)
            continue;
        text_copy(made->now.label, sizeof made->now.label, label[i]);
        session_skip(made);
    }
    if (*e.text)
        trainer_log(runner, LOG_NOTE, e.text);
    else
        runner->trainer->pace.by_examples = row->equal_examples;
    free(k);
}

/* ---- focus, and the end of a run ------------------------------------------------------------ */

static struct runner *find(struct trainer *t, int id)
{
    char line[SNAPSHOT_TEXT];

    if (id >= 0 && id < TRAINER_RUNS && t->runner[id].run)
        return &t->runner[id];
    if (id >= 0 && id < TRAINER_RUNS)
        snprintf(line, sizeof line, "there is no run %c", 'A' + id);
    else
        snprintf(line, sizeof line, "runs are named A to %c", 'A' + TRAINER_RUNS - 1);
    trainer_log(t->focus, LOG_NOTE, line);
    return NULL;
}

void trainer_focus(struct trainer *t, int id)
{
    struct runner *runner = find(t, id);

    if (runner && runner != t->focus)
        set_focus(t, runner);
}

void trainer_drop(struct trainer *t, int id)
{
    struct runner *runner = find(t, id), *other = NULL;
    struct sample s;
    char line[SNAPSHOT_TEXT];

    for (int i = TRAINER_RUNS - 1; i >= 0 && runner; i--)
        other = t->runner[i].run && i != id ? &t->runner[i] : other;
    if (!runner)
        return;
    if (!other) {
        trainer_log(runner, LOG_NOTE, "the only run cannot be dropped");
        return;
    }
    session_note(runner, "drop", "");
    s = runner_sample(runner, SAMPLE_DROP);
    runner_push(runner, &s);
    if (t->focus == runner)
        set_focus(t, other);
    snprintf(line, sizeof line, "run %c is dropped", runner_letter(runner));
    trainer_log(runner, LOG_NOTE, line);
    runner_end(runner);
    run_free(runner->run);
    runner->run = NULL;
    trainer_settle(t);
}

/* ---- which are identical -------------------------------------------------------------------- */

static int same(const struct run *a, const struct run *b)
{
    const struct state *x = run_state(a), *y = run_state(b);

    return x->bytes == y->bytes && memcmp(x, y, x->bytes) == 0;
}

/* Whether the runs that train stand at the same step: in the midst of a round their states do not compare. */
static int is_level(const struct trainer *t)
{
    uint64_t step = 0;

    for (int i = 0; i < TRAINER_RUNS; i++) {
        if (!runner_trains(&t->runner[i]))
            continue;
        if (step && run_counters(t->runner[i].run)->step != step)
            return 0;
        step = run_counters(t->runner[i].run)->step;
    }
    return 1;
}

/* Changes whenever a run has gone on, or something was done to it. */
static uint64_t stamp_of(const struct trainer *t)
{
    uint64_t stamp = 1;

    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run)
            stamp = stamp * 1000003 + run_counters(t->runner[i].run)->step * 64 + t->runner[i].journaled + (uint64_t)i;
    return stamp;
}

static unsigned identical_to(const struct trainer *t, int id)
{
    unsigned identical = 0;

    for (int k = 0; k < TRAINER_RUNS && t->runner[id].run; k++)
        if (k != id && t->runner[k].run && same(t->runner[id].run, t->runner[k].run))
            identical |= 1u << k;
    return identical;
}

int trainer_compare_states(struct trainer *t, int idle)
{
    double now = clock_seconds();
    uint64_t stamp = stamp_of(t);
    int changed = 0;

    if (stamp == t->pace.compared_stamp || (!idle && now - t->pace.compared < COMPARE_SECONDS) || !is_level(t))
        return 0;
    t->pace.compared = now;
    t->pace.compared_stamp = stamp;
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct snapshot *s = &t->runner[i].now;
        unsigned identical = identical_to(t, i);
        changed |= identical != s->identical;
        s->identical = identical;
        s->identical_at = t->runner[i].run ? run_counters(t->runner[i].run)->step : 0;
    }
    return changed;
}
