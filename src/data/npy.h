/* SPDX-License-Identifier: MIT */
/* The `.npy` files of NumPy (numpy.lib.format, versions 1 to 3), as far as they hold what a data set is made of: one or two
 * dimensions in C order of '<f4', '<f8', '<i4', '<i8', '|S…' or '<U…'. Anything else is refused by name; pickled objects
 * above all: nothing is ever executed. */
#ifndef SADDLE_DATA_NPY_H
#define SADDLE_DATA_NPY_H

#include <stdint.h>

#include "core/mapping.h"

enum npy_type { NPY_FLOAT, NPY_INTEGER, NPY_BYTES, NPY_UNICODE };

struct npy {
    struct mapping map;
    enum npy_type type;
    int width;                 /* bytes of an element */
    int dims;                  /* 1 or 2 */
    int64_t rows, cols;        /* cols is 1 where there is one dimension */
    const unsigned char *data; /* [rows][cols] elements, not aligned */
};

/* Map the file. Its header is checked, and that it holds exactly as much as that says. Errors: ERR_INPUT, naming it;
 * npy_close is due after a failure too. */
int npy_open(struct npy *a, const char *path, struct err *e);
/* Safe on a zeroed struct. */
void npy_close(struct npy *a);

/* `n` elements of NPY_FLOAT from column `col` of a row on, as float32. */
void npy_floats(const struct npy *a, int64_t row, int64_t col, int64_t n, float *to);
/* An element of the other types as a whole number from 0 on; −1 where it is none, or above 999,999,999. */
int64_t npy_count(const struct npy *a, int64_t row);

#endif
