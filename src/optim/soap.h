/* SPDX-License-Identifier: MIT */
/* Where SOAP keeps what it knows of a matrix. */
#ifndef SADDLE_OPTIM_SOAP_H
#define SADDLE_OPTIM_SOAP_H

#include "optim/optimizer.h"

enum { SOAP_MEAN, SOAP_SQUARE, SOAP_MATRICES }; /* vectors: M, V, and from here on the matrices of each part */

/* L[rows][rows], R[cols][cols], and their bases, a basis vector in each row. */
struct soap_matrices {
    real *left, *right, *left_basis, *right_basis;
};

/* Elements that part p takes behind M and V. */
static inline size_t soap_elements(const struct optimizer_part *p)
{
    return 2 * ((size_t)p->rows * (size_t)p->rows + (size_t)p->cols * (size_t)p->cols);
}

/* Of the matrix at `at`; returns where the next begins. */
static inline real *soap_matrices(const struct optimizer_part *p, real *at, struct soap_matrices *s)
{
    size_t left = (size_t)p->rows * (size_t)p->rows, right = (size_t)p->cols * (size_t)p->cols;

    s->left = at;
    s->right = s->left + left;
    s->left_basis = s->right + right;
    s->right_basis = s->left_basis + left;
    return s->right_basis + right;
}

#endif
