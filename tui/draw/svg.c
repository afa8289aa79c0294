/* SPDX-License-Identifier: MIT */
#include "draw/svg.h"

#include "draw/svg-page.h"

enum { CELL_W = 9, CELL_H = 18, BASELINE = 14, FONT = 15 };

static void add_rect(struct svg_page *o, struct rgb c, int x, int y, int cells, int h)
{
    char colour[SVG_COLOUR];

    svg_rgb(c, colour);
    svg_format(o, "<rect shape-rendering=\"crispEdges\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x * CELL_W, y,
               cells * CELL_W, h, colour);
}

static void add_ground(struct svg_page *o, const struct canvas *c, enum theme p, struct cell cell, int x, int y, int cells)
{
    int ground = cell_ground(cell), top = y * CELL_H;

    if (!cell_has_halves(cell, c->charset)) {
        if (ground)
            add_rect(o, cell_colours(cell, p, c->colormap).back, x, top, cells, CELL_H);
        return;
    }
    if (cell.shade)
        add_rect(o, style_ground(p, c->colormap, cell.shade), x, top, cells, CELL_H / 2);
    if (cell.low)
        add_rect(o, style_ground(p, c->colormap, cell.low), x, top + CELL_H / 2, cells, CELL_H - CELL_H / 2);
}

/* Characters that monospaced fonts have; others may come from another font, of another width. */
static int is_plain(struct cell cell)
{
    return cell.ch && cell.ch < 0x80 && !cell.mark;
}

/* End of the piece of text that begins at x: one sign, or a run of plain characters and blanks. */
static int piece_end(const struct canvas *c, int x, int y, int end)
{
    int last = x + 1;

    if (!is_plain(canvas_cell(c, x, y)))
        while (last < end && !canvas_cell(c, last, y).ch) /* the second half of what is wide */
            last++;
    else
        for (int i = last; i < end && is_plain(canvas_cell(c, i, y)); i++)
            if (canvas_cell(c, i, y).ch != ' ')
                last = i + 1;
    return last;
}

static void add_piece(struct svg_page *o, const struct canvas *c, int x, int y, int end)
{
    svg_format(o, "<tspan x=\"%d\"", x * CELL_W);
    if (end > x + 1)
        svg_format(o, " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"", (end - x) * CELL_W);
    svg_add(o, ">");
    for (int i = x; i < end; i++) {
        struct cell cell = canvas_cell(c, i, y);
        if (cell.ch)
            svg_character(o, cell.ch == ' ' ? 0xa0 : cell.ch);
        if (cell.mark)
            svg_character(o, cell.mark);
    }
    svg_add(o, "</tspan>");
}

static int is_alike(struct cell a, struct cell b)
{
    return a.style == b.style && a.edged == b.edged && a.shade == b.shade && a.low == b.low && (a.shade == a.low || (a.ch == ' ') == (b.ch == ' '));
}

/* Neighbours of one style on one ground make one element, its pieces in their columns whatever the font. */
static int add_run(struct svg_page *o, const struct canvas *c, enum theme p, int x, int y)
{
    struct cell first = canvas_cell(c, x, y);
    enum style s = first.style < STYLE_COUNT ? (enum style)first.style : STYLE_TEXT;
    struct ink ink = style_ink(p, 256, s);
    int ground = cell_ground(first), end = x, blank = 1;
    char colour[SVG_COLOUR];

    for (; end < c->w && is_alike(canvas_cell(c, end, y), first); end++)
        blank &= canvas_cell(c, end, y).ch == ' ';
    add_ground(o, c, p, first, x, y, end - x);
    if (blank)
        return end;
    svg_rgb(ground ? cell_colours(first, p, c->colormap).front : style_rgb(p, s), colour);
    svg_format(o, "<text y=\"%d\" fill=\"%s\"%s>", y * CELL_H + BASELINE, colour,
               ink.attributes & INK_BOLD ? " class=\"b\"" : "");
    for (int i = x, next; i < end; i = next) {
        next = i + 1;
        if (canvas_cell(c, i, y).ch == ' ')
            continue;
        next = piece_end(c, i, y, end);
        add_piece(o, c, i, y, next);
    }
    svg_add(o, "</text>\n");
    return end;
}

char *canvas_to_svg(const struct canvas *c, enum theme p)
{
    struct svg_page o = {0};
    char paper[SVG_COLOUR];

    svg_paper(p, paper);
    svg_format(&o,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
               "<style>text{font:%dpx monospace;white-space:pre}.b{font-weight:bold}</style>\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
               c->w * CELL_W, c->h * CELL_H, c->w * CELL_W, c->h * CELL_H, FONT, paper);
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w;)
            x = add_run(&o, c, p, x, y);
    svg_add(&o, "</svg>\n");
    return svg_end(&o);
}
