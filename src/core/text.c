/* SPDX-License-Identifier: MIT */
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

char *text_format(const char *format, ...)
{
    va_list ap;
    char *text = NULL;

    va_start(ap, format);
    if (vasprintf(&text, format, ap) < 0)
        text = NULL;
    va_end(ap);
    return text;
}

void text_copy(char *to, size_t size, const char *from)
{
    size_t n = strnlen(from, size);

    if (n == size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)from[n] & 0xC0) == 0x80) /* in the middle of a character */
            n--;
    }
    memcpy(to, from, n);
    to[n] = 0;
}

int text_printable(const char *text)
{
    static const unsigned least[] = {0, 0, 0xA0, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    int n = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0;
    unsigned code = n > 1 ? *p & (0x7Fu >> n) : *p;

    if (n <= 1)
        return n && code >= 0x20 && code != 0x7F;
    for (int i = 1; i < n; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        code = code << 6 | (p[i] & 0x3Fu);
    }
    return code < least[n] || code > 0x10FFFF || code >> 11 == 0xD800 >> 11 ? 0 : n;
}

void text_make_printable(char *text)
{
    while (*text) {
        int n = text_printable(text);
        if (!n)
            *text = '?';
        text += n ? n : 1;
    }
}

int text_unsigned(const char **at, uint64_t most, uint64_t *n)
{
    const char *p = *at;

    *n = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(*n, 10, n) || __builtin_add_overflow(*n, (uint64_t)(*p - '0'), n) || *n > most)
            return -1;
    if (p == *at)
        return -1;
    *at = p;
    return 0;
}

void text_count(char *out, size_t size, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t at = 0;

    for (int i = 0; i < length && at + 2 < size; i++) {
        if (i && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

int text_switch(const char *text, int *on)
{
    static const char *const words[2][4] = {{"off", "no", "false", "0"}, {"on", "yes", "true", "1"}};

    for (int value = 0; value < 2; value++)
        for (int i = 0; i < 4; i++)
            if (strcasecmp(text, words[value][i]) == 0) {
                *on = value;
                return 0;
            }
    return -1;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void text_short_exponents(char *text)
{
    char *to = text, before = '\0'; /* what stood there may be written over */

    for (const char *from = text; (*to = *from); to++) {
        int exponent = *from == 'e' && is_digit(before) && (from[1] == '+' || from[1] == '-') && is_digit(from[2]);
        before = *from++;
        if (!exponent)
            continue;
        if (*from == '-')
            *++to = '-';
        for (from++; *from == '0' && is_digit(from[1]);)
            from++;
    }
}
