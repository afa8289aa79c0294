#include "svg.h"

#include "svg-page.h"

enum { CELL_W = 9, CELL_H = 18, BASELINE = 14, FONT = 15 };

static void add_ground(struct svg_page *o, enum palette p, int shade, int x, int y, int cells)
{
    char colour[SVG_COLOUR];

    svg_colour(p, style_shade(p, 256, shade), colour);
    svg_format(o, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x * CELL_W, y * CELL_H,
               cells * CELL_W, CELL_H, colour);
}

/* Neighbours of one style on one ground make one element, of the width they have on the screen whatever the font; it
 * begins with a character, for viewers drop the blanks before it. */
static int add_run(struct svg_page *o, const struct canvas *c, enum palette p, int x, int y)
{
    enum style s = (enum style)canvas_cell(c, x, y).style;
    struct ink ink = style_ink(p, 256, s < STYLE_COUNT ? s : STYLE_TEXT);
    int shade = canvas_cell(c, x, y).shade, end = x, first = x, last = x;
    char colour[SVG_COLOUR];

    for (; end < c->w && canvas_cell(c, end, y).style == s && canvas_cell(c, end, y).shade == shade; end++)
        if (canvas_cell(c, end, y).ch != ' ')
            last = end + 1;
    if (shade)
        add_ground(o, p, shade, x, y, end - x);
    if (last == x)
        return end;
    while (canvas_cell(c, first, y).ch == ' ')
        first++;
    svg_ink(p, s, colour);
    svg_format(o, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s>", first * CELL_W, y * CELL_H + BASELINE,
               (last - first) * CELL_W, colour, ink.attributes & INK_BOLD ? " class=\"b\"" : "");
    for (int i = first; i < last; i++) {
        struct cell cell = canvas_cell(c, i, y);
        if (cell.ch)
            svg_character(o, cell.ch == ' ' ? 0xa0 : cell.ch);
        if (cell.mark)
            svg_character(o, cell.mark);
    }
    svg_add(o, "</text>\n");
    return end;
}

char *canvas_to_svg(const struct canvas *c, enum palette p)
{
    struct svg_page o = {0};
    char paper[SVG_COLOUR];

    svg_colour(p, SVG_PAPER, paper);
    svg_format(&o,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n"
               "<style>text{font:%dpx monospace;white-space:pre}.b{font-weight:bold}</style>\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
               c->w * CELL_W, c->h * CELL_H, FONT, paper);
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w;)
            x = add_run(&o, c, p, x, y);
    svg_add(&o, "</svg>\n");
    return svg_end(&o);
}
