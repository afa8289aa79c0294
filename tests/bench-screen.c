/* What the screen costs, on the real trainer with all cores at work: from key to screen, of a core
 * while it trains, of a core while it is paused. It measures and judges nothing: make bench. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "session.h"

enum { KEYS = 300, STEPS = 400, ROUNDS = 5, LINE = 30, SETTLE_READS = 10 };

/* Typed into the command line: characters that neither the screen nor what steers a terminal has. */
static const char typed[] = "QWY";

static void saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    (void)context;
    setenv("TERM", "xterm-256color", 1);
    execl(program, program, "--checkpoint", "/dev/null/none", "--set", "epochs=1000000", (char *)NULL);
}

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
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

static int by_size(const void *a, const void *b)
{
    return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b;
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
    qsort(took, KEYS, sizeof *took, by_size);
    printf("key to screen        median %.1f ms, p99 %.1f ms, most %.1f ms, of %d keys\n", took[KEYS / 2],
           took[KEYS * 99 / 100], took[KEYS - 1], KEYS);
}

static void paused_saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    (void)context;
    setenv("TERM", "xterm-256color", 1);
    execl(program, program, "--paused", "--checkpoint", "/dev/null/none", "--set", "eval_every=1000", (char *)NULL);
}

/* Seconds of so many steps without a screen, with what comes before and after them. */
static double headless(int steps)
{
    char command[256], line[1024] = "";
    const char *seconds;
    FILE *f;

    snprintf(command, sizeof command, "'%s' train --set eval_every=1000 --steps %d --json", getenv("SADDLE"), steps);
    f = popen(command, "r");
    while (f && fgets(line, sizeof line, f))
        continue;
    if (f)
        pclose(f);
    seconds = strstr(line, "\"seconds\":");
    return seconds ? strtod(seconds + 10, NULL) : 0;
}

/* The same with the screen on: from the command to the pause after them. */
static double with_screen(int steps)
{
    struct session s;
    char line[32];
    double begin, took;

    session_start(&s, paused_saddle, NULL);
    session_expect(&s, "paused", 0);
    snprintf(line, sizeof line, ":step %d\r", steps);
    begin = seconds_now();
    session_type(&s, line);
    session_expect(&s, "training", s.size);
    session_expect(&s, "paused", s.size);
    took = seconds_now() - begin;
    session_type(&s, "qy");
    session_wait(&s);
    session_end(&s);
    return took;
}

static void keep_least(double *least, double seconds)
{
    if (seconds < *least)
        *least = seconds;
}

/* In turns, so that a busy machine is so for all; the quickest of each. Twice as many steps less as many leaves
 * out what comes before and after them, the first touch of memory among it. */
static void measure_throughput(void)
{
    double without[2] = {1e9, 1e9}, with[2] = {1e9, 1e9}, one, other;

    for (int i = 0; i < ROUNDS; i++)
        for (int k = 0; k < 2; k++) {
            keep_least(&without[k], headless((k + 1) * STEPS));
            keep_least(&with[k], with_screen((k + 1) * STEPS));
        }
    one = without[1] - without[0];
    other = with[1] - with[0];
    printf("%d steps           %.2f s without a screen, %.2f s with it: %+.1f %%\n", STEPS, one, other,
           100 * (other / one - 1));
}

static void bench(void **state)
{
    struct session s;

    (void)state;
    alarm(240);
    setvbuf(stdout, NULL, _IOLBF, 0);
    session_start(&s, saddle, NULL);
    session_expect(&s, "quit", 0);
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
