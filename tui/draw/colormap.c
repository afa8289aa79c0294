/* SPDX-License-Identifier: MIT */
#include "draw/colormap.h"

#include <math.h>
#include <string.h>

enum { ANCHORS = 33 };

/* Evenly spaced along each map. Cividis: Nuñez, Anderton, Renslow 2018, by d3-scale-chromatic's polynomials; viridis and
 * inferno: Smith and van der Walt 2015, by polynomials fitted to their tables. */
static const unsigned anchors[COLORMAP_GREY][ANCHORS] = {
    [COLORMAP_CIVIDIS] = {
        0x002051, 0x00265d, 0x012b65, 0x083169, 0x11366c, 0x1c3c6e, 0x26426e, 0x31476e, 0x3c4d6e, 0x47536d, 0x51586e,
        0x5a5e6e, 0x62646f, 0x6a6a70, 0x727071, 0x797673, 0x7f7c75, 0x868276, 0x8c8877, 0x938e78, 0x9a9478, 0xa19b78,
        0xa9a177, 0xb2a874, 0xbbaf71, 0xc5b66d, 0xcebd68, 0xd8c462, 0xe2cb5c, 0xebd355, 0xf3da4f, 0xfae249, 0xfdea45
    },
    [COLORMAP_VIRIDIS] = {
        0x470155, 0x480d60, 0x48186a, 0x482273, 0x472d7b, 0x453781, 0x434086, 0x404a89, 0x3d528c, 0x395b8d, 0x34638e,
        0x306b8e, 0x2b728e, 0x277a8e, 0x23818d, 0x21898c, 0x1f908b, 0x1f988a, 0x219f87, 0x24a684, 0x2aae80, 0x32b57b,
        0x3dbc74, 0x4ac26b, 0x5ac861, 0x6cce56, 0x80d349, 0x95d83c, 0xacdc30, 0xc2df25, 0xd8e21d, 0xece51b, 0xfce721
    },
    [COLORMAP_INFERNO] = {
        0x000000, 0x030417, 0x0b062c, 0x15083d, 0x21094a, 0x2e0b55, 0x3b0c5d, 0x490e63, 0x561168, 0x63136b, 0x70176c,
        0x7d1b6b, 0x8a1f69, 0x962466, 0xa22960, 0xae2f5a, 0xba3652, 0xc53d48, 0xcf453e, 0xd94e34, 0xe2582a, 0xea6320,
        0xf16f18, 0xf67c12, 0xf98a0f, 0xfa990f, 0xfaa913, 0xf9ba1d, 0xf7cb2c, 0xf5db41, 0xf3ea5d, 0xf4f87f, 0xfaffa8
    },
};

static struct rgb anchor(enum colormap map, int i)
{
    unsigned c = anchors[map][i];

    return (struct rgb){(uint8_t)(c >> 16), (uint8_t)(c >> 8 & 255), (uint8_t)(c & 255)};
}

struct rgb colormap_at(enum colormap map, double place)
{
    static const double DARK = 8, LIGHT = 248; /* the greys; black and white are left to marks */
    double at = fmin(fmax(place, 0), 1) * (ANCHORS - 1);
    int i = at < ANCHORS - 1 ? (int)at : ANCHORS - 2;
    uint8_t grey = (uint8_t)lround(DARK + (LIGHT - DARK) * fmin(fmax(place, 0), 1));

    if (map >= COLORMAP_GREY)
        return (struct rgb){grey, grey, grey};
    return colour_mix(anchor(map, i), anchor(map, i + 1), at - i);
}

int colormap_index(enum colormap map, int level)
{
    enum { RUNS = 24 };
    static const struct run {
        unsigned char colour, levels;
    } runs[COLORMAP_COUNT][RUNS] = {
    [COLORMAP_CIVIDIS] = {{18, 4}, {236, 3}, {237, 3}, {238, 4}, {239, 3}, {240, 3}, {241, 3}, {242, 3}, {243, 4},
            {244, 3}, {245, 3}, {246, 5}, {144, 4}, {179, 5}, {185, 5}, {221, 5}},
    [COLORMAP_VIRIDIS] = {{53, 7}, {54, 5}, {24, 6}, {60, 6}, {30, 8}, {36, 6}, {71, 6}, {77, 5}, {113, 2}, {149, 2},
            {184, 2}, {220, 5}},
    [COLORMAP_INFERNO] = {{16, 1}, {232, 3}, {233, 2}, {17, 5}, {53, 7}, {89, 6}, {125, 5}, {161, 5}, {166, 5},
            {202, 4}, {208, 4}, {214, 5}, {220, 4}, {227, 3}, {228, 1}},
    [COLORMAP_GREY] = {{232, 2}, {233, 2}, {234, 3}, {235, 2}, {236, 3}, {237, 2}, {238, 2}, {239, 3}, {240, 2},
            {241, 3}, {242, 2}, {243, 3}, {244, 2}, {245, 3}, {246, 2}, {247, 3}, {248, 2}, {249, 3}, {250, 2}, {251, 2},
            {252, 3}, {253, 2}, {254, 3}, {255, 4}},
    };
    const struct run *r = runs[map < COLORMAP_COUNT ? map : COLORMAP_GREY];

    for (const struct run *last = r + RUNS - 1; level > r->levels && r < last && r[1].levels; r++)
        level -= r->levels;
    return r->colour;
}

static const char *const names[COLORMAP_COUNT] = {"cividis", "viridis", "inferno", "grey"};

int colormap_find(const char *name)
{
    for (int i = 0; i < COLORMAP_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

const char *colormap_name(enum colormap map)
{
    return names[map];
}
