/* SPDX-License-Identifier: MIT */
#include "draw/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/glyph.h"
#include "draw/spell.h"
#include "draw/text.h"

static struct rect rect_common(struct rect a, struct rect b)
{
    int x = a.x > b.x ? a.x : b.x, y = a.y > b.y ? a.y : b.y;
    int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;

    return (struct rect){x, y, right > x ? right - x : 0, bottom > y ? bottom - y : 0};
}

int canvas_init(struct canvas *c, int w, int h, enum charset charset)
{
    memset(c, 0, sizeof *c);
    if (w < 1 || h < 1 || w > 4000 || h > 4000)
        return -1;
    c->cells = malloc((size_t)w * (size_t)h * sizeof *c->cells);
    if (!c->cells)
        return -1;
    c->stride = c->w = w;
    c->h = h;
    c->clip = (struct rect){0, 0, w, h};
    c->charset = charset;
    canvas_clear(c);
    return 0;
}

void canvas_free(struct canvas *c)
{
    free(c->cells);
    c->cells = NULL;
}

struct canvas canvas_part(const struct canvas *c, struct rect r)
{
    struct canvas part = *c;

    part.x = c->x + r.x;
    part.y = c->y + r.y;
    part.w = r.w > 0 ? r.w : 0;
    part.h = r.h > 0 ? r.h : 0;
    part.clip = rect_common(c->clip, (struct rect){part.x, part.y, part.w, part.h});
    return part;
}

struct cell *canvas_at(const struct canvas *c, int x, int y)
{
    x += c->x;
    y += c->y;
    if (x < c->clip.x || y < c->clip.y || x >= c->clip.x + c->clip.w || y >= c->clip.y + c->clip.h)
        return NULL;
    return &c->cells[y * c->stride + x];
}

void canvas_clear(struct canvas *c)
{
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w; x++) {
            canvas_shade(c, x, y, 0);
            canvas_put(c, x, y, STYLE_TEXT, ' ');
        }
}

void canvas_shade(struct canvas *c, int x, int y, int shade)
{
    canvas_halves(c, x, y, shade, shade);
}

void canvas_halves(struct canvas *c, int x, int y, int upper, int lower)
{
    struct cell *cell = canvas_at(c, x, y);

    if (cell) {
        cell->shade = (uint16_t)upper;
        cell->low = (uint16_t)lower;
        cell->mosaic = MOSAIC_NONE;
        cell->pixels = 0;
        cell->halo[0] = cell->halo[1] = cell->halo_style = 0;
    }
}

void canvas_pixels(struct canvas *c, int x, int y, enum mosaic kind, const int *shade)
{
    struct mosaic_split split = mosaic_split(shade, MOSAIC_ACROSS * mosaic_rows(kind));
    struct cell *cell = canvas_at(c, x, y);

    canvas_halves(c, x, y, split.front, split.back);
    if (cell && split.front != split.back) {
        cell->mosaic = (uint8_t)kind;
        cell->pixels = (uint8_t)split.bits;
    }
}

struct cell_colours cell_colours(struct cell cell, enum theme p, enum colormap map)
{
    enum style s = cell.style < STYLE_COUNT ? (enum style)cell.style : STYLE_TEXT;
    int shade = cell.edged ? style_under(p, s, map, cell_ground(cell)) : cell_ground(cell);
    struct rgb back = style_ground(p, map, shade);

    return (struct cell_colours){cell.edged ? style_way(p, s) : style_on(p, s, back), back, shade};
}

int cell_has_halves(struct cell cell, enum charset charset)
{
    return cell.ch == ' ' && cell.shade != cell.low && charset != CHARSET_ASCII;
}

int cell_ground(struct cell cell)
{
    int n = cell.mosaic ? __builtin_popcount(cell.pixels) : 1;
    int rest = cell.mosaic ? MOSAIC_ACROSS * mosaic_rows((enum mosaic)cell.mosaic) - n : 1;

    if (!cell.shade || !cell.low)
        return cell.shade ? cell.shade : cell.low;
    return shade_make((n * shade_level(cell.shade) + rest * shade_level(cell.low)) / (n + rest),
                      (n * shade_shadow(cell.shade) + rest * shade_shadow(cell.low)) / (n + rest));
}

