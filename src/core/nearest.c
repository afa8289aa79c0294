/* SPDX-License-Identifier: MIT */
#include "core/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int is_same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b) || (a == '-' && b == '_') || (a == '_' && b == '-');
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964), in three rows. */
static int slips_between(const char *a, const char *b)
{
    int row[3][NEAREST_NAME + 1], m = (int)strlen(a), n = (int)strlen(b);

    for (int j = 0; j <= n; j++)
        row[0][j] = j;
    for (int i = 1; i <= m; i++) {
        int *now = row[i % 3], *before = row[(i + 2) % 3], *first = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= n; j++) {
            int other = before[j - 1] + !is_same(a[i - 1], b[j - 1]);
            now[j] = least(other, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]))
                now[j] = least(now[j], first[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

struct nearest nearest_to(const char *word)
{
    size_t length = strlen(word);

    /* one slip, and another for every four letters more; from `slips` on it is another word */
    return (struct nearest){.word = word, .slips = length < 2 || length >= NEAREST_NAME ? 0 : 2 + ((int)length - 1) / 4};
}

void nearest_offer(struct nearest *n, const char *name)
{
    size_t length = strlen(name);
    int slips;

    if (n->slips == 0 || length == 0 || length >= sizeof n->name)
        return;
    slips = slips_between(n->word, name);
    if (slips >= n->slips || slips >= (int)length)
        return;
    n->slips = slips;
    memcpy(n->name, name, length + 1);
}

const char *nearest_words(const struct nearest *n, char *text, size_t size)
{
    snprintf(text, size, *n->name ? "; did you mean \"%s\"?" : "%s", n->name);
    return text;
}
