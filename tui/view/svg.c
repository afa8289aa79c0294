#include "svg.h"

#include "svg-page.h"

enum { CELL_W = 9, CELL_H = 18, BASELINE = 14, FONT = 15 };

/* Neighbours of one style make one element, of the width they have on the screen whatever the font. */
static int add_run(struct svg_page *o, const struct canvas *c, enum palette p, int x, int y)
{
    enum style s = (enum style)canvas_cell(c, x, y).style;
    struct ink ink = style_ink(p, 256, s < STYLE_COUNT ? s : STYLE_TEXT);
    char colour[SVG_COLOUR];
    int end = x, last = x;

    for (; end < c->w && canvas_cell(c, end, y).style == s; end++)
        if (canvas_cell(c, end, y).ch != ' ')
            last = end + 1;
    if (last == x)
        return end;
    svg_colour(p, s, colour);
    svg_format(o, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s>", x * CELL_W, y * CELL_H + BASELINE,
               (last - x) * CELL_W, colour, ink.attributes & INK_BOLD ? " class=\"b\"" : "");
    for (int i = x; i < last; i++) {
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

    svg_format(&o,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n"
               "<style>text{font:%dpx monospace;white-space:pre}.b{font-weight:bold}</style>\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
               c->w * CELL_W, c->h * CELL_H, FONT, svg_paper(p));
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w;)
            x = add_run(&o, c, p, x, y);
    svg_add(&o, "</svg>\n");
    return svg_end(&o);
}
