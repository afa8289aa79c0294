/* SPDX-License-Identifier: MIT */
/* saddle: choose the subcommand, turn its error into one sentence and an exit code. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/generate.h"
#include "cli/help.h"
#include "cli/all-ranks.h"
#include "cli/subcommand.h"
#include "math/kernel-start.h"
#include "term/crash.h"

/* ---- what every command may rely on --------------------------------------------------------- */

static sigset_t mask_before;

/* Before any library starts threads of its own (OpenBLAS does as it is loaded): they begin with this mask, so that
 * signals come to the thread that waits for them. Crashes stay open. */
static void block_signals(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
    sigset_t most;

    sigfillset(&most);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigdelset(&most, crashes[i]);
    sigprocmask(SIG_BLOCK, &most, &mask_before);
}
static void (*const first)(void) __attribute__((section(".preinit_array"), used)) = block_signals;

/* Descriptors 0 to 2 are in use, if only for nothing: else the first file that is opened would be read as the standard
 * input, or printed into. */
static void reserve_standard_files(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static void start(void)
{
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
    reserve_standard_files();
    signal(SIGXFSZ, SIG_IGN); /* a file grown too large is an error of its write, with a sentence */
    crash_catch();
    setlocale(LC_CTYPE, "");
}

/* Check that the output was written, or set the error: commands print without checking. */
static int check_output(struct err *e)
{
    int lost = ferror(stdout);

    if (fflush(stdout) != 0)
        return err_set(e, ERR_RUNTIME, "cannot write to the standard output: %s", strerror(errno));
    return lost ? err_set(e, ERR_RUNTIME, "cannot write to the standard output") : 0;
}

/* The exit code: what went wrong first is told. */
static int finish(int result, struct err *e)
{
    struct err lost = {0};

    check_output(&lost);
    if (result == 0)
        *e = lost;
    if (e->code)
        fprintf(stderr, "saddle: %s\n", e->text);
    return e->code;
}

/* ---- the command line ----------------------------------------------------------------------- */

/* As one of several processes, if mpirun started it so: what rank 0 has to say is said before any of them ends. */
static int run_ranks(const struct cmd *c, int argc, char **argv)
{
    struct err e = {0};
    int result = all_ranks_start(&e), code;

    if (result == 0)
        result = c->run(argc, argv, &e);
    code = finish(result, &e);
    all_ranks_end();
    return code;
}

/* `whole` is the command line as main got it. */
static int run(const struct cmd *c, int argc, char **argv, char **whole)
{
    struct err e = {0};

    if (help_requested(argc, argv, "-h", "--help")) {
        help_command(c);
        return finish(0, &e);
    }
    if (help_requested(argc, argv, "-V", "--version")) {
        puts("saddle " PACKAGE_VERSION);
        return finish(0, &e);
    }
    if (c->computes)
        kernels_start(whole);
    argv[0] = (char *)c->name;
    option_command(c);
    return c->ranks ? run_ranks(c, argc, argv) : finish(c->run(argc, argv, &e), &e);
}

int main(int argc, char **argv)
{
    const struct cmd *c;
    struct err e = {0};
    int tested;

    start();
    tested = kernels_child();
    if (tested >= 0)
        return tested;
    if (argc == 2 && help_requested(argc, argv, "-h", "--help")) {
        help_usage(stdout);
        return finish(0, &e);
    }
    if (argc == 3 && strcmp(argv[1], "--generate") == 0) { /* make asks for the manual and completions */
        int code = generate(argv[2]);
        return code ? code : finish(0, &e);
    }
    if (argc == 1 || argv[1][0] == '-') /* no command: the lab, its options */
        return run(&cmd_lab, argc, argv, argv);
    c = cmd_find(argv[1]);
    if (c)
        return run(c, argc - 1, argv + 1, argv);
    return finish(help_unknown_command(argv[1], &e), &e);
}
