/* SPDX-License-Identifier: MIT */
#include "hessian/ends.h"

#include <stdlib.h>

static int init(struct probe_ends *ends, int top, int bottom, int vectors, struct err *e)
{
    *ends = (struct probe_ends){.top = top, .bottom = bottom, .vectors = vectors, .converged = 1};
    ends->at_bottom = calloc((size_t)(top + bottom) + 1, sizeof *ends->at_bottom);
    if (!ends->at_bottom)
        return err_memory(e, "eigenpairs", sizeof *ends->at_bottom);
    ends->at_top = ends->at_bottom + bottom;
    return 0;
}

static void free_ends(struct probe_ends *ends)
{
    for (int i = 0; ends->at_bottom && i < ends->top + ends->bottom; i++)
        free(ends->at_bottom[i].vector);
    free(ends->at_bottom);
}

static int take(struct probe_ends *ends, struct probe_pair *to, const struct eigenpair *from, int64_t n,
                struct err *e)
{
    int64_t place = to >= ends->at_top ? to - ends->at_top : to - ends->at_bottom;

    *to = (struct probe_pair){.value = from->value, .residual = from->residual, .converged = from->converged};
    ends->converged = ends->converged && from->converged;
    if (place >= ends->vectors)
        return 0;
    to->vector = malloc(sizeof *to->vector * (size_t)n);
    if (!to->vector)
        return err_memory(e, "an eigenvector", sizeof *to->vector * (unsigned long long)n);
    for (int64_t i = 0; i < n; i++)
        to->vector[i] = (float)from->vector[i];
    return 0;
}

static int copy(struct probe_ends *ends, const struct lanczos_result *l, int64_t n, int vectors,
                struct err *e)
{
    int r = init(ends, l->top, l->bottom, vectors, e);

    ends->products = l->products;
    ends->may_miss = l->may_miss;
    for (int i = 0; r == 0 && i < l->bottom; i++)
        r = take(ends, &ends->at_bottom[i], &l->at_bottom[i], n, e);
    for (int i = 0; r == 0 && i < l->top; i++)
        r = take(ends, &ends->at_top[i], &l->at_top[i], n, e);
    return r;
}

const struct ends_ops R(ends) = {.init = init, .free = free_ends, .take = take, .copy = copy};
