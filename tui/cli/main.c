/* saddle: choose the subcommand, turn its error into one sentence and an exit code. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/subcommand.h"
#include "cli/generate.h"
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

/* What was printed has arrived, or the sentence why not: commands print and leave the checking to this. */
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

static int run(const struct cmd *c, int argc, char **argv)
{
    struct err e = {0};

    if (has_option(argc, argv, "--help")) {
        printf("Usage: saddle %s\n%s\n\n%s%s", c->synopsis, c->summary, c->help, c->more ? c->more : "");
        return finish(0, &e);
    }
    return finish(c->run(argc, argv, &e), &e);
}

int main(int argc, char **argv)
{
    struct err e = {0};

    start();
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("saddle " PACKAGE_VERSION);
        return finish(0, &e);
    }
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        usage(stdout);
        return finish(0, &e);
    }
    if (argc == 3 && strcmp(argv[1], "--generate") == 0) { /* make asks for the manual and completions */
        int code = generate(argv[2]);
        return code ? code : finish(0, &e);
    }
    if (argc == 1 || argv[1][0] == '-') { /* no command: the lab, its options */
        argv[0] = (char *)cmd_lab.name;
        return run(&cmd_lab, argc, argv);
    }
    for (int i = 0; cmd_at(i); i++)
        if (strcmp(argv[1], cmd_at(i)->name) == 0)
            return run(cmd_at(i), argc - 1, argv + 1);
    fprintf(stderr, "saddle: there is no command \"%s\"; saddle --help lists them\n", argv[1]);
    return ERR_USAGE;
}
