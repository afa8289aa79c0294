/* SPDX-License-Identifier: MIT */
/* Lists of values as a sweep is given them: separated by commas, blanks around a value do not count. A value that holds a
 * comma stands between double quotes, and a double quote in it is doubled: milestones="10,20","15,30". */
#ifndef SADDLE_SWEEP_VALUES_H
#define SADDLE_SWEEP_VALUES_H

#include <stddef.h>

/* Copy the next value of the list at *at, which moves behind it and its comma: 1; 0 at the end of the list; −1 where it is
 * empty, longer than `size` allows, or its quotes do not match. `began` is 0 before the first call. */
int values_next(const char **at, int *began, char *value, size_t size);
/* The value as it stands in a list. Returns its length, which may be more than fits. */
size_t values_quote(const char *value, char *out, size_t size);

/* "1e-4..1e-2" into both numbers: 1, or 0 where it is none. */
int values_range(const char *text, double *low, double *high);

#endif
