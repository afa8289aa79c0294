/* SPDX-License-Identifier: MIT */
#include "draw/bar.h"

#include <math.h>

enum { FULL = 0x2588, HALF = 0x258c, EIGHTH = 0x258f };

/* Parts a cell is cut into. */
static int parts_of(enum charset charset)
{
    return charset == CHARSET_BRAILLE ? 8 : charset == CHARSET_BLOCK ? 2 : 1;
}

void bar_draw(struct canvas *c, int x, int y, int width, double share, enum style s, char plain)
{
    int parts = parts_of(c->charset), length;

    if (!(share > 0) || width < 1)
        return;
    length = (int)lround(fmin(share, 1) * width * parts);
    if (length < 1)
        length = 1;
    for (int i = 0; i < length / parts; i++)
        canvas_put(c, x + i, y, s, parts == 1 ? (unsigned char)plain : FULL);
    if (length % parts)
        canvas_put(c, x + length / parts, y, s, parts == 2 ? HALF : EIGHTH + 1 - (uint32_t)(length % parts));
}
