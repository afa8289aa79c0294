/* SPDX-License-Identifier: MIT */
/* make bench-runs, second part: a session of 50,000 steps of `quick` whose plots are scrubbed with the cross-hair. The curves
 * are made up and go through the same structures as those of a run; the keyframes are states of a real run, thinned as it
 * thins them. A frame is the whole Train view with the cross-hair at another step; its weights are had from the nearest
 * keyframe. Processor time, as other programs may be at work. */
#include "test.h"

#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "generated-data.h"
#include "run/keyframes.h"
#include "run/savepoint.h"
#include "scripted-app.h"

enum { STEPS = 50000, EVERY = 25, FRAMES = 400, EDITS = 40, UTTERANCES = 50, LENGTH = 300, DIMS = 39 };
static const size_t BUDGET = (size_t)256 << 20;
static const double MOST = .05; /* seconds a frame: 20 in a second */

static double processor_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the session ---------------------------------------------------------------------------- */

static void add_step(struct history *h, uint64_t step)
{
    struct sample s = {.kind = SAMPLE_STEP, .step = step, .epoch = (double)step / 250};
    float noise = (float)(step * 2654435761u % 1000) / 1000;

    s.at_step.loss = 1 + 3 * expf(-(float)step / 5000) + .3f * noise;
    s.at_step.accuracy = .7f - .6f * expf(-(float)step / 5000) + .05f * noise;
    s.at_step.learning_rate = 1e-3f;
    s.at_step.gradient_norm = s.at_step.cross_entropy = s.at_step.mse = 1 + noise;
    for (int i = 0; i < 5; i++)
        s.at_step.layer_norm[i] = 1 + noise;
    history_add(h, &s);
}

/* Curves, evaluations and edits. */
static void fill_curves(struct history *h)
{
    for (uint64_t step = 1; step <= STEPS; step++) {
        add_step(h, step);
        if (step % 250 == 0)
            history_add(h, &(struct sample){.kind = SAMPLE_EVALUATION, .step = step, .epoch = (double)step / 250,
                                            .evaluation = {1.2f, .68f, 1, .7f}});
        if (step % (STEPS / EDITS) == 0)
            history_add(h, &(struct sample){.kind = SAMPLE_EDIT, .step = step, .epoch = (double)step / 250,
                                            .edit = {.knob = KNOB_LEARNING_RATE, .before = 1e-3, .after = 1e-3}});
    }
}

static void release(void *item)
{
    savepoint_free(item);
}

static struct keyframes *fill_keyframes(const struct run *run)
{
    struct keyframes *k = keyframes_new(release, NULL);

    for (uint64_t step = 0; k && step <= STEPS; step += EVERY) {
        struct savepoint *p = savepoint_take(run);
        if (!p || keyframes_add(k, step, savepoint_bytes(p), p) != 0)
            exit(1);
        keyframes_bound(k, BUDGET);
    }
    return k;
}

static void show_session(struct stage *s, const struct keyframes *k)
{
    struct snapshot *d = fake_trainer_draft(s->trainer);

    d->step = STEPS;
    d->epoch = STEPS / 250.;
    d->keyframes = keyframes_count(k) < SNAPSHOT_KEYFRAMES ? keyframes_count(k) : SNAPSHOT_KEYFRAMES;
    for (int i = 0; i < d->keyframes; i++)
        d->keyframe[i] = keyframes_step(k, i);
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
}

/* ---- scrubbing ------------------------------------------------------------------------------ */

struct scrubbed {
    double draw, weights, worst; /* seconds a frame, and the slowest drawing */
};

static struct scrubbed scrub(struct stage *s, const struct keyframes *k, struct run *then, int w, int h)
{
    struct scrubbed r = {0};
    struct canvas c;
    struct err e;

    if (canvas_init(&c, w, h, CHARSET_BRAILLE) != 0)
        exit(1);
    app_resize(&s->app, w, h);
    for (int i = 0; i < FRAMES; i++) {
        double at = floor((double)STEPS * i / FRAMES), start = processor_seconds(), drawn;
        s->app.model.ui.cross = at;
        app_draw(&s->app, &c);
        drawn = processor_seconds();
        if (savepoint_restore(then, keyframes_nearest(k, (uint64_t)at, NULL), &e) != 0)
            exit(1);
        r.weights += (processor_seconds() - drawn) / FRAMES;
        r.draw += (drawn - start) / FRAMES;
        r.worst = fmax(r.worst, drawn - start);
    }
    canvas_free(&c);
    return r;
}

static void run_rows(struct run *run)
{
    static const struct {
        const char *name;
        int w, h;
    } rows[] = {{"quick-scrub-80x24", 80, 24}, {"quick-scrub-120x40", 120, 40}, {"quick-scrub-240x70", 240, 70}};
    struct keyframes *k = fill_keyframes(run);
    struct run *then;
    struct stage s;
    struct err e;

    stage_init(&s, "");
    fill_curves(s.app.history);
    show_session(&s, k);
    if (run_fork(&then, run, &e) != 0)
        exit(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scrubbed r = scrub(&s, k, then, rows[i].w, rows[i].h);
        bench_print(&(struct bench_row){.name = rows[i].name,
                                        .seconds = r.draw + r.weights,
                                        .figure = {{"frame_ms", 1e3 * (r.draw + r.weights), BENCH_AT_MOST, 1e3 * MOST},
                                                   {"worst_ms", 1e3 * r.worst, BENCH_AT_MOST, 1e3 * MOST},
                                                   {"weights_ms", 1e3 * r.weights, BENCH_FREE, 0}}});
    }
    bench_print(&(struct bench_row){.name = "quick-keyframes",
                                    .figure = {{"states", keyframes_count(k), BENCH_AT_LEAST, 100},
                                               {"states_MiB", (double)keyframes_bytes(k) / (1 << 20), BENCH_AT_MOST, 256},
                                               {"curves_MiB", (double)sizeof(struct history) / (1 << 20), BENCH_FREE, 0}}});
    run_free(then);
    keyframes_free(k);
    stage_free(&s);
}

int main(int argc, char **argv)
{
    struct made_up m;
    struct pool *pool;
    struct run *run;
    struct knobs k;
    struct err e = {0};

    if (bench_begin(argc, argv, &pool) || made_up_noise(&m, UTTERANCES * LENGTH, UTTERANCES, DIMS, &e) != 0)
        return 1;
    if (!bench_wanted("quick-scrub"))
        return 0;
    knobs_standard(&k);
    knobs_put(&k, KNOB_CONTEXT, 11);
    if (knobs_parse(&k, KNOB_NETWORK, "linear 256 relu bn dropout x2 | linear 41", &e) != 0 ||
        run_new(&run, &m.d, &k, pool, &e) != 0) {
        fprintf(stderr, "bench-scrub: %s\n", e.text);
        return 1;
    }
    run_rows(run);
    run_free(run);
    made_up_free(&m);
    pool_free(pool);
    return 0;
}
