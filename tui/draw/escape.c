/* SPDX-License-Identifier: MIT */
/* What costs bytes are colours: 19 for one in red, green and blue. So a colour is sent when it changes only, and of ▀
 * and ▄, which differ in what is the foreground, the one that needs fewer changes. */
#include "draw/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/halo.h"
#include "draw/text.h"

enum { UPPER = 0x2580, LOWER = 0x2584, STANDARD = -1, UNKNOWN = -2, UNSET = -1, RGB = 1 << 24 };

struct pen {
    int front, back; /* an index of 256, RGB and a colour, or STANDARD; UNKNOWN */
    unsigned attributes;
};

struct brush {
    struct escape_page *o;
    const struct canvas *c;
    enum theme theme;
    int colours;
    struct pen pen; /* as the terminal has it */
};

/* ---- bytes ------------------------------------------------------------------------------------ */

static void add_bytes(struct escape_page *o, const char *bytes, size_t n)
{
    size_t room = o->room ? o->room : 4096;
    char *more;

    while (room < o->used + n)
        room *= 2;
    if (!o->failed && room > o->room) {
        more = realloc(o->bytes, room);
        o->failed = !more;
        o->bytes = more ? more : o->bytes;
        o->room = more ? room : o->room;
    }
    if (o->failed)
        return;
    memcpy(o->bytes + o->used, bytes, n);
    o->used += n;
}

static void add(struct escape_page *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct escape_page *o, const char *format, ...)
{
    char text[64];
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (n > 0)
        add_bytes(o, text, (size_t)n);
}

void escape_free(struct escape_page *o)
{
    free(o->bytes);
    *o = (struct escape_page){0};
}

/* ---- colours ---------------------------------------------------------------------------------- */

static int colour_sent(const struct brush *b, struct rgb c)
{
    return b->colours < TRUE_COLOUR ? colour_nearest(c) : RGB | c.r << 16 | c.g << 8 | c.b;
}

static int ground_sent(const struct brush *b, int shade)
{
    if (!shade)
        return STANDARD;
    return b->colours < TRUE_COLOUR ? style_ground_index(b->theme, b->c->colormap, shade)
                                    : colour_sent(b, style_ground(b->theme, b->c->colormap, shade));
}

static void add_colour(struct brush *b, const char **lead, int colour, int back)
{
    struct escape_page *o = b->o;

    add(o, "%s", *lead);
    *lead = ";";
    if (colour == STANDARD)
        add(o, "%d", 39 + 10 * back);
    else if (colour & RGB)
        add(o, "%d;2;%d;%d;%d", 38 + 10 * back, colour >> 16 & 255, colour >> 8 & 255, colour & 255);
    else if (colour < 16)
        add(o, "%d", (colour < 8 ? 30 : 82) + colour + 10 * back);
    else
        add(o, "%d;5;%d", 38 + 10 * back, colour);
}

static void take_pen(struct brush *b, struct pen to)
{
    static const struct {
        unsigned ink;
        const char *code;
    } codes[] = {{INK_BOLD, ";1"}, {INK_DIM, ";2"}, {INK_UNDERLINE, ";4"}, {INK_REVERSE, ";7"}};
    const char *lead = "\033[";

    if (to.attributes != b->pen.attributes) {
        add(b->o, "\033[0");
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            if (to.attributes & codes[i].ink)
                add(b->o, "%s", codes[i].code);
        lead = ";";
        b->pen.front = b->pen.back = STANDARD;
    }
    if (to.front != b->pen.front)
        add_colour(b, &lead, to.front, 0);
    if (to.back != b->pen.back)
        add_colour(b, &lead, to.back, 1);
    if (*lead == ';')
        add(b->o, "m");
    b->pen = to;
}

/* ---- cells ------------------------------------------------------------------------------------ */

static void put_character(struct brush *b, uint32_t ch)
{
    char bytes[8];

    add_bytes(b->o, bytes, (size_t)text_encode(ch, bytes));
}

static int changes(const struct brush *b, int front, int back)
{
    return (front != b->pen.front) + (back != b->pen.back);
}

static void put_halves(struct brush *b, struct cell cell)
{
    int upper = ground_sent(b, cell.shade), lower = ground_sent(b, cell.low);
    int swapped = upper == STANDARD || (lower != STANDARD && changes(b, lower, upper) < changes(b, upper, lower));

    if (upper == lower) {
        take_pen(b, (struct pen){b->pen.attributes ? STANDARD : b->pen.front, upper, 0});
        put_character(b, ' ');
        return;
    }
    take_pen(b, swapped ? (struct pen){lower, upper, 0} : (struct pen){upper, lower, 0});
    if (cell.mosaic)
        put_character(b, mosaic_glyph((enum mosaic)cell.mosaic, swapped ? ~(unsigned)cell.pixels : cell.pixels));
    else
        put_character(b, swapped ? LOWER : UPPER);
}

