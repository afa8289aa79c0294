/* SPDX-License-Identifier: MIT */
/* trainer: runs beside each other, going back in time, sessions. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "libriphone-folder.h"
#include "run/checksum.h"
#include "trainer/session.h"
#include "trained-run.h"

static struct toy toy;

static void back(struct training *s, uint64_t step)
{
    training_send(s, (struct command){.kind = COMMAND_BACK, .count = step});
}

static int all_rest(const struct snapshots *all)
{
    int rest = 1;

    for (int i = 0; i < TRAINER_RUNS; i++)
        rest &= !(all->there >> i & 1) || all->run[i].status == RUN_PAUSED;
    return rest;
}

static void steps(struct training *s, uint64_t count)
{
    training_steps(s, count);
    training_obeyed(s);
    while (!all_rest(trainer_snapshots(s->trainer)))
        training_news(s);
}

static const char *last_log(struct training *s)
{
    const struct snapshot *now = training_obeyed(s);

    return now->log[(now->log_count - 1) % SNAPSHOT_LOG].text;
}

static void fork_it(struct training *s)
{
    training_send(s, (struct command){.kind = COMMAND_FORK});
}

static void focus(struct training *s, uint64_t id)
{
    training_send(s, (struct command){.kind = COMMAND_FOCUS, .count = id});
}

/* The weights of every run, as snapshots do not have them: the one in focus is the caller's. */
static void sum_of(struct training *s, int id, char text[SHA256_TEXT])
{
    focus(s, (uint64_t)id);
    training_obeyed(s);
    run_checksum(s->run.run, text);
}

/* ---- forks ---------------------------------------------------------------------------------- */

static void nothing_changed_stays_identical(const struct knobs *k)
{
    char a[SHA256_TEXT], b[SHA256_TEXT];
    struct training s;

    training_open(&s, &toy, k, NULL);
    steps(&s, 20);
    fork_it(&s);
    steps(&s, 1000);
    while (trainer_snapshot(s.trainer)->identical != 1)
        training_news(&s);
    assert_int_equal(trainer_snapshots(s.trainer)->run[0].identical, 2);
    assert_int_equal(trainer_snapshots(s.trainer)->run[0].identical_at, 1020);
    sum_of(&s, 0, a);
    assert_int_equal(run_counters(s.run.run)->step, 1020);
    sum_of(&s, 1, b);
    assert_string_equal(a, b);
    training_set(&s, KNOB_LEARNING_RATE, 1e-3);
    steps(&s, 5);
    sum_of(&s, 1, b);
    sum_of(&s, 0, a);
    assert_string_not_equal(a, b); /* one change, and they part */
    training_close(&s);
}

static void a_fork_stays_identical_with_dropout_and_batch_norm(void **state)
{
    struct knobs k = toy_knobs();

    (void)state;
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    nothing_changed_stays_identical(&k);
}

static void a_fork_of_a_bilstm_stays_identical(void **state)
{
    struct knobs k = training_knobs("lstm 6 bi dropout=.2 | center | linear 3");

    (void)state;
    knobs_put(&k, KNOB_CONTEXT, 3);
    knobs_put(&k, KNOB_DROPOUT, .2);
    nothing_changed_stays_identical(&k);
}

static void four_runs_are_the_most(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshots *all;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 3);
    for (int i = 1; i < TRAINER_RUNS; i++)
        fork_it(&s);
    training_obeyed(&s);
    all = trainer_snapshots(s.trainer);
    assert_int_equal(all->there, 15);
    assert_int_equal(all->focus, 3);
    assert_int_equal(all->run[3].parent, 2);
    assert_int_equal(all->run[3].forked, 3);
    fork_it(&s);
    assert_string_equal(last_log(&s), "there are already four runs; drop one before forking another");
    assert_int_equal(trainer_snapshots(s.trainer)->there, 15);
    focus(&s, 1);
    training_set(&s, KNOB_LEARNING_RATE, .5);
    steps(&s, 2);
    all = trainer_snapshots(s.trainer);
    for (int i = 0; i < TRAINER_RUNS; i++) {
        assert_int_equal(all->run[i].step, 5);
        assert_true((all->run[i].knobs.value[KNOB_LEARNING_RATE] == .5) == (i == 1));
    }
    training_close(&s);
}

