/* SPDX-License-Identifier: MIT */
/* Curves as sessions keep them, and as older programs did. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/curves-kept.h"

/* The settings there are. */
static struct session_settings all;

/* A history of everything there is. */
static struct history *some_history(uint64_t steps)
{
    struct history *h = history_new();

    assert_non_null(h);
    for (uint64_t step = 1; step <= steps; step++) {
        struct sample s = {.kind = SAMPLE_STEP, .step = step, .epoch = (double)step / 100, .seconds = (double)step / 8};
        s.at_step.loss = 1 / (float)step;
        s.at_step.layer_norm[2] = (float)step;
        s.at_step.share[3].examples = 7;
        history_add(h, &s);
        if (step % 50 == 0)
            history_add(h, &(struct sample){.kind = SAMPLE_EVALUATION, .step = step, .epoch = s.epoch, .seconds = s.seconds,
                                            .evaluation = {.loss = 2, .accuracy = .5f}});
    }
    history_add(h, &(struct sample){.kind = SAMPLE_PROBE, .step = 30, .epoch = .3, .probe = {.highest = 4, .lowest = -1}});
    history_add(h, &(struct sample){.kind = SAMPLE_EDIT, .step = 40, .epoch = .4,
                                    .edit = {.knob = KNOB_LEARNING_RATE, .before = .1, .after = .2}});
    return h;
}

static void same_track(const struct track *a, const struct track *b)
{
    size_t n = (size_t)a->count;

    assert_true(a->count == b->count && a->merged == b->merged && a->filled == b->filled);
    assert_true(a->smoothing == b->smoothing && a->average == b->average && a->seen == b->seen);
    assert_memory_equal(a->step, b->step, n * sizeof *a->step);
    assert_memory_equal(a->epoch, b->epoch, n * sizeof *a->epoch);
    assert_memory_equal(a->y, b->y, n * sizeof *a->y);
    assert_memory_equal(a->lo, b->lo, n * sizeof *a->lo);
    assert_memory_equal(a->hi, b->hi, n * sizeof *a->hi);
}

static void curves_come_back(void **state)
{
    (void)state;
    for (uint64_t steps = 60; steps <= 6000; steps *= 100) {
        struct history *h = some_history(steps), *back;
        size_t size;
        void *bytes = curves_pack(h, &size);
        assert_true(size < sizeof *h);
        back = curves_unpack(bytes, size, &all);
        assert_non_null(back);
        for (int i = 0; i < TRACK_COUNT; i++) {
            same_track(&h->track[i], &back->track[i]);
            assert_memory_equal(h->track[i].seconds, back->track[i].seconds, (size_t)h->track[i].count * sizeof(double));
        }
        assert_int_equal(back->layers.count, h->layers.count);
        assert_memory_equal(back->layers.norm, h->layers.norm, (size_t)h->layers.count * sizeof *h->layers.norm);
        assert_memory_equal(back->layers.share, h->layers.share, (size_t)h->layers.count * sizeof *h->layers.share);
        assert_int_equal(back->mark_count, 1);
        assert_memory_equal(&back->mark[0], &h->mark[0], sizeof h->mark[0]);
        assert_true(back->last_step == steps);
        history_free(back);
        history_free(h);
        free(bytes);
    }
}

/* Cut off anywhere, or longer, or of nonsense: refused. */
static void other_bytes_are_refused(void **state)
{
    struct history *h = some_history(60);
    size_t size;
    unsigned char *bytes = curves_pack(h, &size), *more = calloc(1, size + 1);

    (void)state;
    for (size_t n = 0; n < size; n += n < 200 ? 1 : 97)
        assert_null(curves_unpack(bytes, n, &all));
    memcpy(more, bytes, size);
    assert_null(curves_unpack(more, size + 1, &all));
    for (size_t at = 8; at < 60; at += 4) { /* counts of tracks and of points among them */
        memcpy(more, bytes, size);
        memset(more + at, 0x7f, 4);
        history_free(curves_unpack(more, size, &all));
    }
    memset(more, 0, size);
    assert_null(curves_unpack(more, size, &all));
    free(more);
    free(bytes);
    history_free(h);
}

