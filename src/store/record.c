/* SPDX-License-Identifier: MIT */
#include "store/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/text.h"

void record_free(struct record *r)
{
    if (r->kind == RECORD_BEGIN)
        free(r->run);
    else if (r->kind != RECORD_POINT && r->kind != RECORD_EVALUATION && r->kind != RECORD_PROBE)
        free(r->said.text);
}

/* ---- a run begins --------------------------------------------------------------------------- */

static void set_status(struct record_place *p, const char *status)
{
    text_copy(p->status, sizeof p->status, status);
    p->changed = 1;
}

static int write_row(struct store *s, const struct record_place *p, double now, struct err *e)
{
    return store_do(s, e,
                    "UPDATE runs SET status = ?, ended = ?, updated = ?, steps = ?, epochs = ?, last_loss = ?,"
                    " last_accuracy = ?, best_loss = ?, best_accuracy = ?, best_step = ?, lost = ? WHERE id = ?",
                    "tddidddddiii", p->status, p->ended, now, p->steps, p->epochs, p->last_loss, p->last_accuracy,
                    p->best_loss, p->best_accuracy, p->best_step, p->lost, p->run);
}

/* A run that was opened and left as it was is not worth a row. */
static int remove_untouched(struct store *s, int64_t run, struct err *e)
{
    int r = store_do(s, e,
                     "DELETE FROM runs WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM points WHERE run = ?1)"
                     " AND NOT EXISTS (SELECT 1 FROM evaluations WHERE run = ?1)"
                     " AND NOT EXISTS (SELECT 1 FROM probes WHERE run = ?1) AND NOT EXISTS (SELECT 1 FROM looks WHERE run = ?1)"
                     " AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE run = ?1 AND named)",
                     "i", run);

    if (r || sqlite3_changes(s->db) == 0)
        return r;
    r = store_do(s, e, "DELETE FROM settings WHERE run = ?", "i", run);
    if (r == 0)
        r = store_do(s, e, "DELETE FROM edits WHERE run = ?", "i", run);
    if (r == 0)
        r = store_do(s, e, "DELETE FROM events WHERE run = ?", "i", run);
    if (r == 0)
        r = store_do(s, e, "DELETE FROM sessions WHERE run = ?", "i", run);
    return r ? r : store_do(s, e, "DELETE FROM checkpoints WHERE run = ?", "i", run);
}

/* Its row is written for the last time. */
static int leave(struct store *s, struct record_place *p, const char *status, double now, struct err *e)
{
    int64_t run = p->run;
    int r;

    if (!run)
        return 0;
    if (strcmp(p->status, "running") == 0)
        set_status(p, status);
    p->ended = now;
    r = write_row(s, p, now, e);
    *p = (struct record_place){0};
    return r ? r : remove_untouched(s, run, e);
}

static int write_settings(struct store *s, int64_t run, const struct knobs *k, struct err *e)
{
    char value[KNOB_VALUE_SIZE];
    int r = 0;

    for (int i = 0; i < KNOB_COUNT && r == 0; i++) {
        knobs_format(k, (enum knob_id)i, value, sizeof value);
        r = store_do(s, e, "INSERT INTO settings(run, name, value, is_set) VALUES(?, ?, ?, ?)", "itti", run,
                     knob_row((enum knob_id)i)->name, value, (int64_t)(k->set[i] != 0));
    }
    return r;
}

/* A fork has the edits of its parent up to there, and so its settings from before them. */
static int copy_settings(struct store *s, int64_t from, int64_t to, struct err *e)
{
    return store_do(s, e, "INSERT INTO settings(run, name, value, is_set) SELECT ?, name, value, is_set FROM settings WHERE run = ?",
                    "ii", to, from);
}

/* What is known of a run is known of its copy, up to this step. */
static int copy_curves(struct store *s, int64_t from, int64_t to, int64_t step, struct err *e)
{
    int r = store_do(s, e,
                     "INSERT INTO points(run, step, loss, accuracy, learning_rate, gradient_norm, time)"
                     " SELECT ?, step, loss, accuracy, learning_rate, gradient_norm, time FROM points WHERE run = ? AND step <= ?",
                     "iii", to, from, step);

    if (r == 0)
        r = store_do(s, e,
                     "INSERT INTO evaluations(run, step, epoch, loss, accuracy, part_loss, part_accuracy, time)"
                     " SELECT ?, step, epoch, loss, accuracy, part_loss, part_accuracy, time FROM evaluations"
                     " WHERE run = ? AND step <= ?",
                     "iii", to, from, step);
    if (r == 0)
        r = store_do(s, e,
                     "INSERT INTO edits(run, step, line, setting, before, after, time)"
                     " SELECT ?, step, line, setting, before, after, time FROM edits WHERE run = ? AND step <= ? ORDER BY id",
                     "iii", to, from, step);
    if (r == 0)
        r = store_do(s, e,
                     "INSERT INTO probes(run, step, " STORE_PROBE_COLUMNS ")"
                     " SELECT ?, step, " STORE_PROBE_COLUMNS " FROM probes WHERE run = ? AND step <= ? ORDER BY id",
                     "iii", to, from, step);
    return r;
}

