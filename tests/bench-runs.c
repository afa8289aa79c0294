/* SPDX-License-Identifier: MIT */
/* make bench-runs: runs side by side, on data made up at the homework's width. How long a fork and a step back to a
 * keyframe take, paused and beside the training, where the step in hand is waited for; and what four runs keep of the pace
 * of one. */
#include "bench.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "generated-data.h"
#include "run/run.h"
#include "trainer/trainer.h"

enum { UTTERANCES = 50, FRAMES = 300, DIMS = 39, TRIES = 10 };

static const struct row {
    const char *name, *network;
    int context;
    double most; /* seconds for a fork */
} table[] = {
    {"strong", "linear 1024 relu bn dropout=.2 x3 | linear 41", 19, .1},
    {"quick", "linear 256 relu bn dropout x2 | linear 41", 11, .1},
};

static const double FOUR_LEAST = .9; /* of the pace of one run */

static void wait_for_news(struct trainer *t)
{
    struct pollfd p = {.fd = trainer_event_fd(t), .events = POLLIN};
    struct sample s;
    uint64_t rung;

    if (poll(&p, 1, 60000) != 1 || read(p.fd, &rung, sizeof rung) != sizeof rung)
        exit(1);
    while (trainer_sample(t, &s))
        ;
}

/* Seconds until it is obeyed. */
static double send(struct trainer *t, enum command_kind kind, uint64_t count)
{
    double start = clock_seconds();
    uint64_t number = trainer_send(t, &(struct command){.kind = kind, .count = count});

    while (trainer_snapshot(t)->obeyed < number)
        wait_for_news(t);
    return clock_seconds() - start;
}

static uint64_t all_steps(struct trainer *t)
{
    const struct snapshots *all = trainer_snapshots(t);
    uint64_t steps = 0;

    for (int i = 0; i < TRAINER_RUNS; i++)
        steps += all->there >> i & 1 ? all->run[i].step : 0;
    return steps;
}

/* Steps of all runs in a second. */
static double pace(struct trainer *t, double seconds)
{
    double start;
    uint64_t first;

    send(t, COMMAND_RESUME, 0);
    first = all_steps(t);
    start = clock_seconds();
    while (clock_seconds() - start < seconds)
        wait_for_news(t);
    return (double)(all_steps(t) - first) / (clock_seconds() - start);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of forks that are dropped again, or of steps back to the newest keyframe. */
static double time_forks(struct trainer *t)
{
    double took[TRIES];

    for (int i = 0; i < TRIES; i++) {
        took[i] = send(t, COMMAND_FORK, 0);
        send(t, COMMAND_DROP, 1);
    }
    qsort(took, TRIES, sizeof *took, by_size);
    return took[TRIES / 2];
}

static double time_backs(struct trainer *t, int running)
{
    double took[TRIES];

    for (int i = 0; i < TRIES; i++) {
        const struct snapshot *s;
        if (!running)
            send(t, COMMAND_STEPS, 3);
        while (s = trainer_snapshot(t), !running && s->status != RUN_PAUSED)
            wait_for_news(t);
        took[i] = send(t, COMMAND_BACK, s->keyframe[s->keyframes - 1]);
    }
    qsort(took, TRIES, sizeof *took, by_size);
    return took[TRIES / 2];
}

static void run_row(const struct row *row, struct trainer *t)
{
    char name[64];
    double paused, beside, back, back_beside, one, four;

    pace(t, 3);
    send(t, COMMAND_PAUSE, 0);
    paused = time_forks(t);
    back = time_backs(t, 0);
    send(t, COMMAND_RESUME, 0);
    beside = time_forks(t);
    back_beside = time_backs(t, 1);
    one = pace(t, 4);
    send(t, COMMAND_PAUSE, 0);
    for (int i = 1; i < TRAINER_RUNS; i++)
        send(t, COMMAND_FORK, 0);
    pace(t, 1);
    four = pace(t, 4);
    snprintf(name, sizeof name, "%s-fork", row->name);
    bench_print(&(struct bench_row){.name = name,
                                    .seconds = paused,
                                    .figure = {{"fork_ms", 1e3 * paused, BENCH_AT_MOST, 1e3 * row->most},
                                               {"beside_ms", 1e3 * beside, BENCH_FREE, 0}}});
    snprintf(name, sizeof name, "%s-back", row->name);
    bench_print(&(struct bench_row){.name = name,
                                    .seconds = back,
                                    .figure = {{"back_ms", 1e3 * back, BENCH_AT_MOST, 1e3 * row->most},
                                               {"beside_ms", 1e3 * back_beside, BENCH_FREE, 0}}});
    snprintf(name, sizeof name, "%s-four-runs", row->name);
    bench_print(&(struct bench_row){.name = name,
                                    .seconds = 1 / four,
                                    .figure = {{"one_ms", 1e3 / one, BENCH_FREE, 0},
                                               {"kept", four / one, BENCH_AT_LEAST, FOUR_LEAST}}});
}

static int open_row(const struct row *row, const struct dataset *d, struct pool *pool, struct run **run, struct trainer **t)
{
    struct knobs k;
    struct err e = {0};

    knobs_standard(&k);
    knobs_put(&k, KNOB_CONTEXT, row->context);
    knobs_put(&k, KNOB_EVAL_EVERY, 1000);
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    if (knobs_parse(&k, KNOB_NETWORK, row->network, &e) == 0 && run_new(run, d, &k, pool, &e) == 0 &&
        trainer_start(t, run, "bench", NULL, 1, &e) == 0)
        return 0;
    fprintf(stderr, "bench-runs: %s\n", e.text);
    return -1;
}

int main(int argc, char **argv)
{
    struct made_up m;
    struct pool *pool;
    struct err e = {0};

    if (bench_begin(argc, argv, &pool) || made_up_noise(&m, UTTERANCES * FRAMES, UTTERANCES, DIMS, &e) != 0)
        return 1;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct run *run;
        struct trainer *t;
        if (!bench_wanted(table[i].name))
            continue;
        if (open_row(&table[i], &m.d, pool, &run, &t) != 0)
            return 1;
        run_row(&table[i], t);
        trainer_stop(t, &e);
        run_free(run);
    }
    made_up_free(&m);
    pool_free(pool);
    return 0;
}