static void a_ghost_comes_back(void **state)
{
    struct ghost g = {.kind = GHOST_LEFT, .run = 2, .from = 31, .history = some_history(60)}, back;
    size_t size;
    int *bytes;

    (void)state;
    strcpy(g.name, "quick-7");
    bytes = ghost_pack(&g, &size);
    assert_int_equal(ghost_unpack(&back, bytes, size, &all), 0);
    assert_true(back.kind == g.kind && back.run == 2 && back.from == 31);
    assert_string_equal(back.name, "quick-7");
    same_track(&g.history->track[TRACK_LOSS], &back.history->track[TRACK_LOSS]);
    history_free(back.history);
    bytes[1] = TRAINER_RUNS;
    assert_int_equal(ghost_unpack(&back, bytes, size, &all), -1);
    assert_null(back.history);
    free(bytes);
    history_free(g.history);
}

/* ---- as older programs kept them: the memory of these -------------------------------------------- */

struct first_track {
    double smoothing;
    double average;
    double seen;
    int count;
    int merged;
    int filled;
    double step[2048], epoch[2048];
    float y[2048];
    float lo[2048], hi[2048];
};

struct first_layers {
    int count, merged, filled;
    double step[1024];
    float norm[1024][16];
};

struct first_mark {
    double step, epoch;
    int event;
    int loss;
    int before, after;
};

struct first_history {
    struct first_track track[13];
    struct first_layers layers;
    struct first_mark mark[512];
    int mark_count;
    uint64_t last_step;
};

struct second_history { /* with what a probe says of the next step */
    struct first_track track[19];
    struct first_layers layers;
    struct first_mark mark[512];
    int mark_count;
    uint64_t last_step;
};

struct third_layers {
    int count, merged, filled;
    double step[1024];
    float norm[1024][16];
    float share[1024][10][3];
};

struct third_mark {
    double step, epoch;
    int event;
    int loss;
    int before, after;
    int knob;
    int standard;
    double value;
    char text[64];
};

struct third_history { /* with settings, and shares at the logits */
    struct first_track track[19];
    struct third_layers layers;
    struct third_mark mark[512];
    int mark_count;
    uint64_t last_step;
};

static void fill_track(struct first_track *to, const struct track *t)
{
    to->smoothing = t->smoothing, to->average = t->average, to->seen = t->seen;
    to->count = t->count, to->merged = t->merged, to->filled = t->filled;
    memcpy(to->step, t->step, sizeof to->step);
    memcpy(to->epoch, t->epoch, sizeof to->epoch);
    memcpy(to->y, t->y, sizeof to->y);
    memcpy(to->lo, t->lo, sizeof to->lo);
    memcpy(to->hi, t->hi, sizeof to->hi);
}

static void fill_layers(struct first_layers *to, const struct layer_track *t)
{
    to->count = t->count, to->merged = t->merged, to->filled = t->filled;
    memcpy(to->step, t->step, sizeof to->step);
    memcpy(to->norm, t->norm, sizeof to->norm);
}

static void *older(const struct history *h, int which, size_t *size)
{
    struct second_history *two = calloc(1, sizeof *two);
    struct first_history *one = calloc(1, sizeof *one);
    struct third_history *three = calloc(1, sizeof *three);

    for (int i = 0; i < 19; i++)
        fill_track(&two->track[i], &h->track[i]);
    fill_layers(&two->layers, &h->layers);
    two->mark[0] = (struct first_mark){.step = 40, .epoch = .4};
    two->mark_count = 1;
    two->last_step = h->last_step;
    memcpy(one->track, two->track, sizeof one->track);
    one->layers = two->layers;
    memcpy(one->mark, two->mark, sizeof one->mark);
    one->mark_count = 1;
    one->last_step = h->last_step;
    memcpy(three->track, two->track, sizeof three->track);
    memcpy(&three->layers, &two->layers, sizeof two->layers);
    memcpy(three->layers.share, h->layers.share, sizeof three->layers.share);
    three->mark[0] = (struct third_mark){.step = 40, .epoch = .4, .knob = KNOB_LEARNING_RATE, .standard = 1, .value = .1};
    three->mark_count = 1;
    three->last_step = h->last_step;
    *size = which == 0 ? sizeof *one : which == 1 ? sizeof *two : sizeof *three;
    free(which == 0 ? NULL : one);
    free(which == 1 ? NULL : two);
    free(which == 2 ? NULL : three);
    return which == 0 ? (void *)one : which == 1 ? (void *)two : (void *)three;
}

