/* SPDX-License-Identifier: MIT */
/* The lab on a terminal of our own: storms, signals, a closed terminal, odd TERMs. The child runs
 * app_run on a trainer without a network; nothing here waits for a time to pass, only for events. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>
#include <unistd.h>

#include "fake-trainer.h"
#include "app/loop.h"
#include "terminal-session.h"
#include "core/clock.h"
#include "core/thread.h"

struct setting {
    const char *term, *locale, *colours; /* NULL: unset; the last is COLORTERM */
};

static void lab(const void *setting)
{
    const struct setting *how = setting;
    struct trainer *t;
    struct app_options o = {.checkpoint = "run.safetensors"};
    struct err e = {0};
    int code;

    how->term ? setenv("TERM", how->term, 1) : unsetenv("TERM");
    how->colours ? setenv("COLORTERM", how->colours, 1) : unsetenv("COLORTERM");
    unsetenv("TMUX");
    setlocale(LC_CTYPE, how->locale);
    t = fake_trainer_new();
    fake_trainer_run(t, 500);
    code = app_run(t, &o, &e);
    fake_trainer_free(t);
    if (code)
        fprintf(stderr, "lab: %s\n", e.text);
    fflush(NULL);
    _exit(e.code);
}

static const struct setting usual = {"xterm-256color", "C.UTF-8", NULL};
static const char leave_screen[] = "\033[?1049l", locale_hint[] = "LANG=C.UTF-8 gives finer";

static void quits_and_leaves_the_terminal_whole(void **state)
{
    struct session s;

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "help", 0);
    session_type(&s, "qy");
    expect_exit(session_wait(&s), 0);
    session_expect(&s, leave_screen, 0);
    session_modes_are_as_before(&s);
    session_end(&s);
}

/* As a terminal sends it: a press and a release in SGR's form, column 20 of row 8. */
static void a_click_reaches_the_plot(void **state)
{
    struct session s;

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "edit", 0);
    session_type(&s, "\033[<0;20;8M\033[<0;20;8m");
    session_expect(&s, "zoom", 0); /* the plot's keys */
    session_expect(&s, "at 275", 0); /* the step under the click, of 500 */
    session_type(&s, "qy");
    expect_exit(session_wait(&s), 0);
    session_end(&s);
}

/* Maps have the colours that the terminal says it has. */
static void colours_are_the_terminals(void **state)
{
    static const struct {
        struct setting how;
        const char *has, *lacks;
    } cases[] = {{{"xterm-256color", "C.UTF-8", "truecolor"}, "48;2;", NULL},
                 {{"xterm-256color", "C.UTF-8", NULL}, "48;5;", "8;2;"},
                 {{"screen-256color", "C.UTF-8", "truecolor"}, "48;5;", "8;2;"},
                 {{"xterm-16color", "C.UTF-8", NULL}, "y2", "8;5;"},
                 {{"vt220", "C.UTF-8", "truecolor"}, "y2", "8;2;"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session s;
        size_t from;
        session_start(&s, lab, &cases[i].how);
        session_expect(&s, "help", 0);
        from = s.size;
        session_type(&s, "6");
        session_expect(&s, "y2", from);
        session_type(&s, "qy");
        expect_exit(session_wait(&s), 0);
        session_expect(&s, cases[i].has, 0);
        if (cases[i].lacks && strstr(s.seen, cases[i].lacks))
            fail_msg("%s sends %s", cases[i].how.term, cases[i].lacks);
        session_end(&s);
    }
}

/* V turns a map into a surface; a press and a drag, in SGR's form, turn it. */
static void a_drag_turns_the_surface(void **state)
{
    struct session s;
    size_t from;

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "help", 0);
    session_expect(&s, "\033[?1002h", 0);
    from = s.size;
    session_type(&s, "4V");
    session_expect(&s, "height", from); /* the surface's keys */
    from = s.size;
    session_type(&s, "\033[<0;20;8M");
    session_read(&s, 200);
    session_type(&s, "\033[<32;30;9M");
    session_expect(&s, "48;5;", from);
    session_type(&s, "qy");
    expect_exit(session_wait(&s), 0);
    session_expect(&s, "\033[?1002l", 0);
    session_end(&s);
}

