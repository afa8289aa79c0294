/* SPDX-License-Identifier: MIT */
/* A toy run under its trainer, on a thread of its own. What comes is waited for; how fast the thread is decides
 * nothing. */
#ifndef SADDLE_TESTS_TRAINING_H
#define SADDLE_TESTS_TRAINING_H

#include "trainer/trainer.h"
#include "learnable-data.h"

/* Networks for it. */
extern const char TRAINING_SMALL[]; /* its whole spectrum is soon known */
extern const char TRAINING_LARGE[]; /* a probe or a landscape of it takes seconds */

struct training {
    struct toy_run run;
    struct trainer *trainer;
    uint64_t sent; /* number of the last command */
};

/* The toy's knobs with this network, 200 frames to probe, and epochs without an end. */
struct knobs training_knobs(const char *network);

/* Begun paused, on two workers; an undo goes back however long that takes. Saved in the end where a checkpoint is named. */
void training_open(struct training *t, const struct toy *toy, const struct knobs *k, const char *checkpoint);
/* The trainer ends, its run stays to be looked at. */
void training_end(struct training *t);
/* The trainer ends if it has not, and the run is freed. */
void training_close(struct training *t);
/* The trainer ends, and its run must be, to the bit, one of these knobs that made so many steps by itself. */
void training_is_plain(struct training *t, const struct toy *toy, const struct knobs *k, int steps);

/* Commands; they are not waited for. */
void training_send(struct training *t, struct command c);
void training_steps(struct training *t, uint64_t count);
void training_set(struct training *t, enum knob_id id, double value);

/* Wait until something was published that was not there yet; 30 seconds of silence fail. */
void training_news(struct training *t);
/* … until all that was sent is obeyed, this step is reached (and the run is paused), the log has so many entries,
 * or a probe of the curvature is where it should be (and has not failed). */
const struct snapshot *training_obeyed(struct training *t);
const struct snapshot *training_at(struct training *t, uint64_t step, int paused);
const struct snapshot *training_log(struct training *t, uint64_t entries);
const struct curvature_view *training_probed(struct training *t, enum curvature_status status);

/* Probe the curvature by hand with CURVATURE_WITH_… bits, and wait for the figures. */
const struct curvature_view *training_probe(struct training *t, unsigned with);

#endif
