/* SPDX-License-Identifier: MIT */
/* The trainer's thread: runs the steps of up to TRAINER_RUNS runs in turn, drains commands between them (and in slices of an
 * evaluation), publishes. Only this thread touches weights. */
#ifndef SADDLE_TRAINER_TRAINER_H
#define SADDLE_TRAINER_TRAINER_H

#include "trainer/published.h"
#include "trainer/snapshot.h"

struct run;
struct session;
struct session_extra;
struct session_state;
struct task;
struct trainer;

enum command_kind {
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_TOGGLE,  /* pause or resume, whichever it is not */
    COMMAND_STEPS,   /* run `count` steps, beside those asked for before that are not made yet, then pause */
    COMMAND_SET,     /* knob := setting, a live one; count 1: a key's step, undone with those that follow it */
    COMMAND_UNDO,    /* take the last edit back: an edit of its own, marked and journaled */
    COMMAND_REDO,    /* … and make it again */
    COMMAND_RESTART, /* begin again with the knobs as they are and seed + count */
    COMMAND_CHANGE,  /* begin again with knob := setting, one that needs it */
    COMMAND_RECIPE,  /* begin again with the settings of the recipe `text`, all others at their defaults */
    COMMAND_FORK,    /* another run that is an exact copy; it gets the focus */
    COMMAND_FOCUS,   /* commands without a run go to run number `count` from now on */
    COMMAND_DROP,    /* run number `count` ends, unsaved; never the last one */
    COMMAND_BACK,    /* the run goes on from after step `count`, before what was done to it there */
    COMMAND_COMPARE, /* begin the runs of the comparison named in `text` (run/comparison.h) beside the run */
    COMMAND_LEVEL,   /* runs are level after as many steps (count 0), or after as many examples (1) */
    COMMAND_SESSION, /* write the session so far to the file `text` (session.h) */
    COMMAND_KEEP,    /* write the session to the file `text`, to be resumed, with `extra`; said only where that fails */
    COMMAND_SAVE,    /* write the checkpoint now: to the trainer's path, or to text if it has any */
    COMMAND_PROBE,   /* look at the curvature here, beside the training, instead of a look in hand; count: bits of enum curvature_with */
    COMMAND_PROBE_CANCEL,
    COMMAND_ESCAPE,  /* a step of length |value| along the eigenvector of the lowest eigenvalue of the last probe,
                        value > 0: the way the gradient falls, < 0: against it; 0: found by line search; called off,
                        the weights as they were, by what pauses a run, begins it anew or ends it */
    COMMAND_LANDSCAPE, /* the landscape here, beside the training, instead of one in hand; text: lab/landscape-plan.h */
    COMMAND_LANDSCAPE_CANCEL, /* and do not follow the run any more */
    COMMAND_MEASURE, /* losses of whole sets in evaluation mode, and the layers, beside the training (struct measured) */
    COMMAND_MEASURE_CANCEL,
    COMMAND_LANDSCAPE_FOLLOW, /* count 1: draw the last one again whenever it is done and the run has gone on; 0: not */
    COMMAND_TASK,        /* do `task` beside the training, on a copy of the run (task.h), in place of one in hand of its slot */
    COMMAND_TASK_CANCEL  /* that of slot `count` */
};

/* A command. The trainer numbers the commands it takes: 1, 2, 3, ... */
struct command {
    uint64_t number; /* trainer_send sets it */
    enum command_kind kind;
    int run; /* 1 + the id of the run it is for; 0: the one in focus when it is obeyed */
    enum knob_id knob;
    struct knob_value setting;
    double value;
    uint64_t count;
    uint64_t past; /* of a probe, landscape, measurement or task: 1 + a step, at whose nearest keyframe it is to look; 0: the run as it is */
    char text[KNOB_TEXT_SIZE];
    struct session_extra *extra; /* of COMMAND_KEEP: the trainer's, once it is taken; or NULL */
    struct task *task; /* of COMMAND_TASK: one owner's share of it is the trainer's, once it is taken; or NULL */
};

