/* SPDX-License-Identifier: MIT */
#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

int err_set(struct err *e, int code, const char *format, ...)
{
    if (e) {
        va_list ap;
        e->code = code;
        va_start(ap, format);
        vsnprintf(e->text, sizeof e->text, format, ap);
        va_end(ap);
        text_make_printable(e->text);
    }
    return -code;
}

int err_in_file(struct err *e, const char *path)
{
    char text[sizeof e->text];

    if (!e || !e->code || strncmp(e->text, path, strlen(path)) == 0)
        return e ? -e->code : 0;
    text_copy(text, sizeof text, e->text);
    return err_set(e, e->code, "%s: %s", path, text);
}

int err_memory(struct err *e, const char *what, unsigned long long bytes)
{
    return err_set(e, ERR_RUNTIME, "not enough memory for %s (%llu MB)", what, bytes / 1000000 + 1);
}
