/* SPDX-License-Identifier: MIT */
/* Numbers for readers: at most four significant digits, thousands separated, no value as "–". */
#ifndef SADDLE_TUI_DRAW_NUMBER_H
#define SADDLE_TUI_DRAW_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_SIZE = 32 };

/* 3412 → "3,412", exact. */
void number_count(char *out, size_t size, uint64_t n);
/* 1.5 → "1.5", 0.00032 → "3.2e-4", 41234 → "41,230": as short as four digits allow. */
void number_short(char *out, size_t size, double v);
/* The same with `digits` (1…4) always written, so that a changing reading keeps its width. */
void number_reading(char *out, size_t size, double v, int digits);
/* A share without its leading zero, three digits: .715. */
void number_share(char *out, size_t size, double v);
/* 41234 → "41.2 k": a rate or a size, three digits. */
void number_scaled(char *out, size_t size, double v);
/* Seconds as 0:07, 1:23, 1:02:03. */
void number_time(char *out, size_t size, double seconds);

#endif
