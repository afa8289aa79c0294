/* SPDX-License-Identifier: MIT */
/* Words in letters of several cells, to be read from afar. Capitals and a dash; what else there is, is a gap. */
#ifndef SADDLE_TUI_DRAW_BIG_H
#define SADDLE_TUI_DRAW_BIG_H

#include "draw/canvas.h"

/* Columns of a word, and its rows on a canvas of this charset. */
int big_width(const char *word);
int big_rows(enum charset charset);
void big_draw(struct canvas *c, int x, int y, enum style s, const char *word);

#endif
