/* SPDX-License-Identifier: MIT */
#include "draw/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"

static const double progress_ends[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
static const double log_ends[] = {1, 1.5, 2, 3, 5, 7, 10};
static const double steady_ends[] = {1, 2, 5, 10};

/* The least step 1, 2 or 5 × 10^k that is not below x. */
static double round_step(double x)
{
    double power = pow(10, floor(log10(x))), m = x / power;

    return power * (m <= 1.0000001 ? 1 : m <= 2.0000001 ? 2 : m <= 5.0000001 ? 5 : 10);
}

static double up_the_grid(const double *grid, int n, double x)
{
    double power = pow(10, floor(log10(x)));

    for (int i = 0; i < n; i++)
        if (grid[i] * power >= x * (1 - 1e-9))
            return grid[i] * power;
    return 10 * power;
}

static double down_the_grid(const double *grid, int n, double x)
{
    double power = pow(10, floor(log10(x)));

    for (int i = n; i-- > 0;)
        if (grid[i] * power <= x * (1 + 1e-9))
            return grid[i] * power;
    return power;
}

static void fit_log(struct axis *a, const double *ends, int n, double lo, double hi)
{
    if (!(hi > 0))
        lo = .1, hi = 1;
    /* All of a divergence is shown, however many decades it climbs; of what vanishes, twelve. */
    if (!(lo > 0))
        lo = hi * 1e-3;
    lo = fmax(lo, fmin(hi, 1) * 1e-12);
    a->lo = down_the_grid(ends, n, lo);
    a->hi = up_the_grid(ends, n, hi);
    if (a->hi <= a->lo * 1.0001)
        a->hi = up_the_grid(ends, n, a->lo * 1.1);
}

/* sign(v) log(1 + |v| / c): about v / c near zero, a logarithm far from it, smooth between. */
static double symlog(const struct axis *a, double v)
{
    return copysign(log1p(fabs(v) / a->linear), v);
}

/* Zero is always in it; the ends are round, and so near to zero as the linear part. */
static void fit_symlog(struct axis *a, double lo, double hi)
{
    int n = sizeof log_ends / sizeof *log_ends;

    a->hi = hi > 0 ? up_the_grid(log_ends, n, fmax(hi, a->linear)) : 0;
    a->lo = lo < 0 ? -up_the_grid(log_ends, n, fmax(-lo, a->linear)) : 0;
    if (a->hi == a->lo)
        a->hi = up_the_grid(log_ends, n, a->linear);
}

void axis_fit(struct axis *a, double lo, double hi)
{
    double step;

    if (!isfinite(lo) || !isfinite(hi) || hi < lo)
        lo = a->log ? .1 : 0, hi = 1;
    if (a->log) {
        fit_log(a, log_ends, sizeof log_ends / sizeof *log_ends, lo, hi);
        return;
    }
    if (a->linear > 0) {
        fit_symlog(a, lo, hi);
        return;
    }
    if (hi - lo < fabs(hi) * 1e-6 || hi == lo) {
        double half = hi != 0 ? fabs(hi) * .05 : .5;
        lo -= half, hi += half;
    }
    step = round_step((hi - lo) / 8);
    a->lo = floor(lo / step + 1e-9) * step;
    a->hi = ceil(hi / step - 1e-9) * step;
}

void axis_fit_steady(struct axis *a, double lo, double hi)
{
    const double LEAST = 10;  /* hi / lo */
    const double SAME = 1e-6; /* a float that stands for 0.001 is a little more */
    int n = sizeof steady_ends / sizeof *steady_ends;

    if (a->linear > 0 || !isfinite(lo) || !isfinite(hi) || hi < lo) {
        axis_fit(a, lo, hi);
        return;
    }
    lo *= lo > 0 ? 1 + SAME : 1 - SAME;
    hi *= hi > 0 ? 1 - SAME : 1 + SAME;
    if (a->log) {
        fit_log(a, steady_ends, n, lo, hi);
        while (a->hi < a->lo * LEAST * .9999)
            a->lo = down_the_grid(steady_ends, n, a->lo * .9);
        return;
    }
    a->lo = lo < 0 ? -up_the_grid(steady_ends, n, -lo) : 0;
    a->hi = hi > 0 ? up_the_grid(steady_ends, n, hi) : lo < 0 ? 0 : 1;
}

void axis_fit_growing(struct axis *a, double hi, double least, int rare)
{
    enum { FEW = 3 };
    static const double first[2][FEW] = {{10. / 3, 3, 2.5}, {10. / 3, 4, 3.75}}; /* 30, 100, 300, 750, 1500; 30, 100, 400, 1500 */

    a->log = 0;
    a->lo = 0;
    a->hi = least > 0 ? least : 1;
    for (int i = 0; isfinite(hi) && a->hi < hi * (1 - 1e-9); i++)
        a->hi *= i < FEW ? first[rare][i] : 2;
}

void axis_fit_progress(struct axis *a, double hi)
{
    a->log = 0;
    a->lo = 0;
    a->hi = hi > 0 && isfinite(hi) ? up_the_grid(progress_ends, sizeof progress_ends / sizeof *progress_ends, hi) : 1;
}

double axis_place(const struct axis *a, double v)
{
    if (a->log)
        return v > 0 ? log(v / a->lo) / log(a->hi / a->lo) : NAN;
    if (a->linear > 0)
        return (symlog(a, v) - symlog(a, a->lo)) / (symlog(a, a->hi) - symlog(a, a->lo));
    return (v - a->lo) / (a->hi - a->lo);
}

double axis_value(const struct axis *a, double place)
{
    double t;

    if (a->log)
        return a->lo * pow(a->hi / a->lo, place);
    if (!(a->linear > 0))
        return a->lo + (a->hi - a->lo) * place;
    t = symlog(a, a->lo) + (symlog(a, a->hi) - symlog(a, a->lo)) * place;
    return copysign(a->linear * expm1(fabs(t)), t);
}

static int stepped_ticks(double lo, double hi, double step, int want, double *out)
{
    double first = ceil(lo / step - 1e-9);
    int n = 0;

    for (int i = 0; i < AXIS_TICKS; i++) {
        double v = (first + i) * step;
        if (v > hi + step * 1e-6 || n == want)
            break;
        out[n++] = fabs(v) < step * 1e-9 ? 0 : v;
    }
    return n;
}

/* A step so wide that one tick is left gives way to the widest with two. */
static int even_ticks(const struct axis *a, int want, double *out)
{
    double least = a->whole ? 1 : 0, step = fmax(least, round_step((a->hi - a->lo) / (want > 1 ? want - 1 : 1) * .9999));
    int n = stepped_ticks(a->lo, a->hi, step, want, out);

    for (int narrower = 0; n < 2 && want > 1 && narrower < 3; narrower++) {
        step = fmax(least, round_step(step / 2.5));
        n = stepped_ticks(a->lo, a->hi, step, want, out);
    }
    return n;
}

static int log_ticks(const struct axis *a, const double *grid, int n, int stride, double *out)
{
    int first = (int)floor(log10(a->lo) + 1e-9), last = (int)ceil(log10(a->hi) - 1e-9), count = 0;

    first -= ((first % stride) + stride) % stride; /* powers that the stride divides: 1e0, 1e10 */
    for (int k = first; k <= last; k += stride)
        for (int i = 0; i < n; i++) {
            double v = grid[i] * pow(10, k);
            if (v < a->lo * (1 - 1e-9) || v > a->hi * (1 + 1e-9))
                continue;
            if (count == AXIS_TICKS)
                return AXIS_TICKS + 1;
            out[count++] = v;
        }
    return count;
}

static int choose_log_ticks(const struct axis *a, int want, double *out)
{
    static const struct {
        double grid[6];
        int n, stride;
    } sets[] = {
        {{1, 1.5, 2, 3, 5, 7}, 6, 1}, {{1, 2, 5}, 3, 1}, {{1, 3}, 2, 1}, {{1}, 1, 1}, {{1}, 1, 2}, {{1}, 1, 3}, {{1}, 1, 5},
        {{1}, 1, 10}, {{1}, 1, 20}, {{1}, 1, 50}, {{1}, 1, 100},
    };
    int n = 0;

    for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) {
        n = log_ticks(a, sets[i].grid, sets[i].n, sets[i].stride, out);
        if (n <= want)
            break;
    }
    /* Within less than a decade even steps say more than two lonely powers. */
    if (a->hi / a->lo > 10 || (n >= 2 && (a->hi / a->lo > 4 || 2 * n >= want)))
        return n < want ? n : want;
    return even_ticks(a, want, out);
}

