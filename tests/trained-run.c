/* SPDX-License-Identifier: MIT */
#include "trained-run.h"

#include <math.h>
#include <poll.h>
#include <unistd.h>

#include "test.h"

const char TRAINING_SMALL[] = "linear 8 relu bn | linear 3";
const char TRAINING_LARGE[] = "linear 700 relu x3 | linear 3";

struct knobs training_knobs(const char *network)
{
    struct knobs k = toy_knobs();
    struct err e = {0};

    if (knobs_parse(&k, KNOB_NETWORK, network, &e) != 0)
        fail_msg("%s", e.text);
    knobs_put(&k, KNOB_PROBE_FRAMES, 200);
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    return k;
}

void training_open(struct training *t, const struct toy *toy, const struct knobs *k, const char *checkpoint)
{
    const struct trainer_options o = {.recipe = "toy", .checkpoint = checkpoint, .paused = 1, .undo_seconds = INFINITY};
    struct err e;

    t->sent = 0;
    toy_run_open(&t->run, toy, k, 2);
    assert_int_equal(trainer_start_with(&t->trainer, &t->run.run, &o, &e), 0);
}

void training_end(struct training *t)
{
    struct err e;

    assert_int_equal(trainer_stop(t->trainer, &e), 0);
    t->trainer = NULL;
}

void training_close(struct training *t)
{
    if (t->trainer)
        training_end(t);
    toy_run_close(&t->run);
}

void training_is_plain(struct training *t, const struct toy *toy, const struct knobs *k, int steps)
{
    struct toy_run plain;

    training_end(t);
    toy_run_open(&plain, toy, k, 1);
    toy_steps(plain.run, steps);
    assert_true(toy_same(t->run.run, plain.run));
    toy_run_close(&plain);
}

/* ---- commands ------------------------------------------------------------------------------- */

void training_send(struct training *t, struct command c)
{
    t->sent = trainer_send(t->trainer, &c);
    assert_true(t->sent);
}

void training_steps(struct training *t, uint64_t count)
{
    training_send(t, (struct command){.kind = COMMAND_STEPS, .count = count});
}

void training_set(struct training *t, enum knob_id id, double value)
{
    training_send(t, (struct command){.kind = COMMAND_SET, .knob = id, .setting = knob_number(value)});
}

/* ---- waiting -------------------------------------------------------------------------------- */

void training_news(struct training *t)
{
    struct pollfd p = {.fd = trainer_event_fd(t->trainer), .events = POLLIN};
    uint64_t rung;

    if (poll(&p, 1, 30000) != 1)
        fail_msg("the trainer has been silent for 30 s at step %d", (int)trainer_snapshot(t->trainer)->step);
    assert_int_equal(read(p.fd, &rung, sizeof rung), sizeof rung);
}

const struct snapshot *training_obeyed(struct training *t)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(t->trainer), now->obeyed < t->sent)
        training_news(t);
    return now;
}

const struct snapshot *training_at(struct training *t, uint64_t step, int paused)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(t->trainer), now->step < step || (paused && now->status != RUN_PAUSED))
        training_news(t);
    return now;
}

const struct snapshot *training_log(struct training *t, uint64_t entries)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(t->trainer), now->log_count < entries)
        training_news(t);
    return now;
}

const struct curvature_view *training_probed(struct training *t, enum curvature_status status)
{
    const struct curvature_view *now;

    while (now = trainer_curvature(t->trainer), now->status != status) {
        if (now->status == CURVATURE_FAILED)
            fail_msg("%s", now->text);
        training_news(t);
    }
    return now;
}

const struct curvature_view *training_probe(struct training *t, unsigned with)
{
    uint64_t before = trainer_snapshot(t->trainer)->log_count;

    training_send(t, (struct command){.kind = COMMAND_PROBE, .count = with});
    training_log(t, before + 1); /* it is told when it is done */
    return training_probed(t, CURVATURE_DONE);
}
