/* SPDX-License-Identifier: MIT */
#include "sweep/result.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"

enum { MOST_BYTES = 1 << 20 };

static const char FORMAT[] = "saddle-sweep-job-1";

static const char *const metrics[SWEEP_METRICS] = {
    [SWEEP_BEST_VAL_ACCURACY] = "best_val_accuracy", [SWEEP_BEST_VAL_LOSS] = "best_val_loss",
    [SWEEP_VAL_ACCURACY] = "val_accuracy",           [SWEEP_VAL_LOSS] = "val_loss",
    [SWEEP_TEST_ACCURACY] = "test_accuracy",         [SWEEP_TEST_LOSS] = "test_loss",
    [SWEEP_TRAIN_ACCURACY] = "train_accuracy",       [SWEEP_TRAIN_LOSS] = "train_loss",
};

static const char *const statuses[] = {[SWEEP_DONE] = "done", [SWEEP_DIVERGED] = "diverged", [SWEEP_FAILED] = "failed"};

const char *sweep_metric_name(int metric)
{
    return metric >= 0 && metric < SWEEP_METRICS ? metrics[metric] : NULL;
}

int sweep_metric_find(const char *name)
{
    for (int i = 0; i < SWEEP_METRICS; i++)
        if (strcmp(metrics[i], name) == 0)
            return i;
    return -1;
}

int sweep_metric_is_loss(int metric)
{
    return strstr(metrics[metric], "loss") != NULL;
}

const char *sweep_status_name(enum sweep_status s)
{
    return statuses[s];
}

/* ---- as JSON -------------------------------------------------------------------------------- */

static void put_number(json_t *o, const char *key, double v)
{
    json_object_set_new(o, key, isfinite(v) ? json_real(v) : json_null());
}

json_t *sweep_job_object(const struct sweep_plan *p, const struct sweep_job *j)
{
    json_t *o = json_object(), *settings = json_object();
    char text[KNOB_VALUE_SIZE];
    double number;

    json_object_set_new(o, "index", json_integer(j->index));
    json_object_set_new(o, "cell", json_integer(j->cell));
    json_object_set_new(o, "recipe", json_string(p->recipe[j->recipe].name));
    for (int i = 0; i < p->axes; i++) {
        const char *name = knob_row(p->axis[i].id)->name;
        sweep_cell_value(p, j->cell, i, text, sizeof text, &number);
        json_object_set_new(settings, name, isnan(number) ? json_string(text) : json_real(number));
    }
    json_object_set_new(o, "settings", settings);
    json_object_set_new(o, "seed", json_integer((json_int_t)j->seed));
    json_object_set_new(o, "fold", j->fold > 0 ? json_integer(j->fold) : json_null());
    return o;
}

json_t *sweep_result_object(const struct sweep_plan *p, const struct sweep_job *j, const struct sweep_result *r)
{
    json_t *o = sweep_job_object(p, j);
    char fingerprint[20];

    json_object_set_new(o, "status", json_string(statuses[r->status]));
    json_object_set_new(o, "error", *r->why ? json_string(r->why) : json_null());
    json_object_set_new(o, "steps", json_integer((json_int_t)r->steps));
    put_number(o, "epochs", r->epochs);
    put_number(o, "seconds", r->seconds);
    for (int i = 0; i < SWEEP_METRICS; i++)
        put_number(o, metrics[i], r->metric[i]);
    json_object_set_new(o, "best_step", json_integer((json_int_t)r->best_step));
    json_object_set_new(o, "parameters", json_integer(r->parameters));
    json_object_set_new(o, "products", json_string(r->products));
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, r->fingerprint);
    json_object_set_new(o, "fingerprint", json_string(fingerprint));
    return o;
}

int sweep_result_write(const char *path, const char *id, const struct sweep_plan *p, const struct sweep_job *j,
                       const struct sweep_result *r, struct err *e)
{
    json_t *o = sweep_result_object(p, j, r);
    char *text, *line;
    int result;

    json_object_set_new(o, "format", json_string(FORMAT));
    json_object_set_new(o, "plan", json_string(id));
    text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(17));
    line = text ? text_format("%s\n", text) : NULL;
    result = line ? file_replace(path, line, strlen(line), e) : err_memory(e, "a result", MOST_BYTES);
    free(line);
    free(text);
    json_decref(o);
    return result;
}

/* ---- reading -------------------------------------------------------------------------------- */

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? text : "";
}

/* A number, or null: NaN. −1: neither. */
static int get_number(const json_t *o, const char *key, double *v)
{
    const json_t *j = json_object_get(o, key);

    *v = json_is_number(j) ? json_number_value(j) : NAN;
    return json_is_number(j) || json_is_null(j) ? 0 : -1;
}

static int get_count(const json_t *o, const char *key, uint64_t *n)
{
    const json_t *j = json_object_get(o, key);

    if (!json_is_integer(j) || json_integer_value(j) < 0)
        return -1;
    *n = (uint64_t)json_integer_value(j);
    return 0;
}

static int find_status(const char *name)
{
    for (int i = SWEEP_DONE; i <= SWEEP_FAILED; i++)
        if (strcmp(name, statuses[i]) == 0)
            return i;
    return -1;
}

/* The key that is missing or wrong, or NULL. */
static const char *get_result(const json_t *o, struct sweep_result *r)
{
    int status = find_status(text_of(o, "status"));
    const char *fingerprint = text_of(o, "fingerprint");
    uint64_t parameters;
    char *end;

    if (status < 0)
        return "status";
    r->status = (enum sweep_status)status;
    text_copy(r->why, sizeof r->why, text_of(o, "error"));
    text_copy(r->products, sizeof r->products, text_of(o, "products"));
    if (get_count(o, "steps", &r->steps))
        return "steps";
    if (get_count(o, "best_step", &r->best_step))
        return "best_step";
    if (get_count(o, "parameters", &parameters))
        return "parameters";
    r->parameters = (int64_t)parameters;
    if (get_number(o, "epochs", &r->epochs))
        return "epochs";
    if (get_number(o, "seconds", &r->seconds))
        return "seconds";
    for (int i = 0; i < SWEEP_METRICS; i++)
        if (get_number(o, metrics[i], &r->metric[i]))
            return metrics[i];
    r->fingerprint = strtoull(fingerprint, &end, 16);
    return strlen(fingerprint) != 16 || *end ? "fingerprint" : NULL;
}

int sweep_result_read(const char *path, const char *id, int job, struct sweep_result *r, struct err *e)
{
    char *text;
    const char *missing = NULL;
    size_t size;
    json_error_t why;
    json_t *o;
    int result = file_read(path, MOST_BYTES, &text, &size, e);

    if (result)
        return result;
    *r = (struct sweep_result){.job = job};
    o = json_loadb(text, size, 0, &why);
    free(text);
    if (!o)
        result = err_set(e, ERR_INPUT, "%s: not JSON: line %d: %.120s", path, why.line, why.text);
    else if (strcmp(text_of(o, "format"), FORMAT) != 0)
        result = err_set(e, ERR_INPUT, "%s: not the result of a sweep's job", path);
    else if (strcmp(text_of(o, "plan"), id) != 0)
        result = err_set(e, ERR_INPUT, "%s: the result of another plan", path);
    else if (json_integer_value(json_object_get(o, "index")) != job || !json_is_integer(json_object_get(o, "index")))
        result = err_set(e, ERR_INPUT, "%s: the result of another job", path);
    else if ((missing = get_result(o, r)) != NULL)
        result = err_set(e, ERR_INPUT, "%s: \"%s\" is missing or wrong", path, missing);
    json_decref(o);
    return result;
}