/* Zero, and every stride-th power of ten on both sides, the largest among them. */
static int powers_both_ways(const struct axis *a, int first, int last, int stride, double *out)
{
    int count = 0;

    first = last - (last - first) / stride * stride;
    for (int k = last; k >= first && count < AXIS_TICKS; k -= stride)
        if (pow(10, k) <= -a->lo * 1.000001)
            out[count++] = -pow(10, k);
    if (count < AXIS_TICKS)
        out[count++] = 0;
    for (int k = first; k <= last && count < AXIS_TICKS; k += stride)
        if (pow(10, k) <= a->hi * 1.000001)
            out[count++] = pow(10, k);
    return count;
}

static int symlog_ticks(const struct axis *a, int want, double *out)
{
    double most = fmax(a->hi, -a->lo);
    int last = (int)floor(log10(most) + 1e-9), first = (int)ceil(log10(a->linear) + .7), count; /* the nearer ones crowd about zero */

    if (first > last)
        first = last;
    for (int stride = 1;; stride++) {
        count = powers_both_ways(a, first, last, stride, out);
        if (count <= want || stride > last - first)
            break;
    }
    if (count > want)
        out[0] = 0;
    return count <= want ? count : 1;
}

int axis_ticks(const struct axis *a, int want, double out[AXIS_TICKS])
{
    if (want > AXIS_TICKS)
        want = AXIS_TICKS;
    if (want < 1 || a->bare || !(a->hi > a->lo) || !isfinite(a->hi - a->lo))
        return 0;
    if (a->linear > 0)
        return symlog_ticks(a, want, out);
    return a->log ? choose_log_ticks(a, want, out) : even_ticks(a, want, out);
}