/* On the ground that is there. */
static void write_cell(struct cell *cell, uint32_t ch, enum style s)
{
    cell->ch = ch;
    cell->mark = 0;
    cell->style = (uint8_t)s;
    cell->edged = cell->dense = 0;
}

void canvas_put(struct canvas *c, int x, int y, enum style s, uint32_t ch)
{
    struct cell *cell = canvas_at(c, x, y), *half;
    int columns;

    ch = glyph_for(c->charset, ch);
    columns = text_columns(ch);
    if (ch && columns < 0) { /* what drives a terminal is no glyph */
        ch = '?';
        columns = 1;
    }
    half = columns == 2 ? canvas_at(c, x + 1, y) : NULL;
    if (half)
        write_cell(half, 0, s);
    if (cell)
        write_cell(cell, columns == 2 && !half ? ' ' : ch, s);
}

/* A combining character belongs to the one before it, which may be outside. */
static void put_mark(struct canvas *c, int x, int y, uint32_t ch)
{
    struct cell *cell = canvas_at(c, x, y);

    if (cell && !cell->ch)
        cell = canvas_at(c, x - 1, y);
    if (cell && !cell->mark && c->charset == CHARSET_BRAILLE)
        cell->mark = ch;
}

int canvas_width(const struct canvas *c, const char *text)
{
    struct spelling s = {text, NULL};
    int w = 0, columns;
    uint32_t ch;

    while ((ch = spell_next(&s, c->charset)))
        w += (columns = text_columns(ch)) < 0 ? 1 : columns;
    return w;
}

int canvas_text(struct canvas *c, int x, int y, enum style s, const char *text)
{
    struct spelling spelling = {text, NULL};
    int start = x;
    uint32_t ch;

    while ((ch = spell_next(&spelling, c->charset))) {
        int columns = text_columns(ch);
        if (columns < 0)
            ch = '?', columns = 1;
        if (columns)
            canvas_put(c, x, y, s, ch);
        else if (x > start)
            put_mark(c, x - 1, y, ch);
        x += columns;
    }
    return x - start;
}

void canvas_text_right(struct canvas *c, int end, int y, enum style s, const char *text)
{
    canvas_text(c, end - canvas_width(c, text), y, s, text);
}

/* One dot alone would read as the end of a sentence. */
static const char *cut_sign(const struct canvas *c)
{
    return c->charset == CHARSET_BRAILLE ? "…" : "..";
}

int canvas_cut(struct canvas *c, int x, int y, int room, enum style s, const char *text)
{
    int left = room - canvas_width(c, cut_sign(c));
    struct canvas part = canvas_part(c, (struct rect){x, y, left, 1});

    if (canvas_width(c, text) <= room)
        return canvas_text(c, x, y, s, text);
    if (left < 0)
        return 0;
    canvas_text(&part, 0, 0, s, text);
    canvas_text(c, x + left, y, s, cut_sign(c));
    return room;
}

int canvas_cut_front(struct canvas *c, int x, int y, int room, enum style s, const char *text)
{
    int left = room - canvas_width(c, cut_sign(c));

    if (canvas_width(c, text) <= room)
        return canvas_text(c, x, y, s, text);
    if (left < 0)
        return 0;
    while (canvas_width(c, text) > left)
        text_next(&text);
    return canvas_text(c, canvas_text(c, x, y, s, cut_sign(c)) + x, y, s, text) + room - left;
}

int canvas_format(struct canvas *c, int x, int y, enum style s, const char *format, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return canvas_text(c, x, y, s, text);
}

/* Punctuation that a line does not begin with, and that it does not end with. */
static int closes(uint32_t ch)
{
    return (ch < 128 && ch > 32 && strchr(".,;:!?)]}%", (int)ch)) || ch == 0x3001 || ch == 0x3002 || ch == 0xff0c || ch == 0xff1a ||
           ch == 0xff1b || ch == 0xff1f || ch == 0xff01 || ch == 0xff09 || ch == 0x300d || ch == 0x300f || ch == 0x300b || ch == 0x2026;
}

static int opens(uint32_t ch)
{
    return ch == '(' || ch == '[' || ch == 0xff08 || ch == 0x300c || ch == 0x300e || ch == 0x300a;
}

