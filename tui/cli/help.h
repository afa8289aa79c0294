/* SPDX-License-Identifier: MIT */
/* The texts of -h and --help, for saddle and for each command. */
#ifndef SADDLE_TUI_CLI_HELP_H
#define SADDLE_TUI_CLI_HELP_H

#include <stdio.h>

#include "cli/options.h"
#include "cli/subcommand.h"

void help_usage(FILE *out);
void help_command(const struct cmd *c);
/* Whether an option without a value is among the arguments, as "-h" or "--help". */
int help_requested(int argc, char **argv, const char *letter, const char *name);
int help_unknown_command(const char *name, struct err *e);

#endif
