/* SPDX-License-Identifier: MIT */
/* What a run makes of one of its sets, or of a recording: the class of every frame, what it confuses, and how well it does on
 * voices that it never heard. A task beside the training. */
#ifndef SADDLE_LECTURE_DATA_TASK_H
#define SADDLE_LECTURE_DATA_TASK_H

#include "lecture/confusion.h"
#include "trainer/task.h"

enum { DATA_TASK_FILE = 1024 };

struct data_result { /* to be read when the task is done */
    enum run_set_id set;
    int64_t frames, utterances;
    int64_t *first;        /* [utterances + 1] number of its first frame here */
    int64_t *begin;        /* [utterances] that frame's number in the data */
    int32_t *utterance;    /* [utterances] its index there */
    uint8_t *label, *predicted; /* [frames]; a label that is DATASET_UNLABELLED is none */
    float *probability;    /* [frames] of the class predicted */
    struct confusion confusion;
    double loss;           /* of the set; NaN: no frame has a label */
    double validation;     /* accuracy; NaN: there are no such frames */
    double unheard;        /* accuracy on voices that are not in training; NaN: */
    const char *no_unheard; /* … why there are none */
};

struct data_task {
    struct task task;
    enum run_set_id set;
    char file[DATA_TASK_FILE]; /* a recording instead of the set; "": none */
    struct dataset recording;
    struct data_result result;
};

/* Errors: ERR_RUNTIME. */
int data_task_new(struct data_task **t, enum run_set_id set, const char *recording, struct err *e);
/* What the frames are of: the run's data, or the recording. When the task is done. */
const struct dataset *data_task_data(const struct data_task *t);
/* The features of `count` frames of utterance u of the result, from its frame `from` on, into out[count][dims]: zero where
 * the data is gone. */
void data_task_features(const struct data_task *t, int64_t u, int64_t from, int count, float *out);

#endif
