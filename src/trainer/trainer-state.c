/* SPDX-License-Identifier: MIT */
/* The session's state: written between two steps, and taken up again at the start. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "run/checkpoint.h"
#include "run/journal.h"
#include "trainer/session-format.h"
#include "trainer/trainer-private.h"

/* A text that grows; NULL once there was no memory. */
static void add_text(char **text, const char *more)
{
    char *longer = *text ? text_format("%s%s", *text, more) : NULL;

    free(*text);
    *text = longer;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_number(struct safetensors_writer *w, const char *key, double value)
{
    char text[40];

    snprintf(text, sizeof text, "%.17g", value);
    safetensors_writer_meta(w, key, text);
}

/* The eigenvectors of all escapes that can be undone: of a run and its forks it is one. */
struct directions {
    struct escape_direction *one[TRAINER_RUNS * EDITS_ESCAPES_KEPT];
    int64_t shape[TRAINER_RUNS * EDITS_ESCAPES_KEPT];
    int count;
};

static int direction_of(struct directions *all, const struct saddle_escape *x)
{
    int i = 0;

    while (i < all->count && all->one[i] != x->along)
        i++;
    if (i == all->count)
        all->one[all->count++] = x->along;
    return i;
}

/* An escape without the weights before it, which are as large as a run. */
static void show_escape(const struct saddle_escape *x, int direction, char *line, size_t size)
{
    snprintf(line, size, "%.17g %.17g\n%d %" PRIu64 " %.17g %d\n", x->by, x->alpha, x->along->number, x->along->step,
             x->along->lowest, direction);
}

static void show_setting(const struct edit *d, char *line, size_t size)
{
    char before[KNOB_VALUE_SIZE], after[KNOB_VALUE_SIZE];
    struct knob_value a = knobs_value(&d->before, d->knob), b = knobs_value(&d->after, d->knob);

    knob_format(d->knob, &a, before, sizeof before);
    knob_format(d->knob, &b, after, sizeof after);
    snprintf(line, size, "%s\n%s\n", before, after);
}

static void put_edits(struct safetensors_writer *w, const struct edits *e, struct directions *directions)
{
    char *text = strdup("");

    for (int i = 0; i < e->all; i++) {
        const struct edit *d = &e->list[i];
        char line[2 * KNOB_VALUE_SIZE + 160];
        snprintf(line, sizeof line, "%" PRIu64 " %d %" PRIu64 " %d %d %s\n", d->began, d->lines, d->step, d->turned,
                 i < e->done, d->escape ? SESSION_ESCAPE : knob_row(d->knob)->name);
        add_text(&text, line);
        if (d->escape)
            show_escape(d->escape, direction_of(directions, d->escape), line, sizeof line);
        else
            show_setting(d, line, sizeof line);
        add_text(&text, line);
    }
    safetensors_writer_meta(w, "edits", text);
    free(text);
}

static void put_directions(struct safetensors_writer *w, struct directions *all)
{
    for (int i = 0; i < all->count; i++) {
        char name[32];
        snprintf(name, sizeof name, SESSION_DIRECTION, i);
        all->shape[i] = all->one[i]->n;
        safetensors_writer_tensor(w, name, TENSOR_F32, 1, &all->shape[i], all->one[i]->v);
    }
}

static void put_run(struct safetensors_writer *w, const struct runner *runner, int64_t *shape, struct directions *directions)
{
    char prefix[SAFETENSORS_PREFIX];
    int letter = runner_letter(runner);

    snprintf(prefix, sizeof prefix, SESSION_RUN_PREFIX, letter);
    safetensors_writer_prefix(w, prefix);
    checkpoint_put(w, runner->run, shape);
    safetensors_writer_meta(w, "recipe", runner->now.recipe);
    safetensors_writer_meta(w, "label", runner->now.label);
    put_number(w, "seconds", runner->now.seconds);
    put_number(w, "parent", runner->now.parent);
    put_number(w, "forked", (double)runner->now.forked);
    put_edits(w, &runner->edits, directions);
    snprintf(prefix, sizeof prefix, SESSION_FIRST_PREFIX, letter);
    safetensors_writer_prefix(w, prefix);
    if (runner->travel.from_scratch)
        checkpoint_put_settings(w, &runner->travel.first);
    safetensors_writer_prefix(w, "");
}

static void put_log(struct safetensors_writer *w, const struct trainer_report *r)
{
    uint64_t first = r->log_count > SNAPSHOT_LOG ? r->log_count - SNAPSHOT_LOG : 0;
    char *text = strdup("");

    for (uint64_t i = first; i < r->log_count; i++) {
        const struct log_entry *entry = &r->log[i % SNAPSHOT_LOG];
        char line[SNAPSHOT_TEXT + 96];
        snprintf(line, sizeof line, "%" PRIu64 " %.17g %d %d %s\n", entry->step, entry->epoch, (int)entry->kind, entry->run,
                 entry->text);
        add_text(&text, line);
    }
    safetensors_writer_meta(w, "log", text);
    free(text);
}

static void put_common(struct safetensors_writer *w, struct trainer *t)
{
    char runs[TRAINER_RUNS + 1] = "", focus[2] = {runner_letter(t->focus), '\0'}, *text = trainer_session_text(t);
    int n = 0;

    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run)
            runs[n++] = (char)('A' + i);
    safetensors_writer_meta(w, "format", SESSION_FORMAT);
    safetensors_writer_meta(w, "session", text);
    safetensors_writer_meta(w, "runs", runs);
    safetensors_writer_meta(w, "focus", focus);
    put_number(w, "level", t->pace.by_examples);
    put_number(w, "paused", !t->pace.running);
    put_log(w, &t->report);
    free(text);
}

