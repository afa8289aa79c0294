/* SPDX-License-Identifier: MIT */
/* What the files of the trainer's thread share: trainer.c (loop, commands, what is published), trainer-edits.c
 * (edits taken back and made again), trainer-jobs.c (background jobs, of whatever kind), trainer-probe.c and
 * trainer-landscape.c (the two kinds). */
#ifndef SADDLE_TRAINER_TRAINER_PRIVATE_H
#define SADDLE_TRAINER_TRAINER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/mailbox.h"
#include "core/ring.h"
#include "run/run.h"
#include "run/trajectory.h"
#include "trainer/background-job.h"
#include "trainer/edit-history.h"
#include "trainer/trainer.h"

enum { TRAINER_COMMANDS = 256 };

/* ---- background jobs ------------------------------------------------------------------------ */

enum job_kind_id { JOB_PROBE, JOB_LANDSCAPE, JOB_KINDS };

enum job_state { /* numbered as enum curvature_status and enum landscape_status are */
    JOB_NONE,
    JOB_RUNNING,
    JOB_DONE,
    JOB_CANCELLED,
    JOB_FAILED
};

/* A kind of background job, as trainer-jobs.c drives it. All functions are called on the trainer's thread. */
struct job_kind {
    const char *first;   /* what a job works out first */
    const char *waiting; /* shown while the one before is still ending */
    /* A job of the run as it stands; `again`: not asked for, but the next of a series. */
    struct background_job *(*make)(struct trainer *t, int again, struct err *e);
    void (*free)(struct background_job *job); /* accepts NULL */
    /* Publish how the job is getting on; a text that is NULL stays. */
    void (*show)(struct trainer *t, enum job_state state, const char *text, int done, int of);
    /* Take what a job has ready before its end; 1 when that is worth showing at once. May be NULL. */
    int (*look)(struct trainer *t, struct background_job *job);
    void (*succeeded)(struct trainer *t, struct background_job *job);
    void (*failed)(struct trainer *t, const char *why);
    /* Whether the next of a series is due although no step was made since. May be NULL. */
    int (*is_due)(const struct trainer *t);
};

extern const struct job_kind job_probe, job_landscape;

struct job_slot { /* one for each kind: so a probe and a landscape can run beside each other */
    struct background *thread;  /* started by the first job */
    struct background_job *job; /* in hand; NULL: none */
    int forget;                 /* it is of a run that has been restarted since */
    int wanted;                 /* another was asked for; it begins when the one in hand is over */
    int done, of;               /* as published last */
};

/* Ask for a job of this kind, in place of one in hand. */
void trainer_job_ask(struct trainer *t, enum job_kind_id kind);
/* Begin the next of a series; the slot has to be free. */
void trainer_job_again(struct trainer *t, enum job_kind_id kind);
void trainer_job_cancel(struct trainer *t, enum job_kind_id kind);
/* The run is restarted: what is in hand is of no interest any more. */
void trainer_job_forget(struct trainer *t, enum job_kind_id kind);
int trainer_job_busy(const struct trainer *t, enum job_kind_id kind);
/* Between two pieces of work: see how the jobs in hand get on. 1 when there is something to show at once. */
int trainer_jobs_poll(struct trainer *t);
/* At the end of the thread. */
void trainer_jobs_end(struct trainer *t);

/* ---- the trainer ---------------------------------------------------------------------------- */

struct trainer {
    struct run *run;
    struct run **caller; /* kept pointing to it */
    char *checkpoint; /* or NULL */
    pthread_t thread;

    /* shared with the thread that sends commands and reads what is published */
    struct trainer_mail {
        struct ring commands, samples;
        struct mailbox snapshots, curvatures, landscapes;
        int command_fd, event_fd;
        uint64_t sent;         /* number of the newest command; the sender's */
        atomic_int interrupt;  /* a command came that ends the step in hand, unfinished */
        /* Commands that were sent and not yet obeyed: those that would pause a run, begin it anew or end it, and those
         * of them that do so where it is paused already. They cancel what the trainer's thread does between two steps. */
        atomic_int stopping, ending;
        atomic_int leave;      /* trainer_stop was called: heeded at once, even during an evaluation */
        atomic_llong step_work, step_done; /* multiplications of the step in hand, and those that are done */
        _Atomic double step_began;         /* clock; 0: none is in hand */
    } mail;

