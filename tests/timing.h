/* SPDX-License-Identifier: MIT */
/* Measured times. */
#ifndef SADDLE_TESTS_TIMING_H
#define SADDLE_TESTS_TIMING_H

/* Put n figures in order, the least first. */
void sort_figures(double *x, int n);
/* The middle one of n figures, which are put in order; the upper of two. */
double median(double *x, int n);

#endif
