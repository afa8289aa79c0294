/* SPDX-License-Identifier: MIT */
#include "data/storage.h"

#include <math.h>
#include <string.h>

/* Conversion of the elements of a storage to floats, one row at a time. */
#define LOADER(name, type)                                                                                   \
    static void load_##name(const unsigned char *from, int64_t stride, int64_t n, float *to)                 \
    {                                                                                                        \
        for (int64_t i = 0; i < n; i++) {                                                                    \
            type value;                                                                                      \
            memcpy(&value, from + i * stride * (int64_t)sizeof value, sizeof value);                         \
            to[i] = (float)value;                                                                            \
        }                                                                                                    \
    }
LOADER(float, float)
LOADER(double, double)
LOADER(long, int64_t)
LOADER(int, int32_t)
LOADER(short, int16_t)
LOADER(char, int8_t)
LOADER(byte, uint8_t)

/* IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
static float from_half(uint16_t h)
{
    int exponent = h >> 10 & 31, fraction = h & 1023;
    float size;

    if (exponent == 31)
        size = fraction ? NAN : INFINITY;
    else if (exponent == 0)
        size = ldexpf((float)fraction, -24);
    else
        size = ldexpf((float)(fraction + 1024), exponent - 25);
    return h >> 15 ? -size : size;
}

static void load_half(const unsigned char *from, int64_t stride, int64_t n, float *to)
{
    for (int64_t i = 0; i < n; i++) {
        uint16_t half;
        memcpy(&half, from + i * stride * 2, sizeof half);
        to[i] = from_half(half);
    }
}

/* The upper half of a float. */
static void load_bfloat16(const unsigned char *from, int64_t stride, int64_t n, float *to)
{
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits = 0;
        memcpy((unsigned char *)&bits + 2, from + i * stride * 2, 2);
        memcpy(&to[i], &bits, sizeof bits);
    }
}

static const struct {
    int64_t width;
    void (*load)(const unsigned char *from, int64_t stride, int64_t n, float *to);
} storages[] = {
    [STORAGE_FLOAT] = {4, load_float},   [STORAGE_HALF] = {2, load_half},   [STORAGE_BFLOAT16] = {2, load_bfloat16},
    [STORAGE_DOUBLE] = {8, load_double}, [STORAGE_LONG] = {8, load_long},   [STORAGE_INT] = {4, load_int},
    [STORAGE_SHORT] = {2, load_short},   [STORAGE_CHAR] = {1, load_char},   [STORAGE_BYTE] = {1, load_byte},
};

int64_t storage_width(enum storage_type type)
{
    return storages[type].width;
}

void storage_load(enum storage_type type, const unsigned char *from, int64_t stride, int64_t n, float *to)
{
    storages[type].load(from, stride, n, to);
}