static void put_extra(struct safetensors_writer *w, const struct session_extra *x, int64_t *shape)
{
    for (int i = 0; x && i < x->count; i++) {
        char name[SESSION_EXTRA_NAME + 16];
        snprintf(name, sizeof name, "extra.%s", x->item[i].name);
        shape[i] = (int64_t)x->item[i].size;
        safetensors_writer_tensor(w, name, TENSOR_U8, 1, &shape[i], x->item[i].bytes);
    }
}

int trainer_write_state(struct trainer *t, const char *path, struct session_extra *x, struct err *e)
{
    struct safetensors_writer *w = safetensors_writer_new();
    int64_t best[TRAINER_RUNS], sizes[SESSION_EXTRAS];
    struct directions directions = {.count = 0};
    int r;

    if (!w)
        return err_memory(e, "the session", 1);
    put_common(w, t);
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run)
            put_run(w, &t->runner[i], &best[i], &directions);
    put_directions(w, &directions);
    put_extra(w, x, sizes);
    r = safetensors_writer_write(w, path, e);
    safetensors_writer_free(w);
    return r;
}

/* ---- reading -------------------------------------------------------------------------------- */

static double number(const struct safetensors *file, const char *key, double otherwise)
{
    const char *text = safetensors_meta(file, key);
    char *end;
    double v = text ? strtod(text, &end) : NAN;

    return text && !*end && isfinite(v) ? v : otherwise;
}

/* The next line of a text, of size bytes at most; 0 at the end, or where it is longer. */
static int next_line(const char **at, char *line, size_t size)
{
    size_t n = strcspn(*at, "\n");

    if (!**at || n >= size)
        return 0;
    memcpy(line, *at, n);
    line[n] = '\0';
    *at += n + ((*at)[n] == '\n');
    return 1;
}

/* What is being read: a run's edits, and the eigenvectors that were met so far, of whatever run. */
struct reading {
    const struct session_state *state;
    struct directions directions;
};

/* The eigenvector of this number in the file; NULL where it is none of such a run. */
static struct escape_direction *read_direction(struct reading *r, int i, int64_t n, const struct escape_direction *of)
{
    const struct tensor *t;
    char name[32];

    if (i < 0 || i >= TRAINER_RUNS * EDITS_ESCAPES_KEPT)
        return NULL;
    snprintf(name, sizeof name, SESSION_DIRECTION, i);
    t = safetensors_find(r->state->file, name);
    if (!t || t->type != TENSOR_F32 || t->dims != 1 || t->count != n)
        return NULL;
    if (r->directions.one[i] && r->directions.one[i]->n == n)
        return escape_direction_share(r->directions.one[i]);
    if (!r->directions.one[i])
        r->directions.one[i] = escape_direction_new(of->number, of->step, of->lowest, n, t->data);
    return r->directions.one[i] && r->directions.one[i]->n == n ? escape_direction_share(r->directions.one[i]) : NULL;
}

