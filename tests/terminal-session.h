/* SPDX-License-Identifier: MIT */
/* A program on a terminal of our own: typed to, read from, waited for. Nothing waits for a time to
 * pass, only for events; PATIENCE_MS is how long a hang may last before it is called one. */
#ifndef SADDLE_SESSION_H
#define SADDLE_SESSION_H

#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

enum { PATIENCE_MS = 20000 };

struct session {
    pid_t pid;
    int master, slave; /* the slave is kept open: to look at its modes */
    struct termios before;
    char *seen;        /* all output */
    size_t size;
};

/* For a child that is to crash: it ends as the signal ends any program, whatever cmocka, or a sanitizer in it or in what
 * it executes, would make of that. */
void let_crashes_through(void);
/* The thread sanitizer holds signals back until a thread enters a function that it watches, which one that waits in the
 * kernel never does, and runs a thread of its own. Returns 1 in a build with it, and tells that the test is skipped. */
int is_thread_sanitizer(void);
/* Rounds of a storm: few in every check, many in check-long. */
int rounds(int few, int many);
/* Run `child` on a fresh terminal of 80×24; it does not return. */
void session_start(struct session *s, void (*child)(const void *), const void *context);
/* Take in what comes within `ms`; 0 when nothing did. */
int session_read(struct session *s, int ms);
/* Read until `text` was seen, from `from` on. */
void session_expect(struct session *s, const char *text, size_t from);
void session_type(struct session *s, const char *keys);
/* Drain until the child has ended; its status. */
int session_wait(struct session *s);
void session_modes_are_as_before(struct session *s);
void session_end(struct session *s);
/* Fails unless the status is an exit with this code. */
void expect_exit(int status, int code);

#endif