static void put_cell(struct brush *b, struct cell cell)
{
    enum style s = cell.style < STYLE_COUNT ? (enum style)cell.style : STYLE_TEXT;
    struct ink ink = style_ink(b->theme, b->colours, s);
    int ground = b->colours < 256 ? 0 : cell_ground(cell);
    int bare = cell.ch == ' ' && !((ink.attributes | b->pen.attributes) & (INK_REVERSE | INK_UNDERLINE)); /* it has no foreground */
    struct pen pen = {ink.colour, STANDARD, ink.attributes};

    if (!cell.ch)
        return;
    if (ground)
        cell = halo_cell(cell, b->theme, b->c->colormap);
    if (ground && cell_has_halves(cell, b->c->charset)) {
        put_halves(b, cell);
        return;
    }
    if (ground) {
        struct cell_colours colours = cell_colours(cell, b->theme, b->c->colormap);
        pen.back = ground_sent(b, colours.shade);
        pen.front = bare                                        ? STANDARD
                    : cell.edged || b->colours == TRUE_COLOUR ? colour_sent(b, colours.front)
                                                              : style_on_index(b->theme, s, pen.back);
    }
    if (bare) {
        pen.attributes = b->pen.attributes;
        pen.front = b->pen.front;
    }
    take_pen(b, pen);
    put_character(b, cell.ch);
    if (cell.mark)
        put_character(b, cell.mark);
}

/* ---- screens ---------------------------------------------------------------------------------- */

void escape_blank(struct cell *shown, size_t count)
{
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct cell){.ch = ' ', .style = STYLE_TEXT};
}

static int is_same(struct cell a, struct cell b)
{
    return a.ch == b.ch && a.mark == b.mark && a.style == b.style && a.shade == b.shade && a.low == b.low && a.edged == b.edged &&
           a.mosaic == b.mosaic && a.pixels == b.pixels && a.halo[0] == b.halo[0] && a.halo[1] == b.halo[1] && a.halo_style == b.halo_style;
}

/* From column x to `end` of a row: by blanks where there are a few and nothing else (a text stays whole), or past them. */
static void go_right(struct brush *b, const struct cell *row, int x, int end)
{
    enum { FEW = 4 };
    int plain = end - x <= FEW && b->pen.back == STANDARD && !(b->pen.attributes & (INK_REVERSE | INK_UNDERLINE));

    for (int i = x; i < end; i++)
        plain &= row[i].ch == ' ' && !row[i].shade && !row[i].low &&
                 !(style_ink(b->theme, b->colours, (enum style)row[i].style).attributes & (INK_REVERSE | INK_UNDERLINE));
    if (plain)
        add(b->o, "%.*s", end - x, "    ");
    else
        add(b->o, end - x > 1 ? "\033[%dC" : "\033[C", end - x);
}

/* Where the terminal's cursor is; y UNSET: not known. */
struct place {
    int x, y;
};

/* Characters that the user has not yet chosen to have: a terminal or tmux whose tables are older may give them any width. */
static int is_unsure(const struct brush *b, struct cell cell)
{
    return b->c->mosaic == MOSAIC_NONE && (cell.ch > 0xffff || (cell.mosaic && cell_has_halves(cell, b->c->charset)));
}

/* So a blank is there before, and where the cursor is after it is not known. */
static void put_unsure(struct brush *b, struct cell cell, int x, int y)
{
    add(b->o, "\033[%d;%dH \033[%d;%dH", y + 1, x + 1, y + 1, x + 1);
    put_cell(b, cell);
}

static void update_row(struct brush *b, int y, struct cell *shown, struct place *at)
{
    for (int x = 0; x < b->c->w; x++) {
        struct cell cell = canvas_cell(b->c, x, y);
        if (is_same(cell, shown[x]))
            continue;
        shown[x] = cell;
        if (!cell.ch)
            continue;
        if (is_unsure(b, cell)) {
            put_unsure(b, cell, x, y);
            at->y = UNSET;
            continue;
        }
        if (at->y == y && at->x < x)
            go_right(b, shown, at->x, x);
        else if (at->y != y || at->x != x)
            add(b->o, "\033[%d;%dH", y + 1, x + 1);
        put_cell(b, cell);
        *at = (struct place){x + text_columns(cell.ch), y};
    }
}

int escape_update(struct escape_page *o, const struct canvas *c, enum theme p, int colours, struct cell *shown)
{
    struct brush b = {o, c, p, colours, {UNKNOWN, UNKNOWN, ~0u}}; /* all is set by the first */
    size_t begin = o->used, most = ESCAPE_CELL * (size_t)c->w * (size_t)c->h;
    int first = o->row < c->h ? o->row : 0, done = 0;
    struct place at = {0, UNSET};

    for (; done < c->h && o->used - begin < most; done++) {
        int y = (first + done) % c->h;
        update_row(&b, y, &shown[y * c->w], &at);
    }
    if (o->used > begin)
        add(o, "\033[0m");
    o->row = done < c->h ? (first + done) % c->h : 0;
    return done < c->h;
}

void escape_lines(struct escape_page *o, const struct canvas *c, enum theme p, int colours)
{
    for (int y = 0; y < c->h; y++) {
        struct brush b = {o, c, p, colours, {STANDARD, STANDARD, 0}};
        for (int x = 0; x < c->w; x++)
            put_cell(&b, colours < 256 ? canvas_cell_flat(c, x, y) : canvas_cell(c, x, y));
        take_pen(&b, (struct pen){STANDARD, STANDARD, 0});
        add(o, "\n");
    }
}
