/* Text: formatting into fresh memory, copying into fixed places. */
#ifndef SADDLE_CORE_TEXT_H
#define SADDLE_CORE_TEXT_H

#include <stddef.h>

/* malloced "printf" text, or NULL. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Copy as much as fits, whole UTF-8 characters only, always ended by NUL. size > 0. */
void text_copy(char *to, size_t size, const char *from);

#endif