/* Decimals that tell neighbouring ticks apart. */
static int decimals_of(const double *ticks, int count)
{
    for (int decimals = 0; decimals < 6; decimals++) {
        double power = pow(10, decimals);
        int exact = 1;
        for (int i = 0; i < count; i++)
            exact &= fabs(ticks[i] * power - round(ticks[i] * power)) < 1e-6 * power * fabs(ticks[i]) + 1e-9;
        if (exact)
            return decimals;
    }
    return 6;
}

void axis_label(const struct axis *a, const double *ticks, int count, int i, char *out, size_t size)
{
    double v = ticks[i], most = 0;
    int decimals;

    for (int k = 0; k < count; k++)
        most = fmax(most, fabs(ticks[k]));
    if (a->log && most >= 1e6 && v >= 1000) { /* decades read as powers */
        int power = (int)floor(log10(v) + 1e-9);
        snprintf(out, size, "%.2ge%d", v / pow(10, power), power);
        return;
    }
    if (a->log || a->linear > 0 || most >= 1000 || (most < 1e-2 && most > 0)) {
        number_short(out, size, v);
        return;
    }
    decimals = decimals_of(ticks, count);
    snprintf(out, size, "%.*f", decimals, v);
    if (v == 0)
        snprintf(out, size, "0");
    else if (a->share && strncmp(out, "0.", 2) == 0)
        memmove(out, out + 1, strlen(out));
}