/* Not more of them than a run keeps: so there is room for the eigenvectors of all runs. */
static int has_room(const struct edits *e)
{
    int escapes = 0;

    for (int i = 0; i < e->all; i++)
        escapes += e->list[i].escape != NULL;
    return e->all < EDITS_KEPT && escapes < EDITS_ESCAPES_KEPT;
}

static struct saddle_escape *read_escape(const char **at, struct reading *r, const struct run *run)
{
    struct saddle_escape x = {.to = UINT64_MAX}, *made;
    struct escape_direction of;
    char line[KNOB_VALUE_SIZE];
    int direction;

    if (!next_line(at, line, sizeof line) || sscanf(line, "%lf %lf", &x.by, &x.alpha) != 2 || !next_line(at, line, sizeof line) ||
        sscanf(line, "%d %" SCNu64 " %lf %d", &of.number, &of.step, &of.lowest, &direction) != 4 || !isfinite(x.by) ||
        !(x.along = read_direction(r, direction, run_network(run)->parameters, &of)))
        return NULL;
    made = saddle_escape_copy(&x);
    escape_direction_drop(x.along);
    return made;
}

static int read_setting(const char **at, struct edit *d, const char *name)
{
    char value[KNOB_VALUE_SIZE];
    int id = knob_find(name);

    if (id < 0)
        return 0;
    d->knob = (enum knob_id)id;
    return next_line(at, value, sizeof value) && knobs_parse(&d->before, d->knob, value, NULL) == 0 &&
           next_line(at, value, sizeof value) && knobs_parse(&d->after, d->knob, value, NULL) == 0;
}

/* One edit; 0 where the text does not hold one more. */
static int read_edit(const char **at, struct reading *r, struct runner *runner, int *done)
{
    char head[256], name[64];
    struct edit d = {.before = *run_knobs(runner->run), .after = *run_knobs(runner->run)};
    int turned;

    if (runner->edits.all == EDITS_KEPT || !next_line(at, head, sizeof head) ||
        sscanf(head, "%" SCNu64 " %d %" SCNu64 " %d %d %63s", &d.began, &d.lines, &d.step, &turned, done, name) != 6 ||
        d.lines < 0 || d.lines > journal_lines(run_journal(runner->run)) || d.began > d.step ||
        d.step > run_counters(runner->run)->step)
        return 0;
    d.turned = turned != 0;
    if (strcmp(name, SESSION_ESCAPE) == 0 && has_room(&runner->edits))
        d.escape = read_escape(at, r, runner->run);
    if (!d.escape && !read_setting(at, &d, name))
        return 0;
    runner->edits.list[runner->edits.all++] = d;
    runner->edits.done += *done != 0;
    return 1;
}

static void read_log(struct trainer_report *r, const char *text)
{
    char line[SNAPSHOT_TEXT + 96];

    while (text && next_line(&text, line, sizeof line)) {
        struct log_entry entry = {0};
        int kind, n = 0;
        if (sscanf(line, "%" SCNu64 " %lf %d %d %n", &entry.step, &entry.epoch, &kind, &entry.run, &n) != 4 || n == 0 ||
            entry.run < 0 || entry.run >= TRAINER_RUNS)
            return;
        entry.kind = kind == LOG_EDIT || kind == LOG_EVENT ? (enum log_kind)kind : LOG_NOTE;
        text_copy(entry.text, sizeof entry.text, line + n);
        text_make_printable(entry.text);
        r->log[r->log_count++ % SNAPSHOT_LOG] = entry;
    }
}

static void copy_meta(char *to, size_t size, const struct safetensors *file, const char *key)
{
    const char *text = safetensors_meta(file, key);

    text_copy(to, size, text ? text : "");
    text_make_printable(to);
}

