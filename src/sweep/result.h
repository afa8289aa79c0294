/* SPDX-License-Identifier: MIT */
/* What became of a job, and its file job-0007.json: one object, written whole or not at all. */
#ifndef SADDLE_SWEEP_RESULT_H
#define SADDLE_SWEEP_RESULT_H

#include <jansson.h>
#include <stdint.h>

#include "core/sha256.h"
#include "sweep/plan.h"

enum sweep_status {
    SWEEP_DONE,
    SWEEP_DIVERGED, /* a result: the same settings diverge again */
    SWEEP_FAILED    /* it could not be run to its end; it is done again when the sweep is */
};

enum sweep_metric {
    SWEEP_BEST_VAL_ACCURACY, /* of all evaluations, the last included */
    SWEEP_BEST_VAL_LOSS,     /* the lowest */
    SWEEP_VAL_ACCURACY,      /* at the end; after early stopping, of the best weights */
    SWEEP_VAL_LOSS,
    SWEEP_TEST_ACCURACY,     /* at the end */
    SWEEP_TEST_LOSS,
    SWEEP_TRAIN_ACCURACY,    /* over the last whole epoch, or over the steps where there was none */
    SWEEP_TRAIN_LOSS,
    SWEEP_METRICS
};

/* "best_val_accuracy": as in files and on the command line; NULL beyond the last. */
const char *sweep_metric_name(int metric);
int sweep_metric_find(const char *name); /* −1: there is none */
int sweep_metric_is_loss(int metric);    /* the lower the better */

struct sweep_result {
    int job;
    enum sweep_status status;
    char why[240];                /* the sentence where it diverged or failed, else "" */
    uint64_t steps, best_step;    /* … of the best validation accuracy */
    double epochs, seconds;
    double metric[SWEEP_METRICS]; /* NaN: not known */
    int64_t parameters;
    uint64_t fingerprint;         /* of the data */
    char products[160];           /* library and kernels, on which the last digits depend */
};

const char *sweep_status_name(enum sweep_status s);

/* The job as an object: index, cell, recipe, settings, seed and fold. New. */
json_t *sweep_job_object(const struct sweep_plan *p, const struct sweep_job *j);
/* … and its result. */
json_t *sweep_result_object(const struct sweep_plan *p, const struct sweep_job *j, const struct sweep_result *r);

/* `id` names the plan. Errors: ERR_RUNTIME; ERR_INPUT, the file is no result of this job of this plan. */
int sweep_result_write(const char *path, const char *id, const struct sweep_plan *p, const struct sweep_job *j,
                       const struct sweep_result *r, struct err *e);
int sweep_result_read(const char *path, const char *id, int job, struct sweep_result *r, struct err *e);

#endif
