/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

int option_value(int argc, char **argv, int *i, const char *name, const char **value, struct err *e)
{
    size_t n = strlen(name);

    if (strncmp(argv[*i], name, n) != 0 || (argv[*i][n] != 0 && argv[*i][n] != '='))
        return 0;
    if (argv[*i][n] == '=') {
        *value = argv[*i] + n + 1;
        return 1;
    }
    if (*i + 1 >= argc)
        return err_set(e, ERR_USAGE, "%s needs a value", name);
    *value = argv[++*i];
    return 1;
}

int option_number(const char *name, const char *text, long long min, long long max, long long *n, struct err *e)
{
    char *end;

    *n = strtoll(text, &end, 10);
    if (end == text || *end || *n < min || *n > max)
        return err_set(e, ERR_USAGE, "%s %.40s: expected a whole number from %lld to %lld", name, text, min, max);
    return 0;
}

int option_unknown(const char *argument, struct err *e)
{
    return err_set(e, ERR_USAGE, "unknown argument \"%.80s\"; see --help", argument);
}

int option_take_text(const struct option_text *table, int argc, char **argv, int *i, struct err *e)
{
    int r = 0;

    for (; table->name && r == 0; table++)
        r = option_value(argc, argv, i, table->name, table->value, e);
    return r;
}

int option_take_count(const struct option_count *table, int argc, char **argv, int *i, struct err *e)
{
    for (; table->name; table++) {
        const char *text = NULL;
        int r = option_value(argc, argv, i, table->name, &text, e);
        if (r > 0 && option_number(table->name, text, table->min, table->max, table->value, e) != 0)
            return -ERR_USAGE;
        if (r)
            return r;
    }
    return 0;
}

int option_take_switch(const struct option_switch *table, const char *argument)
{
    for (; table->name; table++)
        if (strcmp(argument, table->name) == 0)
            return *table->on = 1;
    return 0;
}