    /* the thread's own from here on */
    struct snapshot now;              /* the master copies; … */
    struct curvature_view curvature;
    struct landscape_view landscape;
    int curvature_new, landscape_new; /* … changed since they were published */

    struct held_commands { /* until the evaluation in hand is over */
        struct command list[TRAINER_COMMANDS];
        int first, count;  /* list[first ... count) are not obeyed yet */
        uint64_t received; /* number of the newest command that was obeyed or is held */
    } held;

    struct edits edits;
    struct diagnosis_history stuck;
    struct job_slot job[JOB_KINDS];

    struct probe_series {
        unsigned with;              /* what to work out in the probe asked for last: bits of enum curvature_with */
        struct escape_direction *direction; /* of the last probe; NULL: nowhere down */
        uint64_t probed, shown;     /* run_mark where the last probe, and the last one by hand, looked; … */
        uint64_t stopped;           /* … after early stopping; … */
        uint64_t escaped;           /* … run_marks after the last escape */
        int passed_over;            /* of the series, due while another probe was in hand, since the last that began */
        double stability_limit;     /* at the last probe */
    } probe;

    struct trajectory trajectory;   /* where the run has been */
    struct landscape_plan plan;     /* of the landscape asked for last */

    struct trainer_pace {
        int running, quit;
        uint64_t steps_left;        /* of COMMAND_STEPS; UINT64_MAX: no end */
        int epoch_ended;            /* by the last step; acted on after its evaluation */
        double evaluation_began;    /* clock, of the one in hand */
        double published, worked;   /* clock of the last publication, and of the last piece of work */
        uint64_t rate_frames;       /* since the frame rate was last taken */
        double rate_seconds;
    } pace;

    int result; /* of the thread, with … */
    struct err error;
};

/* ---- trainer.c ------------------------------------------------------------------------------ */

/* Bring the snapshot up to date and publish what is new. The snapshot last: who sees in it that a command was obeyed
 * finds in the others what came of it. */
void trainer_publish(struct trainer *t);
/* A point of the curves, here and now. */
struct sample trainer_sample_of(const struct trainer *t, enum sample_kind kind);
void trainer_log(struct trainer *t, enum log_kind kind, const char *text);
void trainer_note(struct trainer *t, const char *text);
void trainer_pause(struct trainer *t, enum run_status status);

/* ---- trainer-edits.c ------------------------------------------------------------------------ */

/* Change a setting; take the last edit back, or make it again. */
void trainer_turn(struct trainer *t, const struct command *c);
void trainer_step_back(struct trainer *t, int again);

/* ---- trainer-probe.c ------------------------------------------------------------------------ */

/* Nothing is known of the curvature, at the beginning of a run; and at the end of the thread. */
void trainer_probe_reset(struct trainer *t);
void trainer_probe_end(struct trainer *t);
/* After a step: one of the series, if it is due. */
void trainer_probe_series(struct trainer *t);
/* Early stopping put the best weights back: what was probed is not of these. */
void trainer_back_at_best(struct trainer *t);
void trainer_escape(struct trainer *t, double alpha);
/* Take an escape back, or make it again. */
void trainer_escape_again(struct trainer *t, struct saddle_escape *x, int again);
struct diagnosis_report trainer_stuck(const struct trainer *t);

/* ---- trainer-landscape.c -------------------------------------------------------------------- */

/* Nothing is known of the landscape, nor of the way, at the beginning of a run; and at the end of the thread. */
void trainer_landscape_reset(struct trainer *t);
void trainer_landscape_end(struct trainer *t);
void trainer_landscape_ask(struct trainer *t, const char *text);
void trainer_landscape_cancel(struct trainer *t);
void trainer_landscape_follow(struct trainer *t, int on);
/* After a step: where it went. */
void trainer_landscape_note(struct trainer *t);

#endif
