/* saddle: choose the subcommand, turn its error into one sentence and an exit code. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/generate.h"
#include "cli/help.h"
#include "cli/subcommand.h"
#include "math/kernel-start.h"

/* `whole` is the command line as main got it. */
static int run(const struct cmd *c, int argc, char **argv, char **whole)
{
    struct err e = {0};

    if (help_requested(argc, argv, "-h", "--help")) {
        help_command(c);
        return 0;
    }
    if (help_requested(argc, argv, "-V", "--version")) {
        puts("saddle " PACKAGE_VERSION);
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
    const struct cmd *c;
    struct err e = {0};
    int tested = kernels_child();

    if (tested >= 0)
        return tested;
    setlocale(LC_CTYPE, "");
    if (argc == 2 && help_requested(argc, argv, "-h", "--help")) {
        help_usage(stdout);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "--generate") == 0) /* make asks for the manual and completions */
        return generate(argv[2]);
    if (argc == 1 || argv[1][0] == '-') /* no command: the lab, its options */
        return run(&cmd_lab, argc, argv, argv);
    c = cmd_find(argv[1]);
    if (c)
        return run(c, argc - 1, argv + 1, argv);
    help_unknown_command(argv[1], &e);
    fprintf(stderr, "saddle: %s\n", e.text);
    return e.code;
}
