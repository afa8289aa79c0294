/* The engine prints nothing: what it has to say on the way goes to a hook of the front end's. */
#ifndef SADDLE_CORE_LOG_H
#define SADDLE_CORE_LOG_H

/* One line without a newline. May be called from any thread of the engine. */
typedef void log_hook(void *context, const char *line);

/* Set once, before any thread starts; NULL (the default) drops the lines. */
void log_set_hook(log_hook *hook, void *context);
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
