/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "sweep/job-state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "math/products.h"
#include "run/checkpoint.h"

static uint64_t bits_of(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

static void put(struct safetensors_writer *w, const char *key, uint64_t bits)
{
    char text[20];

    snprintf(text, sizeof text, "%016" PRIx64, bits);
    safetensors_writer_meta(w, key, text);
}

int job_state_write(const char *path, const char *id, const struct run *run, const struct job_state *s, struct err *e)
{
    struct safetensors_writer *w = safetensors_writer_new();
    int64_t shape;
    char key[48];
    int r;

    if (!w)
        return err_memory(e, "a checkpoint", 1);
    checkpoint_put(w, run, &shape);
    safetensors_writer_meta(w, "sweep.version", PACKAGE_VERSION);
    safetensors_writer_meta(w, "sweep.plan", id);
    put(w, "sweep.job", (uint64_t)s->result->job);
    put(w, "sweep.best_step", s->result->best_step);
    put(w, "sweep.evaluated", s->evaluated);
    put(w, "sweep.seconds", bits_of(s->seconds));
    for (int i = 0; i < SWEEP_METRICS; i++) {
        snprintf(key, sizeof key, "sweep.%s", sweep_metric_name(i));
        put(w, key, bits_of(s->result->metric[i]));
    }
    r = safetensors_writer_write(w, path, e);
    safetensors_writer_free(w);
    return r;
}

/* 1, or 0 where the file does not say. */
static int get(const struct checkpoint *c, const char *key, uint64_t *bits)
{
    const char *text = safetensors_meta(c->file, key);

    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return 0;
    *bits = strtoull(text, NULL, 16);
    return 1;
}

static int says(const struct checkpoint *c, const char *key, const char *text)
{
    const char *there = safetensors_meta(c->file, key);

    return there && strcmp(there, text) == 0;
}

/* Whether what is computed from here on is what would have been computed there. */
static int is_of(const struct checkpoint *c, const char *id, const struct run *run, int job)
{
    char products[160];
    uint64_t number;

    products_describe((enum products_source)run_knobs(run)->value[KNOB_PRODUCTS], products, sizeof products);
    if (!says(c, "sweep.version", PACKAGE_VERSION) || !says(c, "sweep.plan", id) || !says(c, "products", products))
        return 0;
    if (!get(c, "sweep.job", &number) || number != (uint64_t)job || c->fingerprint != run_data(run)->fingerprint)
        return 0;
    for (int i = 0; i < KNOB_COUNT; i++)
        if (!knobs_same(&c->knobs, run_knobs(run), (enum knob_id)i))
            return 0;
    return 1;
}

static int get_notes(const struct checkpoint *c, struct job_state *s)
{
    uint64_t seconds, metric[SWEEP_METRICS];
    struct job_state notes = {.result = s->result};
    uint64_t best;
    char key[48];

    if (!get(c, "sweep.best_step", &best) || !get(c, "sweep.evaluated", &notes.evaluated) || !get(c, "sweep.seconds", &seconds))
        return 0;
    for (int i = 0; i < SWEEP_METRICS; i++) {
        snprintf(key, sizeof key, "sweep.%s", sweep_metric_name(i));
        if (!get(c, key, &metric[i]))
            return 0;
    }
    for (int i = 0; i < SWEEP_METRICS; i++)
        s->result->metric[i] = from_bits(metric[i]);
    s->result->best_step = best;
    notes.seconds = from_bits(seconds);
    *s = notes;
    return 1;
}

int job_state_take(const char *path, const char *id, struct run *run, struct job_state *s, struct err *e)
{
    struct checkpoint c;
    int r = 0;

    if (access(path, F_OK) != 0 || checkpoint_open(&c, path, NULL) != 0)
        return 0;
    if (is_of(&c, id, run, s->result->job) && checkpoint_fits(&c, run_data(run), NULL) == 0 && get_notes(&c, s))
        r = checkpoint_restore(&c, run, 1, e) == 0 ? 1 : -e->code;
    checkpoint_close(&c);
    return r;
}
