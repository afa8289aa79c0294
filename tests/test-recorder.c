/* SPDX-License-Identifier: MIT */
/* What a recorder writes is read back; several at once, and more than fits. */
#include "test.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "run/checkpoint.h"
#include "stored-runs.h"

/* ---- what is recorded is read back ---------------------------------------------------------- */

struct counted {
    int rows;
    double sum, last, step_figures;
    char text[400];
};

static int count_point(void *context, const struct store_point *p)
{
    struct counted *c = context;

    c->rows++;
    c->sum += p->loss;
    c->last = (double)p->step;
    return 0;
}

static int count_edit(void *context, const struct store_edit *d)
{
    struct counted *c = context;
    size_t used = strlen(c->text);

    c->rows++;
    snprintf(c->text + used, sizeof c->text - used, "%lld %s %s %s;", (long long)d->step, d->setting, d->before, d->after);
    return 0;
}

static int take_rate(void *context, const struct store_setting *s)
{
    struct counted *c = context;

    c->rows++;
    if (strcmp(s->name, "learning_rate") == 0)
        text_copy(c->text, sizeof c->text, s->value);
    return 0;
}

static int count_event(void *context, const struct store_event *v)
{
    struct counted *c = context;

    c->rows++;
    text_copy(c->text, sizeof c->text, v->text);
    return 0;
}

static int count_probe(void *context, const struct store_probe *p)
{
    struct counted *c = context;

    c->rows++;
    c->sum = p->highest + p->lowest + p->trace;
    c->last = p->sharpness;
    c->step_figures = p->predicted_gain + p->curvature_cost + p->actual + p->directional_sharpness + p->batch_sharpness +
                      p->limit_small + p->limit_large;
    return 0;
}

static int count_look(void *context, const struct store_look *l)
{
    struct counted *c = context;

    c->rows++;
    c->last = l->accuracy;
    return 0;
}

static int count_checkpoint(void *context, const struct store_checkpoint *k)
{
    struct counted *c = context;

    c->rows++;
    c->last = k->named;
    text_copy(c->text, sizeof c->text, k->path);
    return 0;
}

static void assert_rows(struct store *s, int64_t run, const char *file)
{
    struct counted c = {0};
    struct err e;

    assert_int_equal(store_points(s, run, 1, count_point, &c, &e), 0);
    assert_int_equal(c.rows, 12);
    assert_true(c.last == 12);
    c = (struct counted){0};
    assert_int_equal(store_points(s, run, 4, count_point, &c, &e), 0);
    assert_int_equal(c.rows, 3);
    c = (struct counted){0};
    assert_int_equal(store_settings(s, run, take_rate, &c, &e), 0);
    assert_int_equal(c.rows, KNOB_COUNT);
    assert_string_equal(c.text, "0.01");
    c = (struct counted){0};
    assert_int_equal(store_edits(s, run, count_edit, &c, &e), 0);
    assert_string_equal(c.text, "12 learning_rate 0.01 0.03;");
    c = (struct counted){0};
    assert_int_equal(store_probes(s, run, count_probe, &c, &e), 0);
    assert_true(c.rows == 1 && c.sum == 9 && isnan(c.last) && c.step_figures == 46.875);
    c = (struct counted){0};
    assert_int_equal(store_events(s, run, count_event, &c, &e), 0);
    assert_string_equal(c.text, "a word");
    c = (struct counted){0};
    assert_int_equal(store_looks(s, run, count_look, &c, &e), 0);
    assert_true(c.rows == 1 && c.last == .6);
    c = (struct counted){0};
    assert_int_equal(store_checkpoints(s, run, count_checkpoint, &c, &e), 0);
    assert_true(c.rows == 1 && c.last == 1);
    assert_string_equal(c.text, file);
}

static void a_run_is_read_back(void **state)
{
    char *path = stored_path(), *file = text_format("%s/a.safetensors", stored_dir);
    struct knobs k = toy_knobs();
    struct recorder *r = stored_recorder(path);
    struct store_run run;
    struct store *s;
    struct toy_run t;
    struct err e;

    (void)state;
    toy_run_open(&t, &stored_toy, &k, 1);
    stored_begin(r, 0, t.run, "own/toy.ini", -1);
    stored_points(r, 0, t.run, 1, 12);
    assert_int_equal(toy_set(t.run, KNOB_LEARNING_RATE, .03, &e), 0);
    recorder_edits(r, 0, t.run);
    stored_evaluation(r, 0, t.run, .7, .8);
    recorder_probe(r, 0, &(struct store_probe){12, 7, -1, 3, NAN, .5, .125, -.25, 2.5, 4, 19, 21, 0});
    recorder_event(r, 0, t.run, "a word");
    assert_int_equal(checkpoint_write(t.run, file, &e), 0);
    recorder_checkpoint(r, 0, t.run, file, 1);
    recorder_look(r, 0, "test", .9, .6);
    recorder_end(r, 0, "finished");
    stored_stop(r);
    toy_run_close(&t);
    s = stored_open(path, STORE_READ);
    run = stored_found(s, "toy-1");
    assert_string_equal(run.recipe, "own/toy.ini");
    assert_string_equal(run.status, "finished");
    assert_string_equal(run.source, "test");
    assert_string_equal(run.fingerprint, "000000000000002a");
    assert_true(run.steps == 12 && run.first_step == 0 && run.parent == 0 && run.lost == 0 && run.looks == 1);
    assert_true(run.best_loss == .7 && run.best_accuracy == .8 && run.best_step == 12 && run.test_accuracy == .6);
    assert_true(run.started > 1e9 && run.ended >= run.started && run.parameters > 0);
    assert_rows(s, run.id, file);
    store_close(s);
    free(path);
    free(file);
}

