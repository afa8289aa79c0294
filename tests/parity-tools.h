/* SPDX-License-Identifier: MIT */
/* What both halves of the parity cases share: comparing within a tolerance, and reading JSON.
 * Tolerances are those of tests/cases/README.md. */
#ifndef SADDLE_TEST_PARITY_TOOLS_H
#define SADDLE_TEST_PARITY_TOOLS_H

#include "parity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/real.h"

/* ---- comparing ------------------------------------------------------------------------------ */

static inline void fail(struct parity_report *r, const char *what, const char *detail)
{
    if (r->outcome == PARITY_FAILED)
        return;
    r->outcome = PARITY_FAILED;
    snprintf(r->reason, sizeof r->reason, "%.96s%.156s", what, detail);
}

/* got against want, as a share of tolerance × scale. */
static inline void compare(struct parity_report *r, const char *what, double got, double want, double scale,
                           double tolerance)
{
    double share = fabs(got - want) / (tolerance * scale);

    if (share <= r->worst)
        return;
    r->worst = share;
    snprintf(r->worst_at, sizeof r->worst_at, "%s", what);
    if (!(share <= 1)) {
        char text[128];
        snprintf(text, sizeof text, ": %.17g, expected %.17g", got, want);
        fail(r, what, text);
    }
}

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Compare n numbers; scale 0: by their own largest entry. NaN fails. */
static inline void compare_all(struct parity_report *r, const char *what, const real *got, const double *want,
                               int64_t n, double scale, double tolerance)
{
    if (scale == 0)
        for (int64_t i = 0; i < n; i++)
            scale = larger(scale, fabs(want[i]));
    for (int64_t i = 0; i < n; i++)
        if (isnan(got[i]))
            fail(r, what, ": NaN");
        else
            compare(r, what, (double)got[i], want[i], scale > 0 ? scale : 1, tolerance);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* How many numbers a nested list holds; append them to out (NULL: only count). */
static inline int64_t flatten(const json_t *a, double *out)
{
    int64_t n = 0;
    size_t i;
    json_t *v;

    if (json_is_number(a)) {
        if (out)
            *out = json_number_value(a);
        return 1;
    }
    json_array_foreach(a, i, v)
    {
        n += flatten(v, out ? out + n : NULL);
    }
    return n;
}

static inline double *numbers(const json_t *a, int64_t *n)
{
    double *out;

    *n = flatten(a, NULL);
    out = malloc(sizeof *out * (size_t)(*n + 1));
    flatten(a, out);
    return out;
}

static inline int64_t whole(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static inline double number_or(const json_t *o, const char *key, double standard)
{
    const json_t *v = json_object_get(o, key);
    return json_is_true(v) ? 1 : json_is_false(v) ? 0 : v ? json_number_value(v) : standard;
}

/* Every field of an expectation must be one that is compared. */
static inline void refuse_unread(const json_t *o, const char *const *known, struct parity_report *r)
{
    const char *key;
    json_t *v;

    json_object_foreach((json_t *)o, key, v)
    {
        int found = 0;
        for (int i = 0; known[i]; i++)
            found |= strcmp(known[i], key) == 0;
        if (!found)
            fail(r, key, ": nothing compares this field");
    }
}

#endif
