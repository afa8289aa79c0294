/* SPDX-License-Identifier: MIT */
/* Double and the whole spectrum where the network is small, float and its ends where it is large. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/network.h"
#include "hessian/batch-sharpness.h"
#include "hessian/escape.h"
#include "hessian/probe.h"

/* Whether the network of this ask is small; or an error. */
static int is_small(const struct probe_ask *a, struct err *e)
{
    struct network n;
    int64_t parameters;
    int r = network_f.build(&n, a->spec, (struct shape){a->batch->steps, a->batch->width}, e);

    if (r)
        return r;
    parameters = n.parameters;
    network_f.free(&n);
    return parameters <= SPECTRUM_MOST;
}

int probe_density_starts(int64_t parameters)
{
    return parameters < PROBE_DENSITY_MANY ? PROBE_DENSITY_STARTS : 1;
}

int probe_density_products(int64_t parameters)
{
    return parameters > SPECTRUM_MOST ? probe_density_starts(parameters) * density_f.steps(parameters, PROBE_DENSITY_STEPS) : 0;
}

int probe_run(const struct probe_ask *a, struct probe_report *r, struct err *e)
{
    int small = is_small(a, e);

    return small < 0 ? small : (small ? probe_d : probe_f).run(a, r, e);
}

int escape_run(const struct escape_ask *a, struct escape_report *r, struct err *e)
{
    int small = is_small(&a->point, e);

    return small < 0 ? small : (small ? escape_d : escape_f).run(a, r, e);
}

int batch_sharpness_add(const struct probe_ask *a, struct batch_sharpness_sums *s, struct err *e)
{
    int small = is_small(a, e);

    return small < 0 ? small : (small ? batch_sharpness_d : batch_sharpness_f).add(a, s, e);
}

struct batch_sharpness batch_sharpness_mean(const struct batch_sharpness_sums *s, int64_t parameters)
{
    double n = s->batches, whole = 0;
    struct batch_sharpness b = BATCH_SHARPNESS_UNKNOWN;

    b.batches = s->batches;
    if (s->batches < 1)
        return b;
    b.mean = s->ratio / n;
    if (s->batches < 2)
        return b;
    b.error = sqrt(fmax(s->square / n - b.mean * b.mean, 0) / (n - 1));
    for (int64_t i = 0; i < parameters; i++)
        whole += s->gradient[i] * s->gradient[i];
    b.noise = 1 - fmin(fmax((whole - s->length) / (n - 1) / s->length, 0), 1);
    return b;
}

static int copy_vectors(struct probe_pair *pair, int pairs, size_t bytes)
{
    for (int i = 0; i < pairs; i++) {
        const float *from = pair[i].vector;
        pair[i].vector = from ? malloc(bytes) : NULL;
        if (from && !pair[i].vector) {
            while (++i < pairs) /* those belong to the original */
                pair[i].vector = NULL;
            return -1;
        }
        if (from)
            memcpy(pair[i].vector, from, bytes);
    }
    return 0;
}

int probe_copy_pairs(const struct probe_report *r, struct probe_report *copy, struct err *e)
{
    struct probe_ends *ends = &copy->hessian;
    size_t pairs = (size_t)(r->hessian.top + r->hessian.bottom), values = sizeof *r->value * (size_t)r->values;
    size_t bytes = sizeof(float) * (size_t)r->parameters;

    *copy = *r;
    copy->block = NULL;
    copy->blocks = 0;
    copy->density = (struct density){.shares = r->density.shares};
    copy->gauss_newton_density = (struct density){0};
    copy->gauss_newton = (struct probe_ends){0};
    copy->value = malloc(values + 1);
    ends->at_bottom = malloc(sizeof *ends->at_bottom * (pairs + 1));
    if (!copy->value || !ends->at_bottom) {
        free(copy->value);
        free(ends->at_bottom);
        *copy = (struct probe_report){0};
        return err_memory(e, "eigenpairs", values + bytes);
    }
    memcpy(copy->value, r->value, values);
    memcpy(ends->at_bottom, r->hessian.at_bottom, sizeof *ends->at_bottom * pairs);
    ends->at_top = ends->at_bottom + ends->bottom;
    if (copy_vectors(ends->at_bottom, (int)pairs, bytes) == 0)
        return 0;
    probe_free(copy);
    return err_memory(e, "eigenvectors", bytes);
}

void probe_free(struct probe_report *r)
{
    probe_f.free(r);
}