static void check_older(const struct history *h, const struct history *back, int which)
{
    assert_non_null(back);
    for (int i = 0; i < (which ? 19 : 13); i++)
        same_track(&h->track[i], &back->track[i]);
    assert_int_equal(back->track[TRACK_GAIN].merged, 1);
    assert_memory_equal(back->layers.norm, h->layers.norm, (size_t)h->layers.count * sizeof *h->layers.norm);
    assert_true(back->layers.share[3][3].examples == (which == 2 ? 7 : 0));
    assert_true(back->mark_count == 1 && back->mark[0].step == 40 && back->last_step == h->last_step);
    assert_int_equal(back->mark[0].knob, which == 2 ? KNOB_LEARNING_RATE : -1);
    assert_false(history_has_clock(back));
}

static void older_curves_come_back(void **state)
{
    struct history *h = some_history(6000);

    (void)state;
    for (int which = 0; which < 3; which++) {
        struct ghost g;
        size_t size;
        void *bytes = older(h, which, &size);
        struct history *back = curves_unpack(bytes, size, &all);
        for (int named = 0; named < 2; named++) { /* ghosts had no name at first */
            size_t head = named ? 56 : 16;
            char *whole = calloc(1, head + size);
            const struct {
                int kind, run;
                double from;
                char name[40];
            } front = {GHOST_DROPPED, 1, 12, "older"};
            memcpy(whole, &front, head);
            memcpy(whole + head, bytes, size);
            assert_int_equal(ghost_unpack(&g, whole, head + size, &all), 0);
            assert_true(g.kind == GHOST_DROPPED && g.run == 1 && g.from == 12);
            assert_string_equal(g.name, named ? "older" : "");
            check_older(h, g.history, which);
            history_free(g.history);
            free(whole);
        }
        check_older(h, back, which);
        history_free(back);
        free(bytes);
    }
    history_free(h);
}

/* A setting came in before, others after: the mark is of the one that its program meant, or of none. */
static void settings_of_older_marks_are_those_of_their_program(void **state)
{
    struct session_settings known = {0};
    struct history *h = some_history(60), *back;
    struct third_history *bytes;
    size_t size;

    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++)
        if (i != KNOB_BATCH_SIZE && i != KNOB_SEED && i != KNOB_SHARDS)
            known.id[known.count++] = (enum knob_id)i;
    bytes = older(h, 2, &size);
    bytes->mark_count = 4;
    bytes->mark[1] = (struct third_mark){.step = 41, .knob = KNOB_MOMENTUM - 1};
    bytes->mark[2] = (struct third_mark){.step = 42, .knob = -1};
    bytes->mark[3] = (struct third_mark){.step = 43, .knob = known.count};
    back = curves_unpack(bytes, size, &known);
    assert_non_null(back);
    assert_int_equal(back->mark[0].knob, KNOB_LEARNING_RATE);
    assert_int_equal(back->mark[1].knob, KNOB_MOMENTUM);
    assert_int_equal(back->mark[2].knob, -1);
    assert_int_equal(back->mark[3].knob, -1);
    history_free(back);
    free(bytes);
    history_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_come_back),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(a_ghost_comes_back),
        cmocka_unit_test(older_curves_come_back),
        cmocka_unit_test(settings_of_older_marks_are_those_of_their_program),
    };

    for (all.count = 0; all.count < KNOB_COUNT; all.count++)
        all.id[all.count] = (enum knob_id)all.count;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
