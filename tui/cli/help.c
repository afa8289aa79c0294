/* SPDX-License-Identifier: MIT */
/* saddle help, and what -h and --help print. */
#include "cli/help.h"
#include "core/nearest.h"

#include <stdio.h>
#include <string.h>

void help_usage(FILE *out)
{
    fputs("Usage: saddle [COMMAND] [OPTION]…\n\nCommands:\n", out);
    for (int i = 0; cmd_at(i); i++)
        fprintf(out, "  %-10s %s\n", cmd_at(i)->name, cmd_at(i)->summary);
    fputs("\nSee `saddle help COMMAND` or `man saddle`. `saddle --version` prints the version.\n"
          "Exit codes: 0 ok, 1 runtime error, 2 usage, 3 bad input, 4 diverged, 128+N ended by signal N.\n",
          out);
}

void help_command(const struct cmd *c)
{
    printf("Usage: saddle %s\n%s\n\n%s%s", c->synopsis, c->summary, c->help, c->more ? c->more : "");
}

int help_requested(int argc, char **argv, const char *letter, const char *name)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], letter) == 0 || strcmp(argv[i], name) == 0)
            return 1;
    return 0;
}

int help_unknown_command(const char *name, struct err *e)
{
    struct nearest n = nearest_to(name);
    char meant[NEAREST_WORDS];

    for (int i = 0; cmd_at(i); i++)
        nearest_offer(&n, cmd_at(i)->name);
    return err_set(e, ERR_USAGE, "unknown command \"%.40s\"%s", name,
                   *n.name ? nearest_words(&n, meant, sizeof meant) : "; see `saddle help`");
}

static int run(int argc, char **argv, struct err *e)
{
    const struct cmd *c = argc > 1 ? cmd_find(argv[1]) : NULL;

    if (argc > 2)
        return option_unknown(argv[2], e);
    if (argc > 1 && !c)
        return help_unknown_command(argv[1], e);
    if (c)
        help_command(c);
    else
        help_usage(stdout);
    return 0;
}

const struct cmd cmd_help = {
    .name = "help",
    .synopsis = "help [COMMAND]",
    .summary = "list the commands, or explain one",
    .help = "",
    .verbs = "lab train lesson sweep range-test batch eval diagnose predict probe landscape theory losses race replay runs report data features import-weights export-weights info",
    .run = run,
};
