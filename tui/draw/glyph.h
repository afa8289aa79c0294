/* SPDX-License-Identifier: MIT */
/* Replacements for characters that the charset lacks, and plot dots as characters. */
#ifndef SADDLE_TUI_DRAW_GLYPH_H
#define SADDLE_TUI_DRAW_GLYPH_H

#include "draw/canvas.h"

/* One character of the charset that stands for ch, in one cell; texts are spelt out before (spell.h). */
uint32_t glyph_for(enum charset charset, uint32_t ch);
/* Character of a blank cell of a shade where there is no background colour: denser for higher shades. */
uint32_t glyph_shade(enum charset charset, int shade);
/* The character of a cell that held `ch` with one more dot (not for ASCII). */
uint32_t glyph_dot(enum charset charset, uint32_t ch, int x, int y);

#endif
