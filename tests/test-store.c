/* SPDX-License-Identifier: MIT */
/* The store of runs: its tables, files that are refused, lists and changes. */
#include "test.h"

#include <math.h>
#include <pthread.h>
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

/* ---- opening -------------------------------------------------------------------------------- */

static void a_new_store_has_its_tables(void **state)
{
    char *path = stored_path();
    struct store *s = stored_open(path, STORE_RECORD);

    (void)state;
    assert_int_equal(stored_number(s, "PRAGMA user_version"), STORE_VERSION);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM runs"), 0);
    store_close(s);
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_number(s, "PRAGMA user_version"), STORE_VERSION);
    store_close(s);
    free(path);
}

static void reading_makes_no_file(void **state)
{
    char *path = stored_path();
    struct store_query all = {0};
    struct store *s = stored_open(path, STORE_READ);
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
    struct store *s = stored_open(path, STORE_RECORD);

    stored_script(s, "DROP VIEW curves; DROP TABLE runs; DROP TABLE settings; DROP TABLE points; DROP TABLE evaluations; DROP TABLE edits;"
              "DROP TABLE probes; DROP TABLE events; DROP TABLE sessions; DROP TABLE checkpoints; DROP TABLE looks;");
    stored_script(s, schema_step(1));
    stored_script(s, "PRAGMA user_version = 1;"
              "INSERT INTO runs(name, recipe, data, network, source, started, status, first_step, steps)"
              " VALUES('old-1', 'old', 'd', 'n', 'train', 5, 'finished', 0, 2);"
              "INSERT INTO points(run, step, loss) VALUES(1, 1, .5), (1, 2, .25);");
    store_close(s);
}

/* The second version: a probe without the step that came next. */
static void make_version_2(const char *path)
{
    struct store *s;

    make_version_1(path);
    s = stored_open(path, STORE_RECORD);
    stored_script(s, "DROP TABLE probes;"
              "CREATE TABLE probes(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, step INTEGER NOT NULL, highest REAL,"
              " lowest REAL, trace REAL, sharpness REAL, time REAL); CREATE INDEX probes_of_run ON probes(run, step);"
              "INSERT INTO probes(run, step, highest, lowest, trace, sharpness, time) VALUES(1, 2, 8, -1, 3, .5, 7);"
              "PRAGMA user_version = 2;");
    store_close(s);
}

static int take_probe(void *context, const struct store_probe *p)
{
    *(struct store_probe *)context = *p;
    return 0;
}

static void probes_of_the_second_version_are_kept(void **state)
{
    char *path = stored_path();
    struct store_probe p = {0};
    struct store *s;
    struct err e;

    (void)state;
    make_version_2(path);
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_number(s, "PRAGMA user_version"), STORE_VERSION);
    assert_int_equal(store_probes(s, 1, take_probe, &p, &e), 0);
    assert_true(p.step == 2 && p.highest == 8 && p.lowest == -1 && p.trace == 3 && p.sharpness == .5 && p.time == 7);
    assert_true(isnan(p.predicted_gain) && isnan(p.actual) && isnan(p.batch_sharpness) && isnan(p.limit_large));
    store_close(s);
    free(path);
}

static void *opens(void *path)
{
    struct store *s = NULL;
    struct err e = {0};
    char *said = store_open(&s, path, STORE_RECORD, &e) == 0 ? NULL : strdup(e.text);

    store_close(s);
    return said;
}

/* Programs that start at one moment make the tables once, and none takes them for another program's. */
static void many_make_a_store_together(void **state)
{
    enum { OPENERS = 4, ROUNDS = 60 };
    pthread_t opener[OPENERS];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char *path = stored_path();
        for (int i = 0; i < OPENERS; i++)
            assert_int_equal(pthread_create(&opener[i], NULL, opens, path), 0);
        for (int i = 0; i < OPENERS; i++) {
            void *said;
            pthread_join(opener[i], &said);
            if (said)
                fail_msg("%s", (char *)said);
        }
        free(path);
    }
}

