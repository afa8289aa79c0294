/* SPDX-License-Identifier: MIT */
/* The form: MAGIC; the number of tracks, and of each its figures and points; the layers' track; the marks, each with the
 * name of its setting; the last step. Older programs kept the memory of their struct history as it was. */
#include "app/curves-kept.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static const char MAGIC[] = "curves 2";

enum { MAGIC_SIZE = sizeof MAGIC - 1, KNOB_NAME = 64, GHOST_HEAD = 2 * sizeof(int) + sizeof(double) };

/* ---- writing: into a block that is large enough ---------------------------------------------------- */

static void put(unsigned char **at, const void *from, size_t size)
{
    memcpy(*at, from, size);
    *at += size;
}

static void put_int(unsigned char **at, int v)
{
    put(at, &v, sizeof v);
}

static void put_track(unsigned char **at, const struct track *t)
{
    size_t n = (size_t)t->count;

    put(at, (const double[]){t->smoothing, t->average, t->seen}, 3 * sizeof(double));
    put(at, (const int[]){t->count, t->merged, t->filled}, 3 * sizeof(int));
    put(at, t->step, n * sizeof *t->step);
    put(at, t->epoch, n * sizeof *t->epoch);
    put(at, t->seconds, n * sizeof *t->seconds);
    put(at, t->y, n * sizeof *t->y);
    put(at, t->lo, n * sizeof *t->lo);
    put(at, t->hi, n * sizeof *t->hi);
}

static void put_layers(unsigned char **at, const struct layer_track *t)
{
    size_t n = (size_t)t->count;

    put(at, (const int[]){GRADIENT_STATS_LAYERS, GRADIENT_STATS_BINS, t->count, t->merged, t->filled}, 5 * sizeof(int));
    put(at, t->step, n * sizeof *t->step);
    put(at, t->norm, n * sizeof *t->norm);
    put(at, t->share, n * sizeof *t->share);
}

static void put_mark(unsigned char **at, const struct history_mark *m)
{
    char name[KNOB_NAME] = "";

    if (m->knob >= 0)
        text_copy(name, sizeof name, knob_row((enum knob_id)m->knob)->name);
    put(at, (const double[]){m->step, m->epoch, m->value}, 3 * sizeof(double));
    put(at, (const int[]){m->event, m->loss, m->before, m->after, m->standard}, 5 * sizeof(int));
    put(at, m->text, sizeof m->text);
    put(at, name, sizeof name);
}

/* With so many bytes in front, which are the caller's to fill. */
static unsigned char *pack(const struct history *h, size_t front, size_t *size)
{
    unsigned char *bytes = malloc(front + sizeof *h + MAGIC_SIZE + HISTORY_MARKS * (KNOB_NAME + 64)), *at = bytes + front, *fit;

    if (!bytes)
        return NULL;
    put(&at, MAGIC, MAGIC_SIZE);
    put_int(&at, TRACK_COUNT);
    for (int i = 0; i < TRACK_COUNT; i++)
        put_track(&at, &h->track[i]);
    put_layers(&at, &h->layers);
    put_int(&at, h->mark_count);
    for (int i = 0; i < h->mark_count; i++)
        put_mark(&at, &h->mark[i]);
    put(&at, &h->last_step, sizeof h->last_step);
    *size = (size_t)(at - bytes);
    fit = realloc(bytes, *size);
    return fit ? fit : bytes;
}

void *curves_pack(const struct history *h, size_t *size)
{
    return pack(h, 0, size);
}

