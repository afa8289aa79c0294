/* SPDX-License-Identifier: MIT */
#include "timing.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void sort_figures(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, ascending);
}

double median(double *x, int n)
{
    sort_figures(x, n);
    return x[n / 2];
}
