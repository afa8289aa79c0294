/* SPDX-License-Identifier: MIT */
/* Fewer points for a line, by so much that nobody sees it (Douglas and Peucker 1973). */
#ifndef SADDLE_TUI_DRAW_THIN_H
#define SADDLE_TUI_DRAW_THIN_H

#include <stdint.h>

struct thin_line {
    int count;
    const double (*at)[2];
    const double *time; /* when it is at each point, rising; or NULL: its shape alone counts */
};

/* keep[count] becomes 1 for the points that are enough to stay within `tolerance` of the line: of its shape, or with times
 * of where it is at any time between them. The ends are kept. Returns how many are, −1: no memory. */
int thin_line(const struct thin_line *l, double tolerance, uint8_t *keep);

#endif
