/* SPDX-License-Identifier: MIT */
/* The numeric rooms are written once over `real` and compiled twice: float for training, double
 * (SADDLE_DOUBLE) for parity, spectra and surfaces. Each file exports one descriptor, named R(name):
 * name_f or name_d. */
#ifndef SADDLE_MATH_REAL_H
#define SADDLE_MATH_REAL_H

#include "config.h"
#include "core/kernel.h"

#include <math.h>

#ifdef SADDLE_DOUBLE
typedef double real;
#define R(name) name##_d
#define REAL_TENSOR TENSOR_F64
#else
typedef float real;
#define R(name) name##_f
#define REAL_TENSOR TENSOR_F32
#endif

/* Rows of activations are padded to 64 bytes, so that every row starts a vector and a row's values do
 * not depend on where in a batch it stands. */
enum { REAL_PAD = 64 / (int)sizeof(real) };

static inline int real_padded(int width)
{
    return (width + REAL_PAD - 1) / REAL_PAD * REAL_PAD;
}

/* Vector forms of exp, tanh, expm1 and erf, where configure found them; NaN goes through them unharmed. The
 * prototypes only tell the compiler that they exist. */
#if defined(HAVE_LIBMVEC) && defined(__x86_64__)
#define REAL_SIMD __attribute__((simd("notinbranch")))
extern float expf(float) REAL_SIMD;
extern double exp(double) REAL_SIMD;
extern float tanhf(float) REAL_SIMD;
extern double tanh(double) REAL_SIMD;
extern float expm1f(float) REAL_SIMD;
extern double expm1(double) REAL_SIMD;
extern float erff(float) REAL_SIMD;
extern double erf(double) REAL_SIMD;
#endif

KERNEL_INLINE real real_exp(real x)
{
    return sizeof(real) == sizeof(double) ? (real)exp((double)x) : (real)expf((float)x);
}

KERNEL_INLINE real real_tanh(real x)
{
    return sizeof(real) == sizeof(double) ? (real)tanh((double)x) : (real)tanhf((float)x);
}

KERNEL_INLINE real real_expm1(real x)
{
    return sizeof(real) == sizeof(double) ? (real)expm1((double)x) : (real)expm1f((float)x);
}

KERNEL_INLINE real real_erf(real x)
{
    return sizeof(real) == sizeof(double) ? (real)erf((double)x) : (real)erff((float)x);
}

/* The logistic function σ(x) = 1 / (1 + e⁻ˣ); a large exponent ends at 0 or 1. */
KERNEL_INLINE real real_sigmoid(real x)
{
    return 1 / (1 + real_exp(-x));
}

KERNEL_INLINE real real_sqrt(real x)
{
    return sizeof(real) == sizeof(double) ? (real)sqrt((double)x) : (real)sqrtf((float)x);
}

#endif