/* A column of a run's row; malloced, NULL: none. */
static char *recipe_of(struct store *s, int64_t run, struct err *e)
{
    sqlite3_stmt *q = store_select(s, e, "SELECT recipe FROM runs WHERE id = ?", "i", run);
    char *text = NULL;

    if (q && store_next(s, q, e) > 0) {
        text = strdup(store_column_text(q, 0));
        sqlite3_reset(q);
    }
    return text;
}

/* The run that a checkpoint was written by; 0: not known. */
static int64_t writer_of(struct store *s, const char *path, int *failed, struct err *e)
{
    char *whole = *path ? realpath(path, NULL) : NULL;
    int64_t run = whole ? store_number(s, e, 0, failed, "SELECT run FROM checkpoints WHERE path = ?", "t", whole) : 0;

    free(whole);
    return run;
}

static int insert_run(struct store *s, struct record_place *p, const struct record *r, int64_t parent, int copied, struct err *e)
{
    const struct record_run *run = r->run;
    char name[STORE_NAME], *recipe = parent && *run->from ? recipe_of(s, parent, e) : NULL;
    const char *said = recipe ? recipe : run->recipe;
    int result = store_free_name(s, said, name, e);

    if (result == 0)
        result = store_do(s, e,
                          "INSERT INTO runs(name, recipe, data, fingerprint, network, parameters, seed, shards, products, source,"
                          " pid, parent, parent_step, started, status, first_step, steps, epochs)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, nullif(?12, 0), iif(?12, ?13, NULL), ?14, 'running', ?15, ?16, ?17)",
                          "tttttiiittiiidiid", name, said, run->data, run->fingerprint, run->knobs.network, run->parameters,
                          (int64_t)run->knobs.value[KNOB_SEED], (int64_t)run->knobs.value[KNOB_SHARDS], run->products,
                          run->source, (int64_t)getpid(), parent, (int64_t)r->step, r->time, (int64_t)r->step,
                          (int64_t)r->step, r->epoch);
    free(recipe);
    p->run = sqlite3_last_insert_rowid(s->db);
    if (result == 0)
        result = copied && parent ? copy_settings(s, parent, p->run, e) : write_settings(s, p->run, &run->knobs, e);
    return result;
}

/* Lowest loss and highest accuracy, once more from what is there. */
static int find_best(struct store *s, struct record_place *p, struct err *e)
{
    sqlite3_stmt *q = store_select(s, e, "SELECT min(loss), max(accuracy) FROM evaluations WHERE run = ?", "i", p->run);
    int failed = 0, r = q ? store_next(s, q, e) : -ERR_RUNTIME;

    if (r < 0)
        return r;
    p->best_loss = store_real(q, 0);
    p->best_accuracy = store_real(q, 1);
    sqlite3_reset(q);
    q = store_select(s, e, "SELECT loss, accuracy FROM evaluations WHERE run = ? ORDER BY step DESC LIMIT 1", "i", p->run);
    r = q ? store_next(s, q, e) : -ERR_RUNTIME;
    p->last_loss = p->last_accuracy = NAN;
    if (r > 0) {
        p->last_loss = store_real(q, 0);
        p->last_accuracy = store_real(q, 1);
        sqlite3_reset(q);
    }
    p->best_step = store_number(s, e, 0, &failed, "SELECT min(step) FROM evaluations WHERE run = ? AND accuracy = ?", "id", p->run,
                                p->best_accuracy);
    return r < 0 ? r : failed;
}

/* What came after the step belongs to no run. */
static int cut(struct store *s, struct record_place *p, const struct record *r, int line, struct err *e)
{
    int64_t step = (int64_t)r->step;
    int result = store_do(s, e, "DELETE FROM points WHERE run = ? AND step > ?", "ii", p->run, step);

    if (result == 0)
        result = store_do(s, e, "DELETE FROM evaluations WHERE run = ? AND step > ?", "ii", p->run, step);
    if (result == 0)
        result = store_do(s, e, "DELETE FROM edits WHERE run = ? AND (step > ? OR line > ?)", "iii", p->run, step, (int64_t)line);
    if (result == 0)
        result = store_do(s, e, "DELETE FROM probes WHERE run = ? AND step > ?", "ii", p->run, step);
    p->steps = step;
    p->epochs = r->epoch;
    p->changed = 1;
    return result ? result : find_best(s, p, e);
}

