/* SPDX-License-Identifier: MIT */
/* What the screen costs, on the real trainer with all cores at work: from key to screen, of a core
 * while it trains, of a core while it is paused. It measures and judges nothing: make bench. */
#include "bench.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "data/dataset.h"
#include "run/run.h"
#include "run/recipe.h"
#include "terminal-session.h"
#include "timing.h"

enum { KEYS = 300, MOST_STEPS = 150, FOREVER = 1000, LINE = 30, SETTLE_READS = 10, SETTLE_MS = 100 };

/* Work is bounded by time, not by count: a slow machine does less of it, and each piece may take WATCHDOG seconds. */
enum { WATCHDOG = 120 };
static const double KEYS_SECONDS = 30, TURN_SECONDS = .3, START_SECONDS = 25;

/* Typed into the command line: characters that neither the screen nor what steers a terminal has. */
static const char typed[] = "QWY";

static void in_folder(const char *folder)
{
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("TERM", "xterm-256color", 1);
}

static void saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    in_folder(context);
    execl(program, program, "--set", "epochs=1000000", (char *)NULL);
}

/* Processor seconds of the screen's thread, the process's first; or of the whole process. */
static double used(pid_t pid, int whole)
{
    char path[64], text[512];
    unsigned long user = 0, kernel = 0;
    const char *after;
    FILE *f;

    snprintf(path, sizeof path, whole ? "/proc/%d/stat" : "/proc/%d/task/%d/stat", (int)pid, (int)pid);
    f = fopen(path, "r");
    if (!f)
        return 0;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    after = strrchr(text, ')');
    if (after)
        sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static double share_over(struct session *s, double seconds, int whole)
{
    double begin = clock_seconds(), before = used(s->pid, whole);

    while (clock_seconds() - begin < seconds)
        session_read(s, 100);
    return (used(s->pid, whole) - before) / (clock_seconds() - begin);
}

static void print_ms(const char *name, double ms, struct bench_figure figure, struct bench_figure second)
{
    bench_print(&(struct bench_row){.name = name, .seconds = 1e-3 * ms, .figure = {figure, second}});
}

static void measure_keys(struct session *s)
{
    double took[KEYS], start = clock_seconds();
    int keys = 0;

    session_type(s, ":");
    session_read(s, 200);
    for (; keys < KEYS && clock_seconds() - start < KEYS_SECONDS; keys++) {
        char key[2] = {typed[keys % 3]};
        double begin;
        alarm(WATCHDOG);
        if (keys % LINE == LINE - 1)
            session_type(s, "\025"); /* Ctrl-U */
        for (int k = 0; k < 2 + keys % 5; k++) /* keys come at no rhythm of the screen's */
            session_read(s, 17 + keys % 31);
        free(s->seen);
        s->seen = NULL;
        s->size = 0;
        begin = clock_seconds();
        session_type(s, key);
        session_expect(s, key, 0);
        took[keys] = 1e3 * (clock_seconds() - begin);
    }
    session_type(s, "\033");
    sort_figures(took, keys);
    print_ms("key-to-screen", took[keys / 2],
             (struct bench_figure){"p99_ms", took[keys * 99 / 100], BENCH_FREE, 0},
             (struct bench_figure){"keys", keys, BENCH_FREE, 0});
}

/* ---- steps a second ------------------------------------------------------------------------- */

/* The same run without a screen: the engine's run, on this process's own pool. */
struct engine {
    struct dataset data;
    struct pool *pool;
    struct run *run;
};

static void engine_open(struct engine *g)
{
    struct knobs k;
    struct err e = {0};

    knobs_standard(&k);
    if (recipe_load(&k, "quick", &e) != 0 || dataset_open(&g->data, "sample", NULL, NULL, NULL, &e) != 0 ||
        pool_new(&g->pool, pool_cores(), &e) != 0)
        fail_msg("%s", e.text);
    knobs_put(&k, KNOB_EVAL_EVERY, FOREVER);
    if (run_new(&g->run, &g->data, &k, g->pool, &e) != 0)
        fail_msg("%s", e.text);
}

static void engine_close(struct engine *g)
{
    run_free(g->run);
    pool_free(g->pool);
    dataset_free(&g->data);
}

/* Seconds of so many steps. */
static double engine_steps(struct engine *g, int steps)
{
    double begin = clock_seconds();

    for (int i = 0; i < steps; i++) {
        struct run_report r;
        struct err e;
        if (run_advance(g->run, &r, &e) != 0)
            fail_msg("%s", e.text);
    }
    return clock_seconds() - begin;
}

static void paused_saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    in_folder(context);
    execl(program, program, "--paused", "--set", "eval_every=1000", "--set",
          "epochs=1000", (char *)NULL);
}

