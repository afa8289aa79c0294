/* SPDX-License-Identifier: MIT */
/* For the files of this folder, and tests of them: statements on an open store. */
#ifndef SADDLE_STORE_STORE_PRIVATE_H
#define SADDLE_STORE_STORE_PRIVATE_H

#include <sqlite3.h>

#include "store/store.h"

enum { STORE_STATEMENTS = 64, STORE_BUSY_MS = 5000 };

struct store {
    sqlite3 *db;
    char *path;
    int code; /* of SQLite, of what failed last */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } cached[STORE_STATEMENTS]; /* by the address of the text */
};

/* The error that SQLite just reported, as a sentence. Returns a negative code. */
int store_fault(struct store *s, struct err *e);
/* Whether trying again later may help: the store is locked, or the disk is full. */
int store_may_recover(const struct store *s);

/* A statement that is kept: `sql` is a literal, and its ?s get the values that `types` lists: i int64_t, d double (NaN is
 * NULL), t const char * (NULL is NULL). NULL where that failed. It is in use until the next store_select of the same text. */
sqlite3_stmt *store_select(struct store *s, struct err *e, const char *sql, const char *types, ...);
/* 1: there is a row; 0: no more, and the statement is at rest; or a negative error. */
int store_next(struct store *s, sqlite3_stmt *q, struct err *e);
/* The same for a statement without rows. */
int store_do(struct store *s, struct err *e, const char *sql, const char *types, ...);
/* The single number that a query yields, or `otherwise` where it has no row. Errors: −1 in *failed. */
int64_t store_number(struct store *s, struct err *e, int64_t otherwise, int *failed, const char *sql, const char *types, ...);
/* Several statements that are run once. */
int store_script(struct store *s, const char *sql, struct err *e);

/* A column of the row at hand. */
double store_real(sqlite3_stmt *q, int column); /* NULL: NaN */
const char *store_column_text(sqlite3_stmt *q, int column); /* NULL: "" */

int store_begin(struct store *s, struct err *e); /* to write */
int store_commit(struct store *s, struct err *e);
void store_roll_back(struct store *s);

/* The figures of a probe, in the order of struct store_probe. */
#define STORE_PROBE_COLUMNS \
    "highest, lowest, trace, sharpness, predicted_gain, curvature_cost, actual, directional_sharpness, batch_sharpness," \
    " limit_small, limit_large, time"

/* schema.c: bring the tables up to STORE_VERSION. */
int schema_update(struct store *s, struct err *e);
/* The statements of step 1, 2, …, which lead to the version of that number; NULL beyond the last. */
const char *schema_step(int number);

/* Name of this process's runs that is free: "quick-3". */
int store_free_name(struct store *s, const char *recipe, char name[STORE_NAME], struct err *e);
/* Whether a run of this recipe has such a name still, and nobody has given it another. */
int store_is_free_name(const char *name, const char *recipe);

/* Whether a process of this number is alive; it may be another than the one that was meant. */
int store_process_lives(int64_t pid);

/* store-checkpoints.c: remove the checkpoints that nobody named and the rule does not keep, within a transaction. */
struct checkpoint_rule {
    const char *folder;    /* only files in it are removed; NULL: none */
    int most;              /* of the newest; STORE_KEEP_ALL */
    int deleted_runs_too;  /* none of a deleted run is kept, and none counts as one of the newest */
};
int store_drop_checkpoints(struct store *s, const struct checkpoint_rule *rule, struct store_collected *c, struct err *e);

#endif
