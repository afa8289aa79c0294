/* SPDX-License-Identifier: MIT */
/* Runs renamed, marked, deleted and collected; names for new ones. Each change is one transaction. */
#include "store/store-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/text.h"

/* ---- names ---------------------------------------------------------------------------------- */

static int check_name(const char *name, struct err *e)
{
    size_t n = strlen(name);
    const char *at = name;
    int bytes;

    while ((bytes = text_printable(at)) > 0)
        at += bytes;
    if (n == 0 || n >= STORE_NAME || *at || name[0] == '-' || name[0] == ' ' || name[n - 1] == ' ')
        return err_set(e, ERR_USAGE, "\"%.63s\" cannot be a run's name: give 1 to %d printable characters, without a dash at the beginning",
                       *at ? "" : name, STORE_NAME - 1);
    return 0;
}

/* "quick" of "quick", of "own/quick.ini" and of "quick.safetensors". */
static void base_of(const char *recipe, char *base, size_t size)
{
    const char *slash = strrchr(recipe, '/');
    char *end;

    text_copy(base, size, slash ? slash + 1 : recipe);
    text_make_printable(base);
    end = strrchr(base, '.');
    if (end && (strcmp(end, ".ini") == 0 || strcmp(end, ".safetensors") == 0))
        *end = '\0';
    for (char *c = base; *c; c++)
        if (*c == ' ')
            *c = '-';
    if (!base[0] || base[0] == '-')
        text_copy(base, size, "run");
}

int store_is_free_name(const char *name, const char *recipe)
{
    char base[STORE_NAME - 24];
    size_t n;

    base_of(recipe, base, sizeof base);
    n = strlen(base);
    return strncmp(name, base, n) == 0 && name[n] == '-' && name[n + 1] &&
           strspn(name + n + 1, "0123456789") == strlen(name + n + 1);
}

int store_free_name(struct store *s, const char *recipe, char name[STORE_NAME], struct err *e)
{
    char base[STORE_NAME - 24];
    int failed = 0;
    int64_t number, taken = 1;

    base_of(recipe, base, sizeof base);
    number = store_number(s, e, 0, &failed,
                          "SELECT max(CAST(substr(name, length(?1) + 2) AS INTEGER)) FROM runs WHERE name >= ?1 || '-'"
                          " AND name < ?1 || '.' AND length(name) < length(?1) + 9",
                          "t", base);
    while (!failed && taken) {
        number = number < 0 ? 1 : number + 1;
        snprintf(name, STORE_NAME, "%s-%lld", base, (long long)number);
        taken = store_number(s, e, 0, &failed, "SELECT count(*) FROM runs WHERE name = ?", "t", name);
    }
    return failed;
}

/* ---- one run changed ------------------------------------------------------------------------ */

/* Ends the transaction: what was done stays where `r` is 0 and rows were changed. */
static int end(struct store *s, int r, const char *name, struct err *e)
{
    if (r == 0 && sqlite3_changes(s->db) == 0)
        r = err_set(e, ERR_USAGE, "no run is called \"%.63s\"; see saddle runs list", name);
    if (r == 0)
        r = store_commit(s, e);
    if (r)
        store_roll_back(s);
    return r;
}

int store_rename(struct store *s, const char *name, const char *to, struct err *e)
{
    int failed = 0, r = check_name(to, e);

    if (r == 0)
        r = store_begin(s, e);
    if (r)
        return r;
    if (strcmp(name, to) != 0 && store_number(s, e, 0, &failed, "SELECT count(*) FROM runs WHERE name = ?", "t", to))
        r = err_set(e, ERR_USAGE, "there is a run \"%.63s\" already, or it is deleted and not collected yet", to);
    if (r == 0 && (r = failed) == 0)
        r = store_do(s, e, "UPDATE runs SET name = ? WHERE name = ?", "tt", to, name);
    return end(s, r, name, e);
}

int store_note(struct store *s, const char *name, const char *note, struct err *e)
{
    char line[STORE_TEXT];
    int r = store_begin(s, e);

    if (r)
        return r;
    text_copy(line, sizeof line, note);
    text_make_printable(line);
    return end(s, store_do(s, e, "UPDATE runs SET note = ? WHERE name = ?", "tt", line, name), name, e);
}

int store_mark(struct store *s, const char *name, int marked, struct err *e)
{
    int r = store_begin(s, e);

    if (r)
        return r;
    return end(s, store_do(s, e, "UPDATE runs SET marked = ? WHERE name = ?", "it", (int64_t)(marked != 0), name), name, e);
}

int store_delete(struct store *s, const char *const *names, int count, struct err *e)
{
    double now = clock_utc();
    int r = store_begin(s, e);

    if (r)
        return r;
    for (int i = 0; i < count && r == 0; i++) {
        r = store_do(s, e, "UPDATE runs SET deleted = ? WHERE name = ? AND deleted IS NULL", "dt", now, names[i]);
        if (r == 0 && sqlite3_changes(s->db) == 0)
            r = err_set(e, ERR_USAGE, "no run is called \"%.63s\"; see saddle runs list", names[i]);
    }
    return end(s, r, "", e);
}