/* From the command to the pause after so many steps. */
static double screen_steps(struct session *s, int steps)
{
    char line[32];
    double begin = clock_seconds();

    free(s->seen);
    s->seen = NULL;
    s->size = 0;
    snprintf(line, sizeof line, ":step %d\r", steps);
    session_type(s, line);
    session_expect(s, "training", 0);
    session_expect(s, "paused", s->size);
    begin = clock_seconds() - begin;
    session_read(s, SETTLE_MS);
    return begin;
}

/* The mean of the middle half of what is in order; *error is its standard error, from the width of that half as in a
 * normal distribution (whose middle half is 1.35 σ wide). */
static double middle(const double *x, int n, double *error)
{
    double sum = 0;

    for (int i = n / 4; i < n - n / 4; i++)
        sum += x[i] / (n - n / 4 * 2);
    *error = (x[n * 3 / 4] - x[n / 4]) / 1.35 * 1.1 / sqrt(n);
    return sum;
}

/* As many steps as a turn has time for. */
static int steps_of_turn(struct engine *g)
{
    double steps;

    engine_steps(g, 2);
    steps = TURN_SECONDS / engine_steps(g, 1);
    return steps > MOST_STEPS ? MOST_STEPS : steps < 1 ? 1 : (int)steps;
}

/* In short turns, so that a busy machine is so for both; begun several times, since where a process's memory lies
 * counts too. More steps less fewer: what comes before the first step and after the last is left out. */
static void measure_throughput(const char *folder)
{
    enum { STARTS = 4, TURNS = 16 };
    double without[STARTS * TURNS], ratio[STARTS * TURNS], step, with, error;
    int done = 0;

    for (int i = 0; i < STARTS; i++) {
        double begin = clock_seconds();
        struct engine g;
        struct session s;
        int steps, few;
        alarm(WATCHDOG);
        session_start(&s, paused_saddle, folder);
        session_expect(&s, "paused", 0);
        engine_open(&g);
        steps = steps_of_turn(&g);
        few = 1 + steps; /* long enough for the screen to show that it trains */
        screen_steps(&s, steps);
        for (int k = 0; k < TURNS && (k == 0 || clock_seconds() - begin < START_SECONDS); k++, done++) {
            alarm(WATCHDOG);
            without[done] = engine_steps(&g, steps);
            ratio[done] = (screen_steps(&s, steps + few) - screen_steps(&s, few)) / without[done];
            without[done] /= steps;
        }
        session_type(&s, "qy");
        session_wait(&s);
        session_end(&s);
        engine_close(&g);
    }
    sort_figures(ratio, done);
    sort_figures(without, done);
    step = middle(without, done, &error);
    with = middle(ratio, done, &error);
    bench_print(&(struct bench_row){.name = "screen-step",
                                    .seconds = with * step,
                                    .figure = {{"without_screen_ms", 1e3 * step, BENCH_FREE, 0},
                                               {"percent_slower", 100 * (with - 1), BENCH_FREE, 0},
                                               {"standard_error_percent", 100 * error, BENCH_FREE, 0}}});
}

/* Processor time over five seconds. */
static void measure_share(struct session *s, const char *name, int whole)
{
    alarm(WATCHDOG);
    bench_print(&(struct bench_row){
        .name = name, .figure = {{"percent_of_a_core", 100 * share_over(s, 5, whole), BENCH_FREE, 0}}});
}

static void bench(void **state)
{
    struct session s;
    char folder[] = "/tmp/saddle-bench-XXXXXX", clean[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    alarm(WATCHDOG);
    session_start(&s, saddle, folder);
    session_expect(&s, "help", 0);
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    measure_keys(&s);
    measure_share(&s, "screen-training", 0);
    session_type(&s, " ");
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    measure_share(&s, "all-paused", 1);
    session_type(&s, "qy");
    session_wait(&s);
    session_end(&s);
    measure_throughput(folder);
    snprintf(clean, sizeof clean, "rm -rf %s", folder);
    assert_int_equal(system(clean), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest benches[] = {cmocka_unit_test(bench)};
    struct pool *pool;

    if (bench_begin(argc, argv, &pool) != 0)
        return 1;
    pool_free(pool);
    return bench_wanted("screen") ? cmocka_run_group_tests(benches, NULL, NULL) : 0;
}
