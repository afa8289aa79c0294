/* SPDX-License-Identifier: MIT */
/* Runs and what is known of them, read back. */
#include "store/store-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"

#define RUN_COLUMNS \
    "SELECT id, name, recipe, data, fingerprint, network, products, source, status, note, parameters, seed, shards, parent," \
    " parent_step, first_step, steps, epochs, started, ended, last_loss, last_accuracy, best_loss, best_accuracy, best_step," \
    " test_loss, test_accuracy, lost, marked, deleted, pid," \
    " (SELECT count(*) FROM looks WHERE looks.run = runs.id AND split = 'test') FROM runs "

static const char RUNNING[] = "running";

/* ---- a row of runs -------------------------------------------------------------------------- */

static double moment(sqlite3_stmt *q, int column)
{
    double t = store_real(q, column);

    return isnan(t) ? 0 : t;
}

/* What a file may hold is shown on a terminal. */
static void take_text(char *to, size_t size, sqlite3_stmt *q, int column)
{
    text_copy(to, size, store_column_text(q, column));
    text_make_printable(to);
}

static void take_texts(struct store_run *r, sqlite3_stmt *q)
{
    take_text(r->name, sizeof r->name, q, 1);
    take_text(r->recipe, sizeof r->recipe, q, 2);
    take_text(r->data, sizeof r->data, q, 3);
    take_text(r->fingerprint, sizeof r->fingerprint, q, 4);
    take_text(r->network, sizeof r->network, q, 5);
    take_text(r->products, sizeof r->products, q, 6);
    take_text(r->source, sizeof r->source, q, 7);
    take_text(r->status, sizeof r->status, q, 8);
    take_text(r->note, sizeof r->note, q, 9);
}

static void take_run(struct store_run *r, sqlite3_stmt *q)
{
    memset(r, 0, sizeof *r);
    take_texts(r, q);
    r->id = sqlite3_column_int64(q, 0);
    r->parameters = sqlite3_column_int64(q, 10);
    r->seed = sqlite3_column_int64(q, 11);
    r->shards = sqlite3_column_int64(q, 12);
    r->parent = sqlite3_column_int64(q, 13);
    r->parent_step = sqlite3_column_int64(q, 14);
    r->first_step = sqlite3_column_int64(q, 15);
    r->steps = sqlite3_column_int64(q, 16);
    r->epochs = store_real(q, 17);
    r->started = moment(q, 18);
    r->ended = moment(q, 19);
    r->last_loss = store_real(q, 20);
    r->last_accuracy = store_real(q, 21);
    r->best_loss = store_real(q, 22);
    r->best_accuracy = store_real(q, 23);
    r->best_step = sqlite3_column_int64(q, 24);
    r->test_loss = store_real(q, 25);
    r->test_accuracy = store_real(q, 26);
    r->lost = sqlite3_column_int64(q, 27);
    r->marked = sqlite3_column_int(q, 28) != 0;
    r->deleted = sqlite3_column_type(q, 29) != SQLITE_NULL;
    if (strcmp(r->status, RUNNING) == 0 && !store_process_lives(sqlite3_column_int64(q, 30)))
        text_copy(r->status, sizeof r->status, "interrupted");
    r->looks = sqlite3_column_int64(q, 31);
}

int store_find(struct store *s, const char *name, struct store_run *run, struct err *e)
{
    sqlite3_stmt *q = store_select(s, e, RUN_COLUMNS "WHERE name = ?", "t", name);
    int r = q ? store_next(s, q, e) : -ERR_RUNTIME;

    if (r > 0) {
        take_run(run, q);
        sqlite3_reset(q);
        return 0;
    }
    return r < 0 ? r : err_set(e, ERR_USAGE, "no run is called \"%.63s\"; see saddle runs list", name);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static const char *const column_names[] = {
    [STORE_BY_NAME] = "name", [STORE_BY_DATA] = "data", [STORE_BY_NETWORK] = "network",
    [STORE_BY_STEPS] = "steps", [STORE_BY_BEST] = "best", [STORE_BY_WHEN] = "when"};

const char *store_column_name(int column)
{
    return column >= 0 && column < STORE_COLUMNS ? column_names[column] : NULL;
}

/* "quick-10" after "quick-9". */
static int by_name(const struct store_run *a, const struct store_run *b)
{
    return strverscmp(a->name, b->name);
}

/* The larger number first, what is not known last. */
static int by_number(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a < b) - (a > b);
}

