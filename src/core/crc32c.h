/* SPDX-License-Identifier: MIT */
/* CRC-32C (Castagnoli, polynomial 1EDC6F41, reflected), as iSCSI (RFC 3720, appendix B.4) and TensorFlow's records use it. */
#ifndef SADDLE_CORE_CRC32C_H
#define SADDLE_CORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of "123456789": e3069283. */
uint32_t crc32c(const void *bytes, size_t size);

#endif