static void going_back_removes_what_came_later(void **state)
{
    char *path = stored_path();
    struct knobs k = toy_knobs();
    struct recorder *r = stored_recorder(path);
    struct counted c = {0};
    struct store_run run;
    struct store *s;
    struct toy_run t;
    struct err e;

    (void)state;
    toy_run_open(&t, &stored_toy, &k, 1);
    stored_begin(r, 0, t.run, "toy", -1);
    stored_points(r, 0, t.run, 1, 10);
    stored_evaluation(r, 0, t.run, .5, .6);
    recorder_back(r, 0, t.run);
    assert_int_equal(toy_set(t.run, KNOB_LEARNING_RATE, .03, &e), 0);
    recorder_edits(r, 0, t.run);
    stored_points(r, 0, t.run, 11, 20);
    stored_evaluation(r, 0, t.run, .1, .9);
    t.run->state->counters.step = 15;
    recorder_back(r, 0, t.run);
    recorder_end(r, 0, "stopped");
    stored_stop(r);
    toy_run_close(&t);
    s = stored_open(path, STORE_READ);
    run = stored_found(s, "toy-1");
    assert_true(run.steps == 15 && run.best_accuracy == .6 && run.best_loss == .5 && run.last_loss == .5 && run.best_step == 10);
    assert_int_equal(store_points(s, run.id, 1, count_point, &c, &e), 0);
    assert_int_equal(c.rows, 15);
    c.rows = 0;
    assert_int_equal(store_edits(s, run.id, count_edit, &c, &e), 0);
    assert_int_equal(c.rows, 1); /* made at step 10 */
    store_close(s);
    free(path);
}

static void forks_and_restarts_are_runs(void **state)
{
    char *path = stored_path();
    struct knobs k = toy_knobs();
    struct recorder *r = stored_recorder(path);
    struct counted c = {0};
    struct store_run run;
    struct store *s;
    struct toy_run t;
    struct err e;

    (void)state;
    toy_run_open(&t, &stored_toy, &k, 1);
    stored_begin(r, 0, t.run, "toy", -1);
    stored_points(r, 0, t.run, 1, 8);
    stored_evaluation(r, 0, t.run, .5, .6);
    stored_begin(r, 1, t.run, "toy", 0);
    stored_points(r, 1, t.run, 9, 9);
    t.run->state->counters.step = 0;
    stored_begin(r, 0, t.run, "toy", -1);
    recorder_end(r, 1, "stopped");
    stored_points(r, 0, t.run, 1, 2);
    stored_stop(r); /* toy-3 goes on */
    toy_run_close(&t);
    s = stored_open(path, STORE_READ);
    assert_string_equal(stored_found(s, "toy-1").status, "stopped");
    assert_string_equal(stored_found(s, "toy-3").status, "running");
    assert_int_equal(stored_found(s, "toy-3").steps, 2);
    run = stored_found(s, "toy-2");
    assert_int_equal(run.parent, stored_found(s, "toy-1").id);
    assert_true(run.parent_step == 8 && run.steps == 9 && run.best_accuracy == .6);
    assert_int_equal(store_points(s, run.id, 1, count_point, &c, &e), 0);
    assert_int_equal(c.rows, 9);
    store_close(s);
    free(path);
}

static void a_run_that_was_only_opened_leaves_nothing(void **state)
{
    char *path = stored_path();
    struct knobs k = toy_knobs();
    struct recorder *r = stored_recorder(path);
    struct store *s;
    struct toy_run t;

    (void)state;
    toy_run_open(&t, &stored_toy, &k, 1);
    stored_begin(r, 0, t.run, "toy", -1);
    recorder_event(r, 0, t.run, "nothing to undo");
    recorder_end(r, 0, "stopped");
    stored_stop(r);
    toy_run_close(&t);
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_number(s, "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM settings) + (SELECT count(*) FROM events)"), 0);
    store_close(s);
    free(path);
}

