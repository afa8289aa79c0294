/* SPDX-License-Identifier: MIT */
#include "store/store-private.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

char *store_path(void)
{
    return file_xdg("data", "runs.db");
}

const char *store_library(void)
{
    static const char name[] = "SQLite " SQLITE_VERSION;

    return strcmp(sqlite3_libversion(), SQLITE_VERSION) == 0 ? name : sqlite3_libversion();
}

/* ---- errors --------------------------------------------------------------------------------- */

/* Whether the folder of a file is there and nothing can be made in it: SQLite then only says that it cannot open its log. */
static int is_in_read_only_folder(const char *path)
{
    char *folder = strdup(path), *end = folder ? strrchr(folder, '/') : NULL;
    int is = 0;

    if (end) {
        end[end == folder] = '\0';
        is = access(folder, W_OK) != 0 && (errno == EROFS || errno == EACCES);
    }
    free(folder);
    return is;
}

static int fault_read_only(const struct store *s, struct err *e)
{
    return err_set(e, ERR_RUNTIME, "%s: cannot write: the file or its folder is read-only", s->path);
}

int store_fault(struct store *s, struct err *e)
{
    int extended = s->db ? sqlite3_extended_errcode(s->db) : SQLITE_NOMEM;
    int reason = s->db ? sqlite3_system_errno(s->db) : ENOMEM;

    s->code = extended & 0xff;
    switch (s->code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(e, ERR_INPUT, "%s: damaged, or not a store of runs; move it away to begin a new one", s->path);
    case SQLITE_FULL:
        return err_set(e, ERR_RUNTIME, "%s: cannot write: the disk is full", s->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, ERR_RUNTIME, "%s: locked by another program", s->path);
    case SQLITE_READONLY:
        return fault_read_only(s, e);
    case SQLITE_CANTOPEN:
        if (is_in_read_only_folder(s->path))
            return fault_read_only(s, e);
        return err_set(e, ERR_RUNTIME, "%s: cannot open: %s", s->path, reason ? strerror(reason) : "not a file that can be written");
    case SQLITE_IOERR:
        return err_set(e, ERR_RUNTIME, "%s: cannot read or write: %s", s->path, reason ? strerror(reason) : "input/output error");
    case SQLITE_NOMEM:
        return err_memory(e, "the store of runs", 1);
    default:
        return err_set(e, ERR_RUNTIME, "%s: %s", s->path, sqlite3_errmsg(s->db));
    }
}

int store_may_recover(const struct store *s)
{
    return s->code == SQLITE_BUSY || s->code == SQLITE_LOCKED || s->code == SQLITE_FULL || s->code == SQLITE_IOERR ||
           s->code == SQLITE_NOMEM;
}

/* ---- statements ----------------------------------------------------------------------------- */

static sqlite3_stmt *prepared(struct store *s, const char *sql, struct err *e)
{
    int i = 0;

    while (i < STORE_STATEMENTS && s->cached[i].sql && s->cached[i].sql != sql)
        i++;
    if (i == STORE_STATEMENTS) {
        err_set(e, ERR_RUNTIME, "%s: too many statements", s->path);
        return NULL;
    }
    if (!s->cached[i].sql) {
        if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->cached[i].statement, NULL) != SQLITE_OK) {
            store_fault(s, e);
            return NULL;
        }
        s->cached[i].sql = sql;
    }
    sqlite3_reset(s->cached[i].statement);
    return s->cached[i].statement;
}

static int bind_one(sqlite3_stmt *q, int at, char type, va_list *values)
{
    double number;
    const char *text;

    if (type == 'i')
        return sqlite3_bind_int64(q, at, va_arg(*values, int64_t));
    if (type == 'd') {
        number = va_arg(*values, double);
        return isnan(number) ? sqlite3_bind_null(q, at) : sqlite3_bind_double(q, at, number);
    }
    text = va_arg(*values, const char *);
    return text ? sqlite3_bind_text(q, at, text, -1, SQLITE_TRANSIENT) : sqlite3_bind_null(q, at);
}

static sqlite3_stmt *bound(struct store *s, struct err *e, const char *sql, const char *types, va_list *values)
{
    sqlite3_stmt *q = prepared(s, sql, e);

    for (int i = 0; q && types[i]; i++)
        if (bind_one(q, i + 1, types[i], values) != SQLITE_OK) {
            store_fault(s, e);
            return NULL;
        }
    return q;
}

sqlite3_stmt *store_select(struct store *s, struct err *e, const char *sql, const char *types, ...)
{
    sqlite3_stmt *q;
    va_list values;

    va_start(values, types);
    q = bound(s, e, sql, types, &values);
    va_end(values);
    return q;
}

int store_next(struct store *s, sqlite3_stmt *q, struct err *e)
{
    int r = sqlite3_step(q);

    if (r == SQLITE_ROW)
        return 1;
    r = r == SQLITE_DONE ? 0 : store_fault(s, e);
    sqlite3_reset(q);
    return r;
}

int store_do(struct store *s, struct err *e, const char *sql, const char *types, ...)
{
    sqlite3_stmt *q;
    va_list values;

    va_start(values, types);
    q = bound(s, e, sql, types, &values);
    va_end(values);
    return q ? store_next(s, q, e) : -ERR_RUNTIME;
}