static void runs_are_dropped_but_for_the_last(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshots *all;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_DROP, .count = 0});
    assert_string_equal(last_log(&s), "the only run cannot be dropped");
    fork_it(&s);
    fork_it(&s);
    training_send(&s, (struct command){.kind = COMMAND_DROP, .count = 3});
    assert_string_equal(last_log(&s), "there is no run D");
    focus(&s, 7);
    assert_string_equal(last_log(&s), "runs are named A to D");
    training_send(&s, (struct command){.kind = COMMAND_DROP, .count = 2});
    training_send(&s, (struct command){.kind = COMMAND_DROP, .count = 0});
    assert_string_equal(last_log(&s), "run A is dropped");
    all = trainer_snapshots(s.trainer);
    assert_int_equal(all->there, 2);
    assert_int_equal(all->focus, 1);
    training_send(&s, (struct command){.kind = COMMAND_SET, .run = 1, .knob = KNOB_LEARNING_RATE, .setting = knob_number(1)});
    assert_string_equal(last_log(&s), "the run this was meant for has been dropped");
    steps(&s, 4);
    training_end(&s);
    assert_int_equal(run_counters(s.run.run)->step, 4);
    training_close(&s);
}

/* Furthest behind goes first, by steps or by examples. */
static void runs_are_level(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshots *all;
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    knobs_put(&k, KNOB_EVAL_EVERY, 1e6);
    knobs_put(&k, KNOB_BATCH_SIZE, 64);
    training_open(&s, &toy, &k, NULL);
    steps(&s, 10);
    fork_it(&s);
    training_set(&s, KNOB_BATCH_SIZE, 16);
    training_send(&s, (struct command){.kind = COMMAND_LEVEL, .count = 1});
    training_obeyed(&s);
    steps(&s, 40);
    all = trainer_snapshots(s.trainer);
    assert_int_equal(all->run[1].step, 50);
    assert_int_equal(all->run[0].step, 20);
    focus(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_RESTART});
    training_send(&s, (struct command){.kind = COMMAND_LEVEL});
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    while (all = trainer_snapshots(s.trainer), all->run[0].step < 49) { /* it catches up alone */
        assert_int_equal(all->run[1].step, 50);
        training_news(&s);
    }
    training_close(&s);
}

/* ---- time travel ---------------------------------------------------------------------------- */

static void any_step_is_reached_exactly(void **state)
{
    static const uint64_t places[] = {97, 61, 60, 31, 30, 1, 0};
    struct knobs k = toy_knobs();
    struct training s;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 30);
    training_set(&s, KNOB_LEARNING_RATE, 3e-3);
    training_set(&s, KNOB_BATCH_SIZE, 200);
    steps(&s, 30);
    training_set(&s, KNOB_BATCH_SIZE, 20);
    steps(&s, 40);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct toy_run straight;
        uint64_t step = places[i];
        back(&s, step);
        assert_int_equal(training_obeyed(&s)->step, step);
        toy_run_open(&straight, &toy, &k, 1);
        toy_steps(straight.run, (int)(step < 30 ? step : 30));
        if (step > 30) {
            assert_int_equal(toy_set(straight.run, KNOB_LEARNING_RATE, 3e-3, &e), 0);
            assert_int_equal(toy_set(straight.run, KNOB_BATCH_SIZE, 200, &e), 0);
            toy_steps(straight.run, (int)(step < 60 ? step : 60) - 30);
        }
        if (step > 60) {
            assert_int_equal(toy_set(straight.run, KNOB_BATCH_SIZE, 20, &e), 0);
            toy_steps(straight.run, (int)step - 60);
        }
        assert_true(toy_same(s.run.run, straight.run));
        toy_run_close(&straight);
    }
    back(&s, 1);
    assert_string_equal(last_log(&s), "step 1 is outside run A (steps 0 to 0)");
    training_close(&s);
}

