/* SPDX-License-Identifier: MIT */
#include "core/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { HANDLERS_STACK = 1 << 15 };

static atomic_int nicer;

struct start {
    void *(*main)(void *);
    void *arg;
};

void thread_yield_to_first(int by)
{
    nicer = by;
}

/* On Linux a priority is a thread's own, 0 is the calling one, and the first has the number of the process. */
static void give_way(void)
{
    int by = nicer;

    if (by)
        setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, (id_t)getpid()) + by);
}

/* Whether it was taken: a sanitizer's stays. */
static int take_stack(char *memory, size_t size, stack_t *now)
{
    stack_t stack = {.ss_size = size, .ss_sp = memory};

    return sigaltstack(NULL, now) == 0 && (now->ss_flags & SS_DISABLE) && sigaltstack(&stack, NULL) == 0;
}

void thread_handlers_stack(void)
{
    static char memory[HANDLERS_STACK];
    stack_t now;

    take_stack(memory, sizeof memory, &now);
}

/* The handlers' stack lies at the far end of the thread's own, where an overflow does not come. */
static void *begin(void *context)
{
    struct start start = *(struct start *)context;
    char memory[HANDLERS_STACK];
    stack_t now;
    void *result;
    int ours;

    free(context);
    give_way();
    ours = take_stack(memory, sizeof memory, &now);
    result = start.main(start.arg);
    if (ours)
        sigaltstack(&now, NULL);
    return result;
}

int thread_start(pthread_t *thread, void *(*main)(void *), void *arg)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    struct start *start = malloc(sizeof *start);
    sigset_t blocked, before;
    int r;

    if (!start)
        return ENOMEM;
    *start = (struct start){main, arg};
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before); /* a new thread inherits the mask of its creator */
    r = pthread_create(thread, NULL, begin, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r)
        free(start);
    return r;
}
