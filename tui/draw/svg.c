/* SPDX-License-Identifier: MIT */
#include "draw/svg.h"

#include "draw/halo.h"
#include "draw/svg-page.h"

enum { CELL_W = 9, CELL_H = 18, BASELINE = 14, FONT = 15 };

static void add_rect(struct svg_page *o, struct rgb c, int x, int y, int cells, int h)
{
    char colour[SVG_COLOUR];

    svg_rgb(c, colour);
    svg_format(o, "<rect shape-rendering=\"crispEdges\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x * CELL_W, y,
               cells * CELL_W, h, colour);
}

/* The pixels of a pattern as one path: no font is asked for them, so that they meet. */
static void add_pixels(struct svg_page *o, enum mosaic kind, unsigned bits, struct rgb c, int x, int y, int cells)
{
    int rows = mosaic_rows(kind);
    double h = (double)CELL_H / rows, w = (double)CELL_W / MOSAIC_ACROSS;
    char colour[SVG_COLOUR];

    svg_rgb(c, colour);
    svg_format(o, "<path shape-rendering=\"crispEdges\" fill=\"%s\" d=\"", colour);
    for (int cell = x; cell < x + cells; cell++)
        for (int row = 0; row < rows; row++) {
            unsigned pair = bits >> (MOSAIC_ACROSS * row) & 3;
            if (!pair)
                continue;
            svg_add(o, "M");
            svg_number(o, cell * CELL_W + (pair & 1 ? 0 : w));
            svg_add(o, " ");
            svg_number(o, y * CELL_H + row * h);
            svg_add(o, "h");
            svg_number(o, pair == 3 ? CELL_W : w);
            svg_add(o, "v");
            svg_number(o, h);
            svg_add(o, "h");
            svg_number(o, pair == 3 ? -CELL_W : -w);
            svg_add(o, "z");
        }
    svg_add(o, "\"/>\n");
}

static void add_split(struct svg_page *o, const struct canvas *c, enum theme p, struct cell cell, int x, int y, int cells)
{
    if (cell.low)
        add_rect(o, style_ground(p, c->colormap, cell.low), x, y * CELL_H, cells, CELL_H);
    if (cell.shade)
        add_pixels(o, (enum mosaic)cell.mosaic, cell.pixels, style_ground(p, c->colormap, cell.shade), x, y, cells);
}

static void add_ground(struct svg_page *o, const struct canvas *c, enum theme p, struct cell cell, int x, int y, int cells)
{
    int ground = cell_ground(cell), top = y * CELL_H;

    if (!cell_has_halves(cell, c->charset)) {
        if (ground)
            add_rect(o, cell_colours(cell, p, c->colormap).back, x, top, cells, CELL_H);
        return;
    }
    if (cell.mosaic) {
        add_split(o, c, p, cell, x, y, cells);
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
    return a.style == b.style && a.edged == b.edged && a.shade == b.shade && a.low == b.low && a.mosaic == b.mosaic && a.pixels == b.pixels &&
           a.halo[0] == b.halo[0] && a.halo[1] == b.halo[1] && a.halo_style == b.halo_style && (a.shade == a.low || (a.ch == ' ') == (b.ch == ' '));
}

/* Characters that are pixels, which few fonts have; those that all fonts have too where they stand among such. */
static enum mosaic drawn_as(const struct canvas *c, struct cell cell)
{
    return cell.ch > 0xffff || c->mosaic ? mosaic_of(cell.ch) : MOSAIC_NONE;
}

/* Neighbours of one style on one ground make one element, its pieces in their columns whatever the font. */
static int add_run(struct svg_page *o, const struct canvas *c, enum theme p, int x, int y)
{
    const struct cell there = canvas_cell(c, x, y), first = halo_cell(there, p, c->colormap);
    enum style s = first.style < STYLE_COUNT ? (enum style)first.style : STYLE_TEXT;
    struct ink ink = style_ink(p, 256, s);
    int ground = cell_ground(first), end = x, blank = 1, written = 0;
    enum mosaic kind;
    struct rgb front;
    char colour[SVG_COLOUR];

    for (; end < c->w && is_alike(canvas_cell(c, end, y), there); end++)
        blank &= canvas_cell(c, end, y).ch == ' ';
    add_ground(o, c, p, first, x, y, end - x);
    if (blank)
        return end;
    front = ground ? cell_colours(first, p, c->colormap).front : style_rgb(p, s);
    for (int i = x; i < end; i++)
        if ((kind = drawn_as(c, canvas_cell(c, i, y))) != MOSAIC_NONE)
            add_pixels(o, kind, (unsigned)mosaic_bits(kind, canvas_cell(c, i, y).ch), front, i, y, 1);
        else if (canvas_cell(c, i, y).ch != ' ')
            written = 1;
    if (!written)
        return end;
    svg_rgb(front, colour);
    svg_format(o, "<text y=\"%d\" fill=\"%s\"%s>", y * CELL_H + BASELINE, colour,
               ink.attributes & INK_BOLD ? " class=\"b\"" : "");
    for (int i = x, next; i < end; i = next) {
        next = i + 1;
        if (canvas_cell(c, i, y).ch == ' ' || drawn_as(c, canvas_cell(c, i, y)) != MOSAIC_NONE)
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
