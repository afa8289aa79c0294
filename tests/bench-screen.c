/* What the screen costs, on the real trainer with all cores at work: from key to screen, of a core
 * while it trains, of a core while it is paused. It measures and judges nothing: make bench. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset.h"
#include "run/run.h"
#include "run/recipe.h"
#include "math/start.h"
#include "terminal-session.h"
#include "timing.h"

enum { KEYS = 300, STEPS = 150, FEW_STEPS = 60, FOREVER = 1000, LINE = 30, SETTLE_READS = 10, SETTLE_MS = 100 };

/* Typed into the command line: characters that neither the screen nor what steers a terminal has. */
static const char typed[] = "QWY";

static void saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    (void)context;
    setenv("TERM", "xterm-256color", 1);
    execl(program, program, "--checkpoint", "/dev/null/none", "--set", "epochs=1000000", (char *)NULL);
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
    double begin = seconds_now(), before = used(s->pid, whole);

    while (seconds_now() - begin < seconds)
        session_read(s, 100);
    return (used(s->pid, whole) - before) / (seconds_now() - begin);
}

static void measure_keys(struct session *s)
{
    double took[KEYS];

    session_type(s, ":");
    session_read(s, 200);
    for (int i = 0; i < KEYS; i++) {
        char key[2] = {typed[i % 3]};
        double begin;
        if (i % LINE == LINE - 1)
            session_type(s, "\025"); /* Ctrl-U */
        for (int k = 0; k < 2 + i % 5; k++) /* keys come at no rhythm of the screen's */
            session_read(s, 17 + i % 31);
        free(s->seen);
        s->seen = NULL;
        s->size = 0;
        begin = seconds_now();
        session_type(s, key);
        session_expect(s, key, 0);
        took[i] = 1e3 * (seconds_now() - begin);
    }
    session_type(s, "\033");
    sort_figures(took, KEYS);
    printf("key to screen        median %.1f ms, p99 %.1f ms, most %.1f ms, of %d keys\n", took[KEYS / 2],
           took[KEYS * 99 / 100], took[KEYS - 1], KEYS);
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
    double begin = seconds_now();

    for (int i = 0; i < steps; i++) {
        struct run_report r;
        struct err e;
        if (run_advance(g->run, &r, &e) != 0)
            fail_msg("%s", e.text);
    }
    return seconds_now() - begin;
}

static void paused_saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    (void)context;
    setenv("TERM", "xterm-256color", 1);
    execl(program, program, "--paused", "--checkpoint", "/dev/null/none", "--set", "eval_every=1000", "--set",
          "epochs=1000", (char *)NULL);
}

/* From the command to the pause after so many steps. */
static double screen_steps(struct session *s, int steps)
{
    char line[32];
    double begin = seconds_now();

    free(s->seen);
    s->seen = NULL;
    s->size = 0;
    snprintf(line, sizeof line, ":step %d\r", steps);
    session_type(s, line);
    session_expect(s, "training", 0);
    session_expect(s, "paused", s->size);
    begin = seconds_now() - begin;
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

/* In short turns, so that a busy machine is so for both; begun several times, since where a process's memory lies
 * counts too. More steps less fewer: what comes before the first step and after the last is left out. */
static void measure_throughput(void)
{
    enum { STARTS = 4, TURNS = 16, ALL = STARTS * TURNS };
    double without[ALL], ratio[ALL], error;

    for (int i = 0; i < ALL; i += TURNS) {
        struct engine g;
        struct session s;
        session_start(&s, paused_saddle, NULL);
        session_expect(&s, "paused", 0);
        engine_open(&g);
        engine_steps(&g, STEPS);
        screen_steps(&s, STEPS);
        for (int k = i; k < i + TURNS; k++) {
            without[k] = engine_steps(&g, STEPS);
            ratio[k] = (screen_steps(&s, STEPS + FEW_STEPS) - screen_steps(&s, FEW_STEPS)) / without[k];
        }
        session_type(&s, "qy");
        session_wait(&s);
        session_end(&s);
        engine_close(&g);
    }
    sort_figures(ratio, ALL);
    sort_figures(without, ALL);
    printf("a step               %.2f ms without a screen, ", 1e3 / STEPS * middle(without, ALL, &error));
    printf("with it %+.1f %%", 100 * (middle(ratio, ALL, &error) - 1));
    printf(" (standard error %.1f %%, of %d turns)\n", 100 * error, ALL);
}

static void bench(void **state)
{
    struct session s;
    struct err e;

    (void)state;
    assert_int_equal(math_start(&e), 0);
    alarm(240);
    setvbuf(stdout, NULL, _IOLBF, 0);
    session_start(&s, saddle, NULL);
    session_expect(&s, "help", 0);
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    printf("on %ld cores, 80x24\n", sysconf(_SC_NPROCESSORS_ONLN));
    measure_keys(&s);
    printf("screen, training     %.2f %% of a core\n", 100 * share_over(&s, 5, 0));
    session_type(&s, " ");
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    printf("all, paused          %.2f %% of a core\n", 100 * share_over(&s, 5, 1));
    session_type(&s, "qy");
    session_wait(&s);
    session_end(&s);
    measure_throughput();
}

int main(void)
{
    const struct CMUnitTest benches[] = {cmocka_unit_test(bench)};

    return cmocka_run_group_tests(benches, NULL, NULL);
}
