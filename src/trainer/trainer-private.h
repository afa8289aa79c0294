/* SPDX-License-Identifier: MIT */
/* What the files of the trainer's thread share: trainer.c (loop, commands, what is published), runner.c (one run's work and
 * what comes of it), trainer-runs.c (forks, restarts, runs dropped), time-travel.c (keyframes, going back to a step),
 * trainer-edits.c (undo and redo), trainer-session.c (the session's journal, and its replay), trainer-jobs.c (background
 * jobs, of whatever kind), trainer-probe.c, trainer-landscape.c and trainer-measure.c (the kinds), trainer-tasks.c (work whose
 * sense the trainer does not know). */
#ifndef SADDLE_TRAINER_TRAINER_PRIVATE_H
#define SADDLE_TRAINER_TRAINER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/mailbox.h"
#include "core/ring.h"
#include "run/keyframes.h"
#include "run/run.h"
#include "run/trajectory.h"
#include "trainer/background-job.h"
#include "trainer/edit-history.h"
#include "trainer/session-state.h"
#include "trainer/task.h"
#include "trainer/trainer.h"

enum { TRAINER_COMMANDS = 256 };

/* ---- background jobs ------------------------------------------------------------------------ */

enum job_kind_id { JOB_PROBE, JOB_LANDSCAPE, JOB_MEASURE, JOB_KINDS };

enum job_state { /* numbered as enum curvature_status, enum landscape_status and enum measured_status are */
    JOB_NONE,
    JOB_RUNNING,
    JOB_DONE,
    JOB_CANCELLED,
    JOB_FAILED
};

struct runner;

/* A kind of background job, as trainer-jobs.c drives it. All functions are called on the trainer's thread. */
struct job_kind {
    const char *first;   /* what a job works out first */
    const char *waiting; /* shown while the one before is still ending */
    /* A job of the run as it stands (or stood: runner->run is a copy from then meanwhile); `again`: not asked for, but the
     * next of a series. */
    struct background_job *(*make)(struct runner *runner, int again, struct err *e);
    void (*free)(struct background_job *job); /* accepts NULL */
    /* Publish how the job is getting on; a text that is NULL stays. */
    void (*show)(struct runner *runner, enum job_state state, const char *text, int done, int of);
    /* Take what a job has ready before its end; 1 when that is worth showing at once. May be NULL. */
    int (*look)(struct runner *runner, struct background_job *job);
    void (*succeeded)(struct runner *runner, struct background_job *job);
    void (*failed)(struct runner *runner, const char *why);
    /* Whether the next of a series is due although no step was made since. May be NULL. */
    int (*is_due)(const struct runner *runner);
};

extern const struct job_kind job_probe, job_landscape, job_measure;

struct job_slot { /* one for each kind: so a probe and a landscape can run beside each other */
    struct background *thread;  /* started by the first job */
    struct background_job *job; /* in hand; NULL: none */
    struct runner *runner;      /* whose it is; NULL: of a run that is no more */
    int past;                   /* the one in hand, or the last one, is of the run as it was at a keyframe */
    struct runner *wanted;      /* another was asked for, of this run; it begins when the one in hand is over … */
    struct run *wanted_past;    /* … on this copy of it, or NULL: on the run */
    int done, of;               /* as published last */
};

/* Ask for a job of this kind, in place of one in hand. `past`: of this copy of the run as it was, which is the slot's from now
 * on; NULL: of the run as it is. */
void trainer_job_ask(struct runner *runner, enum job_kind_id kind, struct run *past);
/* Begin the next of a series; the slot has to be free. */
void trainer_job_again(struct runner *runner, enum job_kind_id kind);
void trainer_job_cancel(struct trainer *t, enum job_kind_id kind);
/* The run is restarted or dropped: what is in hand of it is of no interest any more. */
void trainer_job_forget(struct runner *runner, enum job_kind_id kind);
/* Whether one is in hand, of whatever run. */
int trainer_job_busy(const struct trainer *t, enum job_kind_id kind);
/* Between two pieces of work: see how the jobs in hand get on. 1 when there is something to show at once. */
int trainer_jobs_poll(struct trainer *t);
/* At the end of the thread. */
void trainer_jobs_end(struct trainer *t);

/* ---- tasks ---------------------------------------------------------------------------------- */

