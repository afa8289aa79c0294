/* SPDX-License-Identifier: MIT */
/* MSE against cross-entropy on softmax outputs (Lee, "Classification", 2021): both over the logits y1 and y2, with
 * y3 = −1000 and target (1, 0, 0), and gradient descent on both from one point until p1 is large. Far from the target the
 * gradient of MSE vanishes, that of cross-entropy does not. The surfaces are those of the race (race/surface-softmax.c). */
#ifndef SADDLE_LECTURE_LOSS_DESCENT_H
#define SADDLE_LECTURE_LOSS_DESCENT_H

#include <stdint.h>

#include "core/err.h"
#include "race/surface.h"

enum plane_loss { PLANE_MSE, PLANE_CROSS_ENTROPY, PLANE_LOSSES };

/* Both logits lie in [−PLANE_END, PLANE_END]. */
enum { PLANE_END = 10 };

/* From (−10, 10) MSE needs 121,291,340 steps at a rate of .5: a few seconds. */
#define LOSS_DESCENT_MOST UINT64_C(1000000000)

struct plane_point {
    double p;           /* of the true class */
    double loss, gradient[2], norm; /* norm: |gradient| */
};

/* "MSE", "cross-entropy" */
const char *plane_loss_title(enum plane_loss which);
const struct surface *plane_loss_surface(enum plane_loss which);
struct plane_point plane_point_at(enum plane_loss which, double y1, double y2);

/* "-7,5" or "-7 5": ERR_USAGE when it is no point of the plane. */
int plane_point_parse(const char *text, double y[2], struct err *e);
/* A number above 0 and at most `most`. */
int plane_number_parse(const char *what, const char *text, double most, double *number, struct err *e);
enum { PLANE_RATE_MOST = 100 };

struct loss_descent {
    enum plane_loss which;
    double rate, goal;  /* it arrives when p1 > goal */
    double start[2], y[2];
    uint64_t steps;
    int arrived;
};

/* At the start: it has arrived if p1 > goal there. */
void loss_descent_begin(struct loss_descent *d, enum plane_loss which, double y1, double y2, double rate, double goal);
/* At most so many steps more, some 10 ns each; returns whether it has arrived. */
int loss_descent_run(struct loss_descent *d, uint64_t most);

#endif
