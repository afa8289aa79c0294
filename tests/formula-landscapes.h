/* SPDX-License-Identifier: MIT */
/* Landscapes made up by formulas: the same to the last shade wherever they are drawn. */
#ifndef SADDLE_CANNED_H
#define SADDLE_CANNED_H

#include "trainer/published.h"

/* A bent valley over two principal components with the way into it, known on every `stride`-th of 33×33 points
 * (1: whole, with its figures), of weights at step 1,200. */
void canned_valley(struct landscape_view *v, int stride);
/* A line from a flat minimum to a sharp one. */
void canned_line(struct landscape_view *v);
/* A line between two minima, and a curve that goes round its barrier. */
void canned_curve(struct landscape_view *v);
/* One axis, the top eigenvector, with what slope and curvature say of it. */
void canned_slice(struct landscape_view *v);

#endif