void *ghost_pack(const struct ghost *g, size_t *size)
{
    unsigned char *bytes = pack(g->history, GHOST_HEAD + sizeof g->name, size), *at = bytes;

    if (!bytes)
        return NULL;
    put_int(&at, (int)g->kind);
    put_int(&at, g->run);
    put(&at, &g->from, sizeof g->from);
    put(&at, g->name, sizeof g->name);
    return bytes;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

struct bytes {
    const unsigned char *at;
    size_t left;
    int short_of; /* there were fewer than asked for */
};

static void take(struct bytes *b, void *to, size_t size)
{
    if (b->short_of || size > b->left) {
        b->short_of = 1;
        memset(to, 0, size);
        return;
    }
    memcpy(to, b->at, size);
    b->at += size;
    b->left -= size;
}

static int take_int(struct bytes *b)
{
    int v;

    take(b, &v, sizeof v);
    return v;
}

/* A number of points or marks that there is room for. */
static int is_count(struct bytes *b, int count, int most)
{
    b->short_of |= count < 0 || count > most;
    return !b->short_of;
}

static void take_track(struct bytes *b, struct track *t)
{
    double figures[3];
    int counts[3];
    size_t n;

    take(b, figures, sizeof figures);
    take(b, counts, sizeof counts);
    if (!is_count(b, counts[0], TRACK_POINTS))
        return;
    t->smoothing = figures[0], t->average = figures[1], t->seen = figures[2];
    t->count = counts[0], t->merged = counts[1], t->filled = counts[2];
    n = (size_t)t->count;
    take(b, t->step, n * sizeof *t->step);
    take(b, t->epoch, n * sizeof *t->epoch);
    take(b, t->seconds, n * sizeof *t->seconds);
    take(b, t->y, n * sizeof *t->y);
    take(b, t->lo, n * sizeof *t->lo);
    take(b, t->hi, n * sizeof *t->hi);
}

static void take_layers(struct bytes *b, struct layer_track *t)
{
    int counts[5];
    size_t n;

    take(b, counts, sizeof counts);
    if (counts[0] != GRADIENT_STATS_LAYERS || counts[1] != GRADIENT_STATS_BINS || !is_count(b, counts[2], LAYER_POINTS)) {
        b->short_of = 1;
        return;
    }
    t->count = counts[2], t->merged = counts[3], t->filled = counts[4];
    n = (size_t)t->count;
    take(b, t->step, n * sizeof *t->step);
    take(b, t->norm, n * sizeof *t->norm);
    take(b, t->share, n * sizeof *t->share);
}

static void take_mark(struct bytes *b, struct history_mark *m)
{
    double figures[3];
    int ints[5];
    char name[KNOB_NAME];

    take(b, figures, sizeof figures);
    take(b, ints, sizeof ints);
    take(b, m->text, sizeof m->text);
    take(b, name, sizeof name);
    name[KNOB_NAME - 1] = '\0';
    m->step = figures[0], m->epoch = figures[1], m->value = figures[2];
    m->event = ints[0], m->loss = ints[1], m->before = ints[2], m->after = ints[3], m->standard = ints[4];
    m->knob = *name ? knob_find(name) : -1;
}

static void take_history(struct bytes *b, struct history *h)
{
    int tracks, marks;

    tracks = take_int(b);
    if (!is_count(b, tracks, TRACK_COUNT))
        return;
    for (int i = 0; i < tracks; i++)
        take_track(b, &h->track[i]);
    take_layers(b, &h->layers);
    marks = take_int(b);
    if (!is_count(b, marks, HISTORY_MARKS))
        return;
    h->mark_count = marks;
    for (int i = 0; i < marks; i++)
        take_mark(b, &h->mark[i]);
    take(b, &h->last_step, sizeof h->last_step);
}

/* ---- older programs --------------------------------------------------------------------------------- */

struct older_track {
    double smoothing, average, seen;
    int count, merged, filled;
    double step[TRACK_POINTS], epoch[TRACK_POINTS];
    float y[TRACK_POINTS], lo[TRACK_POINTS], hi[TRACK_POINTS];
};

struct older_layers {
    int count, merged, filled;
    double step[LAYER_POINTS];
    float norm[LAYER_POINTS][GRADIENT_STATS_LAYERS];
};

struct older_mark {
    double step, epoch;
    int event, loss, before, after;
};

struct older_end {
    int mark_count;
    uint64_t last_step;
};

/* What changed from one to the next: more tracks; settings of the marks, and shares of the layers' track. */
static const struct older {
    int tracks, settings;
} olders[] = {{13, 0}, {19, 0}, {19, 1}};

static size_t older_size(const struct older *o)
{
    return (size_t)o->tracks * sizeof(struct older_track) +
           (o->settings ? sizeof(struct layer_track) + HISTORY_MARKS * sizeof(struct history_mark)
                        : sizeof(struct older_layers) + HISTORY_MARKS * sizeof(struct older_mark)) +
           sizeof(struct older_end);
}

static void take_older_track(struct bytes *b, struct older_track *from, struct track *t)
{
    take(b, from, sizeof *from);
    t->smoothing = from->smoothing, t->average = from->average, t->seen = from->seen;
    t->count = from->count, t->merged = from->merged, t->filled = from->filled;
    memcpy(t->step, from->step, sizeof t->step);
    memcpy(t->epoch, from->epoch, sizeof t->epoch);
    memcpy(t->y, from->y, sizeof t->y);
    memcpy(t->lo, from->lo, sizeof t->lo);
    memcpy(t->hi, from->hi, sizeof t->hi);
    for (int i = 0; i < TRACK_POINTS; i++)
        t->seconds[i] = NAN;
}

/* The shares at the logits are not known then: none has an example. */
static void take_older_layers(struct bytes *b, struct layer_track *t)
{
    take(b, &t->count, sizeof t->count);
    take(b, &t->merged, sizeof t->merged);
    take(b, &t->filled, sizeof t->filled);
    take_int(b); /* what aligned the rest */
    take(b, t->step, sizeof t->step);
    take(b, t->norm, sizeof t->norm);
}

static void take_older_marks(struct bytes *b, struct history_mark *m)
{
    for (int i = 0; i < HISTORY_MARKS; i++) {
        struct older_mark from;
        take(b, &from, sizeof from);
        m[i] = (struct history_mark){.step = from.step, .epoch = from.epoch, .event = from.event, .loss = from.loss,
                                     .before = from.before, .after = from.after, .knob = -1};
    }
}

/* The numbers of settings are those of the program that kept them: the place among those that it knew. */
static void take_older_settings(struct bytes *b, const struct session_settings *known, struct history_mark *m)
{
    take(b, m, HISTORY_MARKS * sizeof *m);
    for (int i = 0; i < HISTORY_MARKS; i++)
        m[i].knob = m[i].knob >= 0 && m[i].knob < known->count ? (int)known->id[m[i].knob] : -1;
}

static void take_older(struct bytes *b, const struct older *o, const struct session_settings *known, struct history *h)
{
    struct older_track *track = malloc(sizeof *track);
    struct older_end end;

    b->short_of |= !track;
    for (int i = 0; i < o->tracks && track; i++)
        take_older_track(b, track, &h->track[i]);
    free(track);
    if (o->settings) {
        take(b, &h->layers, sizeof h->layers);
        take_older_settings(b, known, h->mark);
    } else {
        take_older_layers(b, &h->layers);
        take_older_marks(b, h->mark);
    }
    take(b, &end, sizeof end);
    h->mark_count = end.mark_count;
    h->last_step = end.last_step;
}

struct history *curves_unpack(const void *bytes, size_t size, const struct session_settings *known)
{
    struct bytes b = {bytes, size, 0};
    struct history *h = history_new();
    char magic[MAGIC_SIZE];

    if (!h)
        return NULL;
    if (size >= MAGIC_SIZE && memcmp(bytes, MAGIC, MAGIC_SIZE) == 0) {
        take(&b, magic, MAGIC_SIZE);
        take_history(&b, h);
    } else {
        for (size_t i = 0; i < sizeof olders / sizeof *olders && b.left; i++)
            if (size == older_size(&olders[i]))
                take_older(&b, &olders[i], known, h);
    }
    if (size > 0 && !b.short_of && b.left == 0 && history_is_valid(h))
        return h;
    history_free(h);
    return NULL;
}

int ghost_unpack(struct ghost *g, const void *bytes, size_t size, const struct session_settings *known)
{
    struct bytes b = {bytes, size, 0};
    int kind, named = 1;

    memset(g, 0, sizeof *g);
    for (size_t i = 0; i < sizeof olders / sizeof *olders; i++)
        named &= size != GHOST_HEAD + older_size(&olders[i]); /* none had a name then */
    kind = take_int(&b);
    g->run = take_int(&b);
    take(&b, &g->from, sizeof g->from);
    if (named)
        take(&b, g->name, sizeof g->name);
    g->name[sizeof g->name - 1] = '\0';
    text_make_printable(g->name);
    if (b.short_of || g->run < 0 || g->run >= TRAINER_RUNS || kind < 0 || kind > GHOST_RECORDED || !isfinite(g->from))
        return -1;
    g->kind = (enum ghost_kind)kind;
    g->history = curves_unpack(b.at, b.left, known);
    return g->history ? 0 : -1;
}