struct task_place { /* one for each slot */
    struct background *thread; /* started by the first task */
    struct task_job *job;      /* in hand; NULL: none */
    struct task *wanted;       /* it begins when the one in hand is over … */
    struct run *wanted_past;   /* … on this copy of the run, or NULL: on the run */
    unsigned seen;             /* changes of the one in hand that were published */
};

/* Take a task over, for this run, or for `past` as with trainer_job_ask; the one in hand of its slot is cancelled. */
void trainer_task_ask(struct trainer *trainer, struct runner *runner, struct task *t, struct run *past);
void trainer_task_cancel(struct trainer *t, int slot);
/* As trainer_jobs_poll and trainer_jobs_end. */
int trainer_tasks_poll(struct trainer *t);
void trainer_tasks_end(struct trainer *t);

/* ---- the trainer ---------------------------------------------------------------------------- */

struct runner { /* a run as the trainer has it */
    struct trainer *trainer;
    struct run *run;                  /* NULL: the place is free */
    struct snapshot now;              /* the master copies; … */
    struct curvature_view curvature;
    struct landscape_view landscape;
    int curvature_new, landscape_new; /* … changed since they were published */

    struct edits edits;
    struct diagnosis_history stuck;
    struct trajectory trajectory;   /* where the run has been */
    struct landscape_plan plan;     /* of the landscape asked for last */

    struct probe_series {
        unsigned with;              /* what to work out in the probe asked for last: bits of enum curvature_with */
        struct escape_direction *direction; /* of the last probe; NULL: nowhere down */
        uint64_t probed, shown;     /* run_mark where the last probe, and the last one by hand, looked; … */
        uint64_t stopped;           /* … after early stopping; … */
        uint64_t escaped;           /* … run_marks after the last escape */
        int passed_over;            /* of the series, due while another probe was in hand, since the last that began */
        double stability_limit;     /* at the last probe */
    } probe;

    struct knobs scaled;            /* the settings that the snapshot's scale is of; … */
    int scale_known;                /* … when it is known */

    struct time_travel {
        struct keyframes *keyframes; /* struct savepoint */
        struct knobs first;          /* the run began from scratch with these settings, … */
        int from_scratch;            /* … if this says so; else with the oldest keyframe */
        double taken;                /* clock of the last keyframe, and … */
        double cost;                 /* … how long it took, in seconds */
        double step_seconds;         /* of a step, smoothed; 0: not known */
        double loss;                 /* of batches, smoothed; NaN: not known; … */
        uint64_t losses;             /* … over so many steps */
    } travel;

    size_t journaled;               /* bytes of the run's journal that the session has */
    uint64_t steps_left;            /* of COMMAND_STEPS; UINT64_MAX: no end */
    int epoch_ended;                /* by the last step; acted on after its evaluation */
    double evaluation_began;        /* clock, of the one in hand */
    uint64_t rate_frames;           /* since the frame rate was last taken */
    double rate_seconds;
};

struct trainer {
    struct runner runner[TRAINER_RUNS]; /* A, B, … */
    struct runner *focus;
    struct run **caller; /* kept pointing to the run in focus */
    char *checkpoint;    /* or NULL */
    double undo_seconds; /* that an undo's replay may take */
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
    struct held_commands { /* until the evaluation in hand is over */
        struct command list[TRAINER_COMMANDS];
        int first, count;  /* list[first ... count) are not obeyed yet */
        uint64_t received; /* number of the newest command that was obeyed or is held */
    } held;

    struct trainer_pace {
        int running, quit;
        int by_examples;            /* runs are level when they have seen as many examples, not made as many steps */
        double published, worked;   /* clock of the last publication, and of the last piece of work */
        double compared;            /* … and of the last look at which runs are identical, … */
        uint64_t compared_stamp;    /* … as they were then */
    } pace;

    struct trainer_report {         /* what all snapshots tell alike */
        uint64_t version, obeyed, curvatures, landscapes; /* versions are counted */
        uint64_t log_count;
        struct log_entry log[SNAPSHOT_LOG];
        char saved[SNAPSHOT_TEXT];
        int unsaved;
        enum play_state play;
        char play_text[SNAPSHOT_TEXT];
    } report;

