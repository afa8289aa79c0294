/* SPDX-License-Identifier: MIT */
#include "trainer/diagnosis.h"

#include <math.h>
#include <stdio.h>

#include "core/text.h"

static const double SURE = 3;         /* standard errors that a slope has to stand from zero */
static const double FLAT = 1e-3;      /* change of the loss over the stretch, as a share of it, that is none */
static const double MUCH = .2;        /* … that is divergence, upwards */
static const double OPPOSED = -.3;    /* mean cosine of gradients that turn round */
static const double SMALL = .05;      /* share of the scale below which a gradient is small */
static const double SMOOTHING = .9;
enum { NEAR = 100 };                  /* steps: a probe as near tells of the stretch, however short it is */

static const char *const names[DIAGNOSIS_COUNT] = {
    [DIAGNOSIS_UNKNOWN] = "too early to tell",
    [DIAGNOSIS_FALLING] = "still falling",
    [DIAGNOSIS_CRITICAL] = "critical point",
    [DIAGNOSIS_BOUNCING] = "bouncing between walls",
    [DIAGNOSIS_PLATEAU] = "plateau",
    [DIAGNOSIS_DIVERGING] = "divergence",
};

const char *diagnosis_name(enum diagnosis s)
{
    return names[s];
}

void diagnosis_note(struct diagnosis_history *h, double loss, double gradient_norm, double cosine)
{
    uint64_t at = h->steps++ % DIAGNOSIS_WINDOW;
    double weight = 1 - pow(SMOOTHING, (double)h->steps);

    h->loss[at] = loss;
    h->gradient[at] = gradient_norm;
    h->cosine[at] = cosine;
    h->smoothed = SMOOTHING * h->smoothed + (1 - SMOOTHING) * gradient_norm;
    h->scale = fmax(h->scale, h->smoothed / weight);
    h->not_finite = 0;
}

void diagnosis_note_divergence(struct diagnosis_history *h)
{
    h->not_finite = 1;
}

/* Value number i of the last n. */
static double last(const struct diagnosis_history *h, const double *of, int n, int i)
{
    return of[(h->steps - (uint64_t)n + (uint64_t)i) % DIAGNOSIS_WINDOW];
}

/* The line through the last n losses, by least squares. */
static void fit_line(const struct diagnosis_history *h, int n, struct diagnosis_report *r)
{
    double middle = (n - 1) / 2., spread = 0, product = 0, rest = 0;

    r->steps = n;
    r->loss = 0;
    for (int i = 0; i < n; i++)
        r->loss += last(h, h->loss, n, i) / n;
    for (int i = 0; i < n; i++) {
        spread += (i - middle) * (i - middle);
        product += (i - middle) * (last(h, h->loss, n, i) - r->loss);
    }
    r->slope = product / spread;
    for (int i = 0; i < n; i++)
        rest += pow(last(h, h->loss, n, i) - r->loss - r->slope * (i - middle), 2);
    r->slope_error = sqrt(rest / (n - 2) / spread);
}

/* Change of the loss over the stretch as a share of the loss, `errors` standard errors further from zero. */
static double change(const struct diagnosis_report *r, double errors)
{
    return (fabs(r->slope) + errors * r->slope_error) * r->steps / fmax(fabs(r->loss), 1e-300);
}

static int tells(const struct diagnosis_report *r)
{
    return fabs(r->slope) > SURE * r->slope_error || change(r, SURE) < FLAT;
}

static double mean_of(const struct diagnosis_history *h, const double *of, int n)
{
    double sum = 0;
    int known = 0;

    for (int i = 0; i < n; i++)
        if (!isnan(last(h, of, n, i))) {
            sum += last(h, of, n, i);
            known++;
        }
    return known ? sum / known : NAN;
}

static int gradient_vanished(const struct diagnosis_report *r, const struct diagnosis_facts *f)
{
    return r->gradient <= f->tolerance.gradient;
}

static int is_probed(const struct diagnosis_report *r, const struct diagnosis_facts *f)
{
    return !isnan(f->gradient) && f->ago <= (uint64_t)(r->steps > NEAR ? r->steps : NEAR);
}

