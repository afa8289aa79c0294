/* SPDX-License-Identifier: MIT */
/* The optimizers' and schedules' half of the parity cases, and the stepper that trainings use too. */
#ifndef SADDLE_TEST_PARITY_OPTIM_H
#define SADDLE_TEST_PARITY_OPTIM_H

#include "optim/optimizer.h"
#include "parity.h"

/* An optimizer as a case describes it, with its state. */
struct stepper {
    const struct optimizer *kind;
    struct optimizer_args args;
    double scalar[OPTIMIZER_SCALARS];
    real *slot[OPTIMIZER_SLOTS];
    struct optimizer_memory memory;    /* of one that steps on whole vectors */
    struct optimizer_closure closure;  /* what such a step may ask; zeroed by stepper_open */
};

/* Open from `algorithm` and `hyper` for n parameters, of these parts (NULL: a vector); -1 when the report says why not.
 * Close in any case. */
int R(stepper_open)(struct stepper *s, const json_t *c, int64_t n, const struct optimizer_part *part, int parts,
                    struct parity_report *r);
void R(stepper_step)(struct stepper *s, int64_t n, real *theta, const real *gradient);
void R(stepper_close)(struct stepper *s);

/* A nested list as one vector, for free(). */
real *R(read_vector)(const json_t *a, int64_t *n);
/* Relative to the largest entry that is wanted. */
void R(compare_vector)(const char *what, const json_t *want, const real *got, int64_t n, double tolerance,
                       struct parity_report *r);

/* parity-closure.c */
void R(closure_case)(const json_t *c, struct parity_report *r);
void R(saddle_free_newton_case)(const json_t *c, struct parity_report *r);
/* parity-matrix.c */
void R(matrix_optimizer_case)(const json_t *c, struct parity_report *r);
void R(optimizer_case)(const json_t *c, struct parity_report *r);
void R(schedule_case)(const json_t *c, struct parity_report *r);

#endif