    int unkept;                     /* the session could not be kept when that was tried last */
    struct session session;         /* what was done so far; … */
    struct player *player;          /* … and one that is replayed, or NULL */

    struct trainer_observer observer;

    struct job_slot job[JOB_KINDS];
    struct task_place task[TASK_SLOTS];
    int result; /* of the thread, with … */
    struct err error;
};

/* ---- trainer.c ------------------------------------------------------------------------------ */

/* Bring the snapshots up to date and publish what is new. The snapshots last: who sees in them that a command was obeyed
 * finds in the others what came of it. */
void trainer_publish(struct trainer *t);
/* When no run trains any more, the trainer is paused. */
void trainer_settle(struct trainer *t);
void trainer_log(struct runner *runner, enum log_kind kind, const char *text);
void trainer_note(struct runner *runner, const char *text);
/* Tell the observer of this run; what the kind does not need is NULL. */
void trainer_observe(const struct runner *runner, enum observed_kind kind, const struct sample *s, const char *text);
/* … of a look at its test set. */
void trainer_observe_look(const struct runner *runner, double loss, double accuracy);
/* How many runs there are. */
int trainer_runs(const struct trainer *t);
/* The run rests, with such a status; when it was the last that trained, the trainer is paused. */
void trainer_pause(struct runner *runner, enum run_status status);
/* Write the run's checkpoint to this file, "" for the trainer's, and tell how that went. */
void trainer_save(struct runner *runner, const char *path);
/* COMMAND_KEEP. */
void trainer_keep(struct trainer *t, const struct command *c);
void trainer_observe_all(const struct trainer *t, enum observed_kind kind, const char *text);
/* How a save went: in the log, and for who asked. */
void trainer_tell_saved(struct trainer *t, int failed, const char *text);

/* ---- runner.c ------------------------------------------------------------------------------- */

/* Its name: 'A' and on. */
char runner_letter(const struct runner *runner);
/* Whether it takes steps. */
int runner_trains(const struct runner *runner);
void runner_go_on(struct runner *runner, uint64_t steps);
void runner_rest(struct runner *runner, enum run_status status);
/* Whether it has a piece of work to do: it trains, or is evaluated, which is finished even while paused. */
int runner_is_busy(const struct runner *runner);
/* One step or one slice. Returns whether it is worth showing at once. */
int runner_work(struct runner *runner);
/* Where it stands on the way that level runs share: steps, or examples. */
double runner_progress(const struct runner *runner);
/* A point of the curves, here and now. */
struct sample runner_sample(const struct runner *runner, enum sample_kind kind);
void runner_push(struct runner *runner, const struct sample *s);
/* Give a free place a run, the place's from now on; nothing is known of it yet. Errors: ERR_RUNTIME, the run stays the
 * caller's. */
int runner_begin(struct runner *runner, struct run *run, struct err *e);
/* Put another run in the place of its own, which is freed: keep what is known, or not. */
int runner_swap(struct runner *runner, struct run *run, struct err *e);
void runner_forget(struct runner *runner);
void runner_end(struct runner *runner);
/* No data any more: nothing can be computed. */
void runner_failed(struct runner *runner, const struct err *e);
/* What its snapshot says of where it stands. */
void runner_refresh(struct runner *runner);

/* ---- trainer-runs.c ------------------------------------------------------------------------- */

void trainer_restart(struct runner *runner, uint64_t more);
void trainer_restart_changed(struct runner *runner, const struct command *c);
/* Errors: those of recipe_load; a run that could not begin is told in the log. */
int trainer_restart_recipe(struct runner *runner, const char *name, struct err *e);
void trainer_fork(struct runner *runner);
void trainer_focus(struct trainer *t, int id);
void trainer_drop(struct trainer *t, int id);
/* Begin the runs of a comparison beside this one. */
void trainer_compare(struct runner *runner, const char *name);
/* Which runs have the same state as others; looked at now and then, and when the trainer is about to rest. 1 when that
 * has changed. */
int trainer_compare_states(struct trainer *t, int idle);

/* ---- time-travel.c -------------------------------------------------------------------------- */

