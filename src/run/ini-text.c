/* SPDX-License-Identifier: MIT */
#include "run/ini-text.h"

#include <ini.h>
#include <string.h>

/* The parser would cut a longer line in two without a word. */
static int long_line(const char *text)
{
    int line = 1;

    while (*text) {
        size_t n = strcspn(text, "\n");
        if (n > INI_MOST_LINE)
            return line;
        text += n + (text[n] == '\n');
        line++;
    }
    return 0;
}

int ini_text_parse(const char *path, const char *text, size_t size,
                   int (*on_value)(void *context, const char *section, const char *name, const char *value),
                   void *context, const struct err *first, struct err *e)
{
    int line;

    if (strlen(text) != size)
        return err_set(e, ERR_INPUT, "%s: not a text file", path);
    line = long_line(text);
    if (line)
        return err_set(e, ERR_INPUT, "%s:%d: longer than %d characters", path, line, INI_MOST_LINE);
    line = ini_parse_string(text, on_value, context);
    if (line != 0)
        return err_set(e, ERR_INPUT, "%s:%d: %.400s", path, line,
                       first->code ? first->text : "neither a [section] nor name = value");
    return 0;
}
