/* SPDX-License-Identifier: MIT */
/* Double throughout: a few hundred utterances take seconds either way, and the figures do not depend
 * on the order of sums. */
#include "data/mfcc.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "data/audio.h"

enum { POINTS = 512, POINTS_LOG2 = 9, BINS = POINTS / 2, FILTERS = 23 };

static const double pi = 3.14159265358979323846;

struct mfcc {
    double window[MFCC_WINDOW];
    double filter[FILTERS][BINS];        /* the Nyquist bin is the last triangle's foot: weight 0 */
    double dct[MFCC_BASE][FILTERS];      /* the lifter included */
    double _Complex twiddle[POINTS / 2]; /* exp(−2πik/512) */
    int reversed[POINTS];
};

static double mel(double hertz)
{
    return 1127 * log(1 + hertz / 700);
}

static void make_filters(struct mfcc *m)
{
    double low = mel(20), step = (mel(8000) - low) / (FILTERS + 1);

    for (int f = 0; f < FILTERS; f++) {
        for (int b = 0; b < BINS; b++) {
            double peak = low + (f + 1) * step;
            double away = fabs(mel((double)AUDIO_RATE / POINTS * b) - peak) / step;
            m->filter[f][b] = away < 1 ? 1 - away : 0;
        }
    }
}

static void make_dct(struct mfcc *m)
{
    for (int k = 0; k < MFCC_BASE; k++) {
        double scale = sqrt((k == 0 ? 1. : 2.) / FILTERS) * (1 + 11 * sin(pi * k / 22));
        for (int f = 0; f < FILTERS; f++)
            m->dct[k][f] = scale * cos(pi * k * (f + .5) / FILTERS);
    }
}

static void make_fourier(struct mfcc *m)
{
    for (int k = 0; k < POINTS / 2; k++)
        m->twiddle[k] = cexp(-2 * pi * I * k / POINTS);
    for (int i = 0; i < POINTS; i++)
        for (int bit = 0; bit < POINTS_LOG2; bit++)
            m->reversed[i] |= (i >> bit & 1) << (POINTS_LOG2 - 1 - bit);
}

struct mfcc *mfcc_new(void)
{
    struct mfcc *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    for (int i = 0; i < MFCC_WINDOW; i++)
        m->window[i] = pow(.5 - .5 * cos(2 * pi * i / (MFCC_WINDOW - 1)), .85);
    make_filters(m);
    make_dct(m);
    make_fourier(m);
    return m;
}

void mfcc_free(struct mfcc *m)
{
    free(m);
}

int64_t mfcc_frames(int64_t samples)
{
    return samples < MFCC_WINDOW ? 0 : 1 + (samples - MFCC_WINDOW) / MFCC_HOP;
}

/* The frame, prepared, zero-padded and in bit-reversed order. */
static void prepare(const struct mfcc *m, const float *samples, double _Complex *x)
{
    double mean = 0;

    for (int i = 0; i < MFCC_WINDOW; i++)
        mean += samples[i];
    mean /= MFCC_WINDOW;
    for (int i = 0; i < MFCC_WINDOW; i++) {
        double now = samples[i] - mean, before = samples[i > 0 ? i - 1 : 0] - mean;
        x[m->reversed[i]] = m->window[i] * (now - .97 * before);
    }
    for (int i = MFCC_WINDOW; i < POINTS; i++)
        x[m->reversed[i]] = 0;
}

/* Radix 2, decimation in time, in place (J. W. Cooley, J. W. Tukey 1965). */
static void fourier(const struct mfcc *m, double _Complex *x)
{
    for (int half = 1; half < POINTS; half *= 2) {
        for (int start = 0; start < POINTS; start += 2 * half) {
            for (int k = 0; k < half; k++) {
                double _Complex *even = x + start + k, *odd = even + half;
                double _Complex turned = *odd * m->twiddle[k * (POINTS / 2 / half)];
                *odd = *even - turned;
                *even += turned;
            }
        }
    }
}

static void cepstrum(const struct mfcc *m, const float *samples, float *out)
{
    double _Complex x[POINTS];
    double power[BINS], logs[FILTERS];

    prepare(m, samples, x);
    fourier(m, x);
    for (int b = 0; b < BINS; b++)
        power[b] = creal(x[b]) * creal(x[b]) + cimag(x[b]) * cimag(x[b]);
    for (int f = 0; f < FILTERS; f++) {
        double sum = 0;
        for (int b = 0; b < BINS; b++)
            sum += m->filter[f][b] * power[b];
        logs[f] = log(fmax(sum, FLT_EPSILON));
    }
    for (int k = 0; k < MFCC_BASE; k++) {
        double sum = 0;
        for (int f = 0; f < FILTERS; f++)
            sum += m->dct[k][f] * logs[f];
        out[k] = (float)sum;
    }
}

/* Columns `from` … from + 12 give columns from + 13 …. */
static void deltas(float *features, int64_t frames, int from)
{
    for (int64_t t = 0; t < frames; t++) {
        const float *near[5];
        float *out = features + t * MFCC_DIMS + from + MFCC_BASE;
        for (int n = -2; n <= 2; n++) {
            int64_t at = t + n < 0 ? 0 : t + n >= frames ? frames - 1 : t + n;
            near[n + 2] = features + at * MFCC_DIMS + from;
        }
        for (int k = 0; k < MFCC_BASE; k++)
            out[k] = (near[3][k] - near[1][k] + 2 * (near[4][k] - near[0][k])) / 10;
    }
}

void mfcc_compute(const struct mfcc *m, const float *samples, int64_t count, float *features)
{
    int64_t frames = mfcc_frames(count);

    for (int64_t t = 0; t < frames; t++)
        cepstrum(m, samples + t * MFCC_HOP, features + t * MFCC_DIMS);
    deltas(features, frames, 0);
    deltas(features, frames, MFCC_BASE);
}

/* Below this spread (the values are logarithms, of order 1 … 100) a column holds rounding only. */
static const double constant_spread = 1e-5;

static void normalise_column(float *column, int64_t frames)
{
    double mean = 0, square = 0, spread;

    for (int64_t t = 0; t < frames; t++)
        mean += column[t * MFCC_DIMS];
    mean /= (double)frames;
    for (int64_t t = 0; t < frames; t++) {
        double off = column[t * MFCC_DIMS] - mean;
        square += off * off;
    }
    spread = frames > 1 ? sqrt(square / (double)(frames - 1)) : 0;
    for (int64_t t = 0; t < frames; t++) {
        float *v = column + t * MFCC_DIMS;
        *v = spread > constant_spread ? (float)((*v - mean) / spread) : 0;
    }
}

void mfcc_normalise(float *features, int64_t frames)
{
    for (int k = 0; k < MFCC_DIMS; k++)
        normalise_column(features + k, frames);
}