static void an_older_store_is_brought_up_to_date(void **state)
{
    char *path = stored_path();
    struct store_run run;
    struct store *s;

    (void)state;
    make_version_1(path);
    s = stored_open(path, STORE_READ);
    assert_int_equal(stored_number(s, "PRAGMA user_version"), STORE_VERSION);
    run = stored_found(s, "old-1");
    assert_int_equal(run.lost, 0);
    assert_int_equal(run.steps, 2);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM curves WHERE name = 'old-1'"), 2);
    store_close(s);
    s = stored_open(path, STORE_RECORD); /* and stays so */
    assert_int_equal(stored_number(s, "SELECT count(*) FROM points"), 2);
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
    stored_refused(path, STORE_RECORD, sentence);
    toy_run_open(&t, &stored_toy, &k, 1);
    r = stored_recorder(path);
    stored_begin(r, 0, t.run, "toy", -1);
    stored_points(r, 0, t.run, 1, 100);
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
    char *path = stored_path();
    struct store *s = stored_open(path, STORE_RECORD);

    (void)state;
    stored_script(s, "PRAGMA user_version = 99");
    store_close(s);
    stored_refused(path, STORE_READ, "later version");
    assert_left_alone(path, "later version of saddle (tables of version 99; this one knows 3)");
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
    char *path = stored_path(), *whole;
    struct store *s;
    long root;

    (void)state;
    stored_make(path, steps, 3);
    s = stored_open(path, STORE_READ);
    root = (long)stored_number(s, "SELECT rootpage FROM sqlite_master WHERE name = 'runs'");
    store_close(s);
    write_over(path, (root - 1) * 4096, 200);
    assert_left_alone(path, "damaged");
    write_over(path, 0, 100);
    stored_refused(path, STORE_READ, "damaged");
    assert_left_alone(path, "damaged");
    whole = text_format("%s/text.db", stored_dir);
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
    char *path = text_format("%s/other.db", stored_dir);
    sqlite3 *db;

    (void)state;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE bookmarks(x); INSERT INTO bookmarks VALUES(1);", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    stored_refused(path, STORE_READ, "another program");
    assert_left_alone(path, "another program");
    free(path);
}