int store_restore(struct store *s, const char *name, char *restored, size_t size, struct err *e)
{
    sqlite3_stmt *q;
    size_t used = 0;
    int r = store_begin(s, e);

    *restored = '\0';
    if (r)
        return r;
    q = store_select(s, e,
                     "UPDATE runs SET deleted = NULL WHERE deleted IS NOT NULL AND CASE WHEN ?1 IS NULL"
                     " THEN deleted = (SELECT max(deleted) FROM runs) ELSE name = ?1 END RETURNING name",
                     "t", name);
    r = q ? 1 : -ERR_RUNTIME;
    while (r > 0 && (r = store_next(s, q, e)) > 0) {
        snprintf(restored + used, size - used, "%s%s", used ? ", " : "", store_column_text(q, 0));
        used += strlen(restored + used);
    }
    if (r == 0 && used == 0)
        r = name ? err_set(e, ERR_USAGE, "no deleted run is called \"%.63s\"", name)
                 : err_set(e, ERR_USAGE, "no run is deleted");
    text_make_printable(restored);
    if (r == 0)
        r = store_commit(s, e);
    if (r)
        store_roll_back(s);
    return r;
}

/* ---- collection ----------------------------------------------------------------------------- */

/* The deleted runs that no program goes on recording. */
static int note_collected(struct store *s, struct err *e)
{
    sqlite3_stmt *q;
    int r = store_script(s, "CREATE TEMP TABLE IF NOT EXISTS collected(run INTEGER PRIMARY KEY); DELETE FROM collected;"
                            "INSERT INTO collected SELECT id FROM runs WHERE deleted IS NOT NULL;", e);
    int64_t alive[64];
    int count = 0;

    q = r == 0 ? store_select(s, e, "SELECT id, pid FROM runs WHERE deleted IS NOT NULL AND status = 'running'", "") : NULL;
    if (r == 0)
        r = q ? 1 : -ERR_RUNTIME;
    while (r > 0 && (r = store_next(s, q, e)) > 0) {
        int64_t pid = sqlite3_column_int64(q, 1);
        if (count < 64 && store_process_lives(pid))
            alive[count++] = sqlite3_column_int64(q, 0);
    }
    for (int i = 0; i < count && r == 0; i++)
        r = store_do(s, e, "DELETE FROM collected WHERE run = ?", "i", alive[i]);
    return r;
}

static int collect_runs(struct store *s, struct store_collected *c, struct err *e)
{
    int r = note_collected(s, e);

    if (r == 0)
        r = store_script(s,
                         "DELETE FROM settings WHERE run IN collected; DELETE FROM points WHERE run IN collected;"
                         "DELETE FROM evaluations WHERE run IN collected; DELETE FROM edits WHERE run IN collected;"
                         "DELETE FROM probes WHERE run IN collected; DELETE FROM events WHERE run IN collected;"
                         "DELETE FROM sessions WHERE run IN collected; DELETE FROM checkpoints WHERE run IN collected;"
                         "DELETE FROM looks WHERE run IN collected; UPDATE runs SET parent = NULL WHERE parent IN collected;"
                         "DELETE FROM runs WHERE id IN collected;",
                         e);
    if (r == 0)
        c->runs = sqlite3_changes64(s->db);
    return r;
}

int store_collect(struct store *s, const char *folder, int most, struct store_collected *c, struct err *e)
{
    int r = store_begin(s, e);

    *c = (struct store_collected){0};
    if (r)
        return r;
    r = store_drop_checkpoints(s, &(struct checkpoint_rule){folder, most, 1}, c, e);
    if (r == 0)
        r = collect_runs(s, c, e);
    if (r == 0)
        r = store_commit(s, e);
    if (r) {
        store_roll_back(s);
        return r;
    }
    if (c->runs) /* the space is given back where no other program is in the way */
        sqlite3_exec(s->db, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);", NULL, NULL, NULL);
    return 0;
}

/* ---- looks at the test set ------------------------------------------------------------------ */

int store_look_at(struct store *s, const char *checkpoint, const char *split, double loss, double accuracy, int *counted,
                  struct err *e)
{
    char *path = realpath(checkpoint, NULL);
    int failed = 0, r = path ? store_begin(s, e) : 0;
    int64_t run;

    if (counted)
        *counted = 0;
    if (!path || r) {
        free(path);
        return r;
    }
    run = store_number(s, e, 0, &failed, "SELECT run FROM checkpoints WHERE path = ?", "t", path);
    r = failed;
    if (r == 0 && run)
        r = store_do(s, e, "INSERT INTO looks(run, split, loss, accuracy, source, time) VALUES(?, ?, ?, ?, 'eval', ?)", "itddd",
                     run, split, loss, accuracy, clock_utc());
    if (r == 0 && run && strcmp(split, "test") == 0)
        r = store_do(s, e, "UPDATE runs SET test_loss = ?, test_accuracy = ? WHERE id = ?", "ddi", loss, accuracy, run);
    if (r == 0)
        r = store_commit(s, e);
    if (r)
        store_roll_back(s);
    if (counted)
        *counted = r == 0 && run != 0;
    free(path);
    return r;
}
