/* SPDX-License-Identifier: MIT */
/* UTF-8 and the columns it takes, the same under every locale. */
#ifndef SADDLE_TUI_DRAW_TEXT_H
#define SADDLE_TUI_DRAW_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* The next character, *s moved past it; 0 at the end. Bytes that are no UTF-8 come out as U+FFFD. */
uint32_t text_next(const char **s);
/* Columns of one character: 0 combining, 2 wide, else 1; control characters −1. */
int text_columns(uint32_t ch);
int text_width(const char *s);
/* Write one character as UTF-8; returns its bytes (1…4). No NUL is added. */
int text_encode(uint32_t ch, char out[4]);

#endif