static void undo_takes_the_weights_along(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run straight;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 15);
    training_set(&s, KNOB_BATCH_SIZE, 1);
    steps(&s, 40);
    training_set(&s, KNOB_BATCH_SIZE, 640);
    steps(&s, 3);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    assert_string_equal(last_log(&s), "undo: batch size 640 → 1, back at step 55, with its weights");
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    assert_int_equal(training_obeyed(&s)->step, 15);
    steps(&s, 10);
    toy_run_open(&straight, &toy, &k, 1);
    toy_steps(straight.run, 25);
    assert_true(toy_same(s.run.run, straight.run));
    toy_run_close(&straight);
    training_close(&s);
}

/* A run that goes on from a file at a step with edits can go back to there, as it was taken up. */
static void the_first_step_of_a_run_taken_up_is_reached(void **state)
{
    struct knobs k = toy_knobs();
    struct training s;
    struct err e;

    (void)state;
    s.sent = 0;
    toy_run_open(&s.run, &toy, &k, 2);
    toy_steps(s.run.run, 9);
    assert_int_equal(toy_set(s.run.run, KNOB_LEARNING_RATE, .02, &e), 0);
    assert_int_equal(trainer_start(&s.trainer, &s.run.run, "toy", NULL, 1, &e), 0);
    steps(&s, 4);
    training_set(&s, KNOB_LEARNING_RATE, .5);
    back(&s, 8);
    assert_string_equal(last_log(&s), "step 8 is outside run A (steps 9 to 13)");
    back(&s, 9);
    assert_string_equal(last_log(&s), "back at step 9, with its weights");
    assert_int_equal(trainer_snapshot(s.trainer)->step, 9);
    assert_true(trainer_snapshot(s.trainer)->knobs.value[KNOB_LEARNING_RATE] == .02);
    training_close(&s);
}

static void turn_rate(struct training *s, double value)
{
    training_send(s, (struct command){
                         .kind = COMMAND_SET, .knob = KNOB_LEARNING_RATE, .setting = knob_number(value), .count = 1});
}

/* A state that was kept after edits which were then taken back with the step they were made at is of no run any more,
 * though the journal may come to have as many bytes again. */
static void a_kept_state_of_edits_that_are_gone_is_gone(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 4);
    turn_rate(&s, .02);
    steps(&s, 1);
    turn_rate(&s, .03); /* goes on with the turn before it: nothing is kept */
    training_set(&s, KNOB_DROPOUT, .5);
    back(&s, 5);
    turn_rate(&s, .04);
    training_set(&s, KNOB_DROPOUT, .4);
    steps(&s, 3);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    now = training_obeyed(&s);
    assert_int_equal(now->step, 5);
    assert_true(now->knobs.value[KNOB_LEARNING_RATE] == .04);
    assert_true(now->knobs.value[KNOB_DROPOUT] == k.value[KNOB_DROPOUT]);
    training_close(&s);
}

static void a_fork_goes_back_beyond_its_beginning(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run straight;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 20);
    fork_it(&s);
    training_set(&s, KNOB_LEARNING_RATE, .1);
    steps(&s, 20);
    back(&s, 7);
    assert_int_equal(training_obeyed(&s)->step, 7);
    assert_int_equal(trainer_snapshots(s.trainer)->run[0].step, 40);
    toy_run_open(&straight, &toy, &k, 1);
    toy_steps(straight.run, 7);
    assert_true(toy_same(s.run.run, straight.run));
    toy_run_close(&straight);
    training_close(&s);
}