/* What becomes part of the record of a run. */
enum observed_kind {
    OBSERVED_BEGIN,  /* there is this run, from the trainer's beginning on */
    OBSERVED_SAMPLE, /* a point of its curves; also that it began again, was forked, went back or was dropped */
    OBSERVED_LOG,    /* text: a line of the log */
    OBSERVED_SAVED,  /* text: the file of its checkpoint */
    OBSERVED_KEPT,   /* text: the file of the session that it is part of */
    OBSERVED_LOOK,   /* at the test set: loss and accuracy */
    OBSERVED_STATUS, /* it rests, with this status */
    OBSERVED_END     /* the trainer ends */
};

struct observation {
    enum observed_kind kind;
    const struct run *run;
    const char *recipe;
    const struct sample *sample;
    const char *text;
    enum run_status status;
    double loss, accuracy;
};

/* Told of it where it happens: on the trainer's thread, and before that in trainer_start. It must not wait. */
struct trainer_observer {
    void (*observe)(void *context, const struct observation *o); /* NULL: none */
    void *context;
};

/* Start the thread on a run, which is the trainer's until trainer_stop: then *run is the one in focus (it is by then
 * another where it was restarted), the caller's to free. `recipe` is its name for the screen; `checkpoint` (may be NULL) is where COMMAND_SAVE and stopping write. Training starts at once
 * unless `paused`. */
int trainer_start(struct trainer **t, struct run **run, const char *recipe, const char *checkpoint, int paused,
                  struct err *e);
/* The same with more to say. */
struct trainer_options {
    const char *recipe, *checkpoint;
    int paused;
    const char *from;             /* the checkpoint that the run goes on from, or NULL: for the session */
    const struct session *replay; /* replayed first: the run is as that session's began; or NULL */
    double speed;                 /* … so many times as fast as it was trained; 0: as fast as it goes; … */
    int probes;                   /* … with its probes, to be seen: the replay waits for one in hand when the next is due */
    double undo_seconds;          /* that undoing may take for the weights of before; 0: two */
    const struct session_state *resume; /* go on from here: the run is its one in focus; or NULL */
    struct trainer_observer observer;
};
int trainer_start_with(struct trainer **t, struct run **run, const struct trainer_options *o, struct err *e);
/* End the thread after the step in hand, save, and free. 0, or why the run could not be saved. */
int trainer_stop(struct trainer *t, struct err *e);

/* The number of the command: snapshot.obeyed reaches it once this command and all before it are obeyed. 0 when the
 * ring is full (the screen says so and the user presses again). Never blocks. One sending thread. */
uint64_t trainer_send(struct trainer *t, const struct command *c);
/* The step in hand, which publishes nothing before it is done: how much of it is, 0…1, and how long it has been at it;
 * 0 seconds: no step is in hand. From any thread. */
struct step_progress {
    double share, seconds;
};
struct step_progress trainer_step(const struct trainer *t);
/* The latest snapshots; they stay untouched until the next call of this or the next function. One reading thread. */
const struct snapshots *trainer_snapshots(struct trainer *t);
/* The latest snapshot of the run in focus; stays untouched until the next call. One reading thread. */
const struct snapshot *trainer_snapshot(struct trainer *t);
/* The latest of the curvature of the run in focus; stays untouched until the next call. One reading thread. */
const struct curvature_view *trainer_curvature(struct trainer *t);
/* The same of its landscape; stays untouched until the next call. One reading thread. */
const struct landscape_view *trainer_landscape(struct trainer *t);
/* The next point of the curves: 1, or 0 when there is none for now. One reading thread. */
int trainer_sample(struct trainer *t, struct sample *s);
/* An eventfd, readable after something was published; read it to clear it. */
int trainer_event_fd(const struct trainer *t);

#endif
