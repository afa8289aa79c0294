/* What the files of the trainer's thread share: trainer.c (the loop), -obey (commands), -publish (what is shown),
 * -study and -landscape (what is looked at beside it). */
#ifndef SADDLE_TRAINER_TRAINER_PRIVATE_H
#define SADDLE_TRAINER_TRAINER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/mailbox.h"
#include "core/ring.h"
#include "trainer/edit-history.h"
#include "trainer/landscape-job.h"
#include "run/run.h"
#include "trainer/probe-job.h"
#include "trainer/trainer.h"

enum { TRAINER_COMMANDS = 256 };

struct trainer {
    struct run *run;
    char *checkpoint;          /* or NULL */
    pthread_t thread;
    struct ring commands, samples;
    atomic_int interrupt;      /* a command came that ends the step in hand, unfinished */
    /* Commands that were sent and not yet obeyed: those that would pause a run, begin it anew or end it, and those of
     * them that do so where it is paused already. They call off what the trainer's thread does between two steps. */
    atomic_int stopping, ending;
    atomic_int leave;          /* trainer_stop was called: heeded at once, even during an evaluation */
    atomic_llong step_work, step_done; /* multiplications of the step in hand, and those that are done */
    _Atomic double step_began;         /* clock; 0: none is in hand */
    struct mailbox snapshots, curvatures, landscapes;
    int command_fd, event_fd;

    /* the thread's own */
    struct snapshot now;       /* the master copy */
    struct command held[TRAINER_COMMANDS]; /* until the evaluation in hand is over */
    int held_count;
    struct edits edits;
    struct curvature_view curvature; /* the master copy, … */
    int curvature_new;         /* … which has changed since it was published */
    struct background *study;       /* begun by the first probe */
    struct probe_job *probe; /* in hand; NULL: none */
    int probe_forget;          /* it is of a run that has been restarted since */
    int probe_wanted;          /* another, by hand, when the one in hand is over: … */
    unsigned probe_with;       /* … with these */
    struct escape_direction *direction; /* of the last probe; NULL: nowhere down */
    uint64_t probed, shown;    /* run.mark where the last probe, and the last one by hand, looked; … */
    uint64_t escaped;          /* … run.marks after the last escape */
    int passed_over;           /* of the series, due while another probe was in hand, since the last that began */
    double stability_limit;    /* at the last probe */
    struct diagnosis_history stuck;
    struct trajectory trajectory;      /* where the run has been */
    struct landscape_view landscape;   /* the master copy, … */
    int landscape_new;                 /* … which has changed since it was published */
    struct background *survey;              /* begun by the first landscape: beside a probe, if there is one */
    struct landscape_job *landscape_job; /* in hand; NULL: none */
    int landscape_forget;              /* it is of a run that has been restarted since */
    int landscape_wanted;              /* another, when the one in hand is over: … */
    struct landscape_plan landscape_plan; /* … this */
    int running, quit;
    uint64_t steps_left;       /* of COMMAND_STEPS; UINT64_MAX: no end */
    int epoch_ended;           /* by the last step; acted on after its evaluation */
    double evaluation_began;   /* clock, of the one in hand */
    double published, worked;  /* clock of the last publication, and of the last piece of work */
    uint64_t rate_frames;      /* since the frame rate was last taken */
    double rate_seconds;
    int result;                /* of the thread, with … */
    struct err error;
};

/* The monotonic clock, in seconds. */
double trainer_clock(void);
/* Wake who reads this eventfd. */
void trainer_ring(int fd);
/* Bring the snapshot up to date and hand up what is new. The snapshot last: who sees in it that a command was obeyed
 * finds in the others what came of it. */
void trainer_publish(struct trainer *t);
/* A point of the curves, here and now. */
struct sample trainer_sample_of(const struct trainer *t, enum sample_kind kind);
void trainer_log(struct trainer *t, enum log_kind kind, const char *text);
void trainer_note(struct trainer *t, const char *text);
/* Go on for so many steps, UINT64_MAX: no end; or stop, for the reason given. */
void trainer_run(struct trainer *t, uint64_t steps);
void trainer_pause(struct trainer *t, enum run_status status);

/* Nothing is known of the curvature, at the beginning of a run; and at the end of the thread. */
void trainer_studies_reset(struct trainer *t);
void trainer_studies_end(struct trainer *t);
/* Between two pieces of work: see how the probe in hand gets on. 1 when it is over. */
int trainer_studies(struct trainer *t);
void trainer_probe(struct trainer *t, unsigned with);
void trainer_probe_cancel(struct trainer *t);
/* After a step: one of the series, if it is due. */
void trainer_probe_series(struct trainer *t);
void trainer_escape(struct trainer *t, double alpha);
/* Take an escape back, or make it again. */
void trainer_escape_again(struct trainer *t, struct saddle_escape *x, int again);
struct diagnosis_report trainer_stuck(const struct trainer *t);

/* The same of landscapes: nothing is known of them, nor of the way, at the beginning of a run. */
void trainer_landscape_reset(struct trainer *t);
void trainer_landscape_end(struct trainer *t);
int trainer_landscapes(struct trainer *t);
void trainer_landscape_begin(struct trainer *t, const char *text);
void trainer_landscape_cancel(struct trainer *t);
void trainer_landscape_follow(struct trainer *t, int on);
/* After a step: where it went. */
void trainer_landscape_note(struct trainer *t);

/* The value that a command carries, as text that the knob's row can check; −1: none. */
int trainer_command_value(const struct command *c, char *text, size_t size);
/* A knob is turned; the last edit is taken back, or made again. */
void trainer_turn(struct trainer *t, const struct command *c);
void trainer_step_back(struct trainer *t, int again);

/* Do what a command says, between two steps. */
void trainer_obey(struct trainer *t, const struct command *c);

#endif
