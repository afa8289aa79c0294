/* SPDX-License-Identifier: MIT */
/* A field as a surface seen from a side: heights in, pixels out. Parallel projection; what is behind is removed by a depth
 * for each pixel; light comes from the left. Below the surface lies a floor. */
#ifndef SADDLE_TUI_DRAW_RELIEF_H
#define SADDLE_TUI_DRAW_RELIEF_H

#include "draw/field.h"

extern const struct eye eye_standard;
/* Kept within what can be seen: tilt from 5° to straight down, zoom and height from a fifth to fivefold. */
void eye_limit(struct eye *e);

struct relief_spot {
    double x, y;  /* in pixels, from the upper left */
    double depth; /* larger is farther */
};

struct relief_pixel {
    float depth;
    uint16_t shade; /* 0: nothing there */
};

struct relief {
    const struct field *f;
    struct eye eye;
    int w, h; /* of the picture, in pixels */
    double turn[2], tilt[2]; /* cosine and sine */
    double scale, rise;
    double *place;              /* field_place of each point of the grid, [rows][columns]: a logarithm, often */
    struct relief_pixel *pixel; /* [h][w] */
};

/* Draw the surface into pixels. Returns 0, or −1 without memory or size. */
int relief_init(struct relief *r, const struct field *f, int w, int h);
void relief_free(struct relief *r);
/* The floor's place below the lowest height, as field_place counts. */
#define RELIEF_FLOOR (-.45)
/* The spot of a point: u, v 0 … 1 along the axes, its place the height. */
struct relief_spot relief_project(const struct relief *r, double u, double v, double place);
/* The shadow on the square right of and above a point of the grid, 0 … SHADOWS − 1. */
int relief_shadow(const struct relief *r, int column, int row);
/* Whether nothing is before it; outside the picture it is not seen. */
int relief_sees(const struct relief *r, struct relief_spot at);
/* On a canvas: two pixels a cell, the lines of equal height on the floor, paths and marks on the surface. */
void relief_draw(const struct field *f, struct canvas *c);

#endif
