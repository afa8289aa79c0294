#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

static log_hook *hook;
static void *hook_context;

void log_set_hook(log_hook *h, void *context)
{
    hook = h;
    hook_context = context;
}

void log_line(const char *format, ...)
{
    char line[512];
    va_list ap;

    if (!hook)
        return;
    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    hook(hook_context, line);
}
