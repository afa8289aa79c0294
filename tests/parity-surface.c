/* SPDX-License-Identifier: MIT */
/* Chains y = w1 w2 … wn x through the surfaces, which are double in both builds: so is the tolerance. */
#include "parity-surface.h"

#include "math/eigen.h"
#include "parity-tools.h"
#include "race/surface-chain.h"

static const double TOLERANCE_SURFACE = 1e-8;

static void compare_list(struct parity_report *r, const char *what, const double *got, const json_t *want,
                         int n)
{
    double scale = 0, *expected;
    int64_t given;

    expected = numbers(want, &given);
    if (given != n)
        fail(r, what, " is missing or of another size");
    for (int i = 0; given == n && i < n; i++)
        scale = larger(scale, fabs(expected[i]));
    for (int i = 0; given == n && i < n; i++)
        if (isnan(got[i]))
            fail(r, what, ": NaN");
        else
            compare(r, what, got[i], expected[i], scale > 0 ? scale : 1, TOLERANCE_SURFACE);
    free(expected);
}

static void compare_chain(const struct surface *s, const double *w, const json_t *expect,
                          struct parity_report *r)
{
    double f, gradient[SURFACE_MOST], hessian[SURFACE_MOST * SURFACE_MOST];
    struct surface_point p;
    struct err e;

    f = s->f(s, w, gradient, hessian);
    compare_list(r, "loss", &f, json_object_get(expect, "loss"), 1);
    compare_list(r, "gradient", gradient, json_object_get(expect, "grad"), s->n);
    compare_list(r, "Hessian", hessian, json_object_get(expect, "hessian"), s->n * s->n);
    if (surface_look(s, w, &p, &e) != 0)
        fail(r, "eigenvalues: ", e.text);
    else
        compare_list(r, "eigenvalues", p.eigenvalue, json_object_get(expect, "eigenvalues"), s->n);
}

void R(toy_chain_case)(const json_t *c, struct parity_report *r)
{
    static const char *const given[] = {"kind", "name", "x", "y", "w", "expect", NULL}, *const known[] = {
                                                                                            "loss", "grad",
                                                                                            "hessian",
                                                                                            "eigenvalues",
                                                                                            NULL};
    const struct chain_datum datum = {number_or(c, "x", NAN), number_or(c, "y", NAN)};
    const json_t *expect = json_object_get(c, "expect");
    struct surface chain = surface_chain;
    int64_t n;
    double *w = numbers(json_object_get(c, "w"), &n);

    refuse_unread(c, given, r);
    refuse_unread(expect, known, r);
    chain.n = (int)n;
    chain.data = &datum;
    if (n >= 1 && n <= SURFACE_MOST)
        compare_chain(&chain, w, expect, r);
    else
        fail(r, "w", " is missing or longer than a surface");
    free(w);
}
