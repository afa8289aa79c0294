/* SPDX-License-Identifier: MIT */
/* A model's weights by name, as PyTorch's model.state_dict() gives them: from a safetensors file, or from what torch.save
 * wrote of it. */
#ifndef SADDLE_DATA_STATE_DICT_H
#define SADDLE_DATA_STATE_DICT_H

#include <stdint.h>

#include "core/err.h"

enum { STATE_NAME = 128, STATE_MOST_DIMS = 4 };

struct state_tensor {
    char name[STATE_NAME];
    int dims;
    int64_t shape[STATE_MOST_DIMS];
    int64_t count;  /* product of shape; 1 of a scalar */
    float *values;  /* [count], row-major, every one finite */
};

struct state_dict {
    int count;
    struct state_tensor *tensor; /* of a checkpoint of saddle those of the network alone; [count], in the model's order, as far as the file tells it: torch.save keeps it; in
                                    safetensors names are put in order, "2" before "10" */
};

/* Floats of 16, 32 and 64 bits and integers of 8 to 64 bits become float32. Errors: ERR_INPUT, naming path and place. */
int state_dict_read(struct state_dict *d, const char *path, struct err *e);
/* Accepts a zeroed struct and what a failed read left. */
void state_dict_free(struct state_dict *d);

#endif
