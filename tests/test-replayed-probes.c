/* SPDX-License-Identifier: MIT */
/* trainer/: a replay that is watched makes the session's probes again. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "libriphone-folder.h"
#include "run/checksum.h"
#include "trainer/session.h"
#include "trained-run.h"

enum { MOST = 32 };

static struct toy toy;

struct probes {
    uint64_t step[MOST];
    double highest[MOST], lowest[MOST], gain[MOST];
    int count;
};

/* Those whose points the curves got so far. */
static void collect(struct training *s, struct probes *p)
{
    struct sample sample;

    while (trainer_sample(s->trainer, &sample)) {
        if (sample.kind != SAMPLE_PROBE || p->count == MOST)
            continue;
        p->step[p->count] = sample.step;
        p->highest[p->count] = sample.probe.highest;
        p->lowest[p->count] = sample.probe.lowest;
        p->gain[p->count++] = sample.probe.gain;
    }
}

static void wait_for(struct training *s, struct probes *p, int count)
{
    while (collect(s, p), p->count < count)
        training_news(s);
}

/* One every second step, one by hand, an escape along it, and on. */
static void probed_session(struct probes *p, const struct knobs *k, const char *path, char *sum)
{
    struct command write = {.kind = COMMAND_SESSION};
    struct training s;

    training_open(&s, &toy, k, NULL);
    training_set(&s, KNOB_PROBE_EVERY, 2);
    for (int i = 1; i <= 4; i++) {
        training_steps(&s, 2);
        wait_for(&s, p, i);
    }
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    wait_for(&s, p, 5);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .02});
    training_steps(&s, 2);
    wait_for(&s, p, 6);
    snprintf(write.text, sizeof write.text, "%s", path);
    training_send(&s, write);
    training_obeyed(&s);
    run_checksum(s.run.run, sum);
    training_close(&s);
}

static void replay(struct training *s, const struct knobs *k, const char *path, int probes)
{
    struct session session;
    struct trainer_options o = {.recipe = "toy", .replay = &session, .probes = probes};
    struct err e = {0};

    if (session_load(&session, path, &e) != 0)
        fail_msg("%s", e.text);
    s->sent = 0;
    toy_run_open(&s->run, &toy, k, 1);
    assert_int_equal(trainer_start_with(&s->trainer, &s->run.run, &o, &e), 0);
    while (trainer_snapshots(s->trainer)->play == PLAY_RUNNING || trainer_snapshots(s->trainer)->play == PLAY_NONE)
        training_news(s);
    session_free(&session);
}

/* As fast as it goes: the steps and figures of every probe are the session's. */
static void a_watched_replay_has_the_probes(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    char *dir = temporary_folder(), path[256], sum[SHA256_TEXT];
    struct probes was = {.count = 0};

    (void)state;
    snprintf(path, sizeof path, "%s/session.txt", dir);
    probed_session(&was, &k, path, sum);
    for (int probes = 0; probes < 2; probes++) {
        struct probes again = {.count = 0};
        struct training s;
        replay(&s, &k, path, probes);
        if (trainer_snapshots(s.trainer)->play != PLAY_DONE)
            fail_msg("%s", trainer_snapshots(s.trainer)->play_text);
        assert_string_equal(trainer_snapshots(s.trainer)->run[0].checksum, sum);
        if (probes)
            wait_for(&s, &again, was.count);
        else
            collect(&s, &again);
        assert_int_equal(again.count, probes ? was.count : 0);
        for (int i = 0; i < again.count; i++) {
            assert_int_equal(again.step[i], was.step[i]);
            assert_true(fabs(again.highest[i] - was.highest[i]) <= 1e-3 * fabs(was.highest[i]));
            assert_true(fabs(again.lowest[i] - was.lowest[i]) <= 1e-3 * fabs(was.highest[i]));
            assert_true(fabs(again.gain[i] - was.gain[i]) <= 1e-3 * fabs(was.gain[i]));
        }
        training_close(&s);
    }
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_watched_replay_has_the_probes),
    };

    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
