/* SPDX-License-Identifier: MIT */
/* Threads that leave signals to the main thread. A thread started here blocks every asynchronous signal (INT, TERM,
 * WINCH, ...), so that the main thread alone receives them. The signals that report a fault of the running thread
 * itself stay open: SEGV, BUS, FPE, ILL, ABRT, TRAP, SYS. Were they blocked, the kernel would kill the process
 * without calling a handler, and the terminal would stay as it is.
 *
 * Every handler is installed with SA_ONSTACK, and has a stack of its own in each thread: it runs when the thread's has
 * overflowed, and while a kernel of oneDNN uses the stack pointer as one more register. Then that points into the heap,
 * and a handler's frame would be written over what lies there. */
#ifndef SADDLE_CORE_THREAD_H
#define SADDLE_CORE_THREAD_H

#include <pthread.h>

/* Returns 0, or an errno as pthread_create does. */
int thread_start(pthread_t *thread, void *(*main)(void *), void *arg);
/* Threads started from now on give way to the first: they run `by` nicer than it (nice(2)). On as many cores as there are
 * workers, a screen that is woken would otherwise wait for a worker's slice each time, several times a picture. */
void thread_yield_to_first(int by);
/* The stack of handlers for the first thread, which calls it before it installs one. */
void thread_handlers_stack(void);

#endif
