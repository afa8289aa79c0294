/* SPDX-License-Identifier: MIT */
/* Threads that leave signals to the main thread. A thread started here blocks every asynchronous signal (INT, TERM,
 * WINCH, ...), so that the main thread alone receives them. The signals that report a fault of the running thread
 * itself stay open: SEGV, BUS, FPE, ILL, ABRT, TRAP, SYS. Were they blocked, the kernel would kill the process
 * without calling a handler, and the terminal would stay as it is. Handlers with SA_ONSTACK have a stack of their own in
 * each thread, so that they run when the thread's has overflowed. */
#ifndef SADDLE_CORE_THREAD_H
#define SADDLE_CORE_THREAD_H

#include <pthread.h>

/* Returns 0, or an errno as pthread_create does. */
int thread_start(pthread_t *thread, void *(*main)(void *), void *arg);

#endif