static void signals_end_it_in_order(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct session s;
        session_start(&s, lab, &usual);
        session_expect(&s, "help", 0);
        kill(s.pid, signals[i]);
        expect_exit(session_wait(&s), 128 + signals[i]);
        session_expect(&s, leave_screen, 0);
        session_modes_are_as_before(&s);
        session_end(&s);
    }
}

static void a_closed_terminal_ends_it(void **state)
{
    struct session s;
    int status;

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "help", 0);
    close(s.slave);
    close(s.master);
    s.master = s.slave = -1;
    assert_int_equal(waitpid(s.pid, &status, 0), s.pid);
    expect_exit(status, 128 + SIGHUP);
    free(s.seen);
}

static void a_storm_of_sizes_is_survived(void **state)
{
    struct session s;
    uint64_t r = 7;
    size_t from;

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "help", 0);
    for (int i = 0, n = rounds(600, 10000); i < n; i++) {
        struct winsize size = {0};
        r = r * 6364136223846793005u + 1442695040888963407u;
        size.ws_col = (unsigned short)(1 + (r >> 33) % (i % 3 ? 250 : 9));
        size.ws_row = (unsigned short)(1 + (r >> 50) % (i % 3 ? 80 : 5));
        assert_int_equal(ioctl(s.master, TIOCSWINSZ, &size), 0);
        while (session_read(&s, i % 4 ? 0 : 1))
            ;
    }
    assert_int_equal(ioctl(s.master, TIOCSWINSZ, &(struct winsize){.ws_row = 24, .ws_col = 80}), 0);
    from = s.size;
    session_type(&s, "\f");
    session_expect(&s, "learning rate", from);
    session_type(&s, "qy");
    expect_exit(session_wait(&s), 0);
    session_end(&s);
}

/* Not what ends or stops it by right: y, q while it is paused, Ctrl-C, -Z, -\\, -Q, -S. */
static char random_byte(uint64_t *r)
{
    char byte;

    *r = *r * 6364136223846793005u + 1442695040888963407u;
    byte = (char)(*r >> 56);
    return strchr("yqQ\003\032\034\021\023", byte) ? '\033' : byte;
}

/* A click, a release or the wheel, on the screen and beyond it, as terminals report it. */
static int random_mouse(uint64_t *r, char *bytes, size_t size)
{
    static const int buttons[] = {0, 64, 65, 2, 32};

    *r = *r * 6364136223846793005u + 1442695040888963407u;
    return snprintf(bytes, size, "\033[<%d;%d;%d%c", buttons[(*r >> 33) % 5], (int)((*r >> 40) % 90),
                    (int)((*r >> 50) % 30), *r >> 63 ? 'M' : 'm');
}

/* Rounds, or where the check is long a minute of them. */
static void random_bytes_are_survived(void **state)
{
    struct session s;
    uint64_t r = 11;
    double end = clock_seconds() + rounds(0, 60);

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "help", 0);
    fcntl(s.master, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 400 || clock_seconds() < end; i++) {
        char bytes[48];
        int n = 16;
        for (int k = 0; k < n; k++)
            bytes[k] = random_byte(&r);
        if (i % 3 == 0)
            n += random_mouse(&r, bytes + n, sizeof bytes - (size_t)n);
        while (write(s.master, bytes, (size_t)n) < 0 && errno == EAGAIN)
            if (!session_read(&s, PATIENCE_MS))
                fail_msg("it neither reads nor writes");
        while (session_read(&s, 0))
            ;
    }
    kill(s.pid, SIGTERM);
    expect_exit(session_wait(&s), 128 + SIGTERM);
    session_modes_are_as_before(&s);
    session_end(&s);
}