static void a_place_that_cannot_be_written_is_told(void **state)
{
    struct knobs k = toy_knobs();
    struct recorder *r = stored_recorder("/proc/saddle/runs.db");
    struct toy_run t;
    struct err e = {0};

    (void)state;
    toy_run_open(&t, &stored_toy, &k, 1);
    stored_begin(r, 0, t.run, "toy", -1);
    stored_points(r, 0, t.run, 1, 10);
    assert_int_equal(recorder_stop(r, &e), -ERR_RUNTIME);
    assert_non_null(strstr(e.text, "/proc/saddle"));
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
    char *path = stored_path();
    struct store *s;
    struct err e;

    (void)state;
    stored_make(path, steps, 3);
    s = stored_open(path, STORE_READ);
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
    char *path = stored_path();
    struct store *s;
    struct err e;

    (void)state;
    stored_make(path, steps, 2);
    s = stored_open(path, STORE_READ);
    assert_int_equal(store_rename(s, "toy-1", "toy-2", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-9", "a", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "-a", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "a\nb", &e), -ERR_USAGE);
    assert_int_equal(store_rename(s, "toy-1", "toy-7", &e), 0);
    store_close(s);
    stored_make(path, more, 1);
    s = stored_open(path, STORE_READ);
    stored_found(s, "toy-8");
    store_close(s);
    free(path);
}

static void deleted_runs_come_back_until_they_are_collected(void **state)
{
    static const int steps[] = {1, 2, 3, 4};
    static const char *const two[] = {"toy-1", "toy-2"}, *const one[] = {"toy-3"}, *const wrong[] = {"toy-4", "toy-9"};
    char *path = stored_path(), restored[200];
    struct store_collected c;
    struct store *s;
    struct err e;

    (void)state;
    stored_make(path, steps, 4);
    s = stored_open(path, STORE_READ);
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
    assert_int_equal(store_collect(s, NULL, STORE_CHECKPOINTS_KEPT, &c, &e), 0);
    assert_int_equal(c.runs, 2);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM points"), 7);
    assert_int_equal(stored_number(s, "SELECT count(DISTINCT run) FROM settings"), 2);
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
        stored_script(s, sql);
        free(sql);
        free(path);
    }
}

static void collection_keeps_the_newest_checkpoints(void **state)
{
    static const int steps[] = {1, 2, 3};
    static const char *const gone[] = {"toy-3"};
    char *path = stored_path(), *folder = text_format("%s/kept", stored_dir), *file;
    struct store_collected c;
    struct store *s;
    struct err e;

    (void)state;
    assert_int_equal(file_make_directories(folder, &e), 0);
    stored_make(path, steps, 3);
    s = stored_open(path, STORE_READ);
    make_checkpoints(s, folder);
    assert_int_equal(store_mark(s, "toy-1", 1, &e), 0);
    assert_int_equal(store_delete(s, gone, 1, &e), 0);
    assert_int_equal(store_collect(s, folder, STORE_CHECKPOINTS_KEPT, &c, &e), 0);
    assert_int_equal(c.checkpoints, 2 + 3); /* the deleted run's, and 05 … 07 */
    assert_int_equal(c.bytes, 5);
    for (int i = 0; i <= 30; i++) {
        int kept = i < 5 || (i >= 8 && i < 28) || i == 30;
        file = text_format("%s/%02d.safetensors", folder, i);
        if ((access(file, F_OK) == 0) != kept)
            fail_msg("%s should %s", file, kept ? "stay" : "be gone");
        free(file);
    }
    assert_int_equal(stored_number(s, "SELECT count(*) FROM checkpoints"), 26);
    store_close(s);
    free(folder);
    free(path);
}

/* Kept are the newest, and beyond them what is marked, was renamed or is in use; a deleted run's goes as all others. */
static void the_rule_keeps_what_somebody_wants(void **state)
{
    static const int steps[] = {1, 2, 3, 4, 5};
    static const char *const gone[] = {"toy-4"};
    /* from the oldest on: of toy-1 (marked), toy-2 (renamed), toy-3 (running), toy-4 (deleted), toy-5, this process's parent, the newest */
    static const int run[] = {1, 2, 3, 4, 5, 5, 5, 5}, kept[] = {1, 1, 1, 0, 0, 1, 1, 1};
    char *path = stored_path(), *folder = text_format("%s/ruled", stored_dir), *file[8], *other, *sql;
    struct store_collected c;
    struct store *s;
    struct err e;

    (void)state;
    assert_int_equal(file_make_directories(folder, &e), 0);
    stored_make(path, steps, 5);
    s = stored_open(path, STORE_READ);
    for (int i = 0; i < 8; i++) {
        file[i] = text_format("%s/%02d-%d.safetensors", folder, i, i == 5 ? (int)getppid() : (int)getpid());
        assert_int_equal(file_replace(file[i], "xy", 2, &e), 0);
        sql = text_format("INSERT INTO checkpoints(path, run, step, named, time) VALUES('%s', %d, 1, 0, %d)", file[i], run[i], i);
        stored_script(s, sql);
        free(sql);
    }
    other = text_format("%s/20260101-000000-1.safetensors", folder); /* older than all, and of no recorded run */
    assert_int_equal(file_replace(other, "x", 1, &e), 0);
    stored_script(s, "UPDATE runs SET status = 'finished'");
    sql = text_format("UPDATE runs SET status = 'running', pid = %d WHERE id = 3", (int)getpid());
    stored_script(s, sql);
    free(sql);
    assert_int_equal(store_mark(s, "toy-1", 1, &e), 0);
    assert_int_equal(store_rename(s, "toy-2", "toy-best", &e), 0);
    assert_int_equal(store_delete(s, gone, 1, &e), 0);
    assert_int_equal(store_keep_newest(s, folder, STORE_KEEP_ALL, &c, &e), 0);
    assert_int_equal(c.checkpoints, 0);
    assert_int_equal(store_keep_newest(s, folder, 2, &c, &e), 0);
    assert_true(c.checkpoints == 2 && c.bytes == 4 && c.runs == 0);
    for (int i = 0; i < 8; i++) {
        if ((access(file[i], F_OK) == 0) != kept[i])
            fail_msg("%s should %s", file[i], kept[i] ? "stay" : "be gone");
        free(file[i]);
    }
    assert_int_equal(access(other, F_OK), 0);
    assert_int_equal(stored_number(s, "SELECT count(*) FROM checkpoints"), 6);
    assert_true(stored_found(s, "toy-4").deleted);
    store_close(s);
    free(other);
    free(folder);
    free(path);
}

static void looks_are_counted(void **state)
{
    static const int steps[] = {1};
    char *path = stored_path(), *file = text_format("%s/looked-at", stored_dir), *sql;
    struct store *s;
    struct err e;
    int counted;

    (void)state;
    stored_make(path, steps, 1);
    s = stored_open(path, STORE_READ);
    assert_int_equal(file_replace(file, "x", 1, &e), 0);
    assert_int_equal(store_look_at(s, file, "test", 1, .5, &counted, &e), 0);
    assert_int_equal(counted, 0);
    sql = text_format("INSERT INTO checkpoints(path, run, named) VALUES('%s', 1, 1)", file);
    stored_script(s, sql);
    assert_int_equal(store_look_at(s, file, "test", 1, .5, &counted, &e), 0);
    assert_int_equal(counted, 1);
    assert_int_equal(store_look_at(s, file, "val", 1, .7, &counted, &e), 0);
    assert_int_equal(store_look_at(s, file, "test", 1, .6, NULL, &e), 0);
    assert_int_equal(stored_found(s, "toy-1").looks, 2);
    assert_true(stored_found(s, "toy-1").test_accuracy == .6);
    store_close(s);
    free(sql);
    free(file);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_store_has_its_tables),
        cmocka_unit_test(reading_makes_no_file),
        cmocka_unit_test(many_make_a_store_together),
        cmocka_unit_test(an_older_store_is_brought_up_to_date),
        cmocka_unit_test(probes_of_the_second_version_are_kept),
        cmocka_unit_test(a_later_version_is_left_alone),
        cmocka_unit_test(damaged_files_are_left_alone),
        cmocka_unit_test(a_database_of_another_program_is_left_alone),
        cmocka_unit_test(a_place_that_cannot_be_written_is_told),
        cmocka_unit_test(runs_are_sorted_and_filtered),
        cmocka_unit_test(names_stay_unique),
        cmocka_unit_test(deleted_runs_come_back_until_they_are_collected),
        cmocka_unit_test(collection_keeps_the_newest_checkpoints),
        cmocka_unit_test(the_rule_keeps_what_somebody_wants),
        cmocka_unit_test(looks_are_counted),
    };

    return cmocka_run_group_tests(tests, stored_set_up, stored_tear_down);
}
