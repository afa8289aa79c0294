/* SPDX-License-Identifier: MIT */
/* The stored form of a data set (data/dataset.h): reading checks every promise of that header, so
 * that whoever works with an open data set need not. */
#ifndef SADDLE_DATA_CONTAINER_H
#define SADDLE_DATA_CONTAINER_H

#include "data/dataset.h"

enum { CONTAINER_MOST_DIMS = 4096 };

/* Open `path`. signature, unless NULL, is what the metadata of that name must say; another one is an
 * error before anything large is read. d->path becomes `path`. Errors: ERR_INPUT with file and place;
 * dataset_free(d) is due after a failure too. */
int container_open(struct dataset *d, const char *path, const char *signature, struct err *e);

/* Whether the file is a data set of this form, as its metadata says. */
int container_is_one(const char *path);

/* Write d, with the signature unless NULL. */
int container_write(const struct dataset *d, const char *path, const char *signature, struct err *e);

/* Index of the first of n floats that is NaN or infinite, or n. */
int64_t dataset_find_nonfinite(const float *values, int64_t n);

/* Sets d->fingerprint from labels, bounds and roles. */
void container_fingerprint(struct dataset *d);

#endif
