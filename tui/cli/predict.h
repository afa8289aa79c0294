/* SPDX-License-Identifier: MIT */
/* What the two files of `saddle predict` share: predict.c reads the command line and writes the test set's predictions,
 * predict-recording.c prints those of a recording. */
#ifndef SADDLE_TUI_CLI_PREDICT_H
#define SADDLE_TUI_CLI_PREDICT_H

#include "cli/setup.h"
#include "lecture/predict.h"

enum { PREDICT_CHECKPOINTS = 32 };

struct predict_request {
    const char *name[PREDICT_CHECKPOINTS]; /* of the checkpoints */
    int count;
    char *names;        /* what they point into */
    const char *checkpoints, *data, *output, *recording;
    long long threads, smooth;
    int json, force, frames;
    struct checkpoint checkpoint[PREDICT_CHECKPOINTS];
};

/* The prediction of all checkpoints for the test set of the data that `s` has open. *p is to be freed after a failure too. */
int predict_all(const struct predict_request *q, struct setup *s, struct prediction *p, struct err *e);

/* Print the phones of q->recording. */
int predict_recording(const struct predict_request *q, struct err *e);

#endif
