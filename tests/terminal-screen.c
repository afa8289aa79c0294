/* SPDX-License-Identifier: MIT */
#include "terminal-screen.h"

#include <string.h>

static void clear(struct screen *s, int from, int to)
{
    memset((char *)s->cell + (size_t)from * sizeof s->cell[0][0], 0, (size_t)(to - from) * sizeof s->cell[0][0]);
}

static int within(int v, int count)
{
    return v < 0 ? 0 : v >= count ? count - 1 : v;
}

static void control(struct screen *s, char final)
{
    int first = s->parameter[0], by = first ? first : 1, at;

    switch (final) {
    case 'H':
        s->y = within(first - 1, SCREEN_H);
        s->x = within(s->parameter[1] - 1, SCREEN_W);
        break;
    case 'G':
        s->x = within(first - 1, SCREEN_W);
        break;
    case 'd':
        s->y = within(first - 1, SCREEN_H);
        break;
    case 'A':
        s->y = within(s->y - by, SCREEN_H);
        break;
    case 'B':
        s->y = within(s->y + by, SCREEN_H);
        break;
    case 'C':
        s->x = within(s->x + by, SCREEN_W);
        break;
    case 'D':
        s->x = within(s->x - by, SCREEN_W);
        break;
    case 'J':
        at = s->y * SCREEN_W + s->x;
        clear(s, first == 0 ? at : 0, first == 1 ? at : SCREEN_H * SCREEN_W);
        break;
    case 'K':
        clear(s, s->y * SCREEN_W + (first == 0 ? s->x : 0), s->y * SCREEN_W + (first == 1 ? s->x : SCREEN_W));
        break;
    default:
        break;
    }
}

/* A byte of a sequence; `final` ends it. */
static void take_control(struct screen *s, char byte)
{
    if (byte >= '0' && byte <= '9') {
        int *p = &s->parameter[s->parameters];
        *p = *p < 10000 ? *p * 10 + byte - '0' : *p;
    } else if (byte == ';' && s->parameters + 1 < SCREEN_PARAMETERS)
        s->parameters++;
    else if (byte >= '@' && byte <= '~') {
        control(s, byte);
        s->state = SCREEN_TEXT;
    }
}

static void take_text(struct screen *s, char byte)
{
    char *cell;

    if (byte == '\033')
        s->state = SCREEN_ESCAPE;
    else if (byte == '\r')
        s->x = 0;
    else if (byte == '\n')
        s->y = within(s->y + 1, SCREEN_H);
    else if (byte == '\b')
        s->x = within(s->x - 1, SCREEN_W);
    else if ((byte & 0xc0) == 0x80) { /* goes on with a character */
        cell = s->cell[s->y][within(s->x - 1, SCREEN_W)];
        if (strnlen(cell, 4) < 4)
            cell[strnlen(cell, 4)] = byte;
    } else if ((unsigned char)byte >= ' ') {
        cell = s->cell[s->y][within(s->x, SCREEN_W)];
        memset(cell, 0, 4);
        cell[0] = byte;
        s->x++;
    }
}

void screen_take(struct screen *s, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (s->state) {
        case SCREEN_ESCAPE:
            s->state = bytes[i] == '[' ? SCREEN_CONTROL : bytes[i] == ']' ? SCREEN_STRING : strchr("()*+", bytes[i]) ? SCREEN_CHARSET : SCREEN_TEXT;
            memset(s->parameter, 0, sizeof s->parameter);
            s->parameters = 0;
            break;
        case SCREEN_CONTROL:
            take_control(s, bytes[i]);
            break;
        case SCREEN_STRING:
            s->state = bytes[i] == '\a' || bytes[i] == '\\' ? SCREEN_TEXT : SCREEN_STRING;
            break;
        case SCREEN_CHARSET:
            s->state = SCREEN_TEXT;
            break;
        case SCREEN_TEXT:
            take_text(s, bytes[i]);
            break;
        }
}

int screen_row_shows(const struct screen *s, int y, const char *text)
{
    char row[SCREEN_W * 4 + 1];
    size_t n = 0;

    for (int x = 0; x < SCREEN_W; x++) {
        size_t bytes = strnlen(s->cell[y][x], 4);
        memcpy(row + n, bytes ? s->cell[y][x] : " ", bytes ? bytes : 1);
        n += bytes ? bytes : 1;
    }
    row[n] = '\0';
    return strstr(row, text) != NULL;
}

int screen_shows(const struct screen *s, const char *text)
{
    int y = 0;

    while (y < SCREEN_H && !screen_row_shows(s, y, text))
        y++;
    return y < SCREEN_H;
}
