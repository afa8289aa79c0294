/* SPDX-License-Identifier: MIT */
/* The zlib format (RFC 1950, RFC 1951), compressing only: matches of the last 32 KiB, one block, its codes made for it. */
#ifndef SADDLE_TUI_DRAW_DEFLATE_H
#define SADDLE_TUI_DRAW_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

/* To be freed by the caller; NULL: no memory. */
uint8_t *zlib_compress(const uint8_t *bytes, size_t count, size_t *size);

#endif
