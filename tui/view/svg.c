#include "svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { CELL_W = 9, CELL_H = 18, BASELINE = 14, FONT = 15, CELL_BYTES = 32, RUN_BYTES = 256, HEAD_BYTES = 512 };

/* The terminal's own colours: only SVG has to know them. */
static const struct {
    const char *paper, *ink;
} papers[PALETTE_COUNT] = {{"#14171c", "#d8dbe0"}, {"#ffffff", "#1b1e23"}, {"#000000", "#ffffff"}};

/* xterm's 256 colours: a cube of six levels, and a ramp of greys. Styles use no others. */
void svg_colour(enum palette p, int colour, char out[8])
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};

    if (colour >= 232 && colour < 256) {
        int grey = 8 + 10 * (colour - 232);
        snprintf(out, 8, "#%02x%02x%02x", grey, grey, grey);
    } else if (colour >= 16 && colour < 232) {
        colour -= 16;
        snprintf(out, 8, "#%02x%02x%02x", levels[colour / 36], levels[colour / 6 % 6], levels[colour % 6]);
    } else
        snprintf(out, 8, "%s", colour == SVG_PAPER ? papers[p].paper : papers[p].ink);
}

struct page {
    char *text;
    size_t used, room;
};

static void add(struct page *o, const char *text)
{
    size_t n = strlen(text);

    if (o->used + n < o->room) {
        memcpy(o->text + o->used, text, n + 1);
        o->used += n;
    }
}

static void add_character(struct page *o, uint32_t ch)
{
    char bytes[5] = {0};

    if (ch == '<' || ch == '>' || ch == '&')
        add(o, ch == '<' ? "&lt;" : ch == '>' ? "&gt;" : "&amp;");
    else {
        text_encode(ch, bytes);
        add(o, bytes);
    }
}

static void add_ground(struct page *o, enum palette p, int shade, int x, int y, int cells)
{
    char colour[8], text[RUN_BYTES];

    svg_colour(p, style_shade(p, 256, shade), colour);
    snprintf(text, sizeof text, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x * CELL_W,
             y * CELL_H, cells * CELL_W, CELL_H, colour);
    add(o, text);
}

/* Neighbours of one style on one ground make one element, of the width they have on the screen whatever the font. */
static int add_run(struct page *o, const struct canvas *c, enum palette p, int x, int y)
{
    enum style s = (enum style)canvas_cell(c, x, y).style;
    struct ink ink = style_ink(p, 256, s < STYLE_COUNT ? s : STYLE_TEXT);
    int shade = canvas_cell(c, x, y).shade, end = x, last = x;
    char colour[8], head[RUN_BYTES];

    for (; end < c->w && canvas_cell(c, end, y).style == s && canvas_cell(c, end, y).shade == shade; end++)
        if (canvas_cell(c, end, y).ch != ' ')
            last = end + 1;
    if (shade)
        add_ground(o, p, shade, x, y, end - x);
    if (last == x)
        return end;
    svg_colour(p, ink.colour, colour);
    snprintf(head, sizeof head, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s>", x * CELL_W,
             y * CELL_H + BASELINE, (last - x) * CELL_W, colour, ink.attributes & INK_BOLD ? " class=\"b\"" : "");
    add(o, head);
    for (int i = x; i < last; i++) {
        struct cell cell = canvas_cell(c, i, y);
        if (cell.ch)
            add_character(o, cell.ch == ' ' ? 0xa0 : cell.ch);
        if (cell.mark)
            add_character(o, cell.mark);
    }
    add(o, "</text>\n");
    return end;
}

char *canvas_to_svg(const struct canvas *c, enum palette p)
{
    struct page o = {.room = HEAD_BYTES + (size_t)c->w * (size_t)c->h * (CELL_BYTES + RUN_BYTES)};
    char head[HEAD_BYTES];

    o.text = malloc(o.room);
    if (!o.text)
        return NULL;
    snprintf(head, sizeof head,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n"
             "<style>text{font:%dpx monospace;white-space:pre}.b{font-weight:bold}</style>\n"
             "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
             c->w * CELL_W, c->h * CELL_H, FONT, papers[p].paper);
    add(&o, head);
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w;)
            x = add_run(&o, c, p, x, y);
    add(&o, "</svg>\n");
    return o.text;
}
