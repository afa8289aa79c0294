/* SPDX-License-Identifier: MIT */
/* Result of the search for a point's ε-sharpness (sharpness.h). */
#ifndef SADDLE_LANDSCAPE_SHARPNESS_REPORT_H
#define SADDLE_LANDSCAPE_SHARPNESS_REPORT_H

#define SHARPNESS_EPSILON 1e-3
enum { SHARPNESS_STEPS = 20, SHARPNESS_HALVINGS = 4 };

struct sharpness_report {
    double epsilon, percent; /* φ; infinite where f in the box is not finite */
    double loss, highest;    /* f at the point, and the largest found in the box */
    int gradients;           /* that it took */
    int settled;             /* every climb ended where the linear model sees no more to gain */
};

#endif
