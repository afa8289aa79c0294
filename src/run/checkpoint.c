/* SPDX-License-Identifier: MIT */
#include "run/checkpoint.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/products.h"
#include "run/batch.h"
#include "run/journal.h"
#include "run/run-private.h"

static const char FORMAT[] = "saddle-checkpoint-1";

/* Names of the settings that nobody set, one after the other with blanks between. Files written before there was this
 * key do not tell: there every setting counts as set. */
static const char DEFAULTS[] = "defaults";

/* ---- writing -------------------------------------------------------------------------------- */

static void put_hex(struct safetensors_writer *w, const char *key, uint64_t bits)
{
    char text[20];

    snprintf(text, sizeof text, "%016" PRIx64, bits);
    safetensors_writer_meta(w, key, text);
}

void checkpoint_put_settings(struct safetensors_writer *w, const struct knobs *k)
{
    char key[64], value[KNOB_VALUE_SIZE], defaults[KNOB_COUNT * 40];
    size_t used = 0;

    defaults[0] = '\0';
    for (int i = 0; i < KNOB_COUNT; i++) {
        snprintf(key, sizeof key, "knob.%s", knob_row(i)->name);
        knobs_format(k, i, value, sizeof value);
        safetensors_writer_meta(w, key, value);
        if (!k->set[i])
            used += (size_t)snprintf(defaults + used, sizeof defaults - used, "%s%s", used ? " " : "",
                                     knob_row(i)->name);
    }
    safetensors_writer_meta(w, DEFAULTS, defaults);
}

static void put_meta(struct safetensors_writer *w, const struct run *l)
{
    char key[64], value[KNOB_VALUE_SIZE];

    safetensors_writer_meta(w, "format", FORMAT);
    safetensors_writer_meta(w, "data", l->data->path);
    put_hex(w, "fingerprint", l->data->fingerprint);
    products_describe((enum products_source)l->state->knobs.value[KNOB_PRODUCTS], value, sizeof value);
    safetensors_writer_meta(w, "products", value);
    checkpoint_put_settings(w, &l->state->knobs);
    for (int i = 0; counters_name(i); i++) {
        snprintf(key, sizeof key, "counter.%s", counters_name(i));
        put_hex(w, key, counters_bits(&l->state->counters, i));
    }
    for (int i = 0; schedule_state_name(i); i++) {
        snprintf(key, sizeof key, "schedule.%s", schedule_state_name(i));
        put_hex(w, key, schedule_state_bits(&l->state->schedule, i));
    }
    safetensors_writer_meta(w, "journal", l->journal);
}

/* Where steps go on, of an optimizer that averages. */
static const char TRAINED[] = "optimizer.y", TRAINED_STATISTICS[] = "optimizer.y_statistics", AVERAGE[] = "optimizer.x";

/* "optimizer.exp_avg": the optimizer's name of its i-th vector in use; those of L-BFGS are numbered. */
static const char *vector_name(const struct run *l, int64_t i, char *name, size_t size)
{
    int seen = -1;

    snprintf(name, size, "optimizer.%lld", (long long)i);
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        if ((l->slots_used >> k & 1) && ++seen == i)
            snprintf(name, size, "optimizer.%s", l->optimizer->slot[k]);
    return name;
}

