/* SPDX-License-Identifier: MIT */
/* JSON on stdout, one object per line. A number that is not finite becomes null: JSON has no NaN. */
#ifndef SADDLE_TUI_CLI_JSON_LINE_H
#define SADDLE_TUI_CLI_JSON_LINE_H

#include <jansson.h>

/* A flag for json_dump…: significant digits from which a double can be read back to the bit. */
#define JSON_LINE_DIGITS JSON_REAL_PRECISION(17)

void json_line_number(json_t *o, const char *key, double v);
void json_line_integer(json_t *o, const char *key, long long v);
/* Print; the controls U+0080 to U+009F, which some terminals obey, as escapes. Returns 0, or −1 where it cannot be written. */
int json_line_dump(const json_t *o, size_t flags);
/* Print and release. */
void json_line_print(json_t *o);

#endif
