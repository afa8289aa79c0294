/* SPDX-License-Identifier: MIT */
/* The kind of point, with its evidence in words.
 *
 * "Gradient near zero" means |g| ≤ a tolerance that is shown; otherwise the point is not critical, however flat
 * the loss curve looks. An eigenvalue counts as positive or negative when |λ| exceeds a share of the largest |λ|,
 * which is shown too: most eigenvalues of a network are zero but for rounding, and a ratio that hides them says
 * little. So the minimum ratio comes with both denominators, and a point without negative eigenvalues is like a
 * minimum only if fewer than half of the known ones are zero; else it is flat. */
#ifndef SADDLE_HESSIAN_VERDICT_H
#define SADDLE_HESSIAN_VERDICT_H

#include <stddef.h>
#include <stdint.h>

enum verdict { VERDICT_SLOPE, VERDICT_PLATEAU, VERDICT_SADDLE, VERDICT_MINIMUM, VERDICT_FLAT, VERDICT_COUNT };

struct verdict_tolerance {
    double gradient;  /* |g| of a critical point is at most this */
    double curvature; /* max |λ| of a plateau is at most this */
    double zero;      /* |λ| ≤ this · max |λ| is zero */
};
#define VERDICT_TOLERANCE ((struct verdict_tolerance){.gradient = 1e-2, .curvature = 1e-3, .zero = 1e-4})

struct verdict_facts {
    double gradient_norm;
    double gradient_curvature; /* gᵀHg / |g|²; NaN where g = 0 */
    int64_t n;                 /* parameters */
    int values;                /* eigenvalues known: all n of them, or those of both ends */
    /* [values] ascending. Of a part of the spectrum, Rayleigh quotients of orthogonal vectors, converged or
     * not: as many negative ones, so many negative eigenvalues there are at least (Cauchy's interlacing). */
    const double *value;
};

struct verdict_report {
    enum verdict verdict;
    struct verdict_tolerance tolerance;
    double zero;                       /* the tolerance as a number: eigenvalues within ± this are zero */
    int64_t positive, negative, zeros; /* among the values */
    int whole;                         /* the counts are of the whole spectrum, else "at least" */
    double ratio_all;                  /* positive / all, and … */
    double ratio_signed;               /* … positive / (positive + negative); NaN unless whole */
    double lowest, highest;            /* λmin, λmax */
    double asymmetry;                  /* |λmin| / λmax where λmin < 0, else 0; NaN where λmax ≤ 0 */
    char evidence[400];                /* a sentence with the figures */
};

/* "slope", "plateau", "saddle", "minimum-like", "flat". */
const char *verdict_name(enum verdict v);
/* "saddle with at least 5 descending directions" */
void verdict_words(const struct verdict_report *r, char *text, size_t size);
/* A slope with negative curvature whose gradient is within ten times the tolerance: with a larger batch, or a larger
 * tolerance, it may turn out to be a saddle. */
int verdict_may_be_noise(const struct verdict_report *r, double gradient_norm);
struct verdict_report verdict_of(const struct verdict_facts *f, struct verdict_tolerance tolerance);

#endif