static void many_terminals_and_locales(void **state)
{
    static const char *const terms[] = {NULL, "dumb", "nosuch", "vt100", "linux", "xterm-256color", "tmux-256color"};
    static const char *const locales[] = {"C", "C.UTF-8"};

    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        for (int k = 0; k < 2; k++) {
            struct setting how = {terms[i], locales[k], NULL};
            struct session s;
            session_start(&s, lab, &how);
            if (terms[i] && strcmp(terms[i], "dumb") == 0) {
                expect_exit(session_wait(&s), 1);
                session_expect(&s, "cannot place its cursor", 0);
            } else {
                int unknown = !terms[i] || strcmp(terms[i], "nosuch") == 0;
                if (!unknown && k == 0 && strcmp(terms[i], "vt100") != 0) { /* a remark, gone with the first key */
                    session_expect(&s, locale_hint, 0);
                    session_type(&s, "\t");
                }
                session_expect(&s, unknown ? "not known here" : "help", 0);
                session_type(&s, "qy");
                expect_exit(session_wait(&s), 0);
            }
            for (size_t b = 0; k == 0 && b < s.size; b++)
                assert_true((unsigned char)s.seen[b] < 128);
            session_modes_are_as_before(&s);
            session_end(&s);
        }
}

/* Where no locale is set the plots are in ASCII, and it says how to have finer ones; elsewhere it does not. */
static void tells_of_the_locale_once(void **state)
{
    static const struct setting plain = {"xterm-256color", "C", NULL};
    const struct setting *settings[] = {&plain, &usual};
    struct session s;

    (void)state;
    for (int i = 0; i < 2; i++) {
        session_start(&s, lab, settings[i]);
        session_expect(&s, i == 0 ? locale_hint : "help", 0);
        session_type(&s, "qy");
        expect_exit(session_wait(&s), 0);
        assert_true((memmem(s.seen, s.size, locale_hint, strlen(locale_hint)) != NULL) == (i == 0));
        session_end(&s);
    }
}

static void stopped_and_continued_it_comes_back_whole(void **state)
{
    struct session s;
    struct termios in_lab;

    (void)state;
    session_start(&s, lab, &usual);
    session_expect(&s, "help", 0);
    assert_int_equal(tcgetattr(s.slave, &in_lab), 0);
    for (int i = 0, n = rounds(20, 100); i < n; i++) {
        struct termios now;
        int status;
        size_t from;
        kill(s.pid, SIGSTOP);
        assert_int_equal(waitpid(s.pid, &status, WUNTRACED), s.pid);
        assert_true(WIFSTOPPED(status));
        tcsetattr(s.slave, TCSANOW, &s.before); /* as a shell does */
        while (session_read(&s, 0))
            ;
        from = s.size;
        kill(s.pid, SIGCONT);
        session_expect(&s, "help", from);
        assert_int_equal(tcgetattr(s.slave, &now), 0);
        assert_int_equal(now.c_lflag, in_lab.c_lflag);
    }
    session_type(&s, "qy");
    expect_exit(session_wait(&s), 0);
    session_modes_are_as_before(&s);
    session_end(&s);
}

/* Until the terminal is in the lab's modes. */
static void await_lab(int tty)
{
    struct termios now;

    for (int i = 0; i < PATIENCE_MS; i++) {
        if (tcgetattr(tty, &now) == 0 && !(now.c_lflag & ICANON))
            return;
        usleep(1000);
    }
    _exit(9);
}

/* What a shell does with a job, as Ctrl-Z and fg would: stop it, look at the terminal, go on. Without
 * it in the same session the kernel would not let a terminal stop the lab. Exits 0 if all was well. */
