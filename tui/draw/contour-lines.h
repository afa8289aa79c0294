/* SPDX-License-Identifier: MIT */
/* Lines of equal height through a whole grid, each from end to end: what marching squares finds, joined. */
#ifndef SADDLE_TUI_DRAW_CONTOUR_LINES_H
#define SADDLE_TUI_DRAW_CONTOUR_LINES_H

struct contour_line {
    int first, count; /* points; of a closed line the last is the first again */
};

struct contour_lines { /* all zero at first; used for one level after the other */
    struct contour_line *line;
    int lines, line_room;
    double (*at)[2]; /* column and row, between the grid's points */
    int points, point_room;
    int *link; /* of each edge the two edges it is joined to, −1: none */
};

/* Those of a grid z[rows][columns] at a height, in place of what was there; the grid always has the same size. NaN: no line
 * comes there. 0, or −1: no memory. */
int contour_lines_find(struct contour_lines *o, const float *z, int columns, int rows, double level);
void contour_lines_free(struct contour_lines *o);

#endif
