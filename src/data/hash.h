/* SPDX-License-Identifier: MIT */
/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/. It tells data apart that changed by
 * accident; it is no defence against somebody who tries. */
#ifndef SADDLE_DATA_HASH_H
#define SADDLE_DATA_HASH_H

#include <stddef.h>
#include <stdint.h>

static const uint64_t HASH_START = 0xcbf29ce484222325u;

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ p[i]) * 0x100000001b3u;
    return hash;
}

#endif
