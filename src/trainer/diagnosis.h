/* SPDX-License-Identifier: MIT */
/* Is the run stuck, and on what? A loss that does not fall has several causes, which look alike on its curve
 * and want different cures: at a critical point the gradient has gone; in a valley too steep for the learning
 * rate it turns round at every step and is not small at all. A pure function of the last steps.
 *
 * Gradients of the steps are of mini-batches: small is relative to the run's largest. Where a probe has looked during
 * the stretch, |g| of its batch decides by the verdict's own tolerance, so that the two do not contradict. */
#ifndef SADDLE_TRAINER_DIAGNOSIS_H
#define SADDLE_TRAINER_DIAGNOSIS_H

#include <stdint.h>

#include "hessian/verdict.h"

enum diagnosis {
    DIAGNOSIS_UNKNOWN,   /* too few steps to tell */
    DIAGNOSIS_FALLING,   /* not stuck */
    DIAGNOSIS_CRITICAL,  /* loss flat, gradient small, curvature not (or not known) */
    DIAGNOSIS_BOUNCING,  /* loss flat, successive gradients oppose each other */
    DIAGNOSIS_PLATEAU,   /* loss flat; gradient and curvature small, or gradients that agree on no direction */
    DIAGNOSIS_DIVERGING, /* the loss rises by much, or is not finite */
    DIAGNOSIS_COUNT
};

enum { DIAGNOSIS_WINDOW = 1024, DIAGNOSIS_LEAST = 16 }; /* steps kept; fewer than the least say nothing */

struct diagnosis_history { /* plain data; zeroed: no steps */
    uint64_t steps;                /* seen since it was begun; number i is at i % DIAGNOSIS_WINDOW */
    double loss[DIAGNOSIS_WINDOW];
    double gradient[DIAGNOSIS_WINDOW]; /* norm, before clipping */
    double cosine[DIAGNOSIS_WINDOW];   /* with the gradient of the step before; NaN: not known */
    double smoothed, scale;        /* the norm smoothed over some ten steps, and the largest that was */
    int not_finite;                /* the step after the last was not applied */
};

struct diagnosis_facts {
    struct verdict_tolerance tolerance;
    double highest, lowest;  /* eigenvalues of the last probe when it is recent; else NaN, as … */
    double sharpness, limit; /* … η λmax and the optimizer's limit of it */
    double gradient;         /* … |g| of its batch, and … */
    uint64_t ago;            /* … how many steps ago that was */
};

struct diagnosis_report {
    enum diagnosis verdict;
    int steps;                   /* the stretch looked at: the shortest up to now that tells a fall from noise */
    double loss;                 /* mean */
    double slope, slope_error;   /* of a line through the losses, a step; its standard error */
    double gradient;             /* mean norm */
    double gradient_scale;       /* the largest that the smoothed norm has been in this run */
    double cosine;               /* mean of the cosines of successive gradients; NaN: not known */
    double sharpness, limit;     /* as in the facts */
    char evidence[320];          /* a sentence with the figures */
};

/* "critical point", "bouncing between walls", "plateau", "divergence", "still falling", "too early to tell". */
const char *diagnosis_name(enum diagnosis s);
/* A step was applied. */
void diagnosis_note(struct diagnosis_history *h, double loss, double gradient_norm, double cosine);
/* A step was not finite, and not applied. */
void diagnosis_note_divergence(struct diagnosis_history *h);
struct diagnosis_report diagnosis_report(const struct diagnosis_history *h, const struct diagnosis_facts *f);

#endif
