/* Is the run stuck, and on what? A loss that does not fall has several causes, which look alike on its curve
 * and want different cures: at a critical point the gradient has gone; in a valley too steep for the learning
 * rate it turns round at every step and is not small at all. A pure function of the last steps.
 *
 * Gradients of the steps are of mini-batches: small is relative to the run's largest. Where a probe has looked during
 * the stretch, |g| of its batch decides by the verdict's own tolerance, so that the two do not contradict. */
#ifndef SADDLE_LAB_STUCK_H
#define SADDLE_LAB_STUCK_H

#include <stdint.h>

#include "hessian/verdict.h"

enum stuck {
    STUCK_UNKNOWN,   /* too few steps to tell */
    STUCK_FALLING,   /* not stuck */
    STUCK_CRITICAL,  /* loss flat, gradient small, curvature not (or not known) */
    STUCK_BOUNCING,  /* loss flat, successive gradients oppose each other */
    STUCK_PLATEAU,   /* loss flat; gradient and curvature small, or gradients that agree on no direction */
    STUCK_DIVERGING, /* the loss rises by much, or is not finite */
    STUCK_COUNT
};

enum { STUCK_WINDOW = 1024, STUCK_LEAST = 16 }; /* steps kept; fewer than the least say nothing */

struct stuck_history { /* plain data; zeroed: no steps */
    uint64_t steps;                /* seen since it was begun; number i is at i % STUCK_WINDOW */
    double loss[STUCK_WINDOW];
    double gradient[STUCK_WINDOW]; /* norm, before clipping */
    double cosine[STUCK_WINDOW];   /* with the gradient of the step before; NaN: not known */
    double smoothed, scale;        /* the norm smoothed over some ten steps, and the largest that was */
    int not_finite;                /* the step after the last was not applied */
};

struct stuck_facts {
    struct verdict_tolerance tolerance;
    double highest, lowest;  /* eigenvalues of the last probe when it is recent; else NaN, as … */
    double sharpness, limit; /* … η λmax and the optimizer's limit of it */
    double gradient;         /* … |g| of its batch, and … */
    uint64_t ago;            /* … how many steps ago that was */
};

struct stuck_report {
    enum stuck verdict;
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
const char *stuck_name(enum stuck s);
/* A step was applied. */
void stuck_note(struct stuck_history *h, double loss, double gradient_norm, double cosine);
/* A step was not finite, and not applied. */
void stuck_note_divergence(struct stuck_history *h);
struct stuck_report stuck_report(const struct stuck_history *h, const struct stuck_facts *f);

#endif
