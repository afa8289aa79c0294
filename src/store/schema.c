/* SPDX-License-Identifier: MIT */
/* The tables of the store, made and brought up to date by numbered steps. A step is never changed once it was released:
 * what the tables lack is added by a new one. PRAGMA user_version is the number of the last step taken.
 *
 * Moments are seconds since the epoch. A step's point, evaluation or edit is found by its run and step. */
#include "store/store-private.h"

#include <stdlib.h>

#define SADDLE_STORE_ID "1935762532" /* "sadd", for PRAGMA application_id */

static const char *const steps[] = {
    /* 1 */
    "CREATE TABLE runs("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, recipe TEXT NOT NULL, data TEXT NOT NULL, fingerprint TEXT,"
    " network TEXT NOT NULL, parameters INTEGER, seed INTEGER, shards INTEGER, products TEXT,"
    " source TEXT NOT NULL, pid INTEGER, parent INTEGER, parent_step INTEGER,"
    " started REAL NOT NULL, ended REAL, updated REAL, status TEXT NOT NULL,"
    " first_step INTEGER NOT NULL, steps INTEGER NOT NULL, epochs REAL,"
    " last_loss REAL, last_accuracy REAL, best_loss REAL, best_accuracy REAL, best_step INTEGER,"
    " test_loss REAL, test_accuracy REAL,"
    " note TEXT NOT NULL DEFAULT '', marked INTEGER NOT NULL DEFAULT 0, deleted REAL);"
    "CREATE TABLE settings(run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT, is_set INTEGER NOT NULL,"
    " PRIMARY KEY(run, name)) WITHOUT ROWID;"
    "CREATE TABLE points(run INTEGER NOT NULL, step INTEGER NOT NULL, loss REAL, accuracy REAL, learning_rate REAL,"
    " gradient_norm REAL, time REAL, PRIMARY KEY(run, step)) WITHOUT ROWID;"
    "CREATE TABLE evaluations(run INTEGER NOT NULL, step INTEGER NOT NULL, epoch REAL, loss REAL, accuracy REAL,"
    " part_loss REAL, part_accuracy REAL, time REAL, PRIMARY KEY(run, step)) WITHOUT ROWID;"
    "CREATE TABLE edits(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, step INTEGER NOT NULL, line INTEGER,"
    " setting TEXT NOT NULL, before TEXT, after TEXT, time REAL);"
    "CREATE INDEX edits_of_run ON edits(run, step);"
    "CREATE TABLE probes(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, step INTEGER NOT NULL, highest REAL,"
    " lowest REAL, trace REAL, sharpness REAL, time REAL);"
    "CREATE INDEX probes_of_run ON probes(run, step);"
    "CREATE TABLE events(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, step INTEGER NOT NULL, text TEXT, time REAL);"
    "CREATE INDEX events_of_run ON events(run);"
    "CREATE TABLE sessions(path TEXT NOT NULL, place INTEGER NOT NULL, run INTEGER NOT NULL, step INTEGER, time REAL,"
    " PRIMARY KEY(path, place)) WITHOUT ROWID;"
    "CREATE INDEX sessions_of_run ON sessions(run);"
    "CREATE TABLE checkpoints(path TEXT NOT NULL PRIMARY KEY, run INTEGER NOT NULL, step INTEGER, named INTEGER NOT NULL,"
    " time REAL);"
    "CREATE INDEX checkpoints_of_run ON checkpoints(run);"
    "CREATE TABLE looks(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, split TEXT NOT NULL, loss REAL, accuracy REAL,"
    " source TEXT, time REAL);"
    "CREATE INDEX looks_of_run ON looks(run);"
    "PRAGMA application_id = " SADDLE_STORE_ID ";",
    /* 2: points that could not be recorded are counted; curves by the name of their run, for sqlite3 */
    "ALTER TABLE runs ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;"
    "CREATE VIEW curves AS SELECT r.name AS name, p.step AS step, p.loss AS loss, p.accuracy AS accuracy,"
    " p.learning_rate AS learning_rate, p.gradient_norm AS gradient_norm, p.time AS time"
    " FROM points p JOIN runs r ON r.id = p.run WHERE r.deleted IS NULL;",
    /* 3: of a probe also the step that came next, and batch sharpness with its limits */
    "ALTER TABLE probes ADD COLUMN predicted_gain REAL; ALTER TABLE probes ADD COLUMN curvature_cost REAL;"
    "ALTER TABLE probes ADD COLUMN actual REAL; ALTER TABLE probes ADD COLUMN directional_sharpness REAL;"
    "ALTER TABLE probes ADD COLUMN batch_sharpness REAL; ALTER TABLE probes ADD COLUMN limit_small REAL;"
    "ALTER TABLE probes ADD COLUMN limit_large REAL;",
};
_Static_assert(sizeof steps / sizeof *steps == STORE_VERSION, "one step for each version");

const char *schema_step(int number)
{
    return number >= 1 && number <= STORE_VERSION ? steps[number - 1] : NULL;
}

/* PRAGMA user_version, or a negative error. */
static int64_t version_of(struct store *s, struct err *e)
{
    int failed = 0;
    int64_t version = store_number(s, e, 0, &failed, "PRAGMA user_version", "");

    return failed ? failed : version;
}

/* A file of some other program has tables, or another mark. */
static int check_owner(struct store *s, int64_t version, struct err *e)
{
    int failed = 0;
    int64_t id = store_number(s, e, 0, &failed, "PRAGMA application_id", "");
    int64_t tables = failed ? 0 : store_number(s, e, 0, &failed, "SELECT count(*) FROM sqlite_master", "");

    if (failed)
        return failed;
    if (id == atoll(SADDLE_STORE_ID) ? version > 0 : id == 0 && version == 0 && tables == 0)
        return 0;
    return err_set(e, ERR_INPUT, "%s: a database of another program, not a store of runs", s->path);
}

static int check_version(struct store *s, int64_t version, struct err *e)
{
    if (version <= STORE_VERSION)
        return 0;
    return err_set(e, ERR_INPUT, "%s: written by a later version of saddle (tables of version %lld; this one knows %d)", s->path,
                   (long long)version, STORE_VERSION);
}

static int take_step(struct store *s, int number, struct err *e)
{
    char mark[64];
    int r = store_script(s, steps[number - 1], e);

    sqlite3_snprintf(sizeof mark, mark, "PRAGMA user_version = %d", number);
    return r ? r : store_script(s, mark, e);
}

/* Under the lock: another program may have done it meanwhile. */
static int migrate(struct store *s, struct err *e)
{
    int64_t version;
    int r = store_begin(s, e);

    if (r)
        return r;
    version = version_of(s, e);
    r = version < 0 ? (int)version : check_version(s, version, e);
    for (int number = (int)version + 1; r == 0 && number <= STORE_VERSION; number++)
        r = take_step(s, number, e);
    if (r == 0)
        r = store_commit(s, e);
    if (r)
        store_roll_back(s);
    return r;
}

/* All of one moment: another program may be making the tables. */
static int64_t known_version(struct store *s, struct err *e)
{
    int64_t version;
    int r = store_do(s, e, "BEGIN", "");

    if (r)
        return r;
    version = version_of(s, e);
    r = version < 0 ? (int)version : check_owner(s, version, e);
    store_roll_back(s);
    return r ? r : version;
}

int schema_update(struct store *s, struct err *e)
{
    int64_t version = known_version(s, e);
    int r = version < 0 ? (int)version : check_version(s, version, e);

    return r || version == STORE_VERSION ? r : migrate(s, e);
}