/* At a run's beginning; at its end. */
int travel_begin(struct runner *runner, struct err *e);
void travel_end(struct runner *runner);
/* Take over what another run can go back to, of which this one is a fork. */
int travel_share(struct runner *runner, const struct runner *from, struct err *e);
/* After each step. */
void travel_note_step(struct runner *runner, double loss);
void travel_refresh(struct runner *runner);
/* After a step, or before something is changed: keep the state, when it is time or `now`. */
void travel_note(struct runner *runner, int now);
/* The run is again as it was after step `step`, `lines` lines into its journal (−1: before what was done at that step).
 * `most`: seconds that it may take; the rest is as travel_back. */
int travel_to(struct runner *runner, uint64_t step, int lines, double most, struct err *e);
/* A copy of the run as it was at the nearest keyframe at or before the step. Errors: ERR_INPUT, there is none; as run_fork. */
int travel_look(const struct runner *runner, uint64_t step, struct run **then, struct err *e);
/* COMMAND_BACK */
void trainer_back(struct runner *runner, uint64_t step);

/* ---- trainer-session.c ---------------------------------------------------------------------- */

/* Take over what the runs have noted in their own journals since the last time. */
void session_catch_up(struct trainer *t);
/* A line of something done to the run here and now, which its own journal does not have. */
void session_note(struct runner *runner, const char *name, const char *value);
/* Before the run goes back: to this step, and so many lines of its journal. */
void session_note_back(struct runner *runner, uint64_t step, int lines);
/* What the run's journal has is in the session already, in one line of another kind. */
void session_skip(struct runner *runner);
void trainer_write_session(struct trainer *t, const char *path);
/* Replay: lines are done instead of commands, until player_work has ended it. */
int player_begin(struct trainer *t, const struct trainer_options *o, struct err *e);
/* A step, a slice of an evaluation, or a line. Returns whether it is worth showing at once. */
int player_work(struct trainer *t);
void player_end(struct trainer *t);

/* The session so far as text, without the runs' ends; malloced, NULL: no memory. */
char *trainer_session_text(struct trainer *t);

/* ---- trainer-state.c ------------------------------------------------------------------------ */

/* Write everything that trainer_resume needs; x may be NULL. */
int trainer_write_state(struct trainer *t, const char *path, struct session_extra *x, struct err *e);
/* The runs of a session, of which the caller has made the one in focus. */
int trainer_resume(struct trainer *t, const struct session_state *s, struct err *e);

/* ---- trainer-edits.c ------------------------------------------------------------------------ */

/* Change a setting; undo the last edit, or redo it. */
void trainer_turn(struct runner *runner, const struct command *c);
void trainer_step_back(struct runner *runner, int again);

/* ---- trainer-probe.c ------------------------------------------------------------------------ */

/* Nothing is known of the curvature, at the beginning of a run; and at the end of the thread. */
void trainer_probe_reset(struct runner *runner);
void trainer_probe_end(struct runner *runner);
/* Of a probe that a replay has made here and now: what it found is shown. */
void trainer_probe_show(struct runner *runner, struct background_job *job);
/* After a step: one of the series, if it is due. */
void trainer_probe_series(struct runner *runner);
/* Early stopping put the best weights back: what was probed is not of these. */
void trainer_back_at_best(struct runner *runner);
void trainer_escape(struct runner *runner, double alpha);
/* Without a word of what was predicted: a step that is made again. */
int trainer_escape_by(struct runner *runner, struct escape_direction *along, double by, struct err *e);
/* Take an escape back, or make it again. */
void trainer_escape_again(struct runner *runner, struct saddle_escape *x, int again);
struct diagnosis_report trainer_stuck(const struct runner *runner);

/* ---- trainer-measure.c ---------------------------------------------------------------------- */

/* Nothing was measured, at the beginning of a run. */
void trainer_measure_reset(struct runner *runner);
/* Its snapshot's scale, and which other run it compares with. */
void trainer_measure_refresh(struct runner *runner);

/* ---- trainer-landscape.c -------------------------------------------------------------------- */

/* Nothing is known of the landscape, nor of the way, at the beginning of a run; and at the end of the thread. */
void trainer_landscape_reset(struct runner *runner);
void trainer_landscape_end(struct runner *runner);
void trainer_landscape_ask(struct runner *runner, const char *text, struct run *past);
void trainer_landscape_cancel(struct runner *runner);
void trainer_landscape_follow(struct runner *runner, int on);
/* After a step: where it went. */
void trainer_landscape_note(struct runner *runner);

#endif
