/* SPDX-License-Identifier: MIT */
/* saddle runs export: the curves of a run, a line for each step or evaluation. */
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/runs.h"
#include "core/file.h"
#include "store/tensorboard.h"

enum { COLUMNS = 12, LINE = 768 };

static const char *const of_steps[COLUMNS + 1] = {"timestamp", "loss", "accuracy", "learning_rate", "gradient_norm"};
static const char *const of_evaluations[COLUMNS + 1] = {"timestamp", "epoch",     "val_loss",
                                                        "val_accuracy", "part_loss", "part_accuracy"};
static const char *const of_probes[COLUMNS + 1] = {
    "timestamp",       "highest",     "lowest",     "trace", "sharpness", "predicted_gain", "curvature_cost", "actual",
    "directional_sharpness", "batch_sharpness", "limit_small", "limit_large"};

struct exporting {
    const char *const *names; /* of the columns after the step; NULL ends them */
    int jsonl;
    struct file_writer *file; /* NULL: the standard output */
    struct err *e;
    int result;
};

static void put(struct exporting *x, const char *line)
{
    if (x->file)
        x->result = file_writer_write(x->file, line, strlen(line), x->e);
    else
        fputs(line, stdout);
}

/* Digits from which the number is read back to the bit (the lab records single precision); moments in milliseconds. */
static int number(char *out, size_t size, double v, int moment, const char *none)
{
    int n;

    if (!isfinite(v))
        return snprintf(out, size, "%s", none);
    if (moment)
        return snprintf(out, size, "%.3f", v);
    n = snprintf(out, size, "%.9g", v);
    if ((double)(float)v != v && strtod(out, NULL) != v)
        n = snprintf(out, size, "%.17g", v);
    return n;
}

static int put_row(struct exporting *x, int64_t step, const double *values)
{
    char line[LINE];
    int n = snprintf(line, sizeof line, x->jsonl ? "{\"step\":%lld" : "%lld", (long long)step);

    for (int i = 0; x->names[i]; i++) {
        n += snprintf(line + n, sizeof line - (size_t)n, x->jsonl ? ",\"%s\":" : ",", x->names[i]);
        n += number(line + n, sizeof line - (size_t)n, values[i], i == 0, x->jsonl ? "null" : "");
    }
    snprintf(line + n, sizeof line - (size_t)n, x->jsonl ? "}\n" : "\n");
    put(x, line);
    return x->result != 0 || (!x->file && ferror(stdout));
}

static int put_point(void *context, const struct store_point *p)
{
    const double values[] = {p->time, p->loss, p->accuracy, p->learning_rate, p->gradient_norm};

    return put_row(context, p->step, values);
}

static int put_evaluation(void *context, const struct store_evaluation *v)
{
    const double values[] = {v->time, v->epoch, v->loss, v->accuracy, v->part_loss, v->part_accuracy};

    return put_row(context, v->step, values);
}

static int put_probe(void *context, const struct store_probe *p)
{
    const double values[] = {p->time, p->highest, p->lowest, p->trace, p->sharpness, p->predicted_gain, p->curvature_cost,
                             p->actual, p->directional_sharpness, p->batch_sharpness, p->limit_small, p->limit_large};

    return put_row(context, p->step, values);
}

static void put_head(struct exporting *x)
{
    put(x, "step");
    for (int i = 0; x->names[i] && x->result == 0; i++) {
        put(x, ",");
        put(x, x->names[i]);
    }
    put(x, "\n");
}

static int export_rows(struct store *s, int64_t run, const struct runs_request *q, struct exporting *x, struct err *e)
{
    int r;

    if (!x->jsonl)
        put_head(x);
    r = q->evaluations ? store_evaluations(s, run, put_evaluation, x, e)
        : q->probes    ? store_probes(s, run, put_probe, x, e)
                       : store_points(s, run, 1, put_point, x, e);
    return r ? r : x->result;
}

static int export_rows_of(struct store *s, const struct runs_request *q, struct err *e)
{
    struct file_writer file = {.fd = -1};
    struct exporting x = {
        .names = q->evaluations ? of_evaluations : q->probes ? of_probes : of_steps, .jsonl = q->jsonl || q->json, .file = q->output ? &file : NULL, .e = e};
    char *store = store_path();
    const char *inputs[] = {store ? store : "", NULL};
    struct store_run run;
    int r = store_find(s, q->name[0], &run, e);


    if (r == 0 && q->output)
        r = output_check(q->output, OUTPUT_CURVES, inputs, q->force, e);
    if (r == 0 && q->output)
        r = file_writer_open(&file, q->output, e);
    if (r == 0)
        r = export_rows(s, run.id, q, &x, e);
    if (r == 0 && q->output)
        r = file_writer_commit(&file, e);
    if (r && q->output)
        file_writer_abort(&file);
    free(store);
    return r;
}

static int export_tensorboard(struct store *s, const struct runs_request *q, struct err *e)
{
    struct store_run run;
    char path[PATH_MAX];
    int r = q->output ? store_find(s, q->name[0], &run, e) : err_set(e, ERR_USAGE, "runs export --tensorboard: -o FOLDER is missing");

    if (r == 0)
        r = tensorboard_write(s, &run, q->output, path, sizeof path, e);
    if (r == 0)
        puts(path);
    return r;
}

int runs_export(struct store *s, const struct runs_request *q, struct err *e)
{
    if (q->csv + (q->jsonl || q->json) + q->tensorboard + q->svg > 1)
        return err_set(e, ERR_USAGE, "runs export: --csv, --jsonl, --tensorboard and --svg exclude each other");
    if (q->evaluations && q->probes)
        return err_set(e, ERR_USAGE, "runs export: --evaluations and --probes exclude each other");
    return q->tensorboard ? export_tensorboard(s, q, e) : q->svg ? runs_export_svg(s, q, e) : export_rows_of(s, q, e);
}
