/* SPDX-License-Identifier: MIT */
/* saddle train killed with SIGKILL in the midst of recording, again and again, into one store: it opens, it is whole, and
 * has all steps that were done a second before. A thousand times with make check-long, or $SADDLE_KILLS times. */
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/rng.h"
#include "core/text.h"
#include "store/store-private.h"

enum { FEW = 3, MANY = 1000, STEPS_SEEN = 1 << 17, LINE = 4096 };
static const double AT_MOST_LOST = 1, SHORTEST = .05, LONGEST = 2.2; /* seconds */

static char dir[] = "/tmp/saddle-killed-XXXXXX";

struct watched {
    pid_t pid;
    int out;
    int count;
    struct {
        double time;
        long long step;
    } seen[STEPS_SEEN]; /* as their lines came */
    char rest[LINE];    /* of a line */
    size_t used;
};
static struct watched w;

static void start(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    w = (struct watched){.out = ends[0], .pid = fork()};
    assert_true(w.pid >= 0);
    if (w.pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(getenv("SADDLE"), "saddle", "train", "--steps", "100000000", "--json-steps", "1", "--threads", "1", "--set",
              "network=linear 16 relu | linear 41", "--set", "context=1", "--set", "batch_size=128", "--set", "eval_every=.02", NULL);
        _exit(126);
    }
    close(ends[1]);
}

static void take_line(const char *line)
{
    const char *at = strstr(line, "\"train_step\":{\"step\":");

    if (!at || w.count == STEPS_SEEN)
        return;
    w.seen[w.count].time = clock_seconds();
    w.seen[w.count++].step = atoll(at + strlen("\"train_step\":{\"step\":"));
}

static void take_output(void)
{
    ssize_t n = read(w.out, w.rest + w.used, sizeof w.rest - 1 - w.used);
    char *line = w.rest, *end;

    assert_true(n > 0); /* it goes on until it is killed */
    w.used += (size_t)n;
    w.rest[w.used] = '\0';
    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        take_line(line);
    }
    w.used = strlen(line);
    memmove(w.rest, line, w.used + 1);
}

/* … after so many seconds from its first step. */
static void kill_after(double seconds)
{
    double until = 0;

    while (!until || clock_seconds() < until) {
        struct pollfd p = {.fd = w.out, .events = POLLIN};
        double left = until ? until - clock_seconds() : 60;
        if (poll(&p, 1, (int)(1e3 * left) + 1) > 0)
            take_output();
        else if (!until)
            fail_msg("no step within a minute");
        if (!until && w.count)
            until = clock_seconds() + seconds;
    }
    kill(w.pid, SIGKILL);
    assert_int_equal(waitpid(w.pid, NULL, 0), w.pid);
    close(w.out);
}

/* The newest step that was told so long before now. */
static long long step_before(double now)
{
    long long step = 0;

    for (int i = 0; i < w.count && w.seen[i].time <= now - AT_MOST_LOST; i++)
        step = w.seen[i].step;
    return step;
}

static int64_t number(struct store *s, const char *sql)
{
    struct err e = {0};
    int failed = 0;
    int64_t n = store_number(s, &e, 0, &failed, sql, "");

    if (failed)
        fail_msg("%s: %s", sql, e.text);
    return n;
}

static void assert_whole(struct store *s)
{
    struct err e = {0};
    sqlite3_stmt *q = store_select(s, &e, "PRAGMA integrity_check", "");

    assert_non_null(q);
    assert_int_equal(store_next(s, q, &e), 1);
    assert_string_equal(store_column_text(q, 0), "ok");
}

/* Looks at what is there when the program is gone. Returns how many steps were lost. */
static long long look(const char *path, int rounds, long long least)
{
    struct store *s;
    struct err e = {0};
    int64_t step;

    if (store_open(&s, path, STORE_RECORD, &e) != 0)
        fail_msg("%s", e.text);
    assert_whole(s);
    assert_in_range(number(s, "SELECT count(*) FROM runs"), 0, rounds);
    step = number(s, "SELECT max(step) FROM points WHERE run = (SELECT max(id) FROM runs)");
    if (least > 0 && step < least)
        fail_msg("round %d: step %lld was done a second before, the store has %lld", rounds, least, (long long)step);
    assert_int_equal(number(s, "SELECT count(*) FROM (SELECT run FROM points GROUP BY run HAVING count(*) != max(step))"), 0);
    store_close(s);
    return w.count ? w.seen[w.count - 1].step - step : 0;
}

static void a_kill_loses_a_second_at_most(void **state)
{
    struct rng random = {.seed = 7, .purpose = RNG_PROBE};
    const char *asked = getenv("SADDLE_KILLS");
    int kills = asked ? atoi(asked) : getenv("SADDLE_LONG") ? MANY : FEW;
    char *path = text_format("%s/saddle/runs.db", dir);

    (void)state;
    assert_true(kills > 0);
    for (int i = 0; i < kills; i++) {
        double seconds = SHORTEST + (LONGEST - SHORTEST) * rng_uniform(&random, 0, (uint64_t)i);
        long long lost;
        start();
        kill_after(seconds);
        lost = look(path, i + 1, step_before(clock_seconds()));
        if (asked)
            fprintf(stderr, "# killed after %.2f s, step %lld: %lld steps lost\n", seconds,
                    w.count ? w.seen[w.count - 1].step : 0, lost);
    }
    free(path);
}

static int set_up(void **state)
{
    (void)state;
    if (!getenv("SADDLE") || !mkdtemp(dir))
        return -1;
    return setenv("XDG_DATA_HOME", dir, 1);
}

static int tear_down(void **state)
{
    char *line = text_format("rm -rf %s", dir);
    int r = system(line);

    (void)state;
    free(line);
    return r;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_loses_a_second_at_most),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
