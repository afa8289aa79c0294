/* SPDX-License-Identifier: MIT */
/* Orthogonal matrices, in double. */
#ifndef SADDLE_MATH_ORTHOGONAL_H
#define SADDLE_MATH_ORTHOGONAL_H

/* a[columns][rows] (that is, column after column; rows ≥ columns): its Q of a = QR, R's diagonal positive, so
 * that a random normal a gives Q evenly over all orthogonal ones (Mezzadri 2007). Returns 0, or −1 when there
 * is no memory. By LAPACK's dgeqrf and dorgqr. */
int orthogonal_factor(int rows, int columns, double *a);

#endif