static void put_tensors(struct safetensors_writer *w, const struct run *l, int64_t *best)
{
    const struct network *n = &l->network;
    char name[TENSOR_NAME + 16];

    for (int i = 0; i < n->places; i++)
        safetensors_writer_tensor(w, n->place[i].name, TENSOR_F32, n->place[i].dims, n->place[i].shape,
                                  run_shown_theta(l) + n->place[i].offset);
    for (int i = 0; i < n->statistic_places; i++)
        safetensors_writer_tensor(w, n->statistic[i].name, TENSOR_F32, n->statistic[i].dims, n->statistic[i].shape,
                                  run_shown_statistics(l) + n->statistic[i].offset);
    for (int i = 0; i < n->count; i++) {
        if (n->layer[i].statistics == 0)
            continue;
        snprintf(name, sizeof name, "layers.%d.num_batches_tracked", i);
        safetensors_writer_tensor(w, name, TENSOR_I64, 0, NULL, &l->state->counters.step);
    }
    for (int64_t i = 0; i < l->state->shape.vectors; i++)
        safetensors_writer_tensor(w, vector_name(l, i, name, sizeof name), TENSOR_F32, 1, &n->parameters,
                                  state_vector(l->state, i));
    if (run_shown_is_average(l)) { /* PyTorch's names are those of the average */
        safetensors_writer_tensor(w, TRAINED, TENSOR_F32, 1, &n->parameters, state_theta(l->state));
        safetensors_writer_tensor(w, TRAINED_STATISTICS, TENSOR_F32, 1, &n->statistics, state_statistics(l->state));
    }
    *best = n->parameters + n->statistics;
    if (l->state->shape.ema)
        safetensors_writer_tensor(w, "ema", TENSOR_F32, 1, &n->parameters, state_ema(l->state));
    if (l->state->shape.best)
        safetensors_writer_tensor(w, "best", TENSOR_F32, 1, best, state_best(l->state));
    safetensors_writer_tensor(w, "optimizer.scalars", TENSOR_F64, 1, &l->state->shape.scalars, state_scalars(l->state));
}

int checkpoint_is_one(const char *path)
{
    return safetensors_is(path, FORMAT);
}

void checkpoint_put(struct safetensors_writer *w, const struct run *l, int64_t *shape)
{
    put_meta(w, l);
    put_tensors(w, l, shape);
}

int checkpoint_write(const struct run *l, const char *path, struct err *e)
{
    struct safetensors_writer *w = safetensors_writer_new();
    int64_t best; /* a shape; it has to live until the write */
    int r;

    if (!w)
        return err_memory(e, "a checkpoint", 1);
    checkpoint_put(w, l, &best);
    r = safetensors_writer_write(w, path, e);
    safetensors_writer_free(w);
    return r;
}

/* ---- reading -------------------------------------------------------------------------------- */

static int get_hex(const struct checkpoint *c, const char *key, uint64_t *bits, struct err *e)
{
    const char *text = safetensors_meta(c->file, key);

    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return err_set(e, ERR_INPUT, "%s: metadata \"%s\" is missing or not 16 hex digits", c->path, key);
    *bits = strtoull(text, NULL, 16);
    return 0;
}

/* Whether `name` is one of the words of `list`. */
static int lists(const char *list, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = list; (at = strstr(at, name)) != NULL; at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
            return 1;
    return 0;
}

/* Which settings nobody set. One whose default is another today keeps its value, as if it had been set. In files that
 * do not tell, split ratio and seed count as not set: a data set's own split was in force whatever they said. */
static void read_defaults(struct knobs *k, const char *defaults)
{
    struct knobs standard;

    for (int i = 0; i < KNOB_COUNT; i++)
        if (defaults ? lists(defaults, knob_row(i)->name) : i == KNOB_SPLIT_SEED || i == KNOB_SPLIT_RATIO)
            k->set[i] = 0;
    standard = *k;
    knobs_follow(&standard);
    for (int i = 0; i < KNOB_COUNT; i++)
        if (standard.value[i] != k->value[i])
            k->set[i] = 1;
}

/* A setting that the file lacks was added later: it has its default. */
int checkpoint_read_settings(const struct safetensors *file, const char *path, struct knobs *k, struct err *e)
{
    struct err why;
    char key[64];

    knobs_standard(k);
    for (int i = 0; i < KNOB_COUNT; i++) {
        const char *text;
        snprintf(key, sizeof key, "knob.%s", knob_row(i)->name);
        text = safetensors_meta(file, key);
        if (text && knobs_parse(k, i, text, &why) != 0)
            return err_set(e, ERR_INPUT, "%s: %.300s", path, why.text);
    }
    knobs_follow(k);
    read_defaults(k, safetensors_meta(file, DEFAULTS));
    return 0;
}

