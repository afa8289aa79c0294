/* SPDX-License-Identifier: MIT */
/* trainer/: escapes undone in forks, and after a session was resumed. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libriphone-folder.h"
#include "trainer/session-state.h"
#include "trainer/trainer-private.h"
#include "trained-run.h"

static struct toy toy;

static const char *last_log(struct training *s)
{
    const struct snapshot *now = training_obeyed(s);

    return now->log[(now->log_count - 1) % SNAPSHOT_LOG].text;
}

static void send(struct training *s, enum command_kind kind)
{
    training_send(s, (struct command){.kind = kind});
}

/* At step 10, probed, one escape made. */
static void escape(struct training *s, struct knobs *k)
{
    *k = training_knobs(TRAINING_SMALL);
    training_open(s, &toy, k, NULL);
    training_steps(s, 10);
    training_at(s, 10, 1);
    training_probe(s, 0);
    training_send(s, (struct command){.kind = COMMAND_ESCAPE, .value = .3});
    assert_non_null(strstr(last_log(s), "escape: loss"));
}

/* Steps lie between the escape and the fork, or none. */
static void a_fork_undoes_an_escape_with_its_weights(void **state)
{
    (void)state;
    for (int steps = 0; steps <= 7; steps += 7) {
        struct training s;
        struct knobs k;
        escape(&s, &k);
        if (steps) {
            training_steps(&s, (uint64_t)steps);
            training_at(&s, 10 + (uint64_t)steps, 1);
        }
        send(&s, COMMAND_FORK);
        assert_int_equal(training_obeyed(&s)->undos, 1);
        send(&s, COMMAND_UNDO);
        assert_non_null(strstr(last_log(&s), steps ? "undo: escape, back at step 10, with" : "undo: escape, 0.3 along λ"));
        assert_non_null(strstr(last_log(&s), ", with its weights"));
        training_is_plain(&s, &toy, &k, 10);
        training_close(&s);
    }
}

static void keep(struct training *s, char *path, size_t size, const char *dir)
{
    struct command c = {.kind = COMMAND_KEEP};

    snprintf(path, size, "%s/session", dir);
    snprintf(c.text, sizeof c.text, "%s", path);
    training_send(s, c);
    training_obeyed(s);
    training_close(s);
}

static void resume(struct training *s, const char *path, double undo_seconds)
{
    struct session_state kept;
    struct trainer_options o = {.recipe = "toy", .paused = 1, .undo_seconds = undo_seconds, .resume = &kept};
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct run *run;
    struct err e = {0};

    if (session_state_open(&kept, path, &e) != 0)
        fail_msg("%s", e.text);
    s->sent = 0;
    toy_run_open(&s->run, &toy, &k, 2);
    if (session_state_run(&kept, kept.focus, run_data(s->run.run), run_pool(s->run.run), &run, &e) != 0)
        fail_msg("%s", e.text);
    run_free(s->run.run);
    s->run.run = run;
    if (trainer_start_with(&s->trainer, &s->run.run, &o, &e) != 0)
        fail_msg("%s", e.text);
    session_state_close(&kept);
}

/* By a replay, in the run and in its fork. */
static void a_resumed_session_undoes_an_escape_with_its_weights(void **state)
{
    char *dir = temporary_folder(), path[256];

    (void)state;
    for (int steps = 0; steps <= 7; steps += 7) {
        struct training s;
        struct knobs k;
        escape(&s, &k);
        if (steps)
            training_steps(&s, (uint64_t)steps);
        send(&s, COMMAND_FORK);
        keep(&s, path, sizeof path, dir);
        resume(&s, path, INFINITY);
        send(&s, COMMAND_UNDO);
        assert_string_equal(last_log(&s), "undo: escape, back at step 10, with its weights");
        send(&s, COMMAND_REDO);
        assert_non_null(strstr(last_log(&s), "redo: escape, 0.3 along λ"));
        training_send(&s, (struct command){.kind = COMMAND_FOCUS, .count = 0});
        send(&s, COMMAND_UNDO);
        assert_string_equal(last_log(&s), "undo: escape, back at step 10, with its weights");
        training_is_plain(&s, &toy, &k, 10);
        training_close(&s);
    }
    remove_folder(dir);
}

/* What the kept file holds of an escape, however often the session is kept. */
static void an_escape_is_kept_again(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct training s;
    struct knobs k;

    (void)state;
    escape(&s, &k);
    for (int i = 0; i < 2; i++) {
        keep(&s, path, sizeof path, dir);
        resume(&s, path, INFINITY);
        assert_int_equal(training_at(&s, 10, 1)->undos, 1);
    }
    training_close(&s);
    remove_folder(dir);
}

/* A replay of more than 2 s: only the step is taken back, and the log says so. */
static void too_far_back_the_step_is_subtracted(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct training s;
    struct knobs k;

    (void)state;
    escape(&s, &k);
    training_steps(&s, 7);
    training_at(&s, 17, 1);
    s.trainer->runner[0].now.seconds = 1000; /* paused: nobody else writes it */
    keep(&s, path, sizeof path, dir);
    resume(&s, path, 0);
    send(&s, COMMAND_UNDO);
    assert_non_null(strstr(last_log(&s), "undo: escape, 0.3 along λ"));
    assert_non_null(strstr(last_log(&s), ", the step only"));
    assert_int_equal(training_obeyed(&s)->step, 17);
    training_close(&s);
    remove_folder(dir);
}

/* An escape that was undone by subtraction and made again later is undone to where it was made again. */
static void made_again_it_is_undone_to_there(void **state)
{
    struct training s;
    struct knobs k;

    (void)state;
    escape(&s, &k);
    send(&s, COMMAND_UNDO);
    training_steps(&s, 5);
    training_at(&s, 15, 1);
    send(&s, COMMAND_REDO);
    training_steps(&s, 5);
    training_at(&s, 20, 1);
    send(&s, COMMAND_UNDO);
    assert_string_equal(last_log(&s), "undo: escape, back at step 15, with its weights");
    training_is_plain(&s, &toy, &k, 15);
    training_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_undoes_an_escape_with_its_weights),
        cmocka_unit_test(a_resumed_session_undoes_an_escape_with_its_weights),
        cmocka_unit_test(an_escape_is_kept_again),
        cmocka_unit_test(too_far_back_the_step_is_subtracted),
        cmocka_unit_test(made_again_it_is_undone_to_there),
    };

    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
