/* SPDX-License-Identifier: MIT */
/* make bench-store: what recording costs. Steps of the recipe quick on the sample, recorded and not, in turns, in time that
 * passes and in processor time of the recorder's thread; 50,000 points of a run, in processor time and bytes; and a list of
 * 10,000 runs. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "core/text.h"
#include "run/recipe.h"
#include "run/run-private.h"
#include "store/recorder.h"
#include "store/store-private.h"

enum { STEPS = 60, POINTS = 50000, RUNS = 10000 };
static const double RECORDER_MOST = .01, MEGABYTES_MOST = 4, LIST_MOST = .1;

static char dir[] = "/tmp/saddle-bench-XXXXXX";

struct training {
    struct run *run;
    struct recorder *recorder;
    int64_t recorded; /* steps */
};

static int fail(const struct err *e)
{
    fprintf(stderr, "bench-store: %s\n", e->text);
    return 1;
}

static void steps(struct training *t, struct recorder *to)
{
    struct run_report report;
    struct err e;

    for (int done = 0; done < STEPS;) {
        if (run_advance(t->run, &report, &e) != 0)
            exit(fail(&e));
        if (report.did == RUN_STEP)
            recorder_step(to, 0, t->run, &report);
        done += report.did == RUN_STEP;
    }
}

static void plain(void *context)
{
    steps(context, NULL);
}

static void recorded(void *context)
{
    struct training *t = context;

    steps(t, t->recorder);
    t->recorded += STEPS;
}

static void begin(struct recorder *r, const struct run *run)
{
    const struct recorder_run begun = {.run = run, .recipe = "bench", .parent = -1};

    recorder_begin(r, 0, &begun);
}

static double cpu_seconds(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* The rate of quick: so that batches are as large as they are there. */
static void write_points(struct recorder *r, struct run *run)
{
    enum { AT_ONCE = 200 };
    struct run_report report = {.loss = 1.2345678, .accuracy = .56789, .learning_rate = 1.23e-3, .gradient_norm = 3.21};

    for (int i = 1; i <= POINTS; i++) {
        run->state->counters.step = (uint64_t)i;
        report.loss += 1e-7 * i;
        recorder_step(r, 0, run, &report);
        if (i % 10000 == 0) /* what a ring holds; the writer catches up */
            for (double until = clock_seconds() + .7; clock_seconds() < until;)
                sqlite3_sleep(AT_ONCE);
    }
}

static int bench_points(struct run *run, double step_seconds)
{
    const struct recorder_options o = {.path = text_format("%s/points.db", dir), .source = "bench"};
    struct recorder *r;
    struct stat st;
    struct err e = {0};
    double cpu;

    if (recorder_start(&r, &o, &e) != 0)
        return fail(&e);
    begin(r, run);
    cpu = cpu_seconds();
    write_points(r, run);
    if (recorder_stop(r, &e) != 0)
        return fail(&e);
    cpu = (cpu_seconds() - cpu) / POINTS;
    stat(o.path, &st);
    bench_print(&(struct bench_row){.name = "record-50000-points",
                                    .seconds = cpu,
                                    .figure = {{"share_of_quick", cpu / step_seconds, BENCH_AT_MOST, RECORDER_MOST},
                                               {"microseconds", 1e6 * cpu, BENCH_FREE, 0},
                                               {"megabytes", 1e-6 * (double)st.st_size, BENCH_AT_MOST, MEGABYTES_MOST}}});
    return 0;
}

static int bench_training(struct pool *pool)
{
    const struct recorder_options o = {.path = text_format("%s/quick.db", dir), .source = "bench"};
    struct training t;
    struct dataset d;
    struct knobs k;
    struct err e = {0};
    double without, with, thread;

    knobs_standard(&k);
    if (recipe_load(&k, "quick", &e) != 0 || dataset_open(&d, "sample", NULL, NULL, NULL, &e) != 0)
        return fail(&e);
    knobs_put(&k, KNOB_EVAL_EVERY, 1000);
    if (run_new(&t.run, &d, &k, pool, &e) != 0 || recorder_start(&t.recorder, &o, &e) != 0)
        return fail(&e);
    begin(t.recorder, t.run);
    t.recorded = 0;
    bench_measure(plain, recorded, &t, &without, &with);
    thread = recorder_seconds(t.recorder) / (double)t.recorded;
    bench_print(&(struct bench_row){.name = "quick-recorded",
                                    .seconds = with / STEPS,
                                    .figure = {{"alone_ms", 1e3 * without / STEPS, BENCH_FREE, 0},
                                               {"cost", with / without - 1, BENCH_AT_MOST, RECORDER_MOST},
                                               {"thread_percent", 100 * thread * STEPS / without, BENCH_AT_MOST, 100 * RECORDER_MOST}}});
    if (recorder_stop(t.recorder, &e) != 0 || bench_points(t.run, without / STEPS) != 0)
        return fail(&e);
    run_free(t.run);
    dataset_free(&d);
    return 0;
}

static int make_list(struct store **s, struct err *e)
{
    char *path = text_format("%s/list.db", dir);
    int r = store_open(s, path, STORE_RECORD, e);

    if (r == 0)
        r = store_script(*s,
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                         "INSERT INTO runs(name, recipe, data, network, parameters, source, started, ended, status, first_step,"
                         " steps, best_accuracy) SELECT 'quick-' || i, 'quick', 'sample',"
                         " 'linear 256 relu bn dropout x2 | linear 41', 187433, 'train', 1.7e9 + i, 1.7e9 + i + 60, 'finished', 0,"
                         " i % 5000, (i * 7919 % 1000) / 1000. FROM n;"
                         "INSERT INTO looks(run, split) SELECT id, 'test' FROM runs;"
                         "INSERT INTO points(run, step, loss) SELECT id, 1, .5 FROM runs;",
                         e);
    free(path);
    return r;
}

static void list(void *context)
{
    struct store_query by_best = {.sort = STORE_BY_BEST};
    struct store_run *runs;
    size_t count;
    struct err e;

    if (store_list(context, &by_best, &runs, &count, &e) != 0 || count != RUNS)
        exit(fail(&e));
    free(runs);
}

static int bench_list(void)
{
    struct store *s;
    struct err e = {0};
    double first, again;

    if (make_list(&s, &e) != 0)
        return fail(&e);
    bench_measure(list, list, s, &first, &again);
    bench_print(&(struct bench_row){
        .name = "list-10000-runs", .seconds = first, .figure = {{"seconds", fmin(first, again), BENCH_AT_MOST, LIST_MOST}}});
    store_close(s);
    return 0;
}

int main(int argc, char **argv)
{
    struct pool *pool;
    char *line;
    int r = 0;

    if (bench_begin(argc, argv, &pool) != 0 || !mkdtemp(dir))
        return 1;
    if (bench_wanted("quick-recorded") || bench_wanted("record-50000-points"))
        r = bench_training(pool);
    if (r == 0 && bench_wanted("list-10000-runs"))
        r = bench_list();
    pool_free(pool);
    line = text_format("rm -rf %s", dir);
    if (line && system(line) != 0)
        r = 1;
    free(line);
    return r;
}
