/* SPDX-License-Identifier: MIT */
#include "draw/big.h"

#include <ctype.h>
#include <string.h>

enum { TALL = 5, GAP = 3 /* of a letter there is none of */ };

static const struct {
    char letter;
    const char *row[TALL];
} letters[] = {
    {'A', {".#.", "#.#", "###", "#.#", "#.#"}}, {'B', {"##.", "#.#", "##.", "#.#", "##."}},
    {'C', {".##", "#..", "#..", "#..", ".##"}}, {'D', {"##.", "#.#", "#.#", "#.#", "##."}},
    {'E', {"###", "#..", "##.", "#..", "###"}}, {'F', {"###", "#..", "##.", "#..", "#.."}},
    {'G', {".##", "#..", "#.#", "#.#", ".##"}}, {'H', {"#.#", "#.#", "###", "#.#", "#.#"}},
    {'I', {"#", "#", "#", "#", "#"}},           {'J', {"..#", "..#", "..#", "#.#", ".#."}},
    {'K', {"#.#", "#.#", "##.", "#.#", "#.#"}}, {'L', {"#..", "#..", "#..", "#..", "###"}},
    {'M', {"#...#", "##.##", "#.#.#", "#...#", "#...#"}}, {'N', {"#..#", "##.#", "#.##", "#..#", "#..#"}},
    {'O', {"###", "#.#", "#.#", "#.#", "###"}}, {'P', {"##.", "#.#", "##.", "#..", "#.."}},
    {'Q', {"###", "#.#", "#.#", "###", "..#"}}, {'R', {"##.", "#.#", "##.", "#.#", "#.#"}},
    {'S', {".##", "#..", ".#.", "..#", "##."}}, {'T', {"###", ".#.", ".#.", ".#.", ".#."}},
    {'U', {"#.#", "#.#", "#.#", "#.#", "###"}}, {'V', {"#.#", "#.#", "#.#", "#.#", ".#."}},
    {'W', {"#...#", "#...#", "#.#.#", "##.##", "#...#"}}, {'X', {"#.#", "#.#", ".#.", "#.#", "#.#"}},
    {'Y', {"#.#", "#.#", ".#.", ".#.", ".#."}}, {'Z', {"###", "..#", ".#.", "#..", "###"}},
    {'-', {"..", "..", "##", "..", ".."}},
};

static const char *const *rows_of(char ch)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == toupper((unsigned char)ch))
            return letters[i].row;
    return NULL;
}

static int letter_width(char ch)
{
    const char *const *rows = rows_of(ch);

    return rows ? (int)strlen(rows[0]) : GAP;
}

int big_width(const char *word)
{
    int width = 0;

    for (; *word; word++)
        width += letter_width(*word) + (word[1] != '\0');
    return width;
}

int big_rows(enum charset charset)
{
    return charset == CHARSET_ASCII ? TALL : (TALL + 1) / 2;
}

static int is_set(const char *const *rows, int x, int y)
{
    return y < TALL && rows[y][x] == '#';
}

/* Two rows of the letter share a cell, as its halves. */
static void draw_letter(struct canvas *c, int x, int y, enum style s, const char *const *rows)
{
    static const uint32_t halves[] = {' ', 0x2580, 0x2584, 0x2588};

    for (int column = 0; rows[0][column]; column++)
        for (int row = 0; row < big_rows(c->charset); row++) {
            int upper, lower;
            if (c->charset == CHARSET_ASCII)
                upper = lower = is_set(rows, column, row);
            else
                upper = is_set(rows, column, 2 * row), lower = is_set(rows, column, 2 * row + 1);
            if (upper || lower)
                canvas_put(c, x + column, y + row, s, halves[upper + 2 * lower]);
        }
}

void big_draw(struct canvas *c, int x, int y, enum style s, const char *word)
{
    for (; *word; x += letter_width(*word++) + 1)
        if (rows_of(*word))
            draw_letter(c, x, y, s, rows_of(*word));
}
