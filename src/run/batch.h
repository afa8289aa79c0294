/* SPDX-License-Identifier: MIT */
/* What a run's batches are made of. For run.c.
 *
 * An example is a window of frames with the class of its middle frame (or of every frame, where the network
 * answers them all), or a piece of an utterance with the class of every frame (KNOB_PIECE > 0). */
#ifndef SADDLE_RUN_BATCH_H
#define SADDLE_RUN_BATCH_H

#include "run/run.h"

/* What batch_fill is handed: which examples of which set. */
struct feed {
    const struct run *run;
    const struct source *source;
    int64_t from;
    int training; /* shuffled, every n-th frame, with noise and masks */
    int part;     /* the fixed random order of a part that is evaluated */
};

/* The shape of one example for the network of this spec: frames side by side, or one after the other for
 * networks that begin with sequences. */
struct shape feed_shape(const struct dataset *d, const struct knobs *k, const struct network_spec *s);
/* Does a network of this shape fit the examples that the knobs ask for? */
int feed_check(const struct network *n, const struct dataset *d, const struct knobs *k, struct err *e);

int source_make(struct source *s, const struct frame_set *frames, const struct dataset *d, const struct knobs *k,
                struct err *e);
void source_free(struct source *s);
/* Examples of an epoch of training, or of an evaluation. */
int64_t source_examples(const struct source *s, const struct knobs *k, int training);

/* Weights and running statistics that evaluation is of: the run's own, or an average. */
const float *evaluated_theta(const struct run *l);
const float *evaluated_statistics(const struct run *l);

/* The job of examples from … from + n − 1; *frames: how many frames of them have a class. */
struct batch_job feed_job(struct run *l, struct feed *f, int n, int64_t *frames);

#endif
