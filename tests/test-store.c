/* SPDX-License-Identifier: MIT */
/* The store of runs: its tables, what a recorder writes and what is read back, and files that are refused. */
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
#include "learnable-data.h"
#include "run/checkpoint.h"
#include "store/recorder.h"
#include "store/store-private.h"

static struct toy toy;
static char dir[] = "/tmp/saddle-store-XXXXXX";
static int files;

/* A store's path that no other test uses. */
static char *fresh_path(void)
{
    return text_format("%s/%d/runs.db", dir, files++);
}

static struct store *opened(const char *path, enum store_access how)
{
    struct store *s;
    struct err e = {0};

    if (store_open(&s, path, how, &e) != 0)
        fail_msg("%s", e.text);
    return s;
}

static void assert_refused(const char *path, enum store_access how, const char *sentence)
{
    struct store *s;
    struct err e = {0};

    assert_true(store_open(&s, path, how, &e) < 0);
    if (!strstr(e.text, sentence) || !strstr(e.text, path))
        fail_msg("\"%s\" does not say \"%s\"", e.text, sentence);
}

static int64_t number(struct store *s, const char *sql)
{
    struct err e = {0};
    sqlite3_stmt *q;
    int64_t n;

    if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(s->db));
    n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    (void)e;
    return n;
}

static void script(struct store *s, const char *sql)
{
    struct err e = {0};

    if (store_script(s, sql, &e) != 0)
        fail_msg("%s: %s", sql, e.text);
}

/* ---- recording ------------------------------------------------------------------------------ */

static struct recorder *recorder(const char *path)
{
    const struct recorder_options o = {.path = path, .source = "test"};
    struct recorder *r;
    struct err e = {0};

    assert_int_equal(recorder_start(&r, &o, &e), 0);
    return r;
}

static void stop(struct recorder *r)
{
    struct err e = {0};

    if (recorder_stop(r, &e) != 0)
        fail_msg("%s", e.text);
}

static void begin(struct recorder *r, int place, const struct run *run, const char *recipe, int parent)
{
    const struct recorder_run begun = {.run = run, .recipe = recipe, .parent = parent};

    recorder_begin(r, place, &begun);
}

/* Points of steps that the run did not take: only its counter moves. */
static void points(struct recorder *r, int place, struct run *run, int from, int to)
{
    for (int i = from; i <= to; i++) {
        struct run_report report = {.loss = 1. / i, .accuracy = .5, .learning_rate = 1e-3, .gradient_norm = i};
        run->state->counters.step = (uint64_t)i;
        recorder_step(r, place, run, &report);
    }
}

static void evaluation(struct recorder *r, int place, struct run *run, double loss, double accuracy)
{
    struct run_report report = {
        .validation_loss = loss, .validation_accuracy = accuracy, .part_loss = NAN, .part_accuracy = NAN};

    recorder_evaluation(r, place, run, &report);
}

static struct store_run found(struct store *s, const char *name)
{
    struct store_run run;
    struct err e = {0};

    if (store_find(s, name, &run, &e) != 0)
        fail_msg("%s", e.text);
    return run;
}

/* A store with runs "toy-1", "toy-2", …, of so many steps each. */
static void make_runs(const char *path, const int *steps, int count)
{
    struct knobs k = toy_knobs();
    struct recorder *r = recorder(path);
    struct toy_run t;

    toy_run_open(&t, &toy, &k, 1);
    for (int i = 0; i < count; i++) {
        t.run->state->counters.step = 0;
        begin(r, 0, t.run, "toy", -1);
        points(r, 0, t.run, 1, steps[i]);
        evaluation(r, 0, t.run, 1 - .1 * steps[i], .1 * steps[i]);
        recorder_end(r, 0, "finished");
    }
    stop(r);
    toy_run_close(&t);
}

/* ---- opening -------------------------------------------------------------------------------- */

