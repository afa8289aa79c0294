/* SPDX-License-Identifier: MIT */
/* Colours as red, green and blue in sRGB: xterm's 256, mixtures, and how well one is read on another. */
#ifndef SADDLE_TUI_DRAW_COLOUR_H
#define SADDLE_TUI_DRAW_COLOUR_H

#include <stdint.h>

struct rgb {
    uint8_t r, g, b;
};

/* Of an index 0 … 255; the first 16 as xterm has them, though a terminal may show others. */
struct rgb colour_of_index(int index);
/* The nearest of the colours 16 … 255, the cube and the greys, which all terminals show alike. */
int colour_nearest(struct rgb c);
/* From a at 0 to b at 1. */
struct rgb colour_mix(struct rgb a, struct rgb b, double t);
/* Relative luminance, 0 … 1, and contrast, 1 … 21: WCAG 2.1. */
double colour_luminance(struct rgb c);
double colour_contrast(struct rgb a, struct rgb b);

#endif
