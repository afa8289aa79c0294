/* SPDX-License-Identifier: MIT */
#include "draw/png.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

enum { COLOURS = 256, CHUNK = 12 /* length, name, sum */, UP = 2 };

static void put_word(uint8_t *to, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static size_t put_chunk(uint8_t *to, const char name[5], const uint8_t *bytes, size_t count)
{
    put_word(to, (uint32_t)count);
    memcpy(to + 4, name, 4);
    if (count)
        memcpy(to + 8, bytes, count);
    put_word(to + 8 + count, (uint32_t)crc32(0, to + 4, (uInt)(count + 4)));
    return CHUNK + count;
}

/* Each row as its difference from the one above: along a slope these are few values. */
static uint8_t *filtered(const struct png_picture *p, size_t *count)
{
    size_t w = (size_t)p->w, h = (size_t)p->h;
    uint8_t *to = malloc((w + 1) * h);

    *count = (w + 1) * h;
    for (size_t y = 0; to && y < h; y++) {
        to[y * (w + 1)] = UP;
        for (size_t x = 0; x < w; x++)
            to[y * (w + 1) + 1 + x] = (uint8_t)(p->pixel[y * w + x] - (y ? p->pixel[(y - 1) * w + x] : 0));
    }
    return to;
}

static uint8_t *assemble(const struct png_picture *p, const uint8_t *packed, size_t count, size_t *size)
{
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uint8_t head[13] = {[8] = 8 /* bits */, 3 /* indices */, 0, 0, 0}, palette[3 * COLOURS];
    uint8_t *to = malloc(sizeof signature + 5 * CHUNK + sizeof head + sizeof palette + 1 + count);
    size_t n = sizeof signature;

    if (!to)
        return NULL;
    put_word(head, (uint32_t)p->w);
    put_word(head + 4, (uint32_t)p->h);
    for (int i = 0; i < COLOURS; i++)
        memcpy(palette + 3 * i, (const uint8_t[]){p->colour[i].r, p->colour[i].g, p->colour[i].b}, 3);
    memcpy(to, signature, n);
    n += put_chunk(to + n, "IHDR", head, sizeof head);
    n += put_chunk(to + n, "PLTE", palette, sizeof palette);
    n += put_chunk(to + n, "tRNS", (const uint8_t[]){0}, 1);
    n += put_chunk(to + n, "IDAT", packed, count);
    n += put_chunk(to + n, "IEND", NULL, 0);
    *size = n;
    return to;
}

static uint8_t *compressed(const uint8_t *bytes, size_t count, size_t *size)
{
    uLongf packed = compressBound(count);
    uint8_t *to = malloc(packed);

    if (!to || compress2(to, &packed, bytes, count, Z_BEST_COMPRESSION) != Z_OK) {
        free(to);
        return NULL;
    }
    *size = packed;
    return to;
}

uint8_t *png_encode(const struct png_picture *p, size_t *size)
{
    size_t count, packed_count = 0;
    uint8_t *rows = filtered(p, &count), *packed = rows ? compressed(rows, count, &packed_count) : NULL;
    uint8_t *file = packed ? assemble(p, packed, packed_count, size) : NULL;

    free(rows);
    free(packed);
    return file;
}

char *png_base64(const struct png_picture *p)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = 0, n = 0;
    uint8_t *file = png_encode(p, &size);
    char *text = file ? malloc((size + 2) / 3 * 4 + 1) : NULL;

    for (size_t i = 0; text && i < size; i += 3) {
        unsigned v = (unsigned)file[i] << 16 | (unsigned)(i + 1 < size ? file[i + 1] : 0) << 8 | (i + 2 < size ? file[i + 2] : 0);
        text[n++] = digit[v >> 18];
        text[n++] = digit[v >> 12 & 63];
        text[n++] = i + 1 < size ? digit[v >> 6 & 63] : '=';
        text[n++] = i + 2 < size ? digit[v & 63] : '=';
    }
    if (text)
        text[n] = '\0';
    free(file);
    return text;
}