/* What is known of a run beside its checkpoint. */
static int read_run(struct runner *runner, struct reading *reading, struct err *e)
{
    const struct session_state *s = reading->state;
    char prefix[SAFETENSORS_PREFIX];
    struct safetensors *part, *first;
    const char *edits;
    int id = run_id(runner->run), done = 1, r = 0;

    snprintf(prefix, sizeof prefix, SESSION_RUN_PREFIX, 'A' + id);
    part = safetensors_part(s->file, prefix);
    snprintf(prefix, sizeof prefix, SESSION_FIRST_PREFIX, 'A' + id);
    first = safetensors_part(s->file, prefix);
    if (part && first) {
        copy_meta(runner->now.recipe, sizeof runner->now.recipe, part, "recipe");
        copy_meta(runner->now.label, sizeof runner->now.label, part, "label");
        runner->now.seconds = fmax(0, number(part, "seconds", 0));
        runner->now.parent = (int)fmin(fmax(number(part, "parent", -1), -1), TRAINER_RUNS - 1);
        runner->now.forked = (uint64_t)fmin(fmax(number(part, "forked", 0), 0), 9e15);
        edits = safetensors_meta(part, "edits");
        while (edits && *edits && read_edit(&edits, reading, runner, &done))
            ;
        if (run_counters(runner->run)->step > 0)
            runner->travel.step_seconds = runner->now.seconds / (double)run_counters(runner->run)->step;
        runner->travel.from_scratch = safetensors_meta(first, "knob.seed") != NULL;
        if (runner->travel.from_scratch)
            r = checkpoint_read_settings(first, s->path, &runner->travel.first, e);
    } else {
        r = err_memory(e, "a session", 1);
    }
    safetensors_close(part);
    safetensors_close(first);
    return r;
}

static int resume_run(struct trainer *t, struct reading *reading, int id, struct err *e)
{
    const struct session_state *s = reading->state;
    struct runner *runner = &t->runner[id];
    struct run *run = *t->caller;
    int r = id == s->focus ? 0 : session_state_run(s, id, run_data(*t->caller), run_pool(*t->caller), &run, e);

    if (r == 0 && (r = runner_begin(runner, run, e)) != 0 && id != s->focus)
        run_free(run);
    if (r == 0)
        r = travel_begin(runner, e);
    if (r == 0)
        r = read_run(runner, reading, e);
    if (r == 0)
        session_skip(runner);
    return r;
}

int trainer_resume(struct trainer *t, const struct session_state *s, struct err *e)
{
    struct reading reading = {.state = s};
    int r = session_copy(&t->session, &s->session, e);

    for (int i = 0; i < TRAINER_RUNS && r == 0; i++)
        if (s->there >> i & 1)
            r = resume_run(t, &reading, i, e);
    for (int i = 0; i < TRAINER_RUNS * EDITS_ESCAPES_KEPT; i++)
        escape_direction_drop(reading.directions.one[i]);
    if (r)
        return r;
    t->focus = &t->runner[s->focus];
    t->pace.by_examples = number(s->file, "level", 0) != 0;
    read_log(&t->report, safetensors_meta(s->file, "log"));
    trainer_log(t->focus, LOG_NOTE, "session resumed");
    return 0;
}

/* ---- saving ------------------------------------------------------------------------------------- */

void trainer_save(struct runner *runner, const char *path)
{
    struct trainer *t = runner->trainer;
    char line[SNAPSHOT_TEXT * 2];
    struct err e = {0};

    if (!*path && !t->checkpoint) {
        trainer_tell_saved(t, 1, "nothing is saved: the run has no checkpoint file");
        return;
    }
    if (!*path)
        path = t->checkpoint;
    snprintf(line, sizeof line, "saved as %.100s", path);
    run_measure_shown(runner->run);
    if (checkpoint_write(runner->run, path, &e) != 0)
        trainer_tell_saved(t, 1, e.text);
    else {
        trainer_observe(runner, OBSERVED_SAVED, NULL, path);
        trainer_tell_saved(t, 0, line);
    }
}

void trainer_keep(struct trainer *t, const struct command *c)
{
    struct err e = {0};
    int failed = trainer_write_state(t, c->text, c->extra, &e) != 0;

    if (failed && !t->unkept) /* once: it is tried again and again */
        trainer_log(t->focus, LOG_NOTE, e.text);
    if (!failed && t->unkept)
        trainer_log(t->focus, LOG_NOTE, "the session is kept again");
    if (!failed)
        trainer_observe_all(t, OBSERVED_KEPT, c->text);
    t->unkept = failed;
    session_extra_free(c->extra);
}
