/* SPDX-License-Identifier: MIT */
/* Text: formatting into fresh memory, copying into fixed places. */
#ifndef SADDLE_CORE_TEXT_H
#define SADDLE_CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { TEXT_COUNT = 28 }; /* bytes that hold any count */

/* malloced "printf" text, or NULL. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Copy as much as fits, whole UTF-8 characters only, always ended by NUL. size > 0. */
void text_copy(char *to, size_t size, const char *from);

/* Bytes of the character that begins here, 0 when it is none that may be shown: RFC 3629, so no overlong forms, no
 * surrogates, nothing past U+10FFFF; and no controls, neither C0 nor C1 (U+0080 to U+009F), which drive terminals. */
int text_printable(const char *text);
/* Each byte that is no part of such a character becomes a '?': one line, and nothing that drives a terminal. */
void text_make_printable(char *text);

/* A whole number in decimal at *at, at most `most`; *at moves behind it. Returns 0, or -1 where there is none. */
int text_unsigned(const char **at, uint64_t most, uint64_t *n);
/* "on", "yes", "true", "1", or "off", "no", "false", "0", into *on. 0, or −1 where it is none of them. */
int text_switch(const char *text, int *on);

/* "1.39e+05" becomes 1.39e5, "1e-04" 1e-4, wherever they stand. */
void text_short_exponents(char *text);

/* "12,345", ended by NUL; what does not fit is left out. size > 0. */
void text_count(char *out, size_t size, uint64_t n);

#endif