static void a_killed_program_s_runs_are_interrupted(void **state)
{
    static const int steps[] = {3};
    char *path = stored_path();
    struct store *s;

    (void)state;
    stored_make(path, steps, 1);
    s = stored_open(path, STORE_RECORD);
    stored_script(s, "UPDATE runs SET status = 'running', pid = 0x7ffffff0");
    assert_string_equal(stored_found(s, "toy-1").status, "interrupted");
    store_close(s);
    stored_stop(stored_recorder(path));
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM runs WHERE status = 'interrupted'"), 1);
    store_close(s);
    free(path);
}

/* ---- more than one, and too much ------------------------------------------------------------- */

static void two_recorders_share_a_store(void **state)
{
    enum { POINTS = 3000 };
    char *path = stored_path();
    struct knobs k = toy_knobs();
    struct recorder *r[] = {stored_recorder(path), stored_recorder(path)};
    struct store *s;
    struct toy_run t[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        toy_run_open(&t[i], &stored_toy, &k, 1);
        stored_begin(r[i], 0, t[i].run, "toy", -1);
    }
    for (int n = 1; n <= POINTS; n++)
        for (int i = 0; i < 2; i++)
            stored_points(r[i], 0, t[i].run, n, n);
    for (int i = 0; i < 2; i++) {
        stored_stop(r[i]);
        toy_run_close(&t[i]);
    }
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_found(s, "toy-1").steps, POINTS);
    assert_int_equal(stored_found(s, "toy-2").steps, POINTS);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM points"), 2 * POINTS);
    store_close(s);
    free(path);
}

static void what_does_not_fit_is_counted(void **state)
{
    enum { POINTS = 50000 };
    char *path = stored_path();
    struct knobs k = toy_knobs();
    struct store *s = stored_open(path, STORE_RECORD);
    struct recorder *r;
    struct toy_run t;
    struct err e = {0};
    uint64_t dropped;

    (void)state;
    assert_int_equal(store_begin(s, &e), 0);
    toy_run_open(&t, &stored_toy, &k, 1);
    r = stored_recorder(path);
    stored_begin(r, 0, t.run, "toy", -1);
    stored_points(r, 0, t.run, 1, POINTS); /* the recorder waits for the other writer, this thread does not */
    dropped = recorder_dropped(r);
    store_roll_back(s);
    assert_true(dropped > 0 && dropped < POINTS);
    assert_true(recorder_stop(r, &e) < 0);
    if (!strstr(e.text, "not recorded") && !strstr(e.text, "locked")) /* it may have been tired of waiting meanwhile */
        fail_msg("%s", e.text);
    toy_run_close(&t);
    assert_int_equal(stored_found(s, "toy-1").lost, dropped);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM points") + (int64_t)dropped, POINTS);
    store_close(s);
    free(path);
}

/* A full disk, made of a limit on the size of files. What could not be written is kept, and written when it can be. */
static void a_full_disk_is_told_and_tried_again(void **state)
{
    enum { POINTS = 6000 };
    char *path = stored_path();
    struct knobs k = toy_knobs();
    struct rlimit before, small;
    struct recorder *r;
    struct store *s;
    struct toy_run t;
    struct err e = {0};
    int result;

    (void)state;
    store_close(stored_open(path, STORE_RECORD));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){100000, before.rlim_max};
    toy_run_open(&t, &stored_toy, &k, 1);
    setrlimit(RLIMIT_FSIZE, &small);
    r = stored_recorder(path);
    stored_begin(r, 0, t.run, "toy", -1);
    stored_points(r, 0, t.run, 1, POINTS);
    for (int i = 0; i < 1000 && !recorder_problem(r); i++)
        usleep(10000);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_non_null(recorder_problem(r));
    assert_non_null(strstr(recorder_problem(r), path));
    result = recorder_stop(r, &e);
    if (result)
        fail_msg("%s", e.text);
    toy_run_close(&t);
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM points"), POINTS);
    store_close(s);
    free(path);
}

static void no_recorder_records_nothing(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run t;
    struct err e = {0};

    (void)state;
    toy_run_open(&t, &stored_toy, &k, 1);
    stored_begin(NULL, 0, t.run, "toy", -1);
    stored_points(NULL, 0, t.run, 1, 3);
    recorder_edits(NULL, 0, t.run);
    assert_null(recorder_problem(NULL));
    assert_int_equal(recorder_stop(NULL, &e), 0);
    toy_run_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_read_back),
        cmocka_unit_test(going_back_removes_what_came_later),
        cmocka_unit_test(forks_and_restarts_are_runs),
        cmocka_unit_test(a_run_that_was_only_opened_leaves_nothing),
        cmocka_unit_test(a_killed_program_s_runs_are_interrupted),
        cmocka_unit_test(two_recorders_share_a_store),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(a_full_disk_is_told_and_tried_again),
        cmocka_unit_test(no_recorder_records_nothing),
    };

    return cmocka_run_group_tests(tests, stored_set_up, stored_tear_down);
}