/* The step stands; the run waits, and can go back to before the loss rose. */
static void a_spike_of_the_loss_pauses(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    knobs_put(&k, KNOB_SPIKE, 3);
    training_open(&s, &toy, &k, NULL);
    steps(&s, 60);
    assert_false(trainer_snapshot(s.trainer)->spiked);
    training_set(&s, KNOB_LEARNING_RATE, 50);
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    training_obeyed(&s);
    while (now = trainer_snapshot(s.trainer), !now->spiked)
        training_news(&s);
    assert_int_equal(now->status, RUN_PAUSED);
    assert_true(now->step > 60 && now->train_loss > 0);
    assert_non_null(strstr(now->note, "times its running mean"));
    back(&s, 60);
    now = training_obeyed(&s);
    assert_false(now->spiked);
    assert_string_equal(now->note, "");
    training_close(&s);
}

/* ---- comparisons ---------------------------------------------------------------------------- */

static void comparisons_begin_their_runs(void **state)
{
    struct knobs k = training_knobs("linear 16 relu x4 | linear 3");
    const struct snapshots *all;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 12);
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "loss"});
    training_send(&s, (struct command){.kind = COMMAND_FOCUS, .count = 0});
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "depth"});
    training_obeyed(&s);
    all = trainer_snapshots(s.trainer);
    assert_int_equal(all->there, 7);
    assert_int_equal(all->run[1].step, 12); /* from these very weights */
    assert_true(all->run[1].knobs.value[KNOB_LOSS] != k.value[KNOB_LOSS]);
    assert_string_not_equal(all->run[1].label, "");
    assert_int_equal(all->run[2].step, 0); /* from scratch */
    assert_true(fabs((double)all->run[2].parameters / (double)all->run[0].parameters - 1) < .15);
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "batch"});
    assert_non_null(strstr(last_log(&s), "drop one first"));
    assert_int_equal(trainer_snapshots(s.trainer)->there, 7);
    training_close(&s);
}

/* The same network has the same weights, whatever stands between its layers. */
static void runs_from_scratch_begin_alike(void **state)
{
    struct knobs k = training_knobs("linear 16 relu | linear 9 tanh | linear 3");
    struct knobs other = training_knobs("linear 16 relu bn | linear 9 tanh | linear 3");
    struct toy_run a, b;
    struct err e;

    (void)state;
    toy_run_open(&a, &toy, &k, 1);
    toy_run_open(&b, &toy, &other, 1);
    assert_int_equal(run_begin_alike(b.run, a.run, &e), 0);
    for (int i = 0, n = 0; i < a.run->network.places; i++) {
        const struct place *p = &a.run->network.place[i], *q;
        do
            q = &b.run->network.place[n++];
        while (q->count != p->count || q->dims != p->dims);
        assert_memory_equal(state_theta(a.run->state) + p->offset, state_theta(b.run->state) + q->offset,
                            sizeof(float) * (size_t)p->count);
    }
    toy_run_close(&a);
    toy_run_close(&b);
}

/* ---- sessions ------------------------------------------------------------------------------- */

static void keep_in(struct training *s, const char *path)
{
    struct command c = {.kind = COMMAND_KEEP};

    snprintf(c.text, sizeof c.text, "%s", path);
    training_send(s, c);
}

/* It is tried again and again: the log tells the first time, and when it works again. */
static void a_session_that_cannot_be_kept_is_told_once(void **state)
{
    struct knobs k = toy_knobs();
    struct training s;
    char *dir = temporary_folder(), path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/session", dir);
    training_open(&s, &toy, &k, NULL);
    for (int i = 0; i < 3; i++)
        keep_in(&s, "/nowhere/at/all");
    assert_int_equal(training_obeyed(&s)->log_count, 1);
    assert_non_null(strstr(last_log(&s), "/nowhere/at/all: cannot write"));
    keep_in(&s, path);
    keep_in(&s, path);
    assert_int_equal(training_obeyed(&s)->log_count, 2);
    assert_string_equal(last_log(&s), "the session is kept again");
    keep_in(&s, "/nowhere/at/all");
    assert_int_equal(training_obeyed(&s)->log_count, 3);
    training_close(&s);
    remove_folder(dir);
}

