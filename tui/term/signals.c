/* SPDX-License-Identifier: MIT */
#include "term/signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/thread.h"
#include "term/crash.h"

/* Signals that end a program by default, except crashes; those of real time besides. */
static const int endings[] = {SIGTERM, SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE, SIGALRM,   SIGVTALRM, SIGPROF,
                              SIGUSR1, SIGUSR2, SIGXCPU, SIGPOLL, SIGPWR,  SIGSTKFLT, 0};
static const int others[] = {SIGWINCH, SIGTSTP, SIGCONT};
enum { OTHERS = sizeof others / sizeof *others };

static struct sigaction before[OTHERS];
static atomic_int resized, suspend, continued, ending;
static atomic_int wake = -1;

static void ask(int signal)
{
    int saved = errno, bell = atomic_load(&wake);
    uint64_t one = 1;
    ssize_t written;

    if (signal == SIGWINCH)
        atomic_store(&resized, 1);
    else if (signal == SIGTSTP)
        atomic_store(&suspend, 1);
    else if (signal == SIGCONT)
        atomic_store(&continued, 1);
    else if (atomic_exchange(&ending, signal) && signal == SIGQUIT)
        crash_now(signal); /* asked a second time: whatever keeps the program is not waited for */
    else
        crash_let_output_flow();
    written = bell < 0 ? 0 : write(bell, &one, sizeof one);
    (void)written;
    errno = saved;
}

static int is_ignored(int signal)
{
    struct sigaction a;

    return sigaction(signal, NULL, &a) == 0 && a.sa_handler == SIG_IGN;
}

static void catch_ending(int signal, const struct sigaction *a)
{
    if (!is_ignored(signal)) /* as nohup leaves SIGHUP */
        sigaction(signal, a, NULL);
}

void term_catch_endings(void (*handler)(int))
{
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK};

    thread_handlers_stack();
    sigemptyset(&a.sa_mask);
    sigaddset(&a.sa_mask, SIGTTOU); /* a handler may set the terminal from the background */
    for (int i = 0; endings[i]; i++)
        catch_ending(endings[i], &a);
    for (int i = SIGRTMIN; i <= SIGRTMAX; i++)
        catch_ending(i, &a);
}

int term_signal_init(struct err *e)
{
    struct sigaction a = {.sa_handler = ask, .sa_flags = SA_RESTART | SA_ONSTACK};
    int bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

    atomic_store(&resized, 0);
    atomic_store(&suspend, 0);
    atomic_store(&continued, 0);
    atomic_store(&ending, 0);
    if (bell < 0)
        return err_set(e, ERR_RUNTIME, "no event descriptor for signals: %s", strerror(errno));
    atomic_store(&wake, bell);
    sigemptyset(&a.sa_mask);
    for (int i = 0; i < OTHERS; i++) {
        sigaction(others[i], NULL, &before[i]);
        if (others[i] != SIGTSTP || !is_ignored(SIGTSTP))
            sigaction(others[i], &a, NULL);
    }
    term_catch_endings(ask);
    crash_catch();
    return 0;
}

void term_signal_free(void)
{
    int bell = atomic_exchange(&wake, -1);

    if (bell < 0)
        return;
    crash_restore(-1, NULL, 0, NULL);
    for (int i = 0; i < OTHERS; i++)
        sigaction(others[i], &before[i], NULL);
    close(bell);
}

int term_signal_fd(void)
{
    return atomic_load(&wake);
}

unsigned term_signal_take(int *number)
{
    unsigned flags = 0;

    if (atomic_exchange(&resized, 0))
        flags |= SIGNAL_RESIZED;
    if (atomic_exchange(&suspend, 0))
        flags |= SIGNAL_SUSPEND;
    if (atomic_exchange(&continued, 0))
        flags |= SIGNAL_CONTINUED;
    *number = atomic_load(&ending);
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
    atomic_store(&suspend, 0);
    kill(getpid(), SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL); /* it stops here */
    sigaction(SIGTSTP, &ours, NULL);
    atomic_store(&continued, 0);
}
