/* SPDX-License-Identifier: MIT */
/* What it costs to gather a batch: a step of `strong` on windows of 61 frames, out of a mapped data set as large as the
 * homework's, against the same step with the batch in place. And how much memory of its own the run has. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/batch.h"
#include "run/run-private.h"
#include "run/update.h"
#include "generated-data.h"

enum { FRAMES = 2644158, UTTERANCES = 4286, DIMS = 39, CONTEXT = 61 };

static const char NETWORK[] = "linear 1024 relu bn dropout=.2 x3 | linear 41";

struct gather {
    struct dataset data;
    struct run *run;
    struct feed feed;
};

static int write_data(const char *path, struct err *e)
{
    struct made_up m;
    int r = made_up_init(&m, FRAMES, UTTERANCES, DIMS, e);

    for (int64_t i = 0; r == 0 && i < (int64_t)FRAMES * DIMS; i++)
        m.features[i] = (float)((i * 31 + i / 977) % 64) / 32 - 1;
    if (r == 0)
        r = dataset_write(&m.d, path, e);
    made_up_free(&m);
    return r;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void in_place(void *context, int first, int count, float *x, int ld, uint8_t *labels)
{
    (void)context, (void)first, (void)count, (void)x, (void)ld, (void)labels;
}

static void step(struct gather *g, int gathered)
{
    int batch = (int)g->run->state->knobs.value[KNOB_BATCH_SIZE];
    struct batch_result r;
    struct batch_job job;
    int64_t frames;

    g->feed.from = (g->feed.from + batch) % (g->run->split.train.frames - batch);
    job = feed_job(g->run, &g->feed, batch, &frames);
    if (!gathered)
        job.fill = in_place;
    network_f.gradient(g->run->workspace, g->run->pool, &job, g->run->gradient, &r);
    update_apply(g->run, &job, run_learning_rate(g->run), r.gradient_norm);
    network_f.commit(g->run->workspace, state_statistics(g->run->state));
}

static void step_gathered(void *context)
{
    step(context, 1);
}

static void step_in_place(void *context)
{
    step(context, 0);
}

/* ---- the row -------------------------------------------------------------------------------- */

static int gather_open(struct gather *g, const char *path, struct pool *pool, struct err *e)
{
    struct knobs k;
    int r = dataset_open(&g->data, path, NULL, NULL, NULL, e);

    knobs_standard(&k);
    knobs_put(&k, KNOB_CONTEXT, CONTEXT);
    knobs_put(&k, KNOB_BATCH_SIZE, 512);
    if (r == 0)
        r = knobs_parse(&k, KNOB_NETWORK, NETWORK, e);
    if (r == 0)
        r = run_new(&g->run, &g->data, &k, pool, e);
    if (r == 0)
        g->feed = (struct feed){.run = g->run, .source = &g->run->train, .training = 1};
    return r;
}

/* Resident memory of the process that stands in no file, in MB. */
static double own_memory(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[128];
    double kb = 0;

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "RssAnon: %lf", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb * 1024e-6;
}

static int measure_in(const char *path, struct pool *pool, struct err *e)
{
    struct gather g = {0};
    double placed, gathered;
    int r = write_data(path, e);

    if (r == 0)
        r = gather_open(&g, path, pool, e);
    if (r == 0) {
        bench_measure(step_in_place, step_gathered, &g, &placed, &gathered);
        bench_print(&(struct bench_row){
            .name = "gather",
            .seconds = gathered,
            .figure = {{"in_place_ms", 1e3 * placed, BENCH_FREE, 0},
                       {"percent_slower", 100 * (gathered / placed - 1), BENCH_AT_MOST, 3},
                       {"own_memory_mb", own_memory(), BENCH_AT_MOST, 300}}});
    }
    run_free(g.run);
    dataset_free(&g.data);
    return r;
}

void bench_gather(struct pool *pool)
{
    char path[] = "/tmp/saddle-bench-XXXXXX.safetensors";
    struct err e = {0};
    int fd;

    if (!bench_wanted("gather"))
        return;
    fd = mkstemps(path, (int)strlen(".safetensors"));
    if (fd < 0 || measure_in(path, pool, &e) != 0)
        fprintf(stderr, "bench: gather is not measured: %s\n", fd < 0 ? "no file in /tmp" : e.text);
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
}
