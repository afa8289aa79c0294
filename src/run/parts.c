/* SPDX-License-Identifier: MIT */
#include "run/parts.h"

#include <stdlib.h>
#include <string.h>

#include "net/recurrent.h"

/* Blocks of rows in a matrix of this layer. */
static int gates_of(const struct layer *l)
{
    return l->kind->cell ? l->kind->cell->gates : 1;
}

/* Whether the layer has a matrix at all. */
static int multiplies(const struct layer *l)
{
    for (int i = 0; i < l->parameters; i++)
        if (l->parameter[i].dims == 2)
            return 1;
    return 0;
}

static int is_input(const struct layer *l, int first, const struct place *t)
{
    return first && (!l->kind->cell || strstr(t->name, "weight_ih_l0"));
}

/* One tensor's pieces, from part[at] on; returns where the next go. */
static int add_tensor(const struct layer *l, const struct place *t, int hidden, struct optimizer_part *part, int at)
{
    int pieces = t->dims == 2 ? gates_of(l) : 1;

    for (int i = 0; i < pieces; i++) {
        struct optimizer_part *p = &part[at++];
        p->count = (size_t)t->count / (size_t)pieces;
        p->offset = (size_t)t->offset + (size_t)i * p->count;
        p->rows = t->dims == 2 ? (int)t->shape[0] / pieces : 0;
        p->cols = t->dims == 2 ? (int)t->shape[1] : 0;
        p->hidden = t->dims == 2 && hidden;
        p->scaled = strstr(t->name, "weight") != NULL;
    }
    return at;
}

struct optimizer_part *network_parts(const struct network *n, int *parts)
{
    enum { MOST_GATES = 4 };
    struct optimizer_part *part = calloc((size_t)n->places * MOST_GATES + 1, sizeof *part);
    int first = -1, last = -1, at = 0;

    for (int i = 0; i < n->count; i++)
        if (multiplies(&n->layer[i])) {
            first = first < 0 ? i : first;
            last = i;
        }
    for (int i = 0; part && i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        for (int k = 0; k < l->parameters; k++) {
            const struct place *t = &l->parameter[k];
            at = add_tensor(l, t, i != last && !is_input(l, i == first, t), part, at);
        }
    }
    *parts = at;
    return part;
}
