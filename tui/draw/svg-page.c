/* SPDX-License-Identifier: MIT */
#include "draw/svg-page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/text.h"

/* Room for so many more bytes and a NUL. */
static int make_room(struct svg_page *o, size_t more)
{
    size_t room = o->room ? o->room : 4096;
    char *text;

    while (room <= o->used + more)
        room *= 2;
    if (o->failed || room == o->room)
        return !o->failed;
    text = realloc(o->text, room);
    if (!text) {
        o->failed = 1;
        return 0;
    }
    o->text = text;
    o->room = room;
    return 1;
}

void svg_add(struct svg_page *o, const char *markup)
{
    size_t n = strlen(markup);

    if (!make_room(o, n))
        return;
    memcpy(o->text + o->used, markup, n + 1);
    o->used += n;
}

void svg_format(struct svg_page *o, const char *format, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    svg_add(o, text);
}

void svg_character(struct svg_page *o, uint32_t ch)
{
    static const struct {
        char ch;
        const char *name;
    } escapes[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}};
    char bytes[5] = {0};

    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (ch == (unsigned char)escapes[i].ch) {
            svg_add(o, escapes[i].name);
            return;
        }
    if (ch < ' ' || (ch >= 0x7f && ch < 0xa0) || (ch >= 0xd800 && ch < 0xe000) || (ch & 0xfffe) == 0xfffe)
        return;
    text_encode(ch, bytes);
    svg_add(o, bytes);
}

void svg_text(struct svg_page *o, const char *text)
{
    uint32_t ch;

    while ((ch = text_next(&text)))
        svg_character(o, ch);
}

void svg_decimals(struct svg_page *o, double v, int digits)
{
    long long unit = 1, parts, size;

    for (int i = 0; i < digits; i++)
        unit *= 10;
    parts = isfinite(v) && fabs(v) < 1e12 ? llround(v * (double)unit) : 0;
    size = llabs(parts);
    svg_format(o, "%s%lld", parts < 0 ? "-" : "", size / unit);
    for (size %= unit; size && size % 10 == 0; size /= 10)
        digits--;
    if (size)
        svg_format(o, ".%0*lld", digits, size);
}

void svg_number(struct svg_page *o, double v)
{
    svg_decimals(o, v, 2);
}

char *svg_end(struct svg_page *o)
{
    if (o->failed) {
        free(o->text);
        o->text = NULL;
    }
    return o->text;
}

void svg_rgb(struct rgb c, char out[SVG_COLOUR])
{
    snprintf(out, SVG_COLOUR, "#%02x%02x%02x", c.r & 0xffu, c.g & 0xffu, c.b & 0xffu);
}

void svg_paper(enum theme p, char out[SVG_COLOUR])
{
    svg_rgb(theme_paper(p), out);
}

void svg_ink(enum theme p, enum style s, char out[SVG_COLOUR])
{
    svg_rgb(style_rgb(p, s < STYLE_COUNT ? s : STYLE_TEXT), out);
}
