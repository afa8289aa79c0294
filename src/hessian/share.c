/* SPDX-License-Identifier: MIT */
#include "hessian/share.h"

#include <stdlib.h>

#include "math/eigen.h"

/* ---- one random vector ---------------------------------------------------------------------- */

struct rule { /* a quadrature's weight: below a place, at it, above it */
    double below, at, above;
};

static void put(struct rule *r, double value, double place, double weight)
{
    if (value > place)
        r->above += weight;
    else
        r->below += weight;
}

static struct rule gauss(const struct lanczos_steps *l, double place)
{
    struct rule r = {0};

    for (int i = 0; i < l->count; i++) {
        double first = l->vector[(size_t)i * (size_t)l->count];
        put(&r, l->value[i], place, first * first);
    }
    return r;
}

/* The last diagonal element that makes `place` an eigenvalue: place + β² eᵀ(T − place)⁻¹e, e the last unit vector. */
static double radau_element(const struct lanczos_steps *l, double place)
{
    size_t k = (size_t)l->count;
    double sum = 0, most = fmax(fabs(l->value[0]), fabs(l->value[k - 1]));

    for (size_t i = 0; i < k; i++) {
        double last = l->vector[i * k + k - 1], away = l->value[i] - place;
        if (fabs(away) < 1e-14 * most)
            away = copysign(1e-14 * most, away);
        sum += last * last / away;
    }
    return place + l->next * l->next * sum;
}

static int radau(const struct lanczos_steps *l, double place, struct rule *r, struct err *e)
{
    size_t k = (size_t)l->count, n = k + 1;
    double *a = calloc(n * n + n, sizeof *a), *value = a ? a + n * n : NULL;
    size_t nearest = 0;
    int result;

    if (!a)
        return err_memory(e, "a quadrature", sizeof *a * n * n);
    for (size_t i = 0; i < k; i++) {
        a[i * n + i] = l->t[i * k + i];
        if (i > 0)
            a[i * n + i - 1] = l->t[i * k + i - 1];
    }
    a[k * n + k - 1] = l->next;
    a[k * n + k] = radau_element(l, place);
    result = eigen_symmetric((int)n, a, value, 1, e);
    for (size_t i = 0; i < n; i++)
        nearest = fabs(value[i] - place) < fabs(value[nearest] - place) ? i : nearest;
    *r = (struct rule){0};
    for (size_t i = 0; i < n; i++) {
        double weight = a[i * n] * a[i * n];
        *(i < nearest ? &r->below : i > nearest ? &r->above : &r->at) += weight;
    }
    free(a);
    return result;
}

static int rule_at(const struct lanczos_steps *l, double place, struct rule *r, struct err *e)
{
    if (l->next > 0)
        return radau(l, place, r, e);
    *r = gauss(l, place);
    return 0;
}

int share_sample_take(const struct lanczos_steps *l, double zero, struct share_sample *s, struct err *e)
{
    struct rule up, down;
    int r = rule_at(l, zero, &up, e);

    if (r == 0)
        r = rule_at(l, -zero, &down, e);
    if (r)
        return r;
    *s = (struct share_sample){.positive = up.above + up.at / 2, .positive_half = up.at / 2,
                               .negative = down.below + down.at / 2, .negative_half = down.at / 2};
    return 0;
}

/* ---- their mean ----------------------------------------------------------------------------- */

/* Of `count` numbers with this sum of squared deviations from their mean. */
static double standard_error(double squares, int count)
{
    return count > 1 ? sqrt(squares / count / (count - 1)) : 0;
}

static struct share mean_of(int samples, const double *value, const double *half, size_t stride, int64_t n)
{
    struct share s = {0};
    double squares = 0;

    for (int i = 0; i < samples; i++) {
        s.value += value[(size_t)i * stride] / samples;
        s.truncation += half[(size_t)i * stride] / samples;
    }
    for (int i = 0; i < samples; i++)
        squares += pow(value[(size_t)i * stride] - s.value, 2);
    s.sampling = fmax(standard_error(squares, samples), sqrt(2 * fmin(s.value, 1 - s.value) / (double)n / samples));
    return s;
}

/* positive / (positive + negative): the first order of its deviations, and the bounds that both shares leave. */
static struct share ratio_of(int samples, const struct share_sample *s, const struct shares *of, int64_t n)
{
    double p = of->positive.value, m = of->negative.value, sum = p + m, squares = 0;
    double low_p = fmax(p - of->positive.truncation, 0), high_p = p + of->positive.truncation;
    double low_m = fmax(m - of->negative.truncation, 0), high_m = m + of->negative.truncation;
    struct share r = {.value = p / sum};

    if (!(sum > 0))
        return (struct share){NAN, NAN, NAN};
    for (int i = 0; i < samples; i++)
        squares += pow((s[i].positive - r.value * (s[i].positive + s[i].negative)) / sum, 2);
    r.sampling = fmax(standard_error(squares, samples), sqrt(2 * fmin(r.value, 1 - r.value) / (sum * (double)n) / samples));
    r.truncation = fmax(high_p / (high_p + low_m) - r.value, r.value - low_p / fmax(low_p + high_m, 1e-300));
    return r;
}

struct shares share_mean(int samples, const struct share_sample *s, int64_t n, double zero)
{
    size_t stride = sizeof *s / sizeof(double);
    struct shares all = {.known = 1, .zero = zero};

    all.positive = mean_of(samples, &s->positive, &s->positive_half, stride, n);
    all.negative = mean_of(samples, &s->negative, &s->negative_half, stride, n);
    all.of_signed = ratio_of(samples, s, &all, n);
    return all;
}

struct shares share_count(int n, const double *value, double zero)
{
    struct shares all = {.known = 1, .zero = zero};

    for (int i = 0; i < n; i++) {
        all.positive.value += value[i] > zero ? 1. / n : 0;
        all.negative.value += value[i] < -zero ? 1. / n : 0;
    }
    all.of_signed.value = all.positive.value / (all.positive.value + all.negative.value);
    return all;
}
