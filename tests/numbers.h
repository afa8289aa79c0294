/* SPDX-License-Identifier: MIT */
/* Numbers in tests: made up, compared; and results that must be good. */
#ifndef SADDLE_TESTS_NUMBERS_H
#define SADDLE_TESTS_NUMBERS_H

#include <stdint.h>

#include "core/err.h"

/* Fail unless |got − want| ≤ within; so too where either is no number. `what` is named. */
void near(double got, double want, double within, const char *what);
/* The same without a name. */
void close_to(double got, double want, double within);

/* Fail with the error's sentence unless the result is 0. */
void must(int result, const struct err *e);

/* Normal numbers that are the same in every run, by place: those of one seed, or of seed 5. */
double noise_of(uint64_t seed, uint64_t stream, uint64_t i);
double noise(uint64_t stream, uint64_t i);

#endif