/* The run that a session was recorded as at this place, if it is that of the same seed and data. */
static int64_t session_run(struct store *s, const struct record *r, int *failed, struct err *e)
{
    char *whole = *r->run->resume ? realpath(r->run->resume, NULL) : NULL;
    int64_t run = 0;

    if (whole)
        run = store_number(s, e, 0, failed,
                           "SELECT id FROM runs WHERE id = (SELECT run FROM sessions WHERE path = ? AND place = ?) AND seed = ?"
                           " AND fingerprint = ? AND first_step <= ? AND deleted IS NULL",
                           "tiiti", whole, (int64_t)r->place, (int64_t)r->run->knobs.value[KNOB_SEED], r->run->fingerprint,
                           (int64_t)r->step);
    free(whole);
    return run;
}

static int take_up(struct store *s, struct record_place *p, const struct record *r, int64_t run, struct err *e)
{
    int result, failed = 0;

    p->run = run;
    p->lost = store_number(s, e, 0, &failed, "SELECT lost FROM runs WHERE id = ?", "i", run);
    result = store_do(s, e, "UPDATE runs SET pid = ?, ended = NULL WHERE id = ?", "ii", (int64_t)getpid(), run);
    return result || failed ? -ERR_RUNTIME : cut(s, p, r, INT32_MAX, e);
}

static int begin(struct store *s, struct record_place *places, const struct record *r, struct err *e)
{
    struct record_place *p = &places[r->place];
    int failed = 0, copied = r->run->parent >= 0 && r->run->parent < RECORD_PLACES && r->run->parent != r->place;
    int64_t parent = copied ? places[r->run->parent].run : 0, resumed;
    int result = leave(s, p, "stopped", r->time, e);

    resumed = result == 0 ? session_run(s, r, &failed, e) : 0;
    if (!parent && r->run->alike > 0 && r->run->alike <= RECORD_PLACES && r->run->alike - 1 != r->place)
        parent = places[r->run->alike - 1].run;
    if (!parent)
        parent = writer_of(s, r->run->from, &failed, e);
    *p = (struct record_place){.steps = (int64_t)r->step, .epochs = r->epoch, .last_loss = NAN, .last_accuracy = NAN,
                               .best_loss = NAN, .best_accuracy = NAN, .ended = NAN};
    set_status(p, "running");
    if (result || failed)
        return result ? result : failed;
    if (resumed)
        return take_up(s, p, r, resumed, e);
    result = insert_run(s, p, r, parent, copied, e);
    if (result == 0 && copied && parent)
        result = copy_curves(s, parent, p->run, (int64_t)r->step, e);
    return result == 0 && copied ? find_best(s, p, e) : result;
}

/* ---- what comes of it ----------------------------------------------------------------------- */

static int point(struct store *s, struct record_place *p, const struct record *r, struct err *e)
{
    p->steps = (int64_t)r->step;
    p->epochs = r->epoch;
    set_status(p, "running");
    return store_do(s, e,
                    "INSERT OR REPLACE INTO points(run, step, loss, accuracy, learning_rate, gradient_norm, time)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?)",
                    "iiddddd", p->run, (int64_t)r->step, r->point.loss, r->point.accuracy, r->point.learning_rate,
                    r->point.gradient_norm, r->time);
}

static int evaluation(struct store *s, struct record_place *p, const struct record *r, struct err *e)
{
    double loss = r->evaluation.loss, accuracy = r->evaluation.accuracy;

    p->last_loss = loss;
    p->last_accuracy = accuracy;
    if (!(p->best_loss <= loss))
        p->best_loss = loss;
    if (!(p->best_accuracy >= accuracy)) {
        p->best_accuracy = accuracy;
        p->best_step = (int64_t)r->step;
    }
    p->changed = 1;
    return store_do(s, e,
                    "INSERT INTO evaluations(run, step, epoch, loss, accuracy, part_loss, part_accuracy, time)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    "iidddddd", p->run, (int64_t)r->step, r->epoch, loss, accuracy, r->evaluation.part_loss,
                    r->evaluation.part_accuracy, r->time);
}

