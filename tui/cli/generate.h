/* SPDX-License-Identifier: MIT */
/* The manual and the shells' completions, written from the tables of commands, options, settings and keys. */
#ifndef SADDLE_TUI_CLI_GENERATE_H
#define SADDLE_TUI_CLI_GENERATE_H

#include "cli/subcommand.h"
#include "run/hyperparameter.h"

/* Print "man", "bash", "zsh" or "fish"; returns the exit code. */
int generate(const char *what);

void generate_man(void);
void generate_bash(void);
void generate_zsh(void);
void generate_fish(void);

/* Walk all options of a command: 1 with the next in *o; *at begins as 0 and *help as NULL. */
int generate_option(const struct cmd *c, int *at, const char **help, struct cmd_option *o);
/* The words an option's value may be: "dark light contrast"; NULL: a number or a file. */
const char *generate_choices(const struct cmd_option *o);
/* The i-th value that a setting takes by name, or NULL beyond the last; numbers and texts have none. */
const char *generate_knob_choice(enum knob_id id, int i);
/* Whether its value may be a file, beside the words if there are any. */
int generate_takes_file(const struct cmd_option *o);

#endif
