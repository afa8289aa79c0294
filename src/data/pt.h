/* SPDX-License-Identifier: MIT */
/* The `.pt` file of one tensor, as torch.save writes it since PyTorch 1.6: a zip of stored entries
 *     STEM/data.pkl     a pickle that describes the tensor (data/pickle.h)
 *     STEM/data/KEY     its storage, little-endian
 * A slice is saved with its whole storage: offset and strides are honoured, and checked. */
#ifndef SADDLE_DATA_PT_H
#define SADDLE_DATA_PT_H

#include <stdint.h>

#include "core/err.h"

struct pt_tensor {
    int64_t rows, cols;
    float *values; /* [rows][cols], row-major; every one finite */
};

/* Read the tensor of shape [any, cols] in `path`. Storages of 16, 32 and 64 bit floats and of 8 to 64
 * bit integers become float32. Errors: ERR_INPUT, naming path and place. */
int pt_read(struct pt_tensor *t, const char *path, int64_t cols, struct err *e);
/* Free accepts a zeroed struct and what a failed read left. */
void pt_free(struct pt_tensor *t);

#endif