int64_t store_number(struct store *s, struct err *e, int64_t otherwise, int *failed, const char *sql, const char *types, ...)
{
    sqlite3_stmt *q;
    va_list values;
    int64_t number = otherwise;
    int r;

    va_start(values, types);
    q = bound(s, e, sql, types, &values);
    va_end(values);
    r = q ? store_next(s, q, e) : -ERR_RUNTIME;
    if (r > 0) {
        if (sqlite3_column_type(q, 0) != SQLITE_NULL)
            number = sqlite3_column_int64(q, 0);
        sqlite3_reset(q);
    }
    if (r < 0)
        *failed = r;
    return number;
}

int store_script(struct store *s, const char *sql, struct err *e)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_fault(s, e);
}

double store_real(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
}

const char *store_column_text(sqlite3_stmt *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q, column);

    return text ? text : "";
}

int store_begin(struct store *s, struct err *e)
{
    return store_do(s, e, "BEGIN IMMEDIATE", "");
}

int store_commit(struct store *s, struct err *e)
{
    return store_do(s, e, "COMMIT", "");
}

void store_roll_back(struct store *s)
{
    int code = s->code;

    for (int i = 0; i < STORE_STATEMENTS && s->cached[i].sql; i++)
        sqlite3_reset(s->cached[i].statement);
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->code = code;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* The table that every program writes is whole; others are looked at where they are used. */
static int check_runs(struct store *s, struct err *e)
{
    sqlite3_stmt *q = store_select(s, e, "PRAGMA quick_check(runs)", "");
    int r = q ? store_next(s, q, e) : -ERR_RUNTIME;

    if (r > 0 && strcmp(store_column_text(q, 0), "ok") != 0)
        r = err_set(e, ERR_INPUT, "%s: damaged: %.200s; move it away to begin a new one", s->path, store_column_text(q, 0));
    if (q)
        sqlite3_reset(q);
    return r < 0 ? r : 0;
}

/* A log beside the file, so that readers and a writer do not wait for each other; where the file system cannot have it,
 * the file's own journal serves. Another program may be at this very point. */
static int choose_journal(struct store *s, struct err *e)
{
    enum { WAIT_MS = 20 };
    int r = SQLITE_OK;

    for (int waited = 0; waited <= STORE_BUSY_MS; waited += WAIT_MS) {
        r = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (r != SQLITE_BUSY && r != SQLITE_LOCKED)
            break;
        sqlite3_sleep(WAIT_MS);
    }
    if (r != SQLITE_OK)
        return store_fault(s, e);
    return store_script(s, "PRAGMA synchronous = NORMAL", e);
}

static int make_folder(const char *path, struct err *e)
{
    char *folder = strdup(path), *end = folder ? strrchr(folder, '/') : NULL;
    int r = 0;

    if (end && end > folder) {
        *end = '\0';
        r = file_make_directories(folder, e);
    }
    free(folder);
    return r;
}

/* In a folder where nothing can be made there is no log, and nobody who writes: the file can be read as it is. Any other
 * file is opened as usual. */
static int open_unchanging(struct store *s)
{
    char *log = text_format("%s-wal", s->path), *uri = log ? sqlite3_mprintf("file:%s?immutable=1", s->path) : NULL;
    int r = SQLITE_CANTOPEN;

    if (uri && !strpbrk(s->path, "?#%") && is_in_read_only_folder(s->path) && access(log, F_OK) != 0)
        r = sqlite3_open_v2(uri, &s->db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    if (r != SQLITE_OK) {
        sqlite3_close(s->db);
        s->db = NULL;
    }
    sqlite3_free(uri);
    free(log);
    return r == SQLITE_OK;
}

static int open_file(struct store *s, enum store_access how, struct err *e)
{
    int record = how == STORE_RECORD, missing = !record && access(s->path, F_OK) != 0 && errno == ENOENT;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (record || missing ? SQLITE_OPEN_CREATE : 0);
    int r = record ? make_folder(s->path, e) : 0;

    if (r)
        return r;
    if (!(how == STORE_READ && !missing && open_unchanging(s)) &&
        sqlite3_open_v2(missing ? ":memory:" : s->path, &s->db, flags, NULL) != SQLITE_OK)
        return store_fault(s, e);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); /* until it is known to be a store */
    r = schema_update(s, e);
    if (r == 0 && record)
        r = check_runs(s, e);
    if (r == 0 && record)
        r = choose_journal(s, e);
    if (r == 0)
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return r;
}

int store_open(struct store **out, const char *path, enum store_access how, struct err *e)
{
    struct store *s = calloc(1, sizeof *s);
    int r;

    if (!s || !(s->path = strdup(path))) {
        free(s);
        return err_memory(e, "the store of runs", sizeof *s);
    }
    r = open_file(s, how, e);
    if (r) {
        store_close(s);
        return r;
    }
    *out = s;
    return 0;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    for (int i = 0; i < STORE_STATEMENTS && s->cached[i].sql; i++)
        sqlite3_finalize(s->cached[i].statement);
    sqlite3_close(s->db);
    free(s->path);
    free(s);
}
