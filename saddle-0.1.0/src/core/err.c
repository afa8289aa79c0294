#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>

/* Paths, names and header text come from files: one line, and nothing that drives a terminal. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
}

int err_set(struct err *e, int code, const char *format, ...)
{
    if (e) {
        va_list ap;
        e->code = code;
        va_start(ap, format);
        vsnprintf(e->text, sizeof e->text, format, ap);
        va_end(ap);
        make_printable(e->text);
    }
    return -code;
}

int err_memory(struct err *e, const char *what, unsigned long long bytes)
{
    return err_set(e, ERR_RUNTIME, "not enough memory for %s (%llu MB)", what, bytes / 1000000 + 1);
}
