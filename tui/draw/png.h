/* SPDX-License-Identifier: MIT */
/* A picture of at most 256 colours as a PNG (ISO/IEC 15948), compressed without a library, as text for a data URI. */
#ifndef SADDLE_TUI_DRAW_PNG_H
#define SADDLE_TUI_DRAW_PNG_H

#include <stddef.h>
#include <stdint.h>

#include "draw/colour.h"

struct png_picture {
    int w, h;
    const uint8_t *pixel; /* [h][w] indices of colours, row 0 on top; index 0 is transparent */
    struct rgb colour[256];
};

/* The file's bytes, to be freed by the caller; NULL: no memory. */
uint8_t *png_encode(const struct png_picture *p, size_t *size);
/* In base 64, NUL-ended; the same. */
char *png_base64(const struct png_picture *p);

#endif