static int compare(enum store_column column, const struct store_run *a, const struct store_run *b)
{
    switch (column) {
    case STORE_BY_DATA:
        return strcmp(a->data, b->data);
    case STORE_BY_NETWORK:
        return strcmp(a->network, b->network);
    case STORE_BY_STEPS:
        return by_number((double)a->steps, (double)b->steps);
    case STORE_BY_BEST:
        return by_number(a->best_accuracy, b->best_accuracy);
    case STORE_BY_WHEN:
        return by_number(a->started, b->started);
    default:
        return by_name(a, b);
    }
}

static int compare_rows(const void *a, const void *b, void *query)
{
    const struct store_query *q = query;
    const struct store_run *x = a, *y = b;
    int order = compare(q->sort, x, y);

    if (order == 0)
        order = by_number(x->started, y->started);
    if (order == 0)
        order = (x->id < y->id) - (x->id > y->id);
    return q->reverse ? -order : order;
}

static int matches(const struct store_run *r, const char *filter)
{
    const char *const texts[] = {r->name, r->recipe, r->data, r->network, r->status, r->note};

    for (size_t i = 0; filter && *filter && i < sizeof texts / sizeof *texts; i++)
        if (strcasestr(texts[i], filter))
            return 1;
    return !filter || !*filter;
}

/* Make room for one more. */
static int grow(struct store_run **list, size_t count, size_t *room, struct err *e)
{
    size_t more = *room ? *room * 2 : 64;
    struct store_run *longer;

    if (count < *room)
        return 0;
    longer = reallocarray(*list, more, sizeof **list);
    if (!longer)
        return err_memory(e, "the list of runs", more * sizeof **list);
    *list = longer;
    *room = more;
    return 0;
}

int store_list(struct store *s, const struct store_query *query, struct store_run **list, size_t *count, struct err *e)
{
    struct store_query order = *query;
    sqlite3_stmt *q = store_select(s, e, RUN_COLUMNS "WHERE (deleted IS NOT NULL) = ?", "i", (int64_t)(query->deleted != 0));
    size_t room = 0;
    int r = q ? 0 : -ERR_RUNTIME;

    *list = NULL;
    *count = 0;
    while (r == 0 && (r = grow(list, *count, &room, e)) == 0 && (r = store_next(s, q, e)) > 0) {
        take_run(&(*list)[*count], q);
        *count += (size_t)matches(&(*list)[*count], query->filter);
        r = 0;
    }
    if (r < 0) {
        if (q)
            sqlite3_reset(q);
        free(*list);
        *list = NULL;
        *count = 0;
        return r;
    }
    qsort_r(*list, *count, sizeof **list, compare_rows, &order);
    return 0;
}

/* ---- rows of a run --------------------------------------------------------------------------- */

/* Each row goes to `take`, which hands it on; what that returned ended it. */
struct reading {
    void *each, *context;
    int (*take)(const struct reading *r, sqlite3_stmt *q);
};

static int read_rows(struct store *s, sqlite3_stmt *q, const struct reading *reading, struct err *e)
{
    int r = q ? 1 : -ERR_RUNTIME;

    while (r > 0 && (r = store_next(s, q, e)) > 0)
        if (reading->take(reading, q)) {
            sqlite3_reset(q);
            return 0;
        }
    return r;
}

static int take_setting(const struct reading *r, sqlite3_stmt *q)
{
    struct store_setting row = {store_column_text(q, 0), store_column_text(q, 1), sqlite3_column_int(q, 2)};

    return ((store_each_setting *)r->each)(r->context, &row);
}

int store_settings(struct store *s, int64_t run, store_each_setting *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_setting};

    return read_rows(s, store_select(s, e, "SELECT name, value, is_set FROM settings WHERE run = ? ORDER BY name", "i", run), &r, e);
}

static int take_point(const struct reading *r, sqlite3_stmt *q)
{
    struct store_point row = {sqlite3_column_int64(q, 0), store_real(q, 1), store_real(q, 2),
                              store_real(q, 3),           store_real(q, 4), store_real(q, 5)};

    return ((store_each_point *)r->each)(r->context, &row);
}