/* Scripts of wide characters have no blanks: a line ends anywhere but at such punctuation. */
static int may_break(uint32_t before, uint32_t ch)
{
    return before && before != ' ' && (text_columns(before) == 2 || text_columns(ch) == 2) && !closes(ch) && !opens(before);
}

size_t canvas_line(const char *text, int width, enum charset charset)
{
    struct spelling s = {text, NULL};
    const char *blank = NULL, *start = text;
    uint32_t ch, before = 0;
    int used = 0;

    for (;; before = ch) {
        if (!s.word || !*s.word)
            start = s.text;
        ch = spell_next(&s, charset);
        if (!ch)
            return (size_t)(start - text);
        used += text_columns(ch) < 0 ? 1 : text_columns(ch);
        if (ch == ' ' || may_break(before, ch))
            blank = start;
        if (used > width && ch != ' ')
            return (size_t)((blank && blank > text ? blank : start) - text);
    }
}

static const char *after_blanks(const char *text)
{
    return text + strspn(text, " ");
}

/* The first line of a text; where it is the last that there is room for and more follows, it ends in …. Returns its bytes. */
static size_t wrap_line(struct canvas *c, int x, int y, enum style s, const char *text, int is_last)
{
    char line[512];
    int room = c->w - x, sign = canvas_width(c, cut_sign(c));
    size_t n = canvas_line(text, room, c->charset);
    int cut = is_last && *after_blanks(text + n) && room > sign;

    if (cut)
        n = canvas_line(text, room - sign, c->charset);
    if (n == 0 || n >= sizeof line)
        return 0;
    memcpy(line, text, n);
    line[n] = '\0';
    x += canvas_text(c, x, y, s, line);
    if (cut)
        canvas_text(c, x, y, s, cut_sign(c));
    return n;
}

int canvas_wrap(struct canvas *c, int x, int y, int rows, enum style s, const char *text)
{
    int used = 0;

    while (*text && used < rows && c->w > x) {
        size_t n = wrap_line(c, x, y + used, s, text, used + 1 == rows);
        if (!n)
            break;
        used++;
        text = after_blanks(text + n);
    }
    return used;
}

void canvas_tint(struct canvas *c, int x, int y, int count, enum style s)
{
    for (int i = 0; i < count; i++) {
        struct cell *cell = canvas_at(c, x + i, y);
        if (cell)
            cell->style = (uint8_t)s;
    }
}

static void frame_lines(struct canvas *c, enum style s)
{
    int right = c->w - 1, bottom = c->h - 1;

    for (int x = 1; x < right; x++) {
        canvas_put(c, x, 0, s, 0x2500);
        canvas_put(c, x, bottom, s, 0x2500);
    }
    for (int y = 1; y < bottom; y++) {
        canvas_put(c, 0, y, s, 0x2502);
        canvas_put(c, right, y, s, 0x2502);
    }
    canvas_put(c, 0, 0, s, 0x256d);
    canvas_put(c, right, 0, s, 0x256e);
    canvas_put(c, 0, bottom, s, 0x2570);
    canvas_put(c, right, bottom, s, 0x256f);
}

struct canvas canvas_frame(struct canvas *c, int focus, const char *title, const char *note)
{
    enum style line = focus ? STYLE_FOCUS : STYLE_FRAME, text = focus ? STYLE_FOCUS_TITLE : STYLE_TITLE;
    struct canvas top = canvas_part(c, (struct rect){2, 0, c->w - 4, 1});
    int title_width = canvas_width(c, title), note_width = note ? canvas_width(c, note) : 0;

    if (c->w < 2 || c->h < 2)
        return canvas_part(c, (struct rect){0, 0, 0, 0});
    frame_lines(c, line);
    if (title_width && top.w > 2)
        canvas_format(&top, 0, 0, text, " %s ", title);
    if (note_width && title_width + note_width + 5 <= top.w) {
        canvas_put(&top, top.w - note_width - 2, 0, line, ' ');
        canvas_text(&top, top.w - note_width - 1, 0, STYLE_QUIET, note);
        canvas_put(&top, top.w - 1, 0, line, ' ');
    }
    return canvas_part(c, (struct rect){1, 1, c->w - 2, c->h - 2});
}

