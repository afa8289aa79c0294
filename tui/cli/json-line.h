/* JSON on stdout, one object a line. A number that is not finite becomes null: JSON has no NaN. */
#ifndef SADDLE_TUI_CLI_JSON_LINE_H
#define SADDLE_TUI_CLI_JSON_LINE_H

#include <jansson.h>

void json_line_number(json_t *o, const char *key, double v);
void json_line_integer(json_t *o, const char *key, long long v);
/* Print and release. */
void json_line_print(json_t *o);

#endif
