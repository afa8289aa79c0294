/* SPDX-License-Identifier: MIT */
/* What names a run's weights: equal checksums mean equal weights, bit for bit. */
#ifndef SADDLE_RUN_CHECKSUM_H
#define SADDLE_RUN_CHECKSUM_H

#include "core/sha256.h"
#include "run/run.h"

/* SHA-256 of θ as little-endian float32, in hexadecimal digits. */
void run_checksum(const struct run *l, char text[SHA256_TEXT]);

#endif
