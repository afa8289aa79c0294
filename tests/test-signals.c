/* SPDX-License-Identifier: MIT */
/* The lab as installed, on a terminal: whatever ends it leaves the terminal whole, and the run saved where it can be. */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "math/products.h"
#include "term/signals.h"
#include "terminal-session.h"

static char folder[] = "/tmp/saddle-signals-XXXXXX", checkpoint[64], data[64];
static const char leave_screen[] = "\033[?1049l";

static void saddle(const void *context)
{
    const char *program = getenv("SADDLE"), *named = context;

    setenv("TERM", "xterm-256color", 1);
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("XDG_CACHE_HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    execl(program, program, "--checkpoint", checkpoint, "--set", "network=linear 8 relu | linear 41", "--set",
          "context=1", "--data", named ? named : "sample", (char *)NULL);
}

static void saddle_that_crashes(const void *context)
{
    let_crashes_through();
    saddle(context);
}

static void saddle_without_hangups(const void *context)
{
    signal(SIGHUP, SIG_IGN);
    saddle(context);
}

static void start(struct session *s, void (*child)(const void *), const char *named)
{
    unlink(checkpoint);
    session_start(s, child, named);
    session_expect(s, "help", 0);
}

static void terminal_is_whole(struct session *s)
{
    session_expect(s, leave_screen, 0);
    session_modes_are_as_before(s);
    session_end(s);
}

static int is_saved(void)
{
    return access(checkpoint, R_OK) == 0;
}

static void signals_that_end_programs_save_first(void **state)
{
    const int signals[] = {SIGTERM, SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE, SIGALRM,  SIGVTALRM, SIGPROF,
                           SIGUSR1, SIGUSR2, SIGXCPU, SIGPOLL, SIGPWR,  SIGRTMIN, SIGRTMAX};

    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct session s;
        start(&s, saddle, NULL);
        kill(s.pid, signals[i]);
        expect_exit(session_wait(&s), 128 + signals[i]);
        assert_true(is_saved());
        terminal_is_whole(&s);
    }
}

/* A file grown too large is an error of its write, no end. */
static void a_file_size_signal_ends_nothing(void **state)
{
    struct session s;

    (void)state;
    start(&s, saddle, NULL);
    kill(s.pid, SIGXFSZ);
    kill(s.pid, SIGTERM);
    expect_exit(session_wait(&s), 128 + SIGTERM);
    assert_true(is_saved());
    terminal_is_whole(&s);
}

/* A thread of the program other than its first, the n-th; 0 when there are no more. */
static pid_t thread_of(pid_t pid, int n)
{
    char path[64];
    struct dirent *entry;
    pid_t found = 0;
    DIR *d;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    d = opendir(path);
    while (d && !found && (entry = readdir(d))) {
        pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        if (thread && thread != pid && n-- == 0)
            found = thread;
    }
    if (d)
        closedir(d);
    return found;
}

static void a_crash_in_any_thread_restores_the_terminal(void **state)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};
    int threads = 0;

    (void)state;
    if (is_thread_sanitizer())
        return;
    for (int n = 0;; n++) {
        int number = signals[n % 7], status;
        struct session s;
        pid_t thread;
        start(&s, saddle_that_crashes, NULL);
        thread = thread_of(s.pid, n);
        assert_int_equal(syscall(SYS_tgkill, s.pid, thread ? thread : s.pid, number), 0);
        status = session_wait(&s);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != number)
            fail_msg("thread %d: status %x, not signal %d", n, (unsigned)status, number);
        terminal_is_whole(&s);
        threads += thread != 0;
        if (!thread && n >= 7) /* the first thread had its turn, and so had every signal */
            break;
    }
    assert_true(threads >= 2); /* the trainer's and that of background jobs, at least */
}

/* "SigBlk:\t…" of a thread, as a mask. */
static unsigned long long blocked_by(pid_t pid, pid_t thread)
{
    char path[64], line[256];
    unsigned long long mask = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/task/%d/status", (int)pid, (int)thread);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        sscanf(line, "SigBlk: %llx", &mask);
    if (f)
        fclose(f);
    return mask;
}

static void only_the_first_thread_takes_signals(void **state)
{
    static const int asked[] = {SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT, SIGQUIT};
    struct session s;
    pid_t thread;

    (void)state;
    start(&s, saddle, NULL);
    for (int n = 0; (thread = thread_of(s.pid, n)); n++)
        for (int i = 0; i < 7; i++)
            if (!(blocked_by(s.pid, thread) >> (asked[i] - 1) & 1))
                fail_msg("thread %d takes signal %d", n, asked[i]);
    for (int i = 0; i < 7; i++)
        assert_false(blocked_by(s.pid, s.pid) >> (asked[i] - 1) & 1);
    session_type(&s, "qy");
    session_wait(&s);
    session_end(&s);
}