void canvas_dots(const struct canvas *c, int *across, int *down)
{
    *across = c->charset == CHARSET_BRAILLE ? 2 : 1;
    *down = c->charset == CHARSET_BRAILLE ? (c->mosaic ? mosaic_rows(c->mosaic) : 4) : c->charset == CHARSET_BLOCK ? 2 : 1;
}

static int is_faint(enum style s)
{
    return s == STYLE_RAW || s == STYLE_CONTOUR || s == STYLE_GHOST;
}

static uint32_t add_pixel(enum mosaic kind, uint32_t ch, int x, int y)
{
    int before = mosaic_bits(kind, ch);

    return mosaic_glyph(kind, (unsigned)(before < 0 ? 0 : before) | 1u << (MOSAIC_ACROSS * y + x));
}

void canvas_dot(struct canvas *c, int x, int y, enum style s, char plain)
{
    int across, down;
    struct cell *cell;

    if (x < 0 || y < 0)
        return;
    canvas_dots(c, &across, &down);
    cell = canvas_at(c, x / across, y / down);
    if (!cell)
        return;
    /* A cell the clearer curve passes through is its alone. */
    if (is_faint((enum style)cell->style) && !is_faint(s))
        cell->ch = ' ';
    else if (is_faint(s) && !is_faint((enum style)cell->style) && cell->ch != ' ')
        return;
    if (c->charset == CHARSET_ASCII)
        cell->ch = (unsigned char)plain;
    else if (c->charset == CHARSET_BRAILLE && c->mosaic)
        cell->ch = add_pixel(c->mosaic, cell->ch, x % across, y % down);
    else
        cell->ch = glyph_dot(c->charset, cell->ch, x % across, y % down);
    cell->mark = 0;
    cell->style = (uint8_t)s;
    cell->edged = cell->dense = 0;
}

void canvas_dense(struct canvas *c, int x, int y, enum style s, uint32_t ch, int shade)
{
    struct cell *cell = canvas_at(c, x, y);

    canvas_shade(c, x, y, shade);
    canvas_put(c, x, y, s, ch);
    if (cell)
        cell->dense = 1;
}

void canvas_edge(struct canvas *c, int x, int y)
{
    struct cell *cell = canvas_at(c, x, y);

    if (cell)
        cell->edged = 1;
}

static struct cell whole_cell(const struct canvas *c, int x, int y)
{
    const struct cell *cell = canvas_at(c, x, y);
    struct cell blank = {.ch = ' ', .style = STYLE_TEXT};
    const struct cell *left, *right;

    if (!cell)
        return blank;
    blank = *cell;
    write_cell(&blank, ' ', (enum style)cell->style);
    if (cell->ch == 0) {
        left = x > 0 ? canvas_at(c, x - 1, y) : NULL;
        return left && left->ch && text_columns(left->ch) == 2 ? *cell : blank;
    }
    right = x + 1 < c->w ? canvas_at(c, x + 1, y) : NULL;
    if (text_columns(cell->ch) == 2 && !(right && right->ch == 0))
        return blank;
    return *cell;
}

struct cell canvas_cell(const struct canvas *c, int x, int y)
{
    struct cell cell = whole_cell(c, x, y);

    if (cell.dense)
        write_cell(&cell, ' ', STYLE_TEXT);
    return cell;
}

struct cell canvas_cell_flat(const struct canvas *c, int x, int y)
{
    struct cell cell = whole_cell(c, x, y);

    if (cell.ch == ' ' && (cell.shade || cell.low)) {
        cell.ch = glyph_shade(c->charset, cell_ground(cell));
        cell.style = STYLE_CONTOUR;
    }
    return cell;
}

char *canvas_to_text(const struct canvas *c)
{
    char *text = malloc((size_t)c->h * ((size_t)c->w * 8 + 1) + 1), *p = text;

    for (int y = 0; text && y < c->h; y++) {
        char *end = p;
        for (int x = 0; x < c->w; x++) {
            struct cell cell = canvas_cell_flat(c, x, y);
            if (!cell.ch)
                continue;
            p += text_encode(cell.ch, p);
            if (cell.mark)
                p += text_encode(cell.mark, p);
            if (cell.ch != ' ')
                end = p;
        }
        *end++ = '\n';
        p = end;
    }
    if (text)
        *p = '\0';
    return text;
}
