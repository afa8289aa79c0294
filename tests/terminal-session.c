/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "terminal-session.h"

#include "test.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

void let_crashes_through(void)
{
    static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};
    static const char *const names[] = {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};
    char options[1024];

    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        signal(crashes[i], SIG_DFL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *set = getenv(names[i]);
        snprintf(options, sizeof options, "%s%shandle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0",
                 set ? set : "", set ? ":" : "");
        setenv(names[i], options, 1);
    }
}

int is_thread_sanitizer(void)
{
    int is = strstr(SADDLE_BUILD_SANITIZER, "thread") != NULL;

    if (is)
        test_is_skipped("the thread sanitizer holds signals back");
    return is;
}

int rounds(int few, int many)
{
    return getenv("SADDLE_LONG") ? many : few;
}

void session_start(struct session *s, void (*child)(const void *), const void *context)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    memset(s, 0, sizeof *s);
    assert_int_equal(openpty(&s->master, &s->slave, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(s->slave, &s->before), 0);
    s->pid = fork();
    assert_true(s->pid >= 0);
    if (s->pid == 0) {
        signal(SIGHUP, SIG_DFL); /* nohup, or a shell that runs the tests in the background, may have had them ignored */
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        close(s->master);
        login_tty(s->slave);
        child(context);
        _exit(126);
    }
}

int session_read(struct session *s, int ms)
{
    struct pollfd p = {.fd = s->master, .events = POLLIN};
    ssize_t n;

    if (poll(&p, 1, ms) <= 0 || !(p.revents & POLLIN))
        return 0;
    s->seen = realloc(s->seen, s->size + 65537);
    n = read(s->master, s->seen + s->size, 65536);
    if (n <= 0)
        return 0;
    s->size += (size_t)n;
    s->seen[s->size] = '\0';
    return 1;
}

void session_expect(struct session *s, const char *text, size_t from)
{
    while (!s->seen || s->size < from || !strstr(s->seen + from, text))
        if (!session_read(s, PATIENCE_MS))
            fail_msg("\"%s\" does not come", text);
}

void session_type(struct session *s, const char *keys)
{
    assert_int_equal(write(s->master, keys, strlen(keys)), strlen(keys));
}

int session_wait(struct session *s)
{
    int status = 0;

    for (int i = 0; i < PATIENCE_MS / 5; i++) {
        if (waitpid(s->pid, &status, WNOHANG) == s->pid)
            return status;
        session_read(s, 5);
    }
    kill(s->pid, SIGKILL);
    waitpid(s->pid, &status, 0);
    fail_msg("it hangs");
    return status;
}

void session_modes_are_as_before(struct session *s)
{
    struct termios now;

    assert_int_equal(tcgetattr(s->slave, &now), 0);
    assert_int_equal(now.c_lflag, s->before.c_lflag);
    assert_int_equal(now.c_iflag, s->before.c_iflag);
    assert_int_equal(now.c_oflag, s->before.c_oflag);
}

void session_end(struct session *s)
{
    close(s->master);
    close(s->slave);
    free(s->seen);
}

void expect_exit(int status, int code)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
        fail_msg("ended with %s %d, not exit %d", WIFEXITED(status) ? "exit" : "signal",
                 WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), code);
}

