/* SPDX-License-Identifier: MIT */
/* A subcommand's own options, one by one or by tables. Both --name value and --name=value are taken. */
#ifndef SADDLE_TUI_CLI_OPTIONS_H
#define SADDLE_TUI_CLI_OPTIONS_H

#include "core/err.h"

/* The value of option `name` at argv[*i] in either form, moving *i: 1 with *value set, 0 when argv[*i] is another
 * option, or a negative error when the value is missing. */
int option_value(int argc, char **argv, int *i, const char *name, const char **value, struct err *e);
/* A whole number of min … max. */
int option_number(const char *name, const char *text, long long min, long long max, long long *n, struct err *e);
/* The command that is run: its help text has the options that exist. */
struct cmd;
void option_command(const struct cmd *c);
/* The sentence for an argument nobody took. */
int option_unknown(const char *argument, struct err *e);

struct option_text {
    const char *name;
    const char **value;
};
struct option_count { /* a whole number of min … max */
    const char *name;
    long long *value, min, max;
};
struct option_switch {
    const char *name;
    int *on;
};

/* Take argv[*i] (and its value, moving *i) if it stands in a table that a NULL name ends; returns as option_value. */
int option_take_text(const struct option_text *table, int argc, char **argv, int *i, struct err *e);
int option_take_count(const struct option_count *table, int argc, char **argv, int *i, struct err *e);
int option_take_switch(const struct option_switch *table, const char *argument);

#endif