static int probe(struct store *s, const struct record_place *p, const struct record *r, struct err *e)
{
    const struct store_probe *f = &r->probe;

    return store_do(s, e,
                    "INSERT INTO probes(run, step, " STORE_PROBE_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    "iidddddddddddd", p->run, (int64_t)r->step, f->highest, f->lowest, f->trace, f->sharpness, f->predicted_gain,
                    f->curvature_cost, f->actual, f->directional_sharpness, f->batch_sharpness, f->limit_small, f->limit_large,
                    r->time);
}

static int edit(struct store *s, const struct record_place *p, const struct record *r, struct err *e)
{
    const struct record_text *t = r->said.text;

    return store_do(s, e, "INSERT INTO edits(run, step, line, setting, before, after, time) VALUES(?, ?, ?, ?, ?, ?, ?)",
                    "iiitttd", p->run, (int64_t)r->step, (int64_t)t->line, t->text[0], t->text[1], t->text[2], r->time);
}

/* Files are known by their whole path, however they were named. */
static int keep_file(struct store *s, const struct record_place *p, const struct record *r, struct err *e)
{
    char *path = realpath(r->said.text->text[0], NULL);
    int result = 0;

    if (path && r->kind == RECORD_CHECKPOINT)
        result = store_do(s, e, "INSERT OR REPLACE INTO checkpoints(path, run, step, named, time) VALUES(?, ?, ?, ?, ?)", "tiiid",
                          path, p->run, (int64_t)r->step, (int64_t)r->said.text->named, r->time);
    else if (path)
        result = store_do(s, e, "INSERT OR REPLACE INTO sessions(path, place, run, step, time) VALUES(?, ?, ?, ?, ?)", "tiiid",
                          path, (int64_t)r->place, p->run, (int64_t)r->step, r->time);
    free(path);
    return result;
}

static int look(struct store *s, const struct record_place *p, const struct record *r, struct err *e)
{
    const char *split = r->said.text->text[0];
    int result = store_do(s, e, "INSERT INTO looks(run, split, loss, accuracy, source, time) VALUES(?, ?, ?, ?, 'train', ?)",
                          "itddd", p->run, split, r->said.loss, r->said.accuracy, r->time);

    if (result == 0 && strcmp(split, "test") == 0)
        result = store_do(s, e, "UPDATE runs SET test_loss = ?, test_accuracy = ? WHERE id = ?", "ddi", r->said.loss,
                          r->said.accuracy, p->run);
    return result;
}

int record_write(struct store *s, struct record_place *places, const struct record *r, struct err *e)
{
    struct record_place *p = &places[r->place];

    if (r->kind == RECORD_BEGIN)
        return begin(s, places, r, e);
    if (!p->run)
        return 0;
    switch (r->kind) {
    case RECORD_POINT:
        return point(s, p, r, e);
    case RECORD_EVALUATION:
        return evaluation(s, p, r, e);
    case RECORD_EDIT:
        return edit(s, p, r, e);
    case RECORD_PROBE:
        return probe(s, p, r, e);
    case RECORD_EVENT:
        return store_do(s, e, "INSERT INTO events(run, step, text, time) VALUES(?, ?, ?, ?)", "iitd", p->run, (int64_t)r->step,
                        r->said.text->text[0], r->time);
    case RECORD_BACK:
        return cut(s, p, r, r->said.text->line, e);
    case RECORD_CHECKPOINT:
    case RECORD_SESSION:
        return keep_file(s, p, r, e);
    case RECORD_LOOK:
        return look(s, p, r, e);
    case RECORD_STATUS:
        set_status(p, r->said.text->text[0]);
        return 0;
    case RECORD_END:
        return leave(s, p, r->said.text->text[0], r->time, e);
    default:
        return 0;
    }
}

int record_update(struct store *s, struct record_place *places, struct err *e)
{
    int r = 0;

    for (int i = 0; i < RECORD_PLACES && r == 0; i++)
        if (places[i].run && places[i].changed) {
            r = write_row(s, &places[i], clock_utc(), e);
            places[i].changed = 0;
        }
    return r;
}

int record_note_killed(struct store *s, struct err *e)
{
    sqlite3_stmt *q = store_select(s, e, "SELECT id, pid FROM runs WHERE status = 'running'", "");
    int64_t killed[256];
    int count = 0, r = q ? 1 : -ERR_RUNTIME;

    while (r > 0 && (r = store_next(s, q, e)) > 0) {
        int64_t pid = sqlite3_column_int64(q, 1);
        if (count < 256 && !store_process_lives(pid))
            killed[count++] = sqlite3_column_int64(q, 0);
    }
    for (int i = 0; i < count && r == 0; i++)
        r = store_do(s, e, "UPDATE runs SET status = 'interrupted', ended = updated WHERE id = ?", "i", killed[i]);
    return r;
}
