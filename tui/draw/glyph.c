/* SPDX-License-Identifier: MIT */
#include "draw/glyph.h"

/* A Linux console has the code page 437 at best: no braille, no round corners, no small triangles. */
static const struct {
    uint32_t ch, block;
    char plain;
} stand_ins[] = {
    {0x2500, 0x2500, '-'}, {0x2502, 0x2502, '|'}, {0x256d, 0x250c, '+'}, {0x256e, 0x2510, '+'},
    {0x2570, 0x2514, '+'}, {0x256f, 0x2518, '+'}, {0x250c, 0x250c, '+'}, {0x2510, 0x2510, '+'},
    {0x251c, 0x251c, '+'}, {0x2198, '\\', '\\'},
    {0x2514, 0x2514, '+'}, {0x2518, 0x2518, '+'}, {0x2524, 0x2524, '|'}, {0x252c, 0x252c, '+'},
    {0x2501, 0x2550, '-'}, {0x2505, '-', '-'},    {0x254c, '-', '.'},    {0x250a, 0x2502, ':'},
    {0x2022, 0x2022, '.'}, {0x00b7, 0x00b7, '.'}, {0x25cf, 0x25a0, '*'}, {0x25cb, 0x00b0, 'o'},
    {0x25b4, 0x25b2, '^'}, {0x25b8, 0x25ba, '>'}, {0x25c2, 0x25c4, '<'}, {0x25b6, 0x25ba, '>'},
    {0x25c6, 0x2666, 'o'}, {0x2717, 'x', 'x'},    {0x2713, 0x221a, '+'}, {0x2016, 0x2551, '|'},
    {0x2192, 0x2192, '>'}, {0x2190, 0x2190, '<'}, {0x2191, 0x2191, '^'}, {0x2193, 0x2193, 'v'},
    {0x21b5, '<', '<'},    {0x2026, '.', '.'},    {0x00d7, 'x', 'x'},    {0x2013, '-', '-'},
    {0x2014, '-', '-'},    {0x2212, '-', '-'},
    {0x2302, 0x2302, 'S'}, {0x25b2, 0x25b2, '%'}, {0x25a0, 0x2663, '#'}, {0x25bc, 0x25bc, 'v'},
    {0x2605, 0x263c, '*'}, {0x25c7, 0x2666, 'o'}, {0x25b3, 0x25b2, '^'}, {0x25a1, 0x2663, '#'},
    {0x25bd, 0x25bc, 'v'}, {0x2606, 0x263c, '*'},
    {0x2202, 'd', 'd'},    {0x25cc, 0x00b0, 'o'}, {0x2588, 0x2588, '#'}, {0x258f, 0x2502, '|'}, {0x2581, '_', '_'},
    {0x2591, 0x2591, ':'}, {0x2593, 0x2593, '#'}, {0x2248, 0x2248, '~'}, {0x253c, 0x253c, '+'}, {0x2225, 0x2551, '|'},
    {0x2265, 0x2265, '>'}, {0x2264, 0x2264, '<'}, {0x2260, '#', '#'},
    {0x03b1, 0x03b1, 'a'}, {0x03b2, 0x03b2, 'b'}, {0x03b4, 0x03b4, 'd'}, {0x03b5, 0x03b5, 'e'}, {0x03c0, 0x03c0, 'p'},
    {0x03c3, 0x03c3, 's'}, {0x03a3, 0x03a3, 'S'}, {0x221a, 0x221a, 'v'}, {0x221e, 0x221e, '8'},
};

uint32_t glyph_for(enum charset charset, uint32_t ch)
{
    if (ch < 0x80 || charset == CHARSET_BRAILLE)
        return ch;
    for (unsigned i = 0; i < sizeof stand_ins / sizeof *stand_ins; i++)
        if (stand_ins[i].ch == ch)
            return charset == CHARSET_BLOCK ? stand_ins[i].block : (unsigned char)stand_ins[i].plain;
    return charset == CHARSET_BLOCK && (ch < 0x100 || (ch >= 0x2580 && ch < 0x2590)) ? ch : '?';
}

uint32_t glyph_shade(enum charset charset, int shade)
{
    static const uint32_t blocks[] = {' ', 0x2591, 0x2592, 0x2593};
    static const char plain[] = " .:-=+*#%@";
    enum { DENSITIES = sizeof plain - 1 };
    int light = shade_level(shade) * (SHADOWS - shade_shadow(shade)) / SHADOWS, density;

    if (shade_level(shade) < 1)
        return ' ';
    density = (light > 0 ? light - 1 : 0) * DENSITIES / SHADES;
    return charset == CHARSET_ASCII ? (unsigned char)plain[density] : blocks[density * 4 / DENSITIES];
}

static uint32_t braille_dot(uint32_t ch, int x, int y)
{
    static const unsigned char bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    uint32_t before = ch >= 0x2800 && ch < 0x2900 ? ch : 0x2800;

    return before | bits[y][x];
}

static uint32_t block_dot(uint32_t ch, int y)
{
    enum { UPPER = 0x2580, LOWER = 0x2584, FULL = 0x2588 };

    if (ch == FULL || (ch == UPPER && y == 1) || (ch == LOWER && y == 0))
        return FULL;
    return y == 0 ? UPPER : LOWER;
}

uint32_t glyph_dot(enum charset charset, uint32_t ch, int x, int y)
{
    return charset == CHARSET_BRAILLE ? braille_dot(ch, x, y) : block_dot(ch, y);
}
