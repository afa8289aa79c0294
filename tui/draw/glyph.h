/* SPDX-License-Identifier: MIT */
/* What stands for a character where the charset lacks it, and plot dots as characters. */
#ifndef SADDLE_TUI_DRAW_GLYPH_H
#define SADDLE_TUI_DRAW_GLYPH_H

#include "draw/canvas.h"

/* One character of the charset that stands for ch, in one cell; texts are spelt out before (spell.h). */
uint32_t glyph_for(enum charset charset, uint32_t ch);
/* What a blank cell of a shade shows where there is no background to show it: denser as it is higher. */
uint32_t glyph_shade(enum charset charset, int shade);
/* The character of a cell that held `ch` with one more dot (not for ASCII). */
uint32_t glyph_dot(enum charset charset, uint32_t ch, int x, int y);

#endif
