/* SPDX-License-Identifier: MIT */
/* INI texts that people write: their errors name file and line, and no line is cut without a word. */
#ifndef SADDLE_RUN_INI_TEXT_H
#define SADDLE_RUN_INI_TEXT_H

#include <stddef.h>

#include "core/err.h"

enum { INI_MOST_BYTES = 1 << 20, INI_MOST_LINE = 198 /* characters; the parser's limit */ };

/* Call on_value for each "name = value", as inih does: a line that is indented goes on with the value of the line
 * before, and comes with its name again. It returns 1, or 0 after filling *first, which has to be zero before. Errors:
 * ERR_INPUT "path:line: sentence". */
int ini_text_parse(const char *path, const char *text, size_t size,
                   int (*on_value)(void *context, const char *section, const char *name, const char *value),
                   void *context, const struct err *first, struct err *e);

#endif
