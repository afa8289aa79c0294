/* SPDX-License-Identifier: MIT */
#include "draw/text.h"

struct range {
    uint32_t first, last;
};

/* The blocks a lab meets in names and paths; exactness beyond them only costs alignment. */
static const struct range combining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0x302a, 0x302d}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};
static const struct range wide[] = {
    {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff},
    {0xa000, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
    {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static int within(const struct range *r, size_t n, uint32_t ch)
{
    for (size_t i = 0; i < n; i++)
        if (ch >= r[i].first && ch <= r[i].last)
            return 1;
    return 0;
}

int text_columns(uint32_t ch)
{
    if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
        return -1;
    if (ch < 0x300)
        return 1;
    if (within(combining, sizeof combining / sizeof *combining, ch))
        return 0;
    return within(wide, sizeof wide / sizeof *wide, ch) ? 2 : 1;
}

uint32_t text_next(const char **s)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)*s;
    int n = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;
    uint32_t ch;

    if (!*p)
        return 0;
    *s += 1;
    if (n <= 1)
        return n ? *p : 0xfffd;
    ch = *p & (0xffu >> (n + 1));
    for (int i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0xfffd;
        ch = ch << 6 | (p[i] & 0x3f);
    }
    if (ch < least[n] || ch > 0x10ffff || (ch >= 0xd800 && ch < 0xe000))
        return 0xfffd;
    *s += n - 1;
    return ch;
}

int text_width(const char *s)
{
    int w = 0, columns;
    uint32_t ch;

    while ((ch = text_next(&s)))
        w += (columns = text_columns(ch)) < 0 ? 1 : columns;
    return w;
}

int text_encode(uint32_t ch, char out[4])
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    if (ch < 0x800) {
        out[0] = (char)(0xc0 | ch >> 6);
        out[1] = (char)(0x80 | (ch & 0x3f));
        return 2;
    }
    if (ch < 0x10000) {
        out[0] = (char)(0xe0 | ch >> 12);
        out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
        out[2] = (char)(0x80 | (ch & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | ch >> 18);
    out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
    out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
    out[3] = (char)(0x80 | (ch & 0x3f));
    return 4;
}
