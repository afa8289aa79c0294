/* SPDX-License-Identifier: MIT */
/* What a terminal would show of the bytes sent to it: characters alone, no colours. It follows what the lab sends: cursor
 * placing and moving, clearing; other sequences are passed over. */
#ifndef SADDLE_TESTS_TERMINAL_SCREEN_H
#define SADDLE_TESTS_TERMINAL_SCREEN_H

#include <stddef.h>

enum { SCREEN_W = 120, SCREEN_H = 40, SCREEN_PARAMETERS = 16 };

struct screen {
    char cell[SCREEN_H][SCREEN_W][4]; /* UTF-8; "": a blank */
    int x, y;
    enum { SCREEN_TEXT, SCREEN_ESCAPE, SCREEN_CONTROL, SCREEN_STRING, SCREEN_CHARSET } state;
    int parameter[SCREEN_PARAMETERS], parameters;
};

/* Take in bytes, from where the last ones ended; all zero at first. */
void screen_take(struct screen *s, const char *bytes, size_t n);
/* Whether a row, 0 at the top, or any row holds this text. */
int screen_row_shows(const struct screen *s, int y, const char *text);
int screen_shows(const struct screen *s, const char *text);

#endif
