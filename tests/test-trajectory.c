/* SPDX-License-Identifier: MIT */
/* lab/trajectory: a bounded path of the weights that spans the run. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "run/trajectory.h"

enum { N = 3 };

static void note(struct trajectory *t, uint64_t step)
{
    const float theta[N] = {(float)step, 2 * (float)step, 1};
    trajectory_note(t, step, theta);
}

static struct trajectory with_room_for(int vectors)
{
    struct trajectory t;
    struct err e = {0};

    assert_int_equal(trajectory_init(&t, N, sizeof(float) * N * (size_t)vectors + 1, &e), 0);
    return t;
}

/* Steps rise, none further apart than twice the stride, each with its own weights. */
static void whole(const struct trajectory *t)
{
    for (int i = 0; i < t->count; i++) {
        assert_true(t->theta[i][0] == (float)t->step[i] && t->theta[i][1] == 2 * (float)t->step[i]);
        if (i > 0) {
            assert_true(t->step[i] - t->step[i - 1] >= t->stride);
            assert_true(t->step[i] - t->step[i - 1] <= 2 * t->stride);
        }
    }
}

static void it_spans_the_run(void **state)
{
    (void)state;
    for (int room = 2; room <= 9; room++) {
        struct trajectory t = with_room_for(room);
        assert_int_equal(t.most, room);
        for (uint64_t step = 0; step <= 1000; step++) {
            note(&t, step);
            whole(&t);
            assert_true(t.count <= room && t.step[0] == 0);
            assert_true(step - t.step[t.count - 1] < 2 * t.stride);
            if (step >= (uint64_t)room)
                assert_true(t.count >= room / 2);
        }
        trajectory_free(&t);
    }
}

/* Of large vectors a short run keeps few, a long one all that there is room for. */
static void a_short_run_takes_little_room(void **state)
{
    enum { LARGE = 1 << 18 };
    struct trajectory t;
    struct err e;
    float *theta = calloc(LARGE, sizeof *theta);

    (void)state;
    assert_int_equal(trajectory_init(&t, LARGE, 0, &e), 0);
    assert_int_equal(t.most, TRAJECTORY_MOST);
    for (uint64_t step = 0; step <= 9000; step++) {
        int most = step < 512 ? 24 : step < 2048 ? 48 : step < 8192 ? 96 : TRAJECTORY_MOST;
        trajectory_note(&t, step, theta);
        assert_true(t.count <= most && t.step[0] == 0);
        assert_true(step < 24 || t.count >= 12);
    }
    assert_true(t.count >= TRAJECTORY_MOST / 2);
    trajectory_free(&t);
    free(theta);
}

/* Only every tenth step is told; the first was late. */
static void steps_may_be_left_out(void **state)
{
    struct trajectory t = with_room_for(6);

    (void)state;
    for (uint64_t step = 500; step < 5000; step += 10)
        note(&t, step);
    assert_true(t.step[0] == 500 && t.count >= 3 && t.step[t.count - 1] >= 4000);
    trajectory_free(&t);
}

static void what_is_undone_is_forgotten(void **state)
{
    struct trajectory t = with_room_for(20);

    (void)state;
    for (uint64_t step = 0; step < 15; step++)
        note(&t, step);
    note(&t, 7);
    assert_int_equal(t.count, 8);
    assert_int_equal(t.step[7], 7);
    whole(&t);
    note(&t, 8);
    assert_int_equal(t.count, 9);
    trajectory_clear(&t);
    assert_int_equal(t.count, 0);
    note(&t, 0);
    assert_int_equal(t.count, 1);
    trajectory_free(&t);
}

static void a_copy_is_its_own(void **state)
{
    struct trajectory t = with_room_for(5), copy, none;
    struct err e = {0};

    (void)state;
    for (uint64_t step = 0; step < 40; step++)
        note(&t, step);
    assert_int_equal(trajectory_copy(&t, &copy, &e), 0);
    assert_int_equal(copy.count, t.count);
    assert_memory_equal(copy.step, t.step, sizeof *t.step * (size_t)t.count);
    trajectory_clear(&t);
    note(&t, 99);
    whole(&copy);
    trajectory_free(&copy);
    trajectory_clear(&t);
    assert_int_equal(trajectory_copy(&t, &none, &e), 0);
    assert_int_equal(none.count, 0);
    trajectory_free(&none);
    trajectory_free(&t);
}

static void its_room_is_bounded(void **state)
{
    struct trajectory t;
    struct err e = {0};

    (void)state;
    assert_int_equal(trajectory_init(&t, 2907177, 0, &e), 0);
    assert_int_equal(t.most, 23); /* of 11.6 MB each */
    trajectory_free(&t);
    assert_int_equal(trajectory_init(&t, 10, 0, &e), 0);
    assert_int_equal(t.most, TRAJECTORY_MOST);
    trajectory_free(&t);
    assert_int_equal(trajectory_init(&t, N, sizeof(float) * N, &e), 0);
    assert_int_equal(t.most, 0);
    note(&t, 1);
    assert_int_equal(t.count, 0);
    trajectory_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_spans_the_run),
        cmocka_unit_test(a_short_run_takes_little_room),
        cmocka_unit_test(steps_may_be_left_out),
        cmocka_unit_test(what_is_undone_is_forgotten),
        cmocka_unit_test(a_copy_is_its_own),
        cmocka_unit_test(its_room_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
