/* SPDX-License-Identifier: MIT */
#include "draw/glyph-svg.h"

static const struct shape {
    uint32_t glyph;
    int hollow; /* drawn with a pen, not filled */
    const char *path;
} shapes[] = {
    {0x25cf, 0, "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z"},
    {0x25c6, 0, "M0 -5.5L5.5 0L0 5.5L-5.5 0Z"},
    {0x25b2, 0, "M0 -5.5L5.5 4.5L-5.5 4.5Z"},
    {0x25a0, 0, "M-4.2 -4.2H4.2V4.2H-4.2Z"},
    {0x25bc, 0, "M0 5.5L5.5 -4.5L-5.5 -4.5Z"},
    {0x2605, 0, "M0 -6.5L1.9 -2.2L6.2 -2L2.6 1L3.9 5.6L0 3L-3.9 5.6L-2.6 1L-6.2 -2L-1.9 -2.2Z"},
    {0x25cb, 1, "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"},
    {0x25c7, 1, "M0 -5L5 0L0 5L-5 0Z"},
    {0x25b3, 1, "M0 -5L5 4L-5 4Z"},
    {0x25a1, 1, "M-4 -4H4V4H-4Z"},
    {0x25bd, 1, "M0 5L5 -4L-5 -4Z"},
    {0x2606, 1, "M0 -6L1.7 -2L5.8 -1.8L2.4 1L3.6 5.2L0 2.8L-3.6 5.2L-2.4 1L-5.8 -1.8L-1.7 -2Z"},
    {0x2302, 1, "M-4.5 4.5V-1L0 -5.5L4.5 -1V4.5Z"},
    {0x00d7, 1, "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5"},
    {0x2717, 1, "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5"},
    {0x253c, 1, "M-6 0H6M0 -6V6"},
    {0x2198, 1, "M-4.5 -4.5L4.5 4.5M4.5 -2V4.5H-2"},
};

static void add_shape(struct svg_page *o, const struct shape *s, const char *colour, const char *edge)
{
    if (s->hollow)
        svg_format(o, "<path fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" stroke=\"%s\" stroke-width=\"4.4\" d=\"%s\"/>"
                      "<path fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" stroke=\"%s\" stroke-width=\"1.9\" d=\"%s\"/>",
                   edge, s->path, colour, s->path);
    else
        svg_format(o, "<path stroke-linejoin=\"round\" stroke=\"%s\" stroke-width=\"2.6\" fill=\"%s\" d=\"%s\"/><path stroke=\"none\" fill=\"%s\" d=\"%s\"/>",
                   edge, edge, s->path, colour, s->path);
}

const char *glyph_svg_shape(uint32_t glyph, int *hollow)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].glyph == glyph) {
            *hollow = shapes[i].hollow;
            return shapes[i].path;
        }
    return NULL;
}

void glyph_svg(struct svg_page *o, uint32_t glyph, struct rgb colour, struct rgb edge)
{
    char inner[SVG_COLOUR], outer[SVG_COLOUR];

    svg_rgb(colour, inner);
    svg_rgb(edge, outer);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].glyph == glyph) {
            add_shape(o, &shapes[i], inner, outer);
            return;
        }
    svg_format(o, "<text y=\"4.7\" text-anchor=\"middle\" fill=\"%s\" style=\"stroke:%s;stroke-width:2.6;paint-order:stroke\">", inner, outer);
    svg_character(o, glyph);
    svg_add(o, "</text>");
}
