/* SPDX-License-Identifier: MIT */
/* A recorder writes runs into the store while they are trained, on a thread of its own. What is recorded goes through a
 * ring: the recording thread never waits, neither for a slow disk nor for another program; when the ring is full, records
 * are dropped and counted. The thread commits what came in every half second, so a program that is killed loses less than a
 * second; the store stays whole.
 *
 * Where recording fails, recorder_problem has a sentence and training goes on. A full disk and a locked store are tried
 * again; a store that is damaged, of a later version or read-only is left alone.
 *
 * One thread records (another may begin, before it starts), at places 0 … RECORDER_PLACES − 1, one run at each at a time.
 * Every function accepts NULL for the recorder: nothing is recorded. */
#ifndef SADDLE_STORE_RECORDER_H
#define SADDLE_STORE_RECORDER_H

#include <stdint.h>

#include "store/store.h"
#include "core/err.h"

enum { RECORDER_PLACES = 4 };

struct recorder;
struct run;
struct run_report;

struct recorder_options {
    const char *path;   /* of the store; NULL: the user's */
    const char *source; /* the command: "train" */
    char *name;         /* [STORE_NAME], set by recorder_stop: the name of the run that began last at place 0, "" where it is
                         * not recorded; or NULL */
};

/* Begin: the store is opened by the recorder's thread. Errors: ERR_RUNTIME, there is no thread or no memory. */
int recorder_start(struct recorder **r, const struct recorder_options *o, struct err *e);
/* Write what is left and end. 0, or the sentence of what was not recorded. */
int recorder_stop(struct recorder *r, struct err *e);
/* Why runs are not recorded, or NULL; stays until the end. From any thread. */
const char *recorder_problem(const struct recorder *r);
/* So many records were dropped. From any thread. */
uint64_t recorder_dropped(const struct recorder *r);
/* The id of the run that is recorded at a place, 0 before it is written and where there is none. From any thread. */
int64_t recorder_run(const struct recorder *r, int place);

/* Processor time that its thread has taken, in seconds; 0: not known. */
double recorder_seconds(const struct recorder *r);

/* ---- what is recorded ----------------------------------------------------------------------- */

struct recorder_run {
    const struct run *run;   /* as it begins */
    const char *recipe;      /* its name, or the file that it came from */
    int parent;              /* the place of the run that it is an exact copy of; −1: none */
    int alike;               /* 1 + the place of the run whose first weights it has where shapes agree; 0: none */
    const char *from;        /* the checkpoint that it goes on from, or NULL */
    const char *resume;      /* the session that it was part of at this place, which goes on; or NULL */
};

/* A run takes the place; one that was there has stopped. */
void recorder_begin(struct recorder *r, int place, const struct recorder_run *run);
/* Its step, just done, and its evaluation (run_advance's report). */
void recorder_step(struct recorder *r, int place, const struct run *run, const struct run_report *report);
void recorder_evaluation(struct recorder *r, int place, const struct run *run, const struct run_report *report);
/* The settings in which it differs from when this was last called, or from its beginning. */
void recorder_edits(struct recorder *r, int place, const struct run *run);
/* The time is the moment of the call. */
void recorder_probe(struct recorder *r, int place, const struct store_probe *probe);
void recorder_event(struct recorder *r, int place, const struct run *run, const char *text);
/* The run is as it was after an earlier step: what was recorded of later ones is removed. */
void recorder_back(struct recorder *r, int place, const struct run *run);
/* A checkpoint of it was written to this file; named: by the user. */
void recorder_checkpoint(struct recorder *r, int place, const struct run *run, const char *path, int named);
/* The session that it is part of was written to this file. */
void recorder_session(struct recorder *r, int place, const struct run *run, const char *path);
/* Somebody saw these figures of the test set. */
void recorder_look(struct recorder *r, int place, const char *split, double loss, double accuracy);
/* "finished", "diverged", "failed": until it takes another step. */
void recorder_status(struct recorder *r, int place, const char *status);
/* The place is free; a run that was still running has this status. */
void recorder_end(struct recorder *r, int place, const char *status);

#endif
