/* SPDX-License-Identifier: MIT */
/* Subcommands: one file each (tui/cli/NAME.c) that ends in its const descriptor, listed in subcommand.c. */
#ifndef SADDLE_TUI_CLI_SUBCOMMAND_H
#define SADDLE_TUI_CLI_SUBCOMMAND_H

#include "core/err.h"

struct cmd {
    const char *name;
    const char *synopsis; /* "train [OPTION]…" */
    const char *summary;  /* one line for the list of commands */
    const char *help;     /* what --help prints below the synopsis: options, a line each */
    const char *verbs;    /* what the first argument is one of: "info import", or NULL */
    const char *more;     /* options shared with other commands, or NULL */
    int computes;         /* it makes matrix products, and is started with the kernels for them */
    int ranks;            /* it knows what to do as one of several processes that mpirun started */
    /* argv[0] is the command's name. Returns 0 or a negative enum err_code with e filled;
     * main prints the sentence to stderr and exits with the code. */
    int (*run)(int argc, char **argv, struct err *e);
};

extern const struct cmd cmd_batch, cmd_data, cmd_diagnose, cmd_eval, cmd_export_weights, cmd_features, cmd_help,
    cmd_import_weights, cmd_info, cmd_lab, cmd_landscape, cmd_lesson, cmd_losses, cmd_predict, cmd_probe, cmd_race,
    cmd_range_test, cmd_replay, cmd_report, cmd_runs, cmd_sweep, cmd_theory, cmd_train;

/* The i-th command, or NULL beyond the last. */
const struct cmd *cmd_at(int i);
/* The command of this name, or NULL. */
const struct cmd *cmd_find(const char *name);

/* An option as a help text tells it. */
struct cmd_option {
    char letter[2];  /* of its short form, or "" */
    char name[32];   /* without dashes */
    char value[32];  /* what its value is called; "": it takes none */
    char text[400];
};

/* The next option told in *help (`help` or `more`), *help moved past it: 1, or 0 when there is none. */
int cmd_option_next(const char **help, struct cmd_option *o);

#endif