static void a_new_store_has_its_tables(void **state)
{
    char *path = fresh_path();
    struct store *s = opened(path, STORE_RECORD);

    (void)state;
    assert_int_equal(number(s, "PRAGMA user_version"), STORE_VERSION);
    assert_int_equal(number(s, "SELECT count(*) FROM runs"), 0);
    store_close(s);
    s = opened(path, STORE_READ);
    assert_int_equal(number(s, "PRAGMA user_version"), STORE_VERSION);
    store_close(s);
    free(path);
}

static void reading_makes_no_file(void **state)
{
    char *path = fresh_path();
    struct store_query all = {0};
    struct store *s = opened(path, STORE_READ);
    struct store_run *list;
    struct err e;
    size_t count;

    (void)state;
    assert_int_equal(store_list(s, &all, &list, &count, &e), 0);
    assert_int_equal(count, 0);
    free(list);
    store_close(s);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

/* A store as the first version left it. */
static void make_version_1(const char *path)
{
    struct store *s = opened(path, STORE_RECORD);

    script(s, "DROP VIEW curves; DROP TABLE runs; DROP TABLE settings; DROP TABLE points; DROP TABLE evaluations; DROP TABLE edits;"
              "DROP TABLE probes; DROP TABLE events; DROP TABLE sessions; DROP TABLE checkpoints; DROP TABLE looks;");
    script(s, schema_step(1));
    script(s, "PRAGMA user_version = 1;"
              "INSERT INTO runs(name, recipe, data, network, source, started, status, first_step, steps)"
              " VALUES('old-1', 'old', 'd', 'n', 'train', 5, 'finished', 0, 2);"
              "INSERT INTO points(run, step, loss) VALUES(1, 1, .5), (1, 2, .25);");
    store_close(s);
}

static void an_older_store_is_brought_up_to_date(void **state)
{
    char *path = fresh_path();
    struct store_run run;
    struct store *s;

    (void)state;
    make_version_1(path);
    s = opened(path, STORE_READ);
    assert_int_equal(number(s, "PRAGMA user_version"), STORE_VERSION);
    run = found(s, "old-1");
    assert_int_equal(run.lost, 0);
    assert_int_equal(run.steps, 2);
    assert_int_equal(number(s, "SELECT count(*) FROM curves WHERE name = 'old-1'"), 2);
    store_close(s);
    s = opened(path, STORE_RECORD); /* and stays so */
    assert_int_equal(number(s, "SELECT count(*) FROM points"), 2);
    store_close(s);
    free(path);
}

/* ---- files that are refused ----------------------------------------------------------------- */

static void read_whole(const char *path, char **bytes, size_t *size)
{
    struct err e;

    if (file_read(path, 1 << 26, bytes, size, &e) != 0)
        fail_msg("%s", e.text);
}

/* Neither a reader nor a recorder takes the file, and both leave it as it is. */
static void assert_left_alone(const char *path, const char *sentence)
{
    struct knobs k = toy_knobs();
    char *before, *after;
    size_t size, size_after;
    struct toy_run t;
    struct recorder *r;
    struct err e = {0};

    read_whole(path, &before, &size);
    assert_refused(path, STORE_RECORD, sentence);
    toy_run_open(&t, &toy, &k, 1);
    r = recorder(path);
    begin(r, 0, t.run, "toy", -1);
    points(r, 0, t.run, 1, 100);
    assert_true(recorder_stop(r, &e) < 0);
    assert_non_null(strstr(e.text, sentence));
    toy_run_close(&t);
    read_whole(path, &after, &size_after);
    assert_int_equal(size, size_after);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
}

static void a_later_version_is_left_alone(void **state)
{
    char *path = fresh_path();
    struct store *s = opened(path, STORE_RECORD);

    (void)state;
    script(s, "PRAGMA user_version = 99");
    store_close(s);
    assert_refused(path, STORE_READ, "later version");
    assert_left_alone(path, "later version of saddle (tables of version 99; this one knows 2)");
    free(path);
}

static void write_over(const char *path, long at, size_t size)
{
    FILE *f = fopen(path, "r+");
    char nonsense[4096];

    assert_non_null(f);
    memset(nonsense, 'x', sizeof nonsense);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fwrite(nonsense, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

static void damaged_files_are_left_alone(void **state)
{
    static const int steps[] = {5, 6, 7};
    char *path = fresh_path(), *whole;
    struct store *s;
    long root;

    (void)state;
    make_runs(path, steps, 3);
    s = opened(path, STORE_READ);
    root = (long)number(s, "SELECT rootpage FROM sqlite_master WHERE name = 'runs'");
    store_close(s);
    write_over(path, (root - 1) * 4096, 200);
    assert_left_alone(path, "damaged");
    write_over(path, 0, 100);
    assert_refused(path, STORE_READ, "damaged");
    assert_left_alone(path, "damaged");
    whole = text_format("%s/text.db", dir);
    {
        struct err e;
        assert_int_equal(file_replace(whole, "not a database at all, but a text of some length\n", 49, &e), 0);
    }
    assert_left_alone(whole, "damaged");
    free(whole);
    free(path);
}

static void a_database_of_another_program_is_left_alone(void **state)
{
    char *path = text_format("%s/other.db", dir);
    sqlite3 *db;

    (void)state;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE bookmarks(x); INSERT INTO bookmarks VALUES(1);", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_refused(path, STORE_READ, "another program");
    assert_left_alone(path, "another program");
    free(path);
}

static void a_place_that_cannot_be_written_is_told(void **state)
{
    struct knobs k = toy_knobs();
    struct recorder *r = recorder("/proc/saddle/runs.db");
    struct toy_run t;
    struct err e = {0};

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    begin(r, 0, t.run, "toy", -1);
    points(r, 0, t.run, 1, 10);
    assert_int_equal(recorder_stop(r, &e), -ERR_RUNTIME);
    assert_non_null(strstr(e.text, "/proc/saddle"));
    toy_run_close(&t);
}

/* ---- what is recorded is read back ---------------------------------------------------------- */

struct counted {
    int rows;
    double sum, last;
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
    assert_true(c.rows == 1 && c.sum == 9 && isnan(c.last));
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
    char *path = fresh_path(), *file = text_format("%s/a.safetensors", dir);
    struct knobs k = toy_knobs();
    struct recorder *r = recorder(path);
    struct store_run run;
    struct store *s;
    struct toy_run t;
    struct err e;

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    begin(r, 0, t.run, "own/toy.ini", -1);
    points(r, 0, t.run, 1, 12);
    assert_int_equal(toy_set(t.run, KNOB_LEARNING_RATE, .03, &e), 0);
    recorder_edits(r, 0, t.run);
    evaluation(r, 0, t.run, .7, .8);
    recorder_probe(r, 0, 12, 7, -1, 3, NAN);
    recorder_event(r, 0, t.run, "a word");
    assert_int_equal(checkpoint_write(t.run, file, &e), 0);
    recorder_checkpoint(r, 0, t.run, file, 1);
    recorder_look(r, 0, "test", .9, .6);
    recorder_end(r, 0, "finished");
    stop(r);
    toy_run_close(&t);
    s = opened(path, STORE_READ);
    run = found(s, "toy-1");
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
    char *path = fresh_path();
    struct knobs k = toy_knobs();
    struct recorder *r = recorder(path);
    struct counted c = {0};
    struct store_run run;
    struct store *s;
    struct toy_run t;
    struct err e;

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    begin(r, 0, t.run, "toy", -1);
    points(r, 0, t.run, 1, 10);
    evaluation(r, 0, t.run, .5, .6);
    recorder_back(r, 0, t.run);
    assert_int_equal(toy_set(t.run, KNOB_LEARNING_RATE, .03, &e), 0);
    recorder_edits(r, 0, t.run);
    points(r, 0, t.run, 11, 20);
    evaluation(r, 0, t.run, .1, .9);
    t.run->state->counters.step = 15;
    recorder_back(r, 0, t.run);
    recorder_end(r, 0, "stopped");
    stop(r);
    toy_run_close(&t);
    s = opened(path, STORE_READ);
    run = found(s, "toy-1");
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
    char *path = fresh_path();
    struct knobs k = toy_knobs();
    struct recorder *r = recorder(path);
    struct counted c = {0};
    struct store_run run;
    struct store *s;
    struct toy_run t;
    struct err e;

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    begin(r, 0, t.run, "toy", -1);
    points(r, 0, t.run, 1, 8);
    evaluation(r, 0, t.run, .5, .6);
    begin(r, 1, t.run, "toy", 0);
    points(r, 1, t.run, 9, 9);
    t.run->state->counters.step = 0;
    begin(r, 0, t.run, "toy", -1);
    recorder_end(r, 1, "stopped");
    points(r, 0, t.run, 1, 2);
    stop(r); /* toy-3 goes on */
    toy_run_close(&t);
    s = opened(path, STORE_READ);
    assert_string_equal(found(s, "toy-1").status, "stopped");
    assert_string_equal(found(s, "toy-3").status, "running");
    assert_int_equal(found(s, "toy-3").steps, 2);
    run = found(s, "toy-2");
    assert_int_equal(run.parent, found(s, "toy-1").id);
    assert_true(run.parent_step == 8 && run.steps == 9 && run.best_accuracy == .6);
    assert_int_equal(store_points(s, run.id, 1, count_point, &c, &e), 0);
    assert_int_equal(c.rows, 9);
    store_close(s);
    free(path);
}

static void a_run_that_was_only_opened_leaves_nothing(void **state)
{
    char *path = fresh_path();
    struct knobs k = toy_knobs();
    struct recorder *r = recorder(path);
    struct store *s;
    struct toy_run t;

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    begin(r, 0, t.run, "toy", -1);
    recorder_event(r, 0, t.run, "nothing to undo");
    recorder_end(r, 0, "stopped");
    stop(r);
    toy_run_close(&t);
    s = opened(path, STORE_READ);
    assert_int_equal(number(s, "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM settings) + (SELECT count(*) FROM events)"), 0);
    store_close(s);
    free(path);
}

static void a_killed_program_s_runs_are_interrupted(void **state)
{
    static const int steps[] = {3};
    char *path = fresh_path();
    struct store *s;

    (void)state;
    make_runs(path, steps, 1);
    s = opened(path, STORE_RECORD);
    script(s, "UPDATE runs SET status = 'running', pid = 0x7ffffff0");
    assert_string_equal(found(s, "toy-1").status, "interrupted");
    store_close(s);
    stop(recorder(path));
    s = opened(path, STORE_READ);
    assert_int_equal(number(s, "SELECT count(*) FROM runs WHERE status = 'interrupted'"), 1);
    store_close(s);
    free(path);
}

/* ---- more than one, and too much ------------------------------------------------------------- */

static void two_recorders_share_a_store(void **state)
{
    enum { POINTS = 3000 };
    char *path = fresh_path();
    struct knobs k = toy_knobs();
    struct recorder *r[] = {recorder(path), recorder(path)};
    struct store *s;
    struct toy_run t[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        toy_run_open(&t[i], &toy, &k, 1);
        begin(r[i], 0, t[i].run, "toy", -1);
    }
    for (int n = 1; n <= POINTS; n++)
        for (int i = 0; i < 2; i++)
            points(r[i], 0, t[i].run, n, n);
    for (int i = 0; i < 2; i++) {
        stop(r[i]);
        toy_run_close(&t[i]);
    }
    s = opened(path, STORE_READ);
    assert_int_equal(found(s, "toy-1").steps, POINTS);
    assert_int_equal(found(s, "toy-2").steps, POINTS);
    assert_int_equal(number(s, "SELECT count(*) FROM points"), 2 * POINTS);
    store_close(s);
    free(path);
}

static void what_does_not_fit_is_counted(void **state)
{
    enum { POINTS = 50000 };
    char *path = fresh_path();
    struct knobs k = toy_knobs();
    struct store *s = opened(path, STORE_RECORD);
    struct recorder *r;
    struct toy_run t;
    struct err e = {0};
    uint64_t dropped;

    (void)state;
    assert_int_equal(store_begin(s, &e), 0);
    toy_run_open(&t, &toy, &k, 1);
    r = recorder(path);
    begin(r, 0, t.run, "toy", -1);
    points(r, 0, t.run, 1, POINTS); /* the recorder waits for the other writer, this thread does not */
    dropped = recorder_dropped(r);
    store_roll_back(s);
    assert_true(dropped > 0 && dropped < POINTS);
    assert_true(recorder_stop(r, &e) < 0);
    if (!strstr(e.text, "not recorded") && !strstr(e.text, "locked")) /* it may have been tired of waiting meanwhile */
        fail_msg("%s", e.text);
    toy_run_close(&t);
    assert_int_equal(found(s, "toy-1").lost, dropped);
    assert_int_equal(number(s, "SELECT count(*) FROM points") + (int64_t)dropped, POINTS);
    store_close(s);
    free(path);
}

/* A full disk, made of a limit on the size of files. What could not be written is kept, and written when it can be. */
static void a_full_disk_is_told_and_tried_again(void **state)
{
    enum { POINTS = 6000 };
    char *path = fresh_path();
    struct knobs k = toy_knobs();
    struct rlimit before, small;
    struct recorder *r;
    struct store *s;
    struct toy_run t;
    struct err e = {0};
    int result;

    (void)state;
    store_close(opened(path, STORE_RECORD));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){100000, before.rlim_max};
    toy_run_open(&t, &toy, &k, 1);
    setrlimit(RLIMIT_FSIZE, &small);
    r = recorder(path);
    begin(r, 0, t.run, "toy", -1);
    points(r, 0, t.run, 1, POINTS);
    for (int i = 0; i < 1000 && !recorder_problem(r); i++)
        usleep(10000);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_non_null(recorder_problem(r));
    assert_non_null(strstr(recorder_problem(r), path));
    result = recorder_stop(r, &e);
    if (result)
        fail_msg("%s", e.text);
    toy_run_close(&t);
    s = opened(path, STORE_READ);
    assert_int_equal(number(s, "SELECT count(*) FROM points"), POINTS);
    store_close(s);
    free(path);
}

static void no_recorder_records_nothing(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run t;
    struct err e = {0};

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    begin(NULL, 0, t.run, "toy", -1);
    points(NULL, 0, t.run, 1, 3);
    recorder_edits(NULL, 0, t.run);
    assert_null(recorder_problem(NULL));
    assert_int_equal(recorder_stop(NULL, &e), 0);
    toy_run_close(&t);
}

/* ---- lists and changes ----------------------------------------------------------------------- */

static void assert_listed(struct store *s, const struct store_query *q, const char *names)
{
    char text[400] = "";
    struct store_run *list;
    struct err e = {0};
    size_t count;

    if (store_list(s, q, &list, &count, &e) != 0)
        fail_msg("%s", e.text);
    for (size_t i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", list[i].name);
    assert_string_equal(text, names);
    free(list);
}

static void runs_are_sorted_and_filtered(void **state)
{
    static const int steps[] = {3, 7, 5};
    char *path = fresh_path();
    struct store *s;
    struct err e;

    (void)state;
    make_runs(path, steps, 3);
    s = opened(path, STORE_READ);
    assert_listed(s, &(struct store_query){.sort = STORE_BY_WHEN}, "toy-3 toy-2 toy-1");
    assert_listed(s, &(struct store_query){.sort = STORE_BY_STEPS}, "toy-2 toy-3 toy-1");
    assert_listed(s, &(struct store_query){.sort = STORE_BY_BEST, .reverse = 1}, "toy-1 toy-3 toy-2");
    assert_int_equal(store_rename(s, "toy-2", "toy-10", &e), 0);
    assert_listed(s, &(struct store_query){.sort = STORE_BY_NAME}, "toy-1 toy-3 toy-10");
    assert_int_equal(store_note(s, "toy-3", "With a Larger batch", &e), 0);
    assert_listed(s, &(struct store_query){.filter = "larger"}, "toy-3");
    assert_listed(s, &(struct store_query){.filter = "no such word"}, "");
    store_close(s);
    free(path);
}

static void names_stay_unique(void **state)
{
    static const int steps[] = {1, 1}, more[] = {1};
    char *path = fresh_path();
    struct store *s;
    struct err e;

    (void)state;
    make_runs(path, steps, 2);
    s = opened(path, STORE_READ);
    assert_int_equal(store_rename(s, "toy-1", "toy-2", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-9", "a", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "-a", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "a\nb", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "toy-7", &e), 0);
    store_close(s);
    make_runs(path, more, 1);
    s = opened(path, STORE_READ);
    found(s, "toy-8");
    store_close(s);
    free(path);
}

static void deleted_runs_come_back_until_they_are_collected(void **state)
{
    static const int steps[] = {1, 2, 3, 4};
    static const char *const two[] = {"toy-1", "toy-2"}, *const one[] = {"toy-3"}, *const wrong[] = {"toy-4", "toy-9"};
    char *path = fresh_path(), restored[200];
    struct store_collected c;
    struct store *s;
    struct err e;

    (void)state;
    make_runs(path, steps, 4);
    s = opened(path, STORE_READ);
    assert_int_equal(store_delete(s, wrong, 2, &e), -ERR_USAGE);
    assert_int_equal(store_delete(s, one, 1, &e), 0);
    assert_int_equal(store_delete(s, two, 2, &e), 0);
    assert_listed(s, &(struct store_query){0}, "toy-4");
    assert_int_equal(store_restore(s, NULL, restored, sizeof restored, &e), 0);
    assert_string_equal(restored, "toy-1, toy-2");
    assert_listed(s, &(struct store_query){0}, "toy-1 toy-2 toy-4");
    assert_int_equal(store_restore(s, "toy-3", restored, sizeof restored, &e), 0);
    assert_int_equal(store_restore(s, NULL, restored, sizeof restored, &e), -ERR_USAGE);
    assert_int_equal(store_delete(s, two, 2, &e), 0);
    assert_int_equal(store_collect(s, NULL, &c, &e), 0);
    assert_int_equal(c.runs, 2);
    assert_int_equal(number(s, "SELECT count(*) FROM points"), 7);
    assert_int_equal(number(s, "SELECT count(DISTINCT run) FROM settings"), 2);
    assert_int_equal(store_restore(s, NULL, restored, sizeof restored, &e), -ERR_USAGE);
    store_close(s);
    free(path);
}

/* 30 checkpoints that nobody named, number i of time i: of runs toy-1 (marked, the oldest five), toy-2 and toy-3 (deleted, the
 * newest two); and one with a name. */
static void make_checkpoints(struct store *s, const char *folder)
{
    struct err e;
    char *path, *sql;

    for (int i = 0; i <= 30; i++) {
        path = text_format("%s/%02d.safetensors", folder, i);
        assert_int_equal(file_replace(path, "x", 1, &e), 0);
        sql = text_format("INSERT INTO checkpoints(path, run, step, named, time) SELECT '%s', id, 1, %d, %d FROM runs"
                          " WHERE name = 'toy-%d'", path, i == 30, i, i < 5 ? 1 : i == 28 || i == 29 ? 3 : 2);
        script(s, sql);
        free(sql);
        free(path);
    }
}

static void collection_keeps_the_newest_checkpoints(void **state)
{
    static const int steps[] = {1, 2, 3};
    static const char *const gone[] = {"toy-3"};
    char *path = fresh_path(), *folder = text_format("%s/kept", dir), *file;
    struct store_collected c;
    struct store *s;
    struct err e;

    (void)state;
    assert_int_equal(file_make_directories(folder, &e), 0);
    make_runs(path, steps, 3);
    s = opened(path, STORE_READ);
    make_checkpoints(s, folder);
    assert_int_equal(store_mark(s, "toy-1", 1, &e), 0);
    assert_int_equal(store_delete(s, gone, 1, &e), 0);
    assert_int_equal(store_collect(s, folder, &c, &e), 0);
    assert_int_equal(c.checkpoints, 2 + 3); /* the deleted run's, and 05 … 07 */
    assert_int_equal(c.bytes, 5);
    for (int i = 0; i <= 30; i++) {
        int kept = i < 5 || (i >= 8 && i < 28) || i == 30;
        file = text_format("%s/%02d.safetensors", folder, i);
        if ((access(file, F_OK) == 0) != kept)
            fail_msg("%s should %s", file, kept ? "stay" : "be gone");
        free(file);
    }
    assert_int_equal(number(s, "SELECT count(*) FROM checkpoints"), 26);
    store_close(s);
    free(folder);
    free(path);
}

static void looks_are_counted(void **state)
{
    static const int steps[] = {1};
    char *path = fresh_path(), *file = text_format("%s/looked-at", dir), *sql;
    struct store *s;
    struct err e;
    int counted;

    (void)state;
    make_runs(path, steps, 1);
    s = opened(path, STORE_READ);
    assert_int_equal(file_replace(file, "x", 1, &e), 0);
    assert_int_equal(store_look_at(s, file, "test", 1, .5, &counted, &e), 0);
    assert_int_equal(counted, 0);
    sql = text_format("INSERT INTO checkpoints(path, run, named) VALUES('%s', 1, 1)", file);
    script(s, sql);
    assert_int_equal(store_look_at(s, file, "test", 1, .5, &counted, &e), 0);
    assert_int_equal(counted, 1);
    assert_int_equal(store_look_at(s, file, "val", 1, .7, &counted, &e), 0);
    assert_int_equal(store_look_at(s, file, "test", 1, .6, NULL, &e), 0);
    assert_int_equal(found(s, "toy-1").looks, 2);
    assert_true(found(s, "toy-1").test_accuracy == .6);
    store_close(s);
    free(sql);
    free(file);
    free(path);
}

/* ---- -------------------------------------------------------------------------------------- */

static int set_up(void **state)
{
    (void)state;
    toy_init(&toy);
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    char *line = text_format("rm -rf %s", dir);
    int r = system(line);

    (void)state;
    free(line);
    return r;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_store_has_its_tables),
        cmocka_unit_test(reading_makes_no_file),
        cmocka_unit_test(an_older_store_is_brought_up_to_date),
        cmocka_unit_test(a_later_version_is_left_alone),
        cmocka_unit_test(damaged_files_are_left_alone),
        cmocka_unit_test(a_database_of_another_program_is_left_alone),
        cmocka_unit_test(a_place_that_cannot_be_written_is_told),
        cmocka_unit_test(a_run_is_read_back),
        cmocka_unit_test(going_back_removes_what_came_later),
        cmocka_unit_test(forks_and_restarts_are_runs),
        cmocka_unit_test(a_run_that_was_only_opened_leaves_nothing),
        cmocka_unit_test(a_killed_program_s_runs_are_interrupted),
        cmocka_unit_test(two_recorders_share_a_store),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(a_full_disk_is_told_and_tried_again),
        cmocka_unit_test(no_recorder_records_nothing),
        cmocka_unit_test(runs_are_sorted_and_filtered),
        cmocka_unit_test(names_stay_unique),
        cmocka_unit_test(deleted_runs_come_back_until_they_are_collected),
        cmocka_unit_test(collection_keeps_the_newest_checkpoints),
        cmocka_unit_test(looks_are_counted),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
