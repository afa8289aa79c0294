/* SPDX-License-Identifier: MIT */
/* What a recorder writes, one record at a time, inside a transaction of the caller's. Each belongs to a place, where one
 * run at a time is recorded: the lab has four (A to D), saddle train one. */
#ifndef SADDLE_STORE_RECORD_H
#define SADDLE_STORE_RECORD_H

#include "store/store-private.h"

enum { RECORD_PLACES = 4, RECORD_PATH = 4096 };

enum record_kind {
    RECORD_BEGIN,      /* a run takes the place: run */
    RECORD_POINT,
    RECORD_EVALUATION,
    RECORD_EDIT,       /* text: a setting's name, before, after; line */
    RECORD_PROBE,
    RECORD_EVENT,      /* text: a sentence */
    RECORD_BACK,       /* the run is as it was after this step, `line` lines into its journal: what came later goes */
    RECORD_CHECKPOINT, /* text: path; named */
    RECORD_SESSION,    /* text: path */
    RECORD_LOOK,       /* text: split; at a figure of it */
    RECORD_STATUS,     /* text: status */
    RECORD_END         /* text: status; the place is free */
};

/* Of a run that begins. */
struct record_run {
    char recipe[STORE_NAME], data[STORE_NAME], fingerprint[20], products[STORE_TEXT], source[STORE_STATUS];
    struct knobs knobs; /* as it begins */
    int64_t parameters;
    int parent;               /* the place of the run that it is a copy of, with its curves; −1: none */
    int alike;                /* 1 + the place of the run whose first weights it has where shapes agree; 0: none */
    char from[RECORD_PATH];   /* the checkpoint that it goes on from; "": none */
    char resume[RECORD_PATH]; /* the session that it is of, at this place; "": none */
};

struct record_text {
    char *text[3]; /* into `bytes`, or NULL */
    int line, named;
    char bytes[];
};

struct record {
    enum record_kind kind;
    int place;
    uint64_t step;
    double epoch, time;
    union {
        struct {
            double loss, accuracy, learning_rate, gradient_norm;
        } point;
        struct {
            double loss, accuracy, part_loss, part_accuracy;
        } evaluation;
        struct store_probe probe; /* its step and time are the record's */
        struct {
            struct record_text *text;
            double loss, accuracy; /* RECORD_LOOK */
        } said;
        struct record_run *run;
    };
};

/* The memory it owns. */
void record_free(struct record *r);

/* The run at a place, and what its row says; plain data, so that a transaction that fails can be taken back. */
struct record_place {
    int64_t run; /* 0: none */
    int changed; /* since its row was written */
    int64_t steps, best_step, lost;
    double epochs, last_loss, last_accuracy, best_loss, best_accuracy, ended;
    char status[STORE_STATUS];
};

int record_write(struct store *s, struct record_place *places, const struct record *r, struct err *e);
/* Bring the runs' rows up to date. */
int record_update(struct store *s, struct record_place *places, struct err *e);
/* Runs whose program was killed are no longer running. */
int record_note_killed(struct store *s, struct err *e);

#endif