static int gradient_small(const struct diagnosis_report *r, const struct diagnosis_facts *f)
{
    if (is_probed(r, f))
        return f->gradient <= f->tolerance.gradient;
    return gradient_vanished(r, f) || r->gradient <= SMALL * r->gradient_scale;
}

static int curvature_small(const struct diagnosis_facts *f)
{
    return fmax(fabs(f->highest), fabs(f->lowest)) <= f->tolerance.curvature; /* not when NaN */
}

static enum diagnosis decide(const struct diagnosis_report *r, const struct diagnosis_facts *f)
{
    int moves = fabs(r->slope) > SURE * r->slope_error && change(r, 0) >= FLAT;

    if (moves && r->slope < 0)
        return DIAGNOSIS_FALLING;
    if (moves && change(r, 0) > MUCH)
        return DIAGNOSIS_DIVERGING;
    if (r->cosine < OPPOSED && !gradient_vanished(r, f)) /* what is left of a gradient may well be rounding */
        return DIAGNOSIS_BOUNCING;
    if (gradient_small(r, f))
        return curvature_small(f) ? DIAGNOSIS_PLATEAU : DIAGNOSIS_CRITICAL;
    return DIAGNOSIS_PLATEAU;
}

/* ---- in words ------------------------------------------------------------------------------- */

static const char *reason(const struct diagnosis_report *r, const struct diagnosis_facts *f)
{
    switch (r->verdict) {
    case DIAGNOSIS_CRITICAL:
        return "the loss is flat and the gradient small";
    case DIAGNOSIS_BOUNCING:
        return "the loss is flat and gradients turn round from step to step";
    case DIAGNOSIS_PLATEAU:
        if (gradient_small(r, f))
            return "loss flat, gradient and curvature small";
        return is_probed(r, f) ? "the loss is flat though the probe batch's gradient is not small"
                               : "the loss is flat though the gradient is not small";
    case DIAGNOSIS_DIVERGING:
        return "the loss rises";
    default:
        return "the loss falls";
    }
}

static void tell(struct diagnosis_report *r, const struct diagnosis_facts *f)
{
    char *text = r->evidence;
    int left = sizeof r->evidence, used;

    used = snprintf(text, (size_t)left,
                    "%s: over %d steps slope %.2g ± %.1g a step at loss %.4g, mini-batch |g| = %.3g (largest %.3g)",
                    reason(r, f), r->steps, r->slope, r->slope_error, r->loss, r->gradient, r->gradient_scale);
    if (used < left && is_probed(r, f))
        used += snprintf(text + used, (size_t)(left - used), ", probe batch |g| = %.3g", f->gradient);
    if (used < left && !isnan(r->cosine))
        used += snprintf(text + used, (size_t)(left - used), ", cosine of successive gradients %.2f", r->cosine);
    if (used < left && !isnan(r->sharpness) && !isnan(r->limit))
        snprintf(text + used, (size_t)(left - used), ", η λmax %.3g (limit %.3g)", r->sharpness, r->limit);
    text_short_exponents(text);
}

struct diagnosis_report diagnosis_report(const struct diagnosis_history *h, const struct diagnosis_facts *f)
{
    struct diagnosis_report r = {.loss = NAN, .slope = NAN, .slope_error = NAN, .gradient = NAN, .cosine = NAN};
    int all = h->steps < DIAGNOSIS_WINDOW ? (int)h->steps : DIAGNOSIS_WINDOW;

    r.gradient_scale = h->scale;
    r.sharpness = f->sharpness;
    r.limit = f->limit;
    if (h->not_finite) {
        r.verdict = DIAGNOSIS_DIVERGING;
        snprintf(r.evidence, sizeof r.evidence, "loss or gradient of the step was not finite");
        return r;
    }
    if (all < DIAGNOSIS_LEAST) {
        snprintf(r.evidence, sizeof r.evidence, "%d steps so far, %d are needed", all, DIAGNOSIS_LEAST);
        return r;
    }
    for (int n = DIAGNOSIS_LEAST;; n = 2 * n < all ? 2 * n : all) {
        fit_line(h, n, &r);
        if (n == all || tells(&r))
            break;
    }
    r.gradient = mean_of(h, h->gradient, r.steps);
    r.cosine = mean_of(h, h->cosine, r.steps);
    r.verdict = decide(&r, f);
    tell(&r, f);
    return r;
}
