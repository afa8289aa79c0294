/* SPDX-License-Identifier: MIT */
#include "run/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/run-private.h"

/* Where the own name of a tensor begins, after the last dot. */
static const char *own_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

static int same_module(const char *a, const char *b)
{
    size_t n = (size_t)(own_name(a) - a);

    return n == (size_t)(own_name(b) - b) && memcmp(a, b, n) == 0;
}

static int is_counter(const struct state_tensor *t)
{
    return strcmp(own_name(t->name), "num_batches_tracked") == 0;
}

static int fits(const struct place *p, const struct state_tensor *t)
{
    if (strcmp(own_name(p->name), own_name(t->name)) != 0 || p->dims != t->dims)
        return 0;
    for (int i = 0; i < p->dims; i++)
        if (p->shape[i] != t->shape[i])
            return 0;
    return 1;
}

static const struct place *place_at(const struct layer *l, int i)
{
    return i < l->parameters ? &l->parameter[i] : &l->statistic[i - l->parameters];
}

static int tensors_of(const struct layer *l)
{
    return l->parameters + l->statistics;
}

/* The tensor of tensor `first`'s module that fits the place; −1: none does. */
static int find_in_module(const struct state_dict *d, int first, const struct place *p)
{
    for (int i = 0; i < d->count; i++)
        if (same_module(d->tensor[i].name, d->tensor[first].name) && fits(p, &d->tensor[i]))
            return i;
    return -1;
}

/* Whether the module that tensor `first` belongs to is what the layer needs, no more and no less. */
static int module_fits(const struct state_dict *d, int first, const struct layer *l)
{
    int has = 0;

    for (int i = 0; i < d->count; i++)
        has += same_module(d->tensor[i].name, d->tensor[first].name) && !is_counter(&d->tensor[i]);
    if (has != tensors_of(l))
        return 0;
    for (int i = 0; i < tensors_of(l); i++)
        if (find_in_module(d, first, place_at(l, i)) < 0)
            return 0;
    return 1;
}

static void shape_words(char *text, size_t size, int dims, const int64_t *shape)
{
    size_t used = (size_t)snprintf(text, size, "[");

    for (int i = 0; i < dims && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i ? ", " : "", (long long)shape[i]);
    if (used < size)
        snprintf(text + used, size - used, "]");
}

static int no_module(const struct state_dict *d, const char *taken, const struct layer *l, const char *path, struct err *e)
{
    const struct place *p = place_at(l, 0);
    char needed[64], there[64];
    int next = 0;

    shape_words(needed, sizeof needed, p->dims, p->shape);
    while (next < d->count && (taken[next] || is_counter(&d->tensor[next])))
        next++;
    if (next == d->count)
        return err_set(e, ERR_INPUT, "%s: holds nothing for %s %s of the network", path, p->name, needed);
    shape_words(there, sizeof there, d->tensor[next].dims, d->tensor[next].shape);
    return err_set(e, ERR_INPUT, "%s: nothing fits %s %s of the network; the next tensor is %s %s", path, p->name, needed,
                   d->tensor[next].name, there);
}

/* The tensors of the first module that fits and is not taken go to the layer. */
static int import_layer(float *theta, float *statistics, const struct state_dict *d, char *taken, const struct layer *l,
                        const char *path, struct err *e)
{
    int first = 0;

    while (first < d->count && (taken[first] || is_counter(&d->tensor[first]) || !module_fits(d, first, l)))
        first++;
    if (first == d->count)
        return no_module(d, taken, l, path, e);
    for (int i = 0; i < tensors_of(l); i++) {
        const struct place *p = place_at(l, i);
        int at = find_in_module(d, first, p);
        memcpy((i < l->parameters ? theta : statistics) + p->offset, d->tensor[at].values,
               sizeof *theta * (size_t)p->count);
        taken[at] = 1;
    }
    return 0;
}

int import_weights(struct run *l, const struct state_dict *d, const char *path, struct err *e)
{
    const struct network *n = &l->network;
    size_t bytes = sizeof(float) * (size_t)(n->parameters + n->statistics + 1);
    float *flat = calloc(1, bytes);
    char *taken = calloc((size_t)d->count + 1, 1);
    int r = flat && taken ? 0 : err_memory(e, path, bytes);

    if (r == 0 && d->count > 2 * (n->places + n->statistic_places))
        r = err_set(e, ERR_INPUT, "%s: holds %d tensors, the network has %d", path, d->count,
                    n->places + n->statistic_places);
    for (int i = 0; r == 0 && i < n->count; i++)
        if (tensors_of(&n->layer[i]) > 0)
            r = import_layer(flat, flat + n->parameters, d, taken, &n->layer[i], path, e);
    for (int i = 0; r == 0 && i < d->count; i++)
        if (!taken[i] && !is_counter(&d->tensor[i]))
            r = err_set(e, ERR_INPUT, "%s: the network has no place for %s", path, d->tensor[i].name);
    if (r == 0) {
        memcpy(state_theta(l->state), flat, sizeof *flat * (size_t)n->parameters);
        memcpy(state_statistics(l->state), flat + n->parameters, sizeof *flat * (size_t)n->statistics);
    }
    free(flat);
    free(taken);
    return r;
}
