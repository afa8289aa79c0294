/* SPDX-License-Identifier: MIT */
#include "hessian/verdict.h"

#include <math.h>
#include <stdio.h>

#include "core/text.h"

static const double CLOSE = 10; /* times the tolerance: a gradient that may be the noise of a small batch */

static const char *const names[VERDICT_COUNT] = {
    [VERDICT_SLOPE] = "slope",
    [VERDICT_PLATEAU] = "plateau",
    [VERDICT_SADDLE] = "saddle",
    [VERDICT_MINIMUM] = "minimum-like",
    [VERDICT_FLAT] = "flat",
};

const char *verdict_name(enum verdict v)
{
    return names[v];
}

void verdict_words(const struct verdict_report *r, char *text, size_t size)
{
    if (r->verdict == VERDICT_SADDLE)
        snprintf(text, size, "saddle with %s%lld descending direction%s", r->whole ? "" : "at least ",
                 (long long)r->negative, r->negative == 1 ? "" : "s");
    else
        snprintf(text, size, "%s", verdict_name(r->verdict));
}

static void count(struct verdict_report *r, const struct verdict_facts *f)
{
    double most = fmax(fabs(r->lowest), fabs(r->highest));

    r->zero = r->tolerance.zero * most;
    r->whole = f->values == f->n;
    for (int i = 0; i < f->values; i++) {
        r->positive += f->value[i] > r->zero;
        r->negative += f->value[i] < -r->zero;
        r->zeros += fabs(f->value[i]) <= r->zero;
    }
    r->ratio_all = r->whole ? (double)r->positive / (double)f->n : NAN;
    r->ratio_signed = r->whole ? (double)r->positive / (double)(r->positive + r->negative) : NAN;
    r->asymmetry = r->highest > 0 ? fmax(0, -r->lowest) / r->highest : NAN;
}

static enum verdict decide(const struct verdict_report *r, const struct verdict_facts *f)
{
    if (!(f->gradient_norm <= r->tolerance.gradient))
        return VERDICT_SLOPE;
    if (fmax(fabs(r->lowest), fabs(r->highest)) <= r->tolerance.curvature)
        return VERDICT_PLATEAU;
    if (r->negative > 0)
        return VERDICT_SADDLE;
    return 2 * r->zeros < f->values ? VERDICT_MINIMUM : VERDICT_FLAT;
}

int verdict_may_be_noise(const struct verdict_report *r, double gradient_norm)
{
    return r->verdict == VERDICT_SLOPE && r->negative > 0 && gradient_norm <= CLOSE * r->tolerance.gradient;
}

static void tell(struct verdict_report *r, const struct verdict_facts *f)
{
    const char *known = r->whole ? "" : " known";
    char *text = r->evidence;
    size_t size = sizeof r->evidence;

    switch (r->verdict) {
    case VERDICT_SLOPE:
        snprintf(text, size,
                 "the gradient is not small, |g| = %.3g > %.3g: not a critical point; the curvature along it is %.3g, and "
                 "eigenvalues range from %.3g to %.3g%s",
                 f->gradient_norm, r->tolerance.gradient, f->gradient_curvature, r->lowest, r->highest,
                 verdict_may_be_noise(r, f->gradient_norm)
                     ? "; more probe_frames, which reduce noise, or a larger probe_gradient may change the verdict" : "");
        break;
    case VERDICT_PLATEAU:
        snprintf(text, size,
                 "|g| = %.3g is small and so is every eigenvalue, from %.3g to %.3g, none beyond %.3g: "
                 "neither gives a direction of descent",
                 f->gradient_norm, r->lowest, r->highest, r->tolerance.curvature);
        break;
    default:
        snprintf(text, size,
                 "|g| = %.3g <= %.3g; of the%s eigenvalues, from %.3g to %.3g, %lld are positive, %lld negative and "
                 "%lld zero, that is within %.2g (%.2g of the largest)%s",
                 f->gradient_norm, r->tolerance.gradient, known, r->lowest, r->highest, (long long)r->positive,
                 (long long)r->negative, (long long)r->zeros, r->zero, r->tolerance.zero,
                 r->verdict == VERDICT_FLAT ? ": the loss is level along most directions" : "");
    }
    text_short_exponents(text);
}

struct verdict_report verdict_of(const struct verdict_facts *f, struct verdict_tolerance tolerance)
{
    struct verdict_report r = {.tolerance = tolerance, .lowest = NAN, .highest = NAN};

    if (f->values > 0) {
        r.lowest = f->value[0];
        r.highest = f->value[f->values - 1];
    }
    count(&r, f);
    r.verdict = decide(&r, f);
    tell(&r, f);
    return r;
}
