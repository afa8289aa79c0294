/* SPDX-License-Identifier: MIT */
/* make bench-beside: a probe of the curvature beside the training, on data made up at the homework's width. Each alone
 * first, then both together: what each keeps of its own pace, and how soon a pause is answered meanwhile. */
#include "bench.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "run/run.h"
#include "trainer/trainer.h"
#include "generated-data.h"
#include "core/clock.h"

enum { UTTERANCES = 50, FRAMES = 300, DIMS = 39, PAUSES = 10 };

static const struct row {
    const char *name, *probe, *network; /* names of the two rows */
    int context, frames, products; /* of the probe; those that are timed */
} table[] = {
    {"strong-beside-probe", "strong-probe", "linear 1024 relu bn dropout=.2 x3 | linear 41", 19, 512, 30},
    {"small-beside-probe", "small-probe", "linear 256 relu x2 | linear 41", 11, 8192, 30},
    {"bilstm-beside-probe", "bilstm-probe", "lstm 128 bi | last | linear 41", 11, 1024, 20},
};

static const double TRAINING_LEAST = .45, PROBE_LEAST = .30;

/* ---- a run ---------------------------------------------------------------------------------- */

static void send(struct trainer *t, enum command_kind kind)
{
    trainer_send(t, &(struct command){.kind = kind});
}

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

static void wait_for_status(struct trainer *t, enum run_status status)
{
    while (trainer_snapshot(t)->status != status)
        wait_for_news(t);
}

static void wait_for_step(struct trainer *t, uint64_t step)
{
    while (trainer_snapshot(t)->step < step)
        wait_for_news(t);
}

/* Seconds from the first product of the probe that is seen to number n, a product. */
static double time_products(struct trainer *t, int n)
{
    const struct curvature_view *v;
    double start;
    int first;

    send(t, COMMAND_PROBE);
    while (v = trainer_curvature(t), v->status != CURVATURE_RUNNING || v->done < 1 || v->done >= n)
        wait_for_news(t);
    start = clock_seconds();
    first = v->done;
    while (v = trainer_curvature(t), v->done < n)
        wait_for_news(t);
    return (clock_seconds() - start) / (v->done - first);
}

static void call_off(struct trainer *t)
{
    send(t, COMMAND_PROBE_CANCEL);
    while (trainer_curvature(t)->status == CURVATURE_RUNNING)
        wait_for_news(t);
}

/* Steps in a second over so many seconds. */
static double pace(struct trainer *t, double seconds)
{
    uint64_t first;
    double start;

    wait_for_step(t, trainer_snapshot(t)->step + 3);
    first = trainer_snapshot(t)->step;
    start = clock_seconds();
    while (clock_seconds() - start < seconds)
        wait_for_news(t);
    return (double)(trainer_snapshot(t)->step - first) / (clock_seconds() - start);
}

/* The longest that a pause took to be answered. */
static double answer(struct trainer *t)
{
    double most = 0;

    for (int i = 0; i < PAUSES; i++) {
        double start;
        wait_for_step(t, trainer_snapshot(t)->step + 1);
        start = clock_seconds();
        send(t, COMMAND_PAUSE);
        wait_for_status(t, RUN_PAUSED);
        most = fmax(most, clock_seconds() - start);
        send(t, COMMAND_RESUME);
        wait_for_status(t, RUN_TRAINING);
    }
    return most;
}

static void run_row(const struct row *row, struct trainer *t)
{
    double probe_alone, probe_beside, alone, beside, start, waited;
    uint64_t first;

    probe_alone = time_products(t, row->products);
    call_off(t);
    send(t, COMMAND_RESUME);
    alone = pace(t, 4);
    start = clock_seconds();
    first = trainer_snapshot(t)->step;
    probe_beside = time_products(t, row->products);
    beside = (double)(trainer_snapshot(t)->step - first) / (clock_seconds() - start);
    waited = answer(t);
    call_off(t);
    bench_print(&(struct bench_row){.name = row->name,
                                    .seconds = 1 / beside,
                                    .figure = {{"alone_ms", 1e3 / alone, BENCH_FREE, 0},
                                               {"kept", beside / alone, BENCH_AT_LEAST, TRAINING_LEAST},
                                               {"pause_ms", 1e3 * waited, BENCH_FREE, 0}}});
    bench_print(&(struct bench_row){.name = row->probe,
                                    .seconds = probe_beside,
                                    .figure = {{"alone_ms", 1e3 * probe_alone, BENCH_FREE, 0},
                                               {"kept", probe_alone / probe_beside, BENCH_AT_LEAST, PROBE_LEAST}}});
}

static int open_row(const struct row *row, const struct dataset *d, struct pool *pool, struct run **run,
                    struct trainer **t)
{
    struct knobs k;
    struct err e = {0};

    knobs_standard(&k);
    knobs_put(&k, KNOB_CONTEXT, row->context);
    knobs_put(&k, KNOB_EVAL_EVERY, 1000);
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    knobs_put(&k, KNOB_PROBE_FRAMES, row->frames);
    if (knobs_parse(&k, KNOB_NETWORK, row->network, &e) != 0 || run_new(run, d, &k, pool, &e) != 0 ||
        trainer_start(t, run, "bench", NULL, 1, &e) != 0) {
        fprintf(stderr, "bench-beside: %s\n", e.text);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct made_up data;
    struct pool *pool;
    struct run *run;
    struct trainer *t;
    struct err e;

    if (bench_begin(argc, argv, &pool) != 0 || made_up_noise(&data, UTTERANCES * FRAMES, UTTERANCES, DIMS, &e) != 0)
        return 1;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!bench_wanted(table[i].name) && !bench_wanted(table[i].probe))
            continue;
        if (open_row(&table[i], &data.d, pool, &run, &t) != 0)
            return 1;
        run_row(&table[i], t);
        trainer_stop(t, &e);
        run_free(run);
    }
    made_up_free(&data);
    pool_free(pool);
    return 0;
}
