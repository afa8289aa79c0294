/* SPDX-License-Identifier: MIT */
/* PyTorch's element types, made floats. */
#ifndef SADDLE_DATA_STORAGE_H
#define SADDLE_DATA_STORAGE_H

#include <stdint.h>

enum storage_type {
    STORAGE_FLOAT,
    STORAGE_HALF,
    STORAGE_BFLOAT16,
    STORAGE_DOUBLE,
    STORAGE_LONG,
    STORAGE_INT,
    STORAGE_SHORT,
    STORAGE_CHAR,
    STORAGE_BYTE
};

/* Bytes of an element. */
int64_t storage_width(enum storage_type type);
/* to[n] from elements that are `stride` elements apart, little-endian, not aligned. */
void storage_load(enum storage_type type, const unsigned char *from, int64_t stride, int64_t n, float *to);

#endif