/* Collect the names of settings that this program does not have. */
static void note_unknown(void *context, const char *key)
{
    struct checkpoint *c = context;
    size_t used = strlen(c->unknown);

    if (strncmp(key, "knob.", 5) != 0 || knob_is_name(key + 5))
        return;
    snprintf(c->unknown + used, sizeof c->unknown - used, "%s%.40s", used ? ", " : "", key + 5);
}

static int read_head(struct checkpoint *c, int r, const char *path, struct err *e)
{
    const char *format;

    if (r == 0) {
        format = safetensors_meta(c->file, "format");
        if (!format || strcmp(format, FORMAT) != 0)
            r = err_set(e, ERR_INPUT, "%s: not a checkpoint of saddle (metadata \"format\" is %.40s)", path,
                        format ? format : "missing");
    }
    if (r == 0)
        r = get_hex(c, "fingerprint", &c->fingerprint, e);
    if (r == 0)
        r = checkpoint_read_settings(c->file, path, &c->knobs, e);
    if (r == 0) {
        safetensors_each_meta(c->file, note_unknown, c);
        c->data = safetensors_meta(c->file, "data");
        if (!c->data)
            r = err_set(e, ERR_INPUT, "%s: metadata \"data\" is missing", path);
    }
    c->products = r ? NULL : safetensors_meta(c->file, "products");
    if (r)
        checkpoint_close(c);
    return r;
}

int checkpoint_open(struct checkpoint *c, const char *path, struct err *e)
{
    memset(c, 0, sizeof *c);
    c->path = strdup(path);
    if (!c->path)
        return err_memory(e, "a path", strlen(path));
    return read_head(c, safetensors_open(&c->file, path, e), path, e);
}

int checkpoint_open_part(struct checkpoint *c, const struct safetensors *whole, const char *prefix, const char *path,
                         struct err *e)
{
    memset(c, 0, sizeof *c);
    c->path = strdup(path);
    c->file = safetensors_part(whole, prefix);
    if (!c->path || !c->file) {
        checkpoint_close(c);
        return err_memory(e, "a checkpoint", 1);
    }
    return read_head(c, 0, path, e);
}

void checkpoint_close(struct checkpoint *c)
{
    if (c->file)
        safetensors_close(c->file);
    free(c->path);
    memset(c, 0, sizeof *c);
}

/* The finite values of one tensor into a piece of a flat vector. */
static int get_vector(const struct checkpoint *c, const char *name, int dims, const int64_t *shape, int64_t count,
                      float *out, struct err *e)
{
    const struct tensor *t;
    const float *values;
    int r = safetensors_need(c->file, name, TENSOR_F32, dims, shape, &t, e);

    if (r)
        return r;
    values = t->data;
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return err_set(e, ERR_INPUT, "%s: %s: value %" PRId64 " is not finite", c->path, name, i);
    memcpy(out, values, sizeof *out * (size_t)count);
    return 0;
}

static int get_places(const struct checkpoint *c, const struct place *place, int places, float *flat, struct err *e)
{
    for (int i = 0; i < places; i++) {
        int r = get_vector(c, place[i].name, place[i].dims, place[i].shape, place[i].count, flat + place[i].offset,
                           e);
        if (r)
            return r;
    }
    return 0;
}

static int need_places(const struct checkpoint *c, const struct place *place, int places, struct err *e)
{
    const struct tensor *t;
    int r = 0;

    for (int i = 0; r == 0 && i < places; i++)
        r = safetensors_need(c->file, place[i].name, TENSOR_F32, place[i].dims, place[i].shape, &t, e);
    return r;
}

int checkpoint_fits(const struct checkpoint *c, const struct dataset *d, struct err *e)
{
    struct network n = {0};
    struct knobs k = c->knobs;
    int r;

    k.value[KNOB_PRODUCTS] = PRODUCTS_AUTO; /* which library multiplies changes no shape */
    r = run_build_network(&n, d, &k, e);

    if (r)
        err_in_file(e, c->path);
    if (r == 0)
        r = need_places(c, n.place, n.places, e);
    if (r == 0)
        r = need_places(c, n.statistic, n.statistic_places, e);
    network_f.free(&n);
    return r;
}

