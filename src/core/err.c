#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *e, int code, const char *format, ...)
{
    if (e) {
        va_list ap;
        e->code = code;
        va_start(ap, format);
        vsnprintf(e->text, sizeof e->text, format, ap);
        va_end(ap);
    }
    return -code;
}

int err_memory(struct err *e, const char *what, unsigned long long bytes)
{
    return err_set(e, ERR_RUNTIME, "not enough memory for %s (%llu MB)", what, bytes / 1000000 + 1);
}
