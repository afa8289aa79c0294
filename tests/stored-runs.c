/* SPDX-License-Identifier: MIT */
#include "stored-runs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"

struct toy stored_toy;
char stored_dir[] = "/tmp/saddle-store-XXXXXX";
static int files;


/* A store's path that no other test uses. */
char *stored_path(void)
{
    return text_format("%s/%d/runs.db", stored_dir, files++);
}

struct store *stored_open(const char *path, enum store_access how)
{
    struct store *s;
    struct err e = {0};

    if (store_open(&s, path, how, &e) != 0)
        fail_msg("%s", e.text);
    return s;
}

void stored_refused(const char *path, enum store_access how, const char *sentence)
{
    struct store *s;
    struct err e = {0};

    assert_true(store_open(&s, path, how, &e) < 0);
    if (!strstr(e.text, sentence) || !strstr(e.text, path))
        fail_msg("\"%s\" does not say \"%s\"", e.text, sentence);
}

int64_t stored_number(struct store *s, const char *sql)
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

void stored_script(struct store *s, const char *sql)
{
    struct err e = {0};

    if (store_script(s, sql, &e) != 0)
        fail_msg("%s: %s", sql, e.text);
}

struct recorder *stored_recorder(const char *path)
{
    const struct recorder_options o = {.path = path, .source = "test"};
    struct recorder *r;
    struct err e = {0};

    assert_int_equal(recorder_start(&r, &o, &e), 0);
    return r;
}

void stored_stop(struct recorder *r)
{
    struct err e = {0};

    if (recorder_stop(r, &e) != 0)
        fail_msg("%s", e.text);
}

void stored_begin(struct recorder *r, int place, const struct run *run, const char *recipe, int parent)
{
    const struct recorder_run begun = {.run = run, .recipe = recipe, .parent = parent};

    recorder_begin(r, place, &begun);
}

/* Points of steps that the run did not take: only its counter moves. */
void stored_points(struct recorder *r, int place, struct run *run, int from, int to)
{
    for (int i = from; i <= to; i++) {
        struct run_report report = {.loss = 1. / i, .accuracy = .5, .learning_rate = 1e-3, .gradient_norm = i};
        run->state->counters.step = (uint64_t)i;
        recorder_step(r, place, run, &report);
    }
}

void stored_evaluation(struct recorder *r, int place, struct run *run, double loss, double accuracy)
{
    struct run_report report = {
        .validation_loss = loss, .validation_accuracy = accuracy, .part_loss = NAN, .part_accuracy = NAN};

    recorder_evaluation(r, place, run, &report);
}

struct store_run stored_found(struct store *s, const char *name)
{
    struct store_run run;
    struct err e = {0};

    if (store_find(s, name, &run, &e) != 0)
        fail_msg("%s", e.text);
    return run;
}

/* A store with runs "toy-1", "toy-2", …, of so many steps each. */
void stored_make(const char *path, const int *steps, int count)
{
    struct knobs k = toy_knobs();
    struct recorder *r = stored_recorder(path);
    struct toy_run t;

    toy_run_open(&t, &stored_toy, &k, 1);
    for (int i = 0; i < count; i++) {
        t.run->state->counters.step = 0;
        stored_begin(r, 0, t.run, "toy", -1);
        stored_points(r, 0, t.run, 1, steps[i]);
        stored_evaluation(r, 0, t.run, 1 - .1 * steps[i], .1 * steps[i]);
        recorder_end(r, 0, "finished");
    }
    stored_stop(r);
    toy_run_close(&t);
}

int stored_set_up(void **state)
{
    (void)state;
    toy_init(&stored_toy);
    return mkdtemp(stored_dir) ? 0 : -1;
}

int stored_tear_down(void **state)
{
    char *line = text_format("rm -rf %s", stored_dir);
    int r = system(line);

    (void)state;
    free(line);
    return r;
}
