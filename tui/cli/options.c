/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/subcommand.h"
#include "core/nearest.h"

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

static const struct cmd *command; /* whose options these are */

void option_command(const struct cmd *c)
{
    command = c;
}

static void offer_options(struct nearest *n, const char *help)
{
    struct cmd_option o;

    while (help && cmd_option_next(&help, &o)) {
        char name[sizeof o.name + 2];
        snprintf(name, sizeof name, "--%s", o.name);
        nearest_offer(n, name);
    }
}

int option_unknown(const char *argument, struct err *e)
{
    size_t length = strcspn(argument, "=");
    char word[NEAREST_NAME], meant[NEAREST_WORDS];
    struct nearest n;

    snprintf(word, sizeof word, "%.*s", (int)(length < NEAREST_NAME ? length : 0), argument);
    n = nearest_to(word);
    if (command && word[0] == '-') {
        offer_options(&n, command->help);
        offer_options(&n, command->more);
    }
    return err_set(e, ERR_USAGE, "unknown argument \"%.80s\"%s", argument,
                   *n.name ? nearest_words(&n, meant, sizeof meant) : "; see --help");
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