int store_points(struct store *s, int64_t run, int64_t every, store_each_point *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_point};

    return read_rows(s,
                     store_select(s, e,
                                  "SELECT step, loss, accuracy, learning_rate, gradient_norm, time FROM points"
                                  " WHERE run = ? AND step % ? = 0 ORDER BY step",
                                  "ii", run, every > 0 ? every : (int64_t)1),
                     &r, e);
}

static int take_evaluation(const struct reading *r, sqlite3_stmt *q)
{
    struct store_evaluation row = {sqlite3_column_int64(q, 0), store_real(q, 1), store_real(q, 2), store_real(q, 3),
                                   store_real(q, 4),           store_real(q, 5), store_real(q, 6)};

    return ((store_each_evaluation *)r->each)(r->context, &row);
}

int store_evaluations(struct store *s, int64_t run, store_each_evaluation *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_evaluation};

    return read_rows(s,
                     store_select(s, e,
                                  "SELECT step, epoch, loss, accuracy, part_loss, part_accuracy, time FROM evaluations"
                                  " WHERE run = ? ORDER BY step",
                                  "i", run),
                     &r, e);
}

static int take_edit(const struct reading *r, sqlite3_stmt *q)
{
    struct store_edit row = {sqlite3_column_int64(q, 0), store_column_text(q, 1), store_column_text(q, 2),
                             store_column_text(q, 3), store_real(q, 4)};

    return ((store_each_edit *)r->each)(r->context, &row);
}

int store_edits(struct store *s, int64_t run, store_each_edit *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_edit};

    return read_rows(s,
                     store_select(s, e, "SELECT step, setting, before, after, time FROM edits WHERE run = ? ORDER BY step, id",
                                  "i", run),
                     &r, e);
}

static int take_probe(const struct reading *r, sqlite3_stmt *q)
{
    struct store_probe row = {.step = sqlite3_column_int64(q, 0)};
    double *const to[] = {&row.highest, &row.lowest, &row.trace, &row.sharpness, &row.predicted_gain, &row.curvature_cost,
                          &row.actual, &row.directional_sharpness, &row.batch_sharpness, &row.limit_small, &row.limit_large,
                          &row.time};

    for (int i = 0; i < (int)(sizeof to / sizeof *to); i++)
        *to[i] = store_real(q, i + 1);

    return ((store_each_probe *)r->each)(r->context, &row);
}

int store_probes(struct store *s, int64_t run, store_each_probe *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_probe};

    return read_rows(s,
                     store_select(s, e,
                                  "SELECT step, " STORE_PROBE_COLUMNS " FROM probes WHERE run = ?"
                                  " ORDER BY step, id",
                                  "i", run),
                     &r, e);
}

static int take_event(const struct reading *r, sqlite3_stmt *q)
{
    struct store_event row = {sqlite3_column_int64(q, 0), store_column_text(q, 1), store_real(q, 2)};

    return ((store_each_event *)r->each)(r->context, &row);
}

int store_events(struct store *s, int64_t run, store_each_event *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_event};

    return read_rows(s, store_select(s, e, "SELECT step, text, time FROM events WHERE run = ? ORDER BY id", "i", run), &r, e);
}

static int take_checkpoint(const struct reading *r, sqlite3_stmt *q)
{
    struct store_checkpoint row = {store_column_text(q, 0), sqlite3_column_int64(q, 1), sqlite3_column_int(q, 2),
                                   store_real(q, 3)};

    return ((store_each_checkpoint *)r->each)(r->context, &row);
}

int store_checkpoints(struct store *s, int64_t run, store_each_checkpoint *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_checkpoint};

    return read_rows(s,
                     store_select(s, e, "SELECT path, step, named, time FROM checkpoints WHERE run = ? ORDER BY time, path",
                                  "i", run),
                     &r, e);
}

static int take_look(const struct reading *r, sqlite3_stmt *q)
{
    struct store_look row = {store_column_text(q, 0), store_column_text(q, 1), store_real(q, 2), store_real(q, 3),
                             store_real(q, 4)};

    return ((store_each_look *)r->each)(r->context, &row);
}

int store_looks(struct store *s, int64_t run, store_each_look *each, void *context, struct err *e)
{
    struct reading r = {(void *)each, context, take_look};

    return read_rows(s,
                     store_select(s, e, "SELECT split, source, loss, accuracy, time FROM looks WHERE run = ? ORDER BY id", "i",
                                  run),
                     &r, e);
}
