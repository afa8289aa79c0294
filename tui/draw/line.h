/* SPDX-License-Identifier: MIT */
/* Straight lines in dots. */
#ifndef SADDLE_TUI_DRAW_LINE_H
#define SADDLE_TUI_DRAW_LINE_H

/* Tell every dot from one end to the other, both included (Bresenham 1965). */
void line_walk(int x0, int y0, int x1, int y1, void (*dot)(void *context, int x, int y), void *context);

struct line_piece {
    double x0, y0, x1, y1;
};

/* Cut it to the rectangle 0…w, 0…h, ends included; 0 when nothing is left (Liang and Barsky 1984). */
int line_clip(struct line_piece *p, double w, double h);

#endif
