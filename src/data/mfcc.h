/* SPDX-License-Identifier: MIT */
/* Mel-frequency cepstral coefficients: what the homework's frames are, from samples.
 *
 * S. B. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word
 * recognition in continuously spoken sentences", IEEE Trans. ASSP 28(4), 1980. The constants are
 * those of the Kaldi recognizer's default front end (D. Povey et al., "The Kaldi speech recognition
 * toolkit", ASRU 2011), without dither and with c0 rather than the frame's energy in the first place.
 *
 * A frame is 25 ms of 16 kHz speech, a new one every 10 ms, none reaching beyond the samples:
 *   1. its mean is removed; x[i] −= .97 x[i−1], the first sample taken as its own predecessor;
 *      times the window (½ − ½ cos(2πi/399))^.85
 *   2. zero-padded to 512 points, power spectrum |X|²
 *   3. 23 triangles, evenly spaced and half overlapping from 20 to 8000 Hz on the mel scale
 *      1127 ln(1 + f/700) and linear in it, sum the power; the logarithm of each sum, but at
 *      least that of 2⁻²³, which is what digital silence gets
 *   4. orthonormal DCT-II to c0 … c12; c_k times 1 + 11 sin(πk/22) ("lifter", B. H. Juang et al. 1987)
 * Then over time: deltas d[t] = Σ_{n=1,2} n (c[t+n] − c[t−n]) / 10 (S. Furui 1986), beyond the ends
 * the first or last frame repeated, and the deltas of the deltas. */
#ifndef SADDLE_DATA_MFCC_H
#define SADDLE_DATA_MFCC_H

#include <stdint.h>

#include "core/err.h"

enum {
    MFCC_WINDOW = 400, /* samples a frame */
    MFCC_HOP = 160,    /* samples from one frame to the next */
    MFCC_BASE = 13,    /* c0 … c12 */
    MFCC_DIMS = 39     /* c, delta c, delta delta c */
};

/* The constant tables; made once, then only read, so threads may share them. */
struct mfcc;

struct mfcc *mfcc_new(void); /* NULL: no memory */
void mfcc_free(struct mfcc *m);

/* 1 + ⌊(samples − 400)/160⌋, or 0 when there are fewer than 400. */
int64_t mfcc_frames(int64_t samples);

/* samples[count], in the scale of 16-bit integers, into features[mfcc_frames(count)][MFCC_DIMS],
 * row-major. Finite samples give finite features. */
void mfcc_compute(const struct mfcc *m, const float *samples, int64_t count, float *features);

/* Each of the MFCC_DIMS columns to mean 0 and unbiased variance 1 over the utterance, in place. A
 * column that does not vary, and any column of a single frame, becomes 0. */
void mfcc_normalise(float *features, int64_t frames);

#endif
