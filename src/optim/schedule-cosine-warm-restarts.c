/* SPDX-License-Identifier: MIT */
/* Cosine annealing with warm restarts (SGDR, Loshchilov and Hutter 2017): cycles of length T₀, T₀m,
 * T₀m², …; at u into a cycle of length T
 *   η = η_min + (η₀ − η_min)(1 + cos(π u/T))/2. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    double length = a->T_0, into;

    if (!(a->T_0 > 0))
        return a->eta_min;
    if (a->T_mult > 1) {
        /* cycle k begins at T₀ (mᵏ − 1)/(m − 1); rounding may land one cycle off */
        double k = floor(log1p(t / a->T_0 * (a->T_mult - 1)) / log(a->T_mult));
        double begin = a->T_0 * (pow(a->T_mult, k) - 1) / (a->T_mult - 1);
        length = a->T_0 * pow(a->T_mult, k);
        if (t >= begin + length) {
            begin += length;
            length *= a->T_mult;
        } else if (t < begin) {
            length /= a->T_mult;
            begin -= length;
        }
        into = t - begin;
    } else {
        into = fmod(t, length);
    }
    return a->eta_min + (base - a->eta_min) * (1 + cos(M_PI * into / length)) / 2;
}

const struct schedule schedule_cosine_warm_restarts = {
    .name = "cosine_warm_restarts",
    .title = "cosine, warm restarts",
    .rate = rate,
    .reads = "T_0 T_mult eta_min",
};
