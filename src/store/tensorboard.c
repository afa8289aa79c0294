/* SPDX-License-Identifier: MIT */
/* Event files: records of
 *     length (8 bytes), masked CRC-32C of it, an Event message, masked CRC-32C of that,
 * little-endian (tensorflow/core/lib/io/record_writer.h). Fields by number as in TensorBoard 2.11's event.proto,
 * summary.proto, tensor.proto and hparams/plugin_data.proto. */
#include "store/tensorboard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crc32c.h"
#include "core/file.h"
#include "core/protobuf.h"

enum { EVENT_TIME = 1, EVENT_STEP = 2, EVENT_VERSION = 3, EVENT_SUMMARY = 5 };
enum { VALUE_TAG = 1, VALUE_NUMBER = 2, VALUE_TENSOR = 8, VALUE_METADATA = 9 };
enum { TENSOR_STRING = 7 }; /* the type */

struct board {
    struct file_writer file;
    struct protobuf hparams;
    struct err *e;
    int result;
};

static uint32_t masked(const void *bytes, size_t size)
{
    uint32_t crc = crc32c(bytes, size);

    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static void put_record(struct board *b, struct protobuf *event)
{
    uint64_t length = event->size;
    uint32_t of_length = masked(&length, sizeof length), of_event = masked(event->bytes, event->size);

    if (event->failed)
        b->result = err_memory(b->e, "an event", 1);
    if (b->result == 0)
        b->result = file_writer_write(&b->file, &length, sizeof length, b->e);
    if (b->result == 0)
        b->result = file_writer_write(&b->file, &of_length, sizeof of_length, b->e);
    if (b->result == 0)
        b->result = file_writer_write(&b->file, event->bytes, event->size, b->e);
    if (b->result == 0)
        b->result = file_writer_write(&b->file, &of_event, sizeof of_event, b->e);
    protobuf_free(event);
}

static void put_summary(struct board *b, double time, int64_t step, struct protobuf *summary)
{
    struct protobuf event = {0};

    protobuf_double(&event, EVENT_TIME, time);
    protobuf_integer(&event, EVENT_STEP, step);
    protobuf_message(&event, EVENT_SUMMARY, summary);
    put_record(b, &event);
}

static void add_scalar(struct protobuf *summary, const char *tag, double value)
{
    struct protobuf v = {0};

    if (!isfinite(value))
        return;
    protobuf_text(&v, VALUE_TAG, tag);
    protobuf_float(&v, VALUE_NUMBER, (float)value);
    protobuf_message(summary, 1, &v);
}

/* What a plugin of TensorBoard reads. */
static void add_metadata(struct protobuf *value, const char *plugin, struct protobuf *content)
{
    struct protobuf data = {0}, metadata = {0};

    protobuf_text(&data, 1, plugin);
    if (content)
        protobuf_message(&data, 2, content);
    protobuf_message(&metadata, 1, &data);
    protobuf_message(value, VALUE_METADATA, &metadata);
}

static void put_text(struct board *b, const char *tag, double time, int64_t step, const char *text)
{
    struct protobuf tensor = {0}, shape = {0}, v = {0}, summary = {0};

    protobuf_integer(&tensor, 1, TENSOR_STRING);
    protobuf_message(&tensor, 2, &shape);
    protobuf_text(&tensor, 8, text);
    protobuf_text(&v, VALUE_TAG, tag);
    protobuf_message(&v, VALUE_TENSOR, &tensor);
    add_metadata(&v, "text", NULL);
    protobuf_message(&summary, 1, &v);
    put_summary(b, time, step, &summary);
}

static int put_point(void *context, const struct store_point *p)
{
    struct board *b = context;
    struct protobuf summary = {0};

    add_scalar(&summary, "loss/train", p->loss);
    add_scalar(&summary, "accuracy/train", p->accuracy);
    add_scalar(&summary, "learning_rate", p->learning_rate);
    add_scalar(&summary, "gradient_norm", p->gradient_norm);
    put_summary(b, p->time, p->step, &summary);
    return b->result;
}

static int put_evaluation(void *context, const struct store_evaluation *v)
{
    struct board *b = context;
    struct protobuf summary = {0};

    add_scalar(&summary, "loss/validation", v->loss);
    add_scalar(&summary, "accuracy/validation", v->accuracy);
    add_scalar(&summary, "loss/train_in_evaluation_mode", v->part_loss);
    add_scalar(&summary, "accuracy/train_in_evaluation_mode", v->part_accuracy);
    put_summary(b, v->time, v->step, &summary);
    return b->result;
}

static int put_probe(void *context, const struct store_probe *p)
{
    struct board *b = context;
    struct protobuf summary = {0};

    add_scalar(&summary, "curvature/lambda_max", p->highest);
    add_scalar(&summary, "curvature/lambda_min", p->lowest);
    add_scalar(&summary, "curvature/trace", p->trace);
    add_scalar(&summary, "curvature/rate_times_lambda_max", p->sharpness);
    add_scalar(&summary, "step/predicted_gain", p->predicted_gain);
    add_scalar(&summary, "step/curvature_cost", p->curvature_cost);
    add_scalar(&summary, "step/actual", p->actual);
    add_scalar(&summary, "step/directional_sharpness", p->directional_sharpness);
    add_scalar(&summary, "curvature/batch_sharpness", p->batch_sharpness);
    add_scalar(&summary, "curvature/limit_small_batches", p->limit_small);
    add_scalar(&summary, "curvature/limit_large_batches", p->limit_large);
    put_summary(b, p->time, p->step, &summary);
    return b->result;
}

static int put_edit(void *context, const struct store_edit *d)
{
    struct board *b = context;
    char text[STORE_TEXT * 3];

    snprintf(text, sizeof text, "%.100s: %.300s → %.300s", d->setting, d->before ? d->before : "", d->after ? d->after : "");
    put_text(b, "edits", d->time, d->step, text);
    return b->result;
}

static int put_event(void *context, const struct store_event *v)
{
    struct board *b = context;

    put_text(b, "log", v->time, v->step, v->text ? v->text : "");
    return b->result;
}

/* ---- settings ------------------------------------------------------------------------------- */

/* A number where it is one. */
static int add_hparam(void *context, const struct store_setting *t)
{
    struct board *b = context;
    struct protobuf value = {0}, entry = {0};
    char *end = NULL;
    double number = t->value ? strtod(t->value, &end) : 0;

    if (t->value && *t->value && !*end && isfinite(number))
        protobuf_double(&value, 2, number);
    else
        protobuf_text(&value, 3, t->value ? t->value : "");
    protobuf_text(&entry, 1, t->name);
    protobuf_message(&entry, 2, &value);
    protobuf_message(&b->hparams, 1, &entry);
    return 0;
}

static void put_hparams(struct board *b, const char *tag, int field, double time, struct protobuf *info)
{
    struct protobuf content = {0}, v = {0}, summary = {0};

    protobuf_integer(&content, 1, 0);
    protobuf_message(&content, field, info);
    protobuf_text(&v, VALUE_TAG, tag);
    add_metadata(&v, "hparams", &content);
    protobuf_message(&summary, 1, &v);
    put_summary(b, time, 0, &summary);
}

static void put_start(struct board *b, const struct store_run *run)
{
    protobuf_text(&b->hparams, 4, run->name);
    protobuf_double(&b->hparams, 5, run->started);
    put_hparams(b, "_hparams_/session_start_info", 3, run->started, &b->hparams);
}

static void put_end(struct board *b, const struct store_run *run)
{
    struct protobuf info = {0};
    int ended = run->ended > 0, well = strcmp(run->status, "finished") == 0 || strcmp(run->status, "stopped") == 0;

    protobuf_integer(&info, 1, !ended ? 3 : well ? 1 : 2); /* running, success, failure */
    if (ended)
        protobuf_double(&info, 2, run->ended);
    put_hparams(b, "_hparams_/session_end_info", 4, ended ? run->ended : run->started, &info);
}

static int write_events(struct board *b, struct store *s, const struct store_run *run, struct err *e)
{
    struct protobuf version = {0};
    int r;

    protobuf_double(&version, EVENT_TIME, run->started);
    protobuf_text(&version, EVENT_VERSION, "brain.Event:2");
    put_record(b, &version);
    r = store_settings(s, run->id, add_hparam, b, e);
    put_start(b, run);
    if (r == 0)
        r = store_points(s, run->id, 1, put_point, b, e);
    if (r == 0)
        r = store_evaluations(s, run->id, put_evaluation, b, e);
    if (r == 0)
        r = store_probes(s, run->id, put_probe, b, e);
    if (r == 0)
        r = store_edits(s, run->id, put_edit, b, e);
    if (r == 0)
        r = store_events(s, run->id, put_event, b, e);
    put_end(b, run);
    return r ? r : b->result;
}

/* A run's name as a folder's: what leads elsewhere in it is replaced. */
static void folder_name(char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s", name);
    for (char *at = out; *at; at++)
        if (*at == '/' || (unsigned char)*at < ' ')
            *at = '_';
    if (strspn(out, ".") == strlen(out))
        snprintf(out, size, "run");
}

int tensorboard_write(struct store *s, const struct store_run *run, const char *folder, char *path, size_t size, struct err *e)
{
    struct board b = {.file = {.fd = -1}, .e = e};
    char name[STORE_NAME], *below;
    int n, r;

    folder_name(name, sizeof name, run->name);
    n = snprintf(path, size, "%s/%s/events.out.tfevents.%.0f.saddle", folder, name, run->started);
    if (n < 0 || (size_t)n >= size)
        return err_set(e, ERR_USAGE, "%.60s…: the name is too long", folder);
    below = strndup(path, (size_t)(strrchr(path, '/') - path));
    r = below ? file_make_directories(below, e) : err_memory(e, folder, size);
    free(below);
    if (r == 0)
        r = file_writer_open(&b.file, path, e);
    if (r == 0)
        r = write_events(&b, s, run, e);
    if (r == 0)
        r = file_writer_commit(&b.file, e);
    file_writer_abort(&b.file);
    protobuf_free(&b.hparams);
    return r;
}
