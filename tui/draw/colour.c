/* SPDX-License-Identifier: MIT */
#include "draw/colour.h"

#include <math.h>
#include <stdlib.h>

enum { CUBE = 16, GREYS = 232 };

static const int levels[] = {0, 95, 135, 175, 215, 255};

struct rgb colour_of_index(int index)
{
    static const struct rgb basic[CUBE] = {
        {0, 0, 0},       {205, 0, 0},   {0, 205, 0},   {205, 205, 0},   {0, 0, 238},    {205, 0, 205},   {0, 205, 205}, {229, 229, 229},
        {127, 127, 127}, {255, 0, 0},   {0, 255, 0},   {255, 255, 0},   {92, 92, 255},  {255, 0, 255},   {0, 255, 255}, {255, 255, 255}};
    int grey = 8 + 10 * (index - GREYS), in_cube = index - CUBE;

    if (index >= GREYS)
        return (struct rgb){(uint8_t)grey, (uint8_t)grey, (uint8_t)grey};
    if (index >= CUBE)
        return (struct rgb){(uint8_t)levels[in_cube / 36], (uint8_t)levels[in_cube / 6 % 6], (uint8_t)levels[in_cube % 6]};
    return basic[index < 0 ? 0 : index];
}

static int nearest_level(int v)
{
    int best = 0;

    for (int i = 1; i < 6; i++)
        if (abs(levels[i] - v) < abs(levels[best] - v))
            best = i;
    return best;
}

static int distance(struct rgb a, struct rgb b)
{
    return (a.r - b.r) * (a.r - b.r) + (a.g - b.g) * (a.g - b.g) + (a.b - b.b) * (a.b - b.b);
}

int colour_nearest(struct rgb c)
{
    int mean = (c.r + c.g + c.b) / 3, grey = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
    int cube = CUBE + 36 * nearest_level(c.r) + 6 * nearest_level(c.g) + nearest_level(c.b);

    return distance(c, colour_of_index(GREYS + grey)) < distance(c, colour_of_index(cube)) ? GREYS + grey : cube;
}

static uint8_t mix(int a, int b, double t)
{
    return (uint8_t)lround(a + (b - a) * t);
}

struct rgb colour_mix(struct rgb a, struct rgb b, double t)
{
    t = fmin(fmax(t, 0), 1);
    return (struct rgb){mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

static double linear(int v)
{
    double c = v / 255.;

    return c <= .03928 ? c / 12.92 : pow((c + .055) / 1.055, 2.4);
}

double colour_luminance(struct rgb c)
{
    return .2126 * linear(c.r) + .7152 * linear(c.g) + .0722 * linear(c.b);
}

double colour_contrast(struct rgb a, struct rgb b)
{
    double x = colour_luminance(a) + .05, y = colour_luminance(b) + .05;

    return x > y ? x / y : y / x;
}
