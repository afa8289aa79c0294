/* SPDX-License-Identifier: MIT */
#include "term/crash.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mapping.h"
#include "core/thread.h"

enum { RESTORE_SIZE = 512 };

static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};
enum { CRASHES = sizeof crashes / sizeof *crashes };
static struct sigaction before[CRASHES]; /* a sanitizer's, which reports the crash, or the default */

static struct {
    char bytes[RESTORE_SIZE];
    size_t size;
    volatile int fd;
    struct termios modes;
} restore = {.fd = -1};

static void give_back_terminal(void)
{
    int fd = restore.fd;
    ssize_t written;

    if (fd < 0)
        return;
    crash_let_output_flow();
    written = write(fd, restore.bytes, restore.size);
    (void)written;
    tcsetattr(fd, TCSANOW, &restore.modes);
}

void crash_let_output_flow(void)
{
    /* Stopped by the user it is only started by who stopped it too. */
    if (restore.fd >= 0 && tcflow(restore.fd, TCOOFF) == 0)
        tcflow(restore.fd, TCOON);
}

/* The next one of this signal is for whoever handled it before. */
static void hand_on(int signal)
{
    struct sigaction a = {.sa_handler = SIG_DFL};

    for (int i = 0; i < CRASHES; i++)
        if (crashes[i] == signal && before[i].sa_handler != SIG_IGN)
            a = before[i];
    sigaction(signal, &a, NULL);
}

/* The signal is blocked while its handler runs: it comes when that returns. */
void crash_now(int signal)
{
    give_back_terminal();
    hand_on(signal);
    raise(signal);
}

/* Whether the instruction that did it is tried again when the handler returns: then core and report show where. */
static int comes_again(int signal, const siginfo_t *info)
{
    if (info->si_code <= 0 || (signal == SIGBUS && info->si_code == BUS_MCEERR_AO))
        return 0; /* sent */
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL;
}

static void crash(int signal, siginfo_t *info, void *context)
{
    int saved = errno;

    (void)context;
    if (signal == SIGBUS && info->si_code > 0 && mapping_fault(info->si_addr)) {
        errno = saved;
        return;
    }
    if (!comes_again(signal, info)) {
        crash_now(signal);
        return;
    }
    give_back_terminal();
    hand_on(signal);
}

void crash_catch(void)
{
    struct sigaction a = {.sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    static int caught;

    if (caught)
        return;
    caught = 1;
    thread_handlers_stack();
    sigemptyset(&a.sa_mask);
    sigaddset(&a.sa_mask, SIGTTOU); /* a job in the background, too, sets its terminal's modes */
    for (int i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &a, &before[i]);
}

void crash_restore(int fd, const char *bytes, size_t size, const struct termios *modes)
{
    restore.fd = -1;
    if (fd < 0)
        return;
    restore.size = size < RESTORE_SIZE ? size : RESTORE_SIZE;
    memcpy(restore.bytes, bytes, restore.size);
    restore.modes = *modes;
    restore.fd = fd;
}