/* Files of versions before had the weights that steps go on from under PyTorch's names. */
static int names_are_trained(const struct checkpoint *c)
{
    uint64_t steps = 0;
    struct err none;

    return safetensors_find(c->file, AVERAGE) && !safetensors_find(c->file, TRAINED) &&
           get_hex(c, "counter.optimizer_steps", &steps, &none) == 0 && steps > 0;
}

int checkpoint_weights(const struct checkpoint *c, const struct network *n, float *theta, float *statistics,
                       struct err *e)
{
    int r = get_places(c, n->place, n->places, theta, e);

    if (r == 0)
        r = get_places(c, n->statistic, n->statistic_places, statistics, e);
    if (r == 0 && names_are_trained(c))
        r = get_vector(c, AVERAGE, 1, &n->parameters, n->parameters, theta, e);
    return safetensors_check(c->file, e) ? -ERR_INPUT : r;
}

/* Where steps go on: it differs from what checkpoint_weights gives where the optimizer averages. */
static int get_trained(const struct checkpoint *c, const struct network *n, float *theta, float *statistics, struct err *e)
{
    int r;

    if (names_are_trained(c))
        return get_places(c, n->place, n->places, theta, e);
    if (!safetensors_find(c->file, TRAINED))
        return 0;
    r = get_vector(c, TRAINED, 1, &n->parameters, n->parameters, theta, e);
    return r ? r : get_vector(c, TRAINED_STATISTICS, 1, &n->statistics, n->statistics, statistics, e);
}

/* The average of the weights and the best ones, where the run keeps them. */
static int get_averages(const struct checkpoint *c, struct state *s, struct err *e)
{
    int64_t best = s->shape.parameters + s->shape.statistics;
    int r = 0;

    if (s->shape.ema)
        r = get_vector(c, "ema", 1, &s->shape.parameters, s->shape.parameters, state_ema(s), e);
    if (r == 0 && s->shape.best)
        r = get_vector(c, "best", 1, &best, best, state_best(s), e);
    return r;
}

static int get_optimizer(const struct checkpoint *c, const struct run *l, struct state *s, struct err *e)
{
    char name[64];

    const struct tensor *t;
    int r = safetensors_need(c->file, "optimizer.scalars", TENSOR_F64, 1, &s->shape.scalars, &t, e);

    for (int64_t i = 0; r == 0 && i < s->shape.scalars; i++) {
        state_scalars(s)[i] = ((const double *)t->data)[i];
        if (!isfinite(state_scalars(s)[i]))
            r = err_set(e, ERR_INPUT, "%s: optimizer.scalars: value %" PRId64 " is not finite", c->path, i);
    }
    for (int64_t i = 0; r == 0 && i < s->shape.vectors; i++)
        r = get_vector(c, vector_name(l, i, name, sizeof name), 1, &s->shape.parameters, s->shape.parameters,
                       state_vector(s, i), e);
    return r;
}

double checkpoint_step(const struct checkpoint *c)
{
    uint64_t steps = 0;

    return get_hex(c, "counter.step", &steps, NULL) == 0 && steps <= 1ull << 53 ? (double)steps : NAN;
}

static int get_counters(const struct checkpoint *c, const struct run *l, struct counters *n, struct err *e)
{
    char key[64];

    for (int i = 0; counters_name(i); i++) {
        uint64_t bits = 0;
        int r;
        snprintf(key, sizeof key, "counter.%s", counters_name(i));
        if (counters_optional(i) && !safetensors_meta(c->file, key))
            continue;
        r = get_hex(c, key, &bits, e);
        if (r)
            return r;
        counters_set_bits(n, i, bits);
    }
    if (!safetensors_meta(c->file, "counter.epoch_weight"))
        n->epoch_weight = (double)n->epoch_frames; /* every example counted as 1 */
    if (!safetensors_meta(c->file, "counter.fresh_slots") && n->optimizer_steps > 0)
        n->fresh_slots = 0;
    if (n->position >= (uint64_t)source_examples(&l->train, &c->knobs, 1) || n->evaluation_due > 1 ||
        n->step > (1ull << 53) || n->epoch > (1ull << 53) || !(n->schedule_epoch >= 0) || n->schedule_step > n->step ||
        (n->fresh_slots & ~(uint64_t)l->slots_used) != 0 || !(n->epoch_weight >= 0))
        return err_set(e, ERR_INPUT, "%s: inconsistent counters", c->path);
    return 0;
}

