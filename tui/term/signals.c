#include "term/signals.h"

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { RESTORE_SIZE = 512, CRASH_STACK = 1 << 15 };

static const int asking[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
enum { ASKING = sizeof asking / sizeof *asking };
#ifndef HAVE_SANITIZER /* the sanitizers report crashes themselves */
static const int crashing[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
enum { CRASHING = sizeof crashing / sizeof *crashing };
static struct sigaction crash_before[CRASHING];
static char *crash_stack;
#endif

static struct sigaction before[ASKING];
static volatile sig_atomic_t resized, suspend, continued, ending;
static int wake = -1;

static struct {
    char bytes[RESTORE_SIZE];
    size_t size;
    int fd;
    struct termios modes;
} restore = {.fd = -1};

static void ask(int signal)
{
    int saved = errno;
    uint64_t one = 1;
    ssize_t written;

    if (signal == SIGWINCH)
        resized = 1;
    else if (signal == SIGTSTP)
        suspend = 1;
    else if (signal == SIGCONT)
        continued = 1;
    else
        ending = signal;
    written = write(wake, &one, sizeof one);
    (void)written;
    errno = saved;
}

#ifndef HAVE_SANITIZER
static void crash(int signal)
{
    ssize_t written;

    if (restore.fd >= 0) {
        written = write(restore.fd, restore.bytes, restore.size);
        (void)written;
        tcsetattr(restore.fd, TCSANOW, &restore.modes);
    }
    raise(signal); /* SA_RESETHAND: the default action, once this returns */
}

static void crash_init(void)
{
    stack_t stack = {.ss_size = CRASH_STACK};
    struct sigaction a = {.sa_handler = crash, .sa_flags = (int)SA_RESETHAND | SA_ONSTACK};

    crash_stack = malloc(CRASH_STACK);
    stack.ss_sp = crash_stack;
    if (crash_stack)
        sigaltstack(&stack, NULL);
    sigemptyset(&a.sa_mask);
    for (int i = 0; i < CRASHING; i++)
        sigaction(crashing[i], &a, &crash_before[i]);
}

static void crash_free(void)
{
    stack_t off = {.ss_flags = SS_DISABLE};

    for (int i = 0; i < CRASHING; i++)
        sigaction(crashing[i], &crash_before[i], NULL);
    sigaltstack(&off, NULL);
    free(crash_stack);
    crash_stack = NULL;
}
#else
static void crash_init(void)
{
}

static void crash_free(void)
{
}
#endif

int term_signal_init(struct err *e)
{
    struct sigaction a = {.sa_handler = ask, .sa_flags = SA_RESTART};

    resized = suspend = continued = ending = 0;
    wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake < 0)
        return err_set(e, ERR_RUNTIME, "no event descriptor for signals: %s", strerror(errno));
    sigemptyset(&a.sa_mask);
    for (int i = 0; i < ASKING; i++)
        sigaction(asking[i], &a, &before[i]);
    crash_init();
    return 0;
}

void term_signal_free(void)
{
    if (wake < 0)
        return;
    crash_free();
    for (int i = 0; i < ASKING; i++)
        sigaction(asking[i], &before[i], NULL);
    close(wake);
    wake = -1;
    restore.fd = -1;
}

int term_signal_fd(void)
{
    return wake;
}

static int taken(volatile sig_atomic_t *flag)
{
    int on = *flag;

    *flag = 0;
    return on;
}

unsigned term_signal_take(int *number)
{
    unsigned flags = 0;

    if (taken(&resized))
        flags |= SIGNAL_RESIZED;
    if (taken(&suspend))
        flags |= SIGNAL_SUSPEND;
    if (taken(&continued))
        flags |= SIGNAL_CONTINUED;
    *number = ending;
    return flags;
}

/* Blocked meanwhile, so that one more Ctrl-Z is the same stop and not a second one after it. */
void term_signal_stop(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, ours;
    sigset_t only, mask;

    sigemptyset(&only);
    sigaddset(&only, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &only, &mask);
    sigaction(SIGTSTP, &stop, &ours);
    suspend = 0;
    kill(getpid(), SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL); /* it stops here */
    sigaction(SIGTSTP, &ours, NULL);
    continued = 0;
}

void term_signal_restore(int fd, const char *bytes, size_t size, const struct termios *modes)
{
    restore.fd = -1;
    restore.size = size < RESTORE_SIZE ? size : RESTORE_SIZE;
    memcpy(restore.bytes, bytes, restore.size);
    restore.modes = *modes;
    restore.fd = fd;
}
