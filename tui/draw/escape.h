/* SPDX-License-Identifier: MIT */
/* A canvas as the bytes that show it on a terminal of 256 colours or of all: ECMA-48's cursor and colour sequences, no
 * more of them than the change takes. */
#ifndef SADDLE_TUI_DRAW_ESCAPE_H
#define SADDLE_TUI_DRAW_ESCAPE_H

#include <stddef.h>

#include "draw/canvas.h"

enum { TRUE_COLOUR = 1 << 24 };

struct escape_page { /* all zero at first; keeps its room for the next time */
    char *bytes;
    size_t used, room;
    int failed; /* no memory: what follows is left out */
    int row;    /* that the next update begins with */
};

enum { ESCAPE_CELL = 11 /* bytes a cell of a page: a map without a smooth part takes up to three times as many */ };

/* The cells that differ from `shown`, which is brought up to date: [w × h], what the terminal shows. What would take more than
 * ESCAPE_CELL bytes for every cell there is, and a row, is left for another update, so that a slow terminal keeps up with keys: 1
 * when something is left. */
int escape_update(struct escape_page *o, const struct canvas *c, enum theme p, int colours, struct cell *shown);
/* All of them as lines, with 0, 8, 16, 256 or TRUE_COLOUR colours. */
void escape_lines(struct escape_page *o, const struct canvas *c, enum theme p, int colours);
/* What a cleared terminal shows. */
void escape_blank(struct cell *shown, size_t count);
void escape_free(struct escape_page *o);

#endif
