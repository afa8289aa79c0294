/* SPDX-License-Identifier: MIT */
#include "run/checksum.h"

#include <string.h>

enum { AT_ONCE = 1024 }; /* floats */

void run_checksum(const struct run *l, char text[SHA256_TEXT])
{
    const float *theta = state_theta(run_state(l));
    int64_t n = run_network(l)->parameters;
    unsigned char bytes[4 * AT_ONCE], digest[SHA256_SIZE];
    struct sha256 s;

    sha256_begin(&s);
    for (int64_t i = 0; i < n; i += AT_ONCE) {
        int64_t count = n - i < AT_ONCE ? n - i : AT_ONCE;
        for (int64_t k = 0; k < count; k++) {
            uint32_t bits;
            memcpy(&bits, theta + i + k, sizeof bits);
            for (int b = 0; b < 4; b++)
                bytes[4 * k + b] = (unsigned char)(bits >> 8 * b);
        }
        sha256_add(&s, bytes, 4 * (size_t)count);
    }
    sha256_end(&s, digest);
    sha256_hex(digest, text);
}
