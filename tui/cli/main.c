/* saddle: choose the subcommand, turn its error into one sentence and an exit code. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/subcommand.h"
#include "cli/generate.h"
#include "math/kernel-start.h"

static void usage(FILE *out)
{
    fputs("Usage: saddle [COMMAND] [OPTION]…\n\nCommands:\n", out);
    for (int i = 0; cmd_at(i); i++)
        fprintf(out, "  %-10s %s\n", cmd_at(i)->name, cmd_at(i)->summary);
    fputs("\nsaddle COMMAND --help tells more, man saddle all. Exit codes: 0 ok, 1 runtime error, 2 usage,\n"
          "3 bad input, 4 diverged, 128+N ended by signal N.\n",
          out);
}

static int has_option(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return 1;
    return 0;
}

/* `whole` is the command line as main got it. */
static int run(const struct cmd *c, int argc, char **argv, char **whole)
{
    struct err e = {0};

    if (has_option(argc, argv, "--help")) {
        printf("Usage: saddle %s\n%s\n\n%s%s", c->synopsis, c->summary, c->help, c->more ? c->more : "");
        return 0;
    }
    if (c->computes)
        kernels_start(whole);
    argv[0] = (char *)c->name;
    if (c->run(argc, argv, &e) == 0)
        return 0;
    fprintf(stderr, "saddle: %s\n", e.text);
    return e.code;
}

int main(int argc, char **argv)
{
    int tested = kernels_child();

    if (tested >= 0)
        return tested;
    setlocale(LC_CTYPE, "");
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("saddle " PACKAGE_VERSION);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        usage(stdout);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "--generate") == 0) /* make asks for the manual and completions */
        return generate(argv[2]);
    if (argc == 1 || argv[1][0] == '-') /* no command: the lab, its options */
        return run(&cmd_lab, argc, argv, argv);
    for (int i = 0; cmd_at(i); i++)
        if (strcmp(argv[1], cmd_at(i)->name) == 0)
            return run(cmd_at(i), argc - 1, argv + 1, argv);
    fprintf(stderr, "saddle: there is no command \"%s\"; saddle --help lists them\n", argv[1]);
    return ERR_USAGE;
}
