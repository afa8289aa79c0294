/* SPDX-License-Identifier: MIT */
/* Checkpoints: a run's state as safetensors. Weights and batch-norm statistics bear PyTorch's names
 * (and num_batches_tracked stands beside, so that load_state_dict takes them); optimizer vectors stand
 * under "optimizer."; settings, counters and the schedule's state (hex) and the journal in the metadata.
 *
 * A file stays readable: a setting that it lacks has its default, one that it has and this program has not is left out
 * and named in `unknown`. A value that cannot be understood, as an optimizer of a later version, is an error. */
#ifndef SADDLE_RUN_CHECKPOINT_H
#define SADDLE_RUN_CHECKPOINT_H

#include "data/safetensors.h"
#include "run/run.h"

/* What a run needs to be made again before the weights are put back. */
struct checkpoint {
    struct safetensors *file;
    char *path;
    struct knobs knobs;
    const char *data;     /* what the user named the data by */
    uint64_t fingerprint; /* of that data */
    char unknown[200];    /* settings of the file that this program does not have: "a, b"; "": none */
    const char *products; /* library and kernels that computed it (products_describe), or NULL: not known */
};

/* Whether the file is a checkpoint, as its metadata says. */
int checkpoint_is_one(const char *path);

int checkpoint_write(const struct run *l, const char *path, struct err *e);
/* Name everything that makes up the run's checkpoint to a writer, which writes it before the run goes on; *shape has to
 * live as long. */
void checkpoint_put(struct safetensors_writer *w, const struct run *l, int64_t *shape);
/* The settings alone, as a checkpoint has them. */
void checkpoint_put_settings(struct safetensors_writer *w, const struct knobs *k);

/* Read and check the metadata. Errors: ERR_INPUT with file and place. */
int checkpoint_open(struct checkpoint *c, const char *path, struct err *e);
/* The same of what has these names' beginning in a file that is open and stays so (safetensors_part). */
int checkpoint_open_part(struct checkpoint *c, const struct safetensors *whole, const char *prefix, const char *path,
                         struct err *e);
/* The settings of checkpoint_put_settings. */
int checkpoint_read_settings(const struct safetensors *file, const char *path, struct knobs *k, struct err *e);
void checkpoint_close(struct checkpoint *c);
/* Whether the file holds the tensors that its network has on this data: asked before a run is made of it, whose memory
 * its settings alone would say. Errors: ERR_INPUT. */
int checkpoint_fits(const struct checkpoint *c, const struct dataset *d, struct err *e);
/* After how many steps it was written, NaN: it does not say. */
double checkpoint_step(const struct checkpoint *c);
/* Weights and statistics of a network like n, into vectors of its lengths. Errors: ERR_INPUT. */
int checkpoint_weights(const struct checkpoint *c, const struct network *n, float *theta, float *statistics,
                       struct err *e);
/* Weights and statistics into a run made from c->knobs; with `whole`, optimizer, counters and journal too,
 * so that the run goes on to the bit: then the data must be that of the checkpoint. */
int checkpoint_restore(const struct checkpoint *c, struct run *l, int whole, struct err *e);

#endif