static void play_session(struct training *s, const struct knobs *k, const char *path)
{
    struct session session;
    struct trainer_options o = {.recipe = "toy", .replay = &session};
    struct err e;

    if (session_load(&session, path, &e) != 0)
        fail_msg("%s", e.text);
    s->sent = 0;
    toy_run_open(&s->run, &toy, k, 1);
    assert_int_equal(trainer_start_with(&s->trainer, &s->run.run, &o, &e), 0);
    while (trainer_snapshots(s->trainer)->play == PLAY_RUNNING || trainer_snapshots(s->trainer)->play == PLAY_NONE)
        training_news(s);
    session_free(&session);
}

/* Edits, escapes, forks, going back, a restart, a comparison: all of it again, in a run of one worker. */
static void a_session_is_replayed_to_the_bit(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    char *dir = temporary_folder(), path[256], sum[TRAINER_RUNS][SHA256_TEXT];
    struct command write = {.kind = COMMAND_SESSION};
    const struct snapshots *all;
    struct training s, again;

    (void)state;
    snprintf(path, sizeof path, "%s/session.txt", dir);
    training_open(&s, &toy, &k, NULL);
    steps(&s, 12);
    for (int i = 0; i < 30; i++) {
        training_set(&s, i % 2 ? KNOB_LEARNING_RATE : KNOB_BATCH_SIZE, i % 2 ? .01 / (i + 1) : 20 + i);
        if (i == 7 || i == 15)
            fork_it(&s);
        if (i == 12)
            focus(&s, 0);
        steps(&s, 3);
    }
    training_probe(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .02});
    steps(&s, 4);
    back(&s, 30);
    steps(&s, 9);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    steps(&s, 2);
    focus(&s, 1);
    training_send(&s, (struct command){.kind = COMMAND_RESTART, .count = 1});
    steps(&s, 5);
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "dropout"});
    steps(&s, 5);
    training_send(&s, (struct command){.kind = COMMAND_DROP, .count = 1});
    snprintf(write.text, sizeof write.text, "%s", path);
    training_send(&s, write);
    assert_non_null(strstr(last_log(&s), "session saved"));
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (trainer_snapshots(s.trainer)->there >> i & 1)
            sum_of(&s, i, sum[i]);
    play_session(&again, &k, path);
    all = trainer_snapshots(again.trainer);
    if (all->play != PLAY_DONE)
        fail_msg("%s", all->play_text);
    assert_int_equal(all->there, trainer_snapshots(s.trainer)->there);
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (all->there >> i & 1)
            assert_string_equal(all->run[i].checksum, sum[i]);
    training_close(&again);
    training_close(&s);
    remove_folder(dir);
}

/* Escapes are undone and made again after the run went back: their eigenvector is that of a probe long before. */
static void an_escape_made_again_is_replayed(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    char *dir = temporary_folder(), path[256], sum[SHA256_TEXT];
    struct command write = {.kind = COMMAND_SESSION};
    const struct snapshots *all;
    struct training s, again;

    (void)state;
    snprintf(path, sizeof path, "%s/session.txt", dir);
    training_open(&s, &toy, &k, NULL);
    steps(&s, 5);
    training_probe(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .02});
    training_set(&s, KNOB_BATCH_SIZE, 20);
    training_send(&s, (struct command){.kind = COMMAND_UNDO}); /* the batch size, at the escape's step */
    training_probe(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_REDO});
    steps(&s, 3);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_REDO});
    steps(&s, 3);
    snprintf(write.text, sizeof write.text, "%s", path);
    training_send(&s, write);
    assert_non_null(strstr(last_log(&s), "session saved"));
    sum_of(&s, 0, sum);
    play_session(&again, &k, path);
    all = trainer_snapshots(again.trainer);
    if (all->play != PLAY_DONE)
        fail_msg("%s", all->play_text);
    assert_string_equal(all->run[0].checksum, sum);
    training_close(&again);
    training_close(&s);
    remove_folder(dir);
}

static const char head[] = "saddle session 1\nrecipe toy\ndata x\nfingerprint 0123456789abcdef\nseed 1\nshards 2\nbegin\n";

