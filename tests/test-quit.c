/* SPDX-License-Identifier: MIT */
/* The lab as installed, on the real trainer: asked to leave at random moments it leaves, saved. */
#include "test.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal-session.h"

static char folder[] = "/tmp/saddle-quit-XXXXXX", checkpoint[64];

static void saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    (void)context;
    setenv("TERM", "xterm-256color", 1);
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("XDG_CACHE_HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    execl(program, program, "--checkpoint", checkpoint, "--set", "network=linear 8 relu | linear 41", "--set",
          "context=1", "--set", "eval_every=.05", (char *)NULL);
}

/* As the kernel has it. */
static int priority_of(pid_t pid, const char *thread)
{
    char path[320], text[512];
    const char *after;
    int nice = -99;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)pid, thread);
    f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    after = strrchr(text, ')');
    assert_non_null(after);
    assert_int_equal(sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %d", &nice), 1);
    return nice;
}

/* How many threads there are beside the first, 0 while one of them is no nicer than it. */
static int nicer_threads(pid_t pid)
{
    char path[64], first[32];
    int count = 0, all = 1, own;
    struct dirent *entry;
    DIR *threads;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    snprintf(first, sizeof first, "%d", (int)pid);
    own = priority_of(pid, first);
    assert_int_equal(own, getpriority(PRIO_PROCESS, 0));
    threads = opendir(path);
    assert_non_null(threads);
    while ((entry = readdir(threads)))
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, first) != 0) {
            all &= priority_of(pid, entry->d_name) > own || own == 19;
            count++;
        }
    closedir(threads);
    return all ? count : 0;
}

/* A key is answered at once though every core computes. A thread just born is not there yet. */
static void all_threads_give_way_to_the_screen(void **state)
{
    struct session s;
    int patience = PATIENCE_MS / 20;

    (void)state;
    if (is_thread_sanitizer())
        return;
    session_start(&s, saddle, NULL);
    session_expect(&s, "help", 0);
    while (!nicer_threads(s.pid) && patience-- > 0)
        session_read(&s, 20);
    assert_true(patience > 0);
    session_type(&s, "qy");
    expect_exit(session_wait(&s), 0);
    session_end(&s);
}

/* Read a random number of times, from none: starting, training and evaluating all have their turn. */
static void dawdle(struct session *s, uint64_t *r)
{
    *r = *r * 6364136223846793005u + 1442695040888963407u;
    for (int i = 0, n = (int)(*r >> 60); i < n; i++)
        session_read(s, 200);
}

static void keys_end_it_at_any_moment(void **state)
{
    uint64_t r = 3;

    (void)state;
    for (int i = 0, n = rounds(6, 100); i < n; i++) {
        struct session s;
        unlink(checkpoint);
        session_start(&s, saddle, NULL);
        session_expect(&s, "help", 0);
        dawdle(&s, &r);
        session_type(&s, i % 2 ? "qy" : " q"); /* asked, or paused and not asked */
        session_read(&s, 50);
        if (i % 2 == 0)
            session_type(&s, "y"); /* a pause waits for the evaluation in hand */
        expect_exit(session_wait(&s), 0);
        session_modes_are_as_before(&s);
        assert_int_equal(access(checkpoint, R_OK), 0);
        session_end(&s);
    }
}

static void signals_end_it_at_any_moment(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    uint64_t r = 5;

    (void)state;
    for (int i = 0, n = rounds(6, 100); i < n; i++) {
        struct session s;
        int status, shown;
        unlink(checkpoint);
        session_start(&s, saddle, NULL);
        dawdle(&s, &r);
        shown = s.seen && strstr(s.seen, "help");
        kill(s.pid, signals[i % 3]);
        status = session_wait(&s);
        if (WIFSIGNALED(status)) /* before there was anything to save */
            assert_true(!shown && WTERMSIG(status) == signals[i % 3]);
        else
            expect_exit(status, 128 + signals[i % 3]);
        if (shown)
            assert_int_equal(access(checkpoint, R_OK), 0);
        session_modes_are_as_before(&s);
        session_end(&s);
    }
}

static int setup(void **state)
{
    (void)state;
    if (!getenv("SADDLE") || !mkdtemp(folder))
        return -1;
    snprintf(checkpoint, sizeof checkpoint, "%s/run.safetensors", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(checkpoint);
    rmdir(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_threads_give_way_to_the_screen),
        cmocka_unit_test(keys_end_it_at_any_moment),
        cmocka_unit_test(signals_end_it_at_any_moment),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