static void shell(int tty, const struct termios *before, int times)
{
    pid_t job;
    int status, bad = 0;

    signal(SIGTTOU, SIG_IGN);
    job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(tty, getpid());
        signal(SIGTTOU, SIG_DFL);
        lab(&usual);
    }
    setpgid(job, job); /* whichever comes first: without a group of its own nothing stops it */
    tcsetpgrp(tty, job);
    for (int i = 0; i < times; i++) {
        struct termios now;
        await_lab(tty);
        kill(job, SIGTSTP);
        if (waitpid(job, &status, WUNTRACED) != job || !WIFSTOPPED(status))
            _exit(10);
        tcgetattr(tty, &now);
        bad |= now.c_lflag != before->c_lflag || now.c_iflag != before->c_iflag || now.c_oflag != before->c_oflag;
        kill(job, SIGCONT);
    }
    await_lab(tty);
    kill(job, SIGTERM);
    waitpid(job, &status, 0);
    _exit(bad ? 11 : !WIFEXITED(status) || WEXITSTATUS(status) != 128 + SIGTERM ? 12 : 0);
}

static void suspended_like_a_job_it_leaves_the_terminal_whole(void **state)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    struct session s = {0};

    (void)state;
    assert_int_equal(openpty(&s.master, &s.slave, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(s.slave, &s.before), 0);
    s.pid = fork();
    if (s.pid == 0) {
        int tty = fcntl(s.slave, F_DUPFD, 10);
        close(s.master);
        login_tty(s.slave);
        shell(tty, &s.before, rounds(20, 100));
    }
    expect_exit(session_wait(&s), 0);
    session_modes_are_as_before(&s);
    session_end(&s);
}

static void lab_that_crashes(const void *setting)
{
    let_crashes_through();
    lab(setting);
}

static void a_crash_restores_the_terminal(void **state)
{
    struct session s;
    int status;

    (void)state;
    session_start(&s, lab_that_crashes, &usual);
    session_expect(&s, "help", 0);
    kill(s.pid, SIGSEGV);
    status = session_wait(&s);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    session_expect(&s, leave_screen, 0);
    session_modes_are_as_before(&s);
    session_end(&s);
}

static volatile int endless = 1;

static int overflow(volatile char *above)
{
    volatile char frame[512];

    frame[0] = above[0];
    return endless ? overflow(frame) + frame[0] : 0;
}

static void *overflow_when_asked(void *fd)
{
    char byte;

    while (read(*(int *)fd, &byte, 1) != 1)
        ;
    overflow(&byte);
    return NULL;
}

/* Of the stack of a thread beside the lab's: a byte asks for it. */
static void lab_beside_a_thread(const void *pipe_end)
{
    static int fd;
    pthread_t thread;

    fd = *(const int *)pipe_end;
    if (thread_start(&thread, overflow_when_asked, &fd) == 0)
        lab_that_crashes(&usual);
    _exit(1);
}

static void a_stack_overflow_restores_the_terminal(void **state)
{
    struct session s;
    int ends[2], status;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    session_start(&s, lab_beside_a_thread, &ends[0]);
    session_expect(&s, "help", 0);
    assert_int_equal(write(ends[1], "!", 1), 1);
    status = session_wait(&s);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    session_expect(&s, leave_screen, 0);
    session_modes_are_as_before(&s);
    session_end(&s);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quits_and_leaves_the_terminal_whole),
        cmocka_unit_test(a_click_reaches_the_plot),
        cmocka_unit_test(colours_are_the_terminals),
        cmocka_unit_test(a_drag_turns_the_surface),
        cmocka_unit_test(signals_end_it_in_order),
        cmocka_unit_test(a_closed_terminal_ends_it),
        cmocka_unit_test(a_storm_of_sizes_is_survived),
        cmocka_unit_test(random_bytes_are_survived),
        cmocka_unit_test(many_terminals_and_locales),
        cmocka_unit_test(tells_of_the_locale_once),
        cmocka_unit_test(stopped_and_continued_it_comes_back_whole),
        cmocka_unit_test(suspended_like_a_job_it_leaves_the_terminal_whole),
        cmocka_unit_test(a_crash_restores_the_terminal),
        cmocka_unit_test(a_stack_overflow_restores_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