static void stopped_output_holds_nobody_up(void **state)
{
    struct session s;

    (void)state;
    if (is_thread_sanitizer())
        return;
    start(&s, saddle, NULL);
    session_type(&s, "\023"); /* Ctrl-S: the terminal takes no more */
    while (session_read(&s, 300))
        ;
    kill(s.pid, SIGTERM);
    expect_exit(session_wait(&s), 128 + SIGTERM);
    assert_true(is_saved());
    terminal_is_whole(&s);
}

static void more_signals_do_not_cut_the_save_short(void **state)
{
    (void)state;
    for (int i = 0, n = rounds(5, 100); i < n; i++) {
        struct session s;
        int status = 0;
        start(&s, saddle, NULL);
        for (int k = 0; waitpid(s.pid, &status, WNOHANG) == 0; k++) { /* Ctrl-C, again and again, to its very end */
            assert_true(k < 1000000);
            kill(s.pid, SIGINT);
            session_read(&s, 0);
        }
        expect_exit(status, 128 + SIGINT);
        assert_true(is_saved());
        session_expect(&s, leave_screen, 0);
        session_modes_are_as_before(&s);
        session_end(&s);
    }
}

static void what_was_ignored_stays_ignored(void **state)
{
    struct session s;

    (void)state;
    start(&s, saddle_without_hangups, NULL);
    kill(s.pid, SIGHUP);
    kill(s.pid, SIGTERM);
    expect_exit(session_wait(&s), 128 + SIGTERM);
    terminal_is_whole(&s);
}

static void copy_sample(void)
{
    char command[512];

    snprintf(command, sizeof command, "cp '%s/datasets/phones.safetensors' '%s'", getenv("srcdir"), data);
    assert_int_equal(system(command), 0);
}

static void data_cut_short_ends_it_with_a_sentence_and_a_checkpoint(void **state)
{
    struct session s;

    (void)state;
    copy_sample();
    start(&s, saddle, data);
    assert_int_equal(truncate(data, 4096), 0);
    expect_exit(session_wait(&s), 3);
    terminal_is_whole(&s);
    assert_true(is_saved());
    unlink(data);
}

enum { ROWS = 256, COLUMNS = 429, DEPTH = 128, SIGNALS = 500 };
static volatile sig_atomic_t handled;

static void count(int signal)
{
    (void)signal;
    handled++;
}

/* A kernel of oneDNN has the stack pointer in a buffer of the heap: a handler on that stack would spoil it. */
static void a_handler_does_not_write_where_a_kernel_computes(void **state)
{
    static float a[DEPTH * ROWS], b[DEPTH * COLUMNS], c[ROWS * COLUMNS], quiet[ROWS * COLUMNS];
    struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
    const struct blas *blas = products_blas_f(PRODUCTS_AUTO);

    (void)state;
    for (int i = 0; i < DEPTH * ROWS; i++)
        a[i] = (float)(i % 17) - 8;
    for (int i = 0; i < DEPTH * COLUMNS; i++)
        b[i] = (float)(i % 23) - 11;
    blas->tn(ROWS, COLUMNS, DEPTH, a, ROWS, b, COLUMNS, 0, quiet, COLUMNS);
    term_catch_endings(count);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    while (handled < SIGNALS) {
        void *memory = malloc(1 << 12);
        blas->tn(ROWS, COLUMNS, DEPTH, a, ROWS, b, COLUMNS, 0, c, COLUMNS);
        free(memory);
        assert_memory_equal(c, quiet, sizeof c);
    }
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    term_catch_endings(SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_that_end_programs_save_first),
        cmocka_unit_test(a_file_size_signal_ends_nothing),
        cmocka_unit_test(a_crash_in_any_thread_restores_the_terminal),
        cmocka_unit_test(only_the_first_thread_takes_signals),
        cmocka_unit_test(stopped_output_holds_nobody_up),
        cmocka_unit_test(more_signals_do_not_cut_the_save_short),
        cmocka_unit_test(what_was_ignored_stays_ignored),
        cmocka_unit_test(data_cut_short_ends_it_with_a_sentence_and_a_checkpoint),
        cmocka_unit_test(a_handler_does_not_write_where_a_kernel_computes),
    };
    char command[64];
    int r;

    if (!mkdtemp(folder))
        return 1;
    snprintf(checkpoint, sizeof checkpoint, "%s/run.safetensors", folder);
    snprintf(data, sizeof data, "%s/data.safetensors", folder);
    r = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) ? 1 : r;
}
