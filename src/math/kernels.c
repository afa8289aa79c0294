/* SPDX-License-Identifier: MIT */
#include "math/kernels.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum width { BASELINE, AVX2, AVX512, UNKNOWN };

/* Zen 4 makes a 512-bit multiply-add in two halves, and kernels made for Intel's processors are a tenth slower there
 * than those for AVX2. On Zen 5 (family 26; measured) they are twice as fast. */
static int halves_avx512(const struct processor *p)
{
    return strcmp(p->vendor, "AuthenticAMD") == 0 && p->family <= 25;
}

static enum width offered(const struct processor *p)
{
    int avx2 = (p->features & PROCESSOR_AVX2) && (p->features & PROCESSOR_FMA);

    if ((p->features & PROCESSOR_AVX512) && avx2 && !halves_avx512(p))
        return AVX512;
    return avx2 ? AVX2 : BASELINE;
}

static enum width width_of(const char *kernels)
{
    static const struct {
        const char *kernels;
        enum width width;
    } known[] = {
        {"Katmai", BASELINE}, {"Coppermine", BASELINE}, {"Northwood", BASELINE}, {"Prescott", BASELINE},
        {"Banias", BASELINE}, {"Core2", BASELINE}, {"Penryn", BASELINE}, {"Dunnington", BASELINE},
        {"Atom", BASELINE}, {"Nano", BASELINE}, {"Nehalem", BASELINE}, {"Sandybridge", BASELINE},
        {"Athlon", BASELINE}, {"Opteron", BASELINE}, {"Opteron_SSE3", BASELINE}, {"Barcelona", BASELINE},
        {"Bobcat", BASELINE}, {"Haswell", AVX2}, {"Zen", AVX2}, {"SkylakeX", AVX512},
        {"Cooperlake", AVX512}, {"SapphireRapids", AVX512},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].kernels, kernels) == 0)
            return known[i].width;
    return UNKNOWN;
}

/* SkylakeX comes before Cooperlake: the same kernels for these products, a few per cent faster as measured, and known
 * to more versions of OpenBLAS; so do Haswell and Zen. */
int kernels_candidates(const struct processor *p, const char *own, const char *out[KERNELS_CANDIDATES])
{
    int n = 0;

    if (offered(p) == AVX512) {
        out[n++] = "SkylakeX";
        if (p->features & PROCESSOR_AVX512_BF16)
            out[n++] = "Cooperlake";
    }
    if (offered(p) >= AVX2) {
        out[n++] = "Haswell";
        out[n++] = "Zen";
    }
    /* OpenBLAS knows many of Arm's processors by name; only one that it does not know gets its plainest kernels. */
    if ((p->features & PROCESSOR_ARM_V8_2) && strcasecmp(own, "ARMV8") == 0)
        out[n++] = "NEOVERSEN1";
    return n;
}

int kernels_are_poor(const struct processor *p, const char *kernels)
{
    return width_of(kernels) < offered(p);
}

const char *kernels_reason(const struct processor *p)
{
    if (p->features & PROCESSOR_ARM_V8_2)
        return "ARMv8.2";
    return offered(p) == AVX512 ? "AVX-512" : offered(p) == AVX2 ? "AVX2" : NULL;
}