/* Before its fields had names, the struct was stored as the four words it was. */
static int get_schedule_words(const struct checkpoint *c, struct schedule_state *s, struct err *e)
{
    uint64_t word[4] = {0};

    for (int i = 0; i < 4; i++) {
        char key[32];
        int r;
        snprintf(key, sizeof key, "schedule.%d", i);
        r = get_hex(c, key, &word[i], e);
        if (r)
            return r;
    }
    memcpy(&s->factor, &word[0], sizeof s->factor);
    memcpy(&s->best, &word[1], sizeof s->best);
    s->fed = (int)(uint32_t)word[2];
    s->num_bad_epochs = (int)(word[2] >> 32);
    s->cooldown_counter = (int)(uint32_t)word[3];
    s->reductions = (int)(word[3] >> 32);
    return 0;
}

static int get_schedule_fields(const struct checkpoint *c, struct schedule_state *s, struct err *e)
{
    for (int i = 0; schedule_state_name(i); i++) {
        char key[64];
        uint64_t bits = 0;
        int r;
        snprintf(key, sizeof key, "schedule.%s", schedule_state_name(i));
        r = get_hex(c, key, &bits, e);
        if (r)
            return r;
        if (schedule_state_set_bits(s, i, bits) != 0)
            return err_set(e, ERR_INPUT, "%s: metadata \"%s\" is out of range", c->path, key);
    }
    return 0;
}

static int get_schedule(const struct checkpoint *c, struct schedule_state *s, struct err *e)
{
    int r = (safetensors_meta(c->file, "schedule.0") ? get_schedule_words : get_schedule_fields)(c, s, e);

    if (r)
        return r;
    if (!(s->factor >= 0 && s->factor <= 1) || !isfinite(s->best) || s->num_bad_epochs < 0 || s->cooldown_counter < 0)
        return err_set(e, ERR_INPUT, "%s: inconsistent state of the schedule", c->path);
    return 0;
}

static int get_journal(const struct checkpoint *c, struct run *l, struct err *e)
{
    const char *text = safetensors_meta(c->file, "journal");
    char *copy = text ? strdup(text) : NULL;

    if (!text)
        return err_set(e, ERR_INPUT, "%s: metadata \"journal\" is missing", c->path);
    if (!copy)
        return err_memory(e, "the journal", strlen(text));
    if (journal_check(copy, e) != 0) {
        free(copy);
        return err_in_file(e, c->path);
    }
    free(l->journal);
    l->journal = copy;
    l->journal_size = strlen(copy);
    return 0;
}

int checkpoint_restore(const struct checkpoint *c, struct run *l, int whole, struct err *e)
{
    struct state *s = state_copy(l->state);
    int r;

    if (!s)
        return err_memory(e, "the weights", l->state->bytes);
    if (whole && c->fingerprint != l->data->fingerprint)
        r = err_set(e, ERR_INPUT, "%s: was trained on other data than %s; a run goes on with its own data only",
                    c->path, l->data->path);
    else
        r = checkpoint_weights(c, &l->network, state_theta(s), state_statistics(s), e);
    if (r == 0 && whole)
        r = get_trained(c, &l->network, state_theta(s), state_statistics(s), e);
    if (r == 0)
        r = get_averages(c, s, e);
    if (r == 0 && whole)
        r = get_optimizer(c, l, s, e);
    if (r == 0 && whole)
        r = get_counters(c, l, &s->counters, e);
    if (r == 0 && whole)
        r = get_schedule(c, &s->schedule, e);
    if (safetensors_check(c->file, e))
        r = -ERR_INPUT;
    if (r == 0 && whole)
        r = get_journal(c, l, e);
    if (r) {
        free(s);
        return r;
    }
    free(l->state);
    l->state = s;
    l->average_known = 0;
    return 0;
}