/* One sentence with file and line. */
static void a_session_that_is_none_is_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "f: not a session file"},
        {"saddle session 2\n", "f: not a session file"},
        {"saddle session 1\nrecipe a\n", "is missing"},
        {"saddle session 1\nrecipe a\nrecipe b\n", "f: line 3: given twice"},
        {"saddle session 1\nsetting nonsense 1\n", "f: line 2: unknown setting"},
        {"saddle session 1\nsetting batch_size -1\n", "f: line 2: batch size"},
        {"saddle session 1\nseed x\n", "f: line 2: seed"},
        {"saddle session 1\nfingerprint 12\n", "f: line 2: expected a fingerprint"},
        {"x A lr 1", "f: line 8: expected a step"},
        {"5 E lr 1", "f: line 8: expected a run"},
        {"5 A nonsense 1", "f: line 8: unknown setting or action"},
        {"# 1\n5 A batch_size 0", "f: line 9: batch size"},
        {"5 A network linear 3", "f: line 8: this setting cannot change"},
        {"5 A fork E", "f: line 8: fork: expected a run"},
        {"5 A back 7", "f: line 8: back: expected"},
        {"5 A compare nothing", "f: line 8: unknown comparison"},
        {"5 A restart nothing 7", "f: line 8: restart: expected"},
        {"5 A restart seed x", "f: line 8: seed"},
        {"5 A end 12", "f: line 8: end: expected"},
        {"99999999999999999999 A lr 1", "f: line 8: expected a step"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct session s;
        struct err e = {0};
        char text[512];
        int body = strncmp(wrong[i].text, "saddle", 6) != 0 && *wrong[i].text;
        snprintf(text, sizeof text, "%s%s", body ? head : "", wrong[i].text);
        if (session_parse(&s, text, strlen(text), "f", &e) != -ERR_INPUT || !strstr(e.text, wrong[i].says))
            fail_msg("%s: \"%s\"", wrong[i].text, e.text);
    }
}

static void a_session_that_does_not_fit_ends_with_a_sentence(void **state)
{
    static const char *const wrong[] = {"5 B lr 1", "5 A fork C", "5 A back 9:0", "5 A escape 1:.1", "5 A end 0000000000000000000000000000000000000000000000000000000000000000"};
    struct knobs k = toy_knobs();
    char *dir = temporary_folder(), path[256], text[512];
    struct err e;

    (void)state;
    snprintf(path, sizeof path, "%s/session.txt", dir);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct training s;
        snprintf(text, sizeof text, "%s%s\n", head, wrong[i]);
        assert_int_equal(file_replace(path, text, strlen(text), &e), 0);
        play_session(&s, &k, path);
        assert_int_equal(trainer_snapshots(s.trainer)->play, PLAY_FAILED);
        assert_string_not_equal(trainer_snapshots(s.trainer)->play_text, "");
        training_close(&s);
    }
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_stays_identical_with_dropout_and_batch_norm),
        cmocka_unit_test(a_session_that_cannot_be_kept_is_told_once),
        cmocka_unit_test(a_fork_of_a_bilstm_stays_identical),
        cmocka_unit_test(four_runs_are_the_most),
        cmocka_unit_test(runs_are_dropped_but_for_the_last),
        cmocka_unit_test(runs_are_level),
        cmocka_unit_test(any_step_is_reached_exactly),
        cmocka_unit_test(undo_takes_the_weights_along),
        cmocka_unit_test(the_first_step_of_a_run_taken_up_is_reached),
        cmocka_unit_test(a_kept_state_of_edits_that_are_gone_is_gone),
        cmocka_unit_test(a_fork_goes_back_beyond_its_beginning),
        cmocka_unit_test(a_spike_of_the_loss_pauses),
        cmocka_unit_test(comparisons_begin_their_runs),
        cmocka_unit_test(runs_from_scratch_begin_alike),
        cmocka_unit_test(a_session_is_replayed_to_the_bit),
        cmocka_unit_test(an_escape_made_again_is_replayed),
        cmocka_unit_test(a_session_that_is_none_is_refused),
        cmocka_unit_test(a_session_that_does_not_fit_ends_with_a_sentence),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
