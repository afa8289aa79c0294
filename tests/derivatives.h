/* SPDX-License-Identifier: MIT */
/* A surface's derivatives against differences. */
#ifndef SADDLE_DERIVATIVES_H
#define SADDLE_DERIVATIVES_H

#include "race/surface.h"

/* The largest of n entries without their signs, at least 1: what differences are measured by. */
double scale_of(const double *v, int n);
/* Gradient against central differences of f, Hessian against those of the gradient; as a share of what
 * rounding and the next derivative may do. */
void check_derivatives(const struct surface *s, const double *at, double tolerance);

#endif
