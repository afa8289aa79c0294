/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4) of bytes that come in pieces. It names content: files of equal digest are taken to be equal.
 * It lives here because nothing the program links offers it. */
#ifndef SADDLE_CORE_SHA256_H
#define SADDLE_CORE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64, SHA256_TEXT = 2 * SHA256_SIZE + 1 };

struct sha256 {
    uint32_t state[8];
    uint64_t bytes; /* added so far; up to 2^61 − 1 */
    unsigned char block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *s);
/* The next bytes; how they are cut into calls makes no difference. */
void sha256_add(struct sha256 *s, const void *bytes, size_t size);
/* The digest. To be used again, s has to begin again. */
void sha256_end(struct sha256 *s, unsigned char digest[SHA256_SIZE]);

/* 64 hexadecimal digits in lower case, ended by NUL. */
void sha256_hex(const unsigned char digest[SHA256_SIZE], char text[SHA256_TEXT]);

#endif
