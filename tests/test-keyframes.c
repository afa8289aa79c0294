/* SPDX-License-Identifier: MIT */
/* run/keyframes: what stays when a store is thinned, what is found, and that every item is released once. */
#include "test.h"

#include <stdint.h>

#include "run/keyframes.h"

enum { END = 50000, EVERY = 10, BUDGET = 110, ITEM = 1000, ITEMS = END / EVERY + 1 };

/* An item for each step that is a multiple of EVERY, with its owners counted. */
static struct item {
    int owners, released;
} items[ITEMS];
static int owned, sharing_left;

static void release(void *item)
{
    struct item *i = item;

    assert_true(i->owners > 0);
    i->owners--;
    i->released++;
    owned--;
}

static void *share(void *item)
{
    struct item *i = item;

    assert_true(i->owners > 0);
    if (sharing_left-- <= 0)
        return NULL;
    i->owners++;
    owned++;
    return item;
}

static struct item *item_of(uint64_t step)
{
    return &items[step / EVERY];
}

static void add(struct keyframes *k, uint64_t step, size_t bytes)
{
    assert_int_equal(keyframes_add(k, step, bytes, item_of(step)), 0);
    item_of(step)->owners++;
    owned++;
}

static struct keyframes *fresh(void)
{
    struct keyframes *k = keyframes_new(release, share);

    assert_non_null(k);
    for (int i = 0; i < ITEMS; i++)
        items[i] = (struct item){0};
    owned = 0;
    sharing_left = ITEMS;
    return k;
}

/* 50,000 steps in a budget of 110 items. */
static struct keyframes *long_run(void)
{
    struct keyframes *k = fresh();

    for (uint64_t step = 0; step <= END; step += EVERY) {
        add(k, step, ITEM);
        keyframes_bound(k, BUDGET * ITEM);
        assert_true(keyframes_count(k) <= BUDGET);
        assert_int_equal(keyframes_bytes(k), (size_t)keyframes_count(k) * ITEM);
        assert_int_equal(owned, keyframes_count(k));
        assert_int_equal(keyframes_step(k, 0), 0);
        assert_int_equal(keyframes_step(k, keyframes_count(k) - 1), step);
        for (int i = 1; i < keyframes_count(k); i++)
            assert_true(keyframes_step(k, i) > keyframes_step(k, i - 1));
    }
    assert_int_equal(keyframes_count(k), BUDGET);
    return k;
}

static void assert_all_released_once_owned(struct keyframes *k, int taken)
{
    int released = 0;

    keyframes_free(k);
    assert_int_equal(owned, 0);
    for (int i = 0; i < ITEMS; i++) {
        assert_int_equal(items[i].owners, 0);
        released += items[i].released;
    }
    assert_int_equal(released, taken);
}

/* Largest gap among items whose age (of the gap's older end) is in [from, to). */
static uint64_t largest_gap(const struct keyframes *k, uint64_t from, uint64_t to)
{
    uint64_t most = 0;

    for (int i = 0; i + 1 < keyframes_count(k); i++) {
        uint64_t age = END - keyframes_step(k, i), gap = keyframes_step(k, i + 1) - keyframes_step(k, i);
        if (age >= from && age < to && gap > most)
            most = gap;
    }
    return most;
}

static void spacing_grows_with_age(void **state)
{
    struct keyframes *k = long_run();
    uint64_t before = 0;

    (void)state;
    for (uint64_t age = EVERY; age <= END; age *= 4) {
        uint64_t gap = largest_gap(k, age, 4 * age);
        assert_true(gap >= before && gap >= EVERY);
        before = gap;
    }
    assert_int_equal(largest_gap(k, 0, 100), EVERY); /* the newest items are all there */
    /* No gap is longer than a tenth of its age, give or take the distance in which items come: going back costs a
     * replay of at most a tenth of the way. */
    for (int i = 0; i + 1 < BUDGET; i++) {
        uint64_t age = END - keyframes_step(k, i), gap = keyframes_step(k, i + 1) - keyframes_step(k, i);
        if (gap > EVERY + age / 10)
            fail_msg("%d: a gap of %d steps at an age of %d", i, (int)gap, (int)age);
    }
    assert_all_released_once_owned(k, ITEMS);
}

static void nearest_is_right_for_every_step(void **state)
{
    struct keyframes *k = long_run();

    (void)state;
    for (uint64_t step = 0; step <= END + 100; step++) {
        uint64_t expected = 0, found = 1;
        for (int i = 0; i < keyframes_count(k); i++)
            if (keyframes_step(k, i) <= step)
                expected = keyframes_step(k, i);
        assert_ptr_equal(keyframes_nearest(k, step, &found), item_of(expected));
        assert_int_equal(found, expected);
    }
    assert_ptr_equal(keyframes_nearest(k, 7, NULL), item_of(0));
    assert_all_released_once_owned(k, ITEMS);
}

static void an_empty_store_has_nothing(void **state)
{
    struct keyframes *k = fresh();

    (void)state;
    assert_null(keyframes_nearest(k, 10, NULL));
    keyframes_bound(k, 0);
    keyframes_cut(k, 0);
    assert_int_equal(keyframes_count(k), 0);
    add(k, 50, ITEM);
    assert_null(keyframes_nearest(k, 49, NULL));
    assert_ptr_equal(keyframes_nearest(k, 50, NULL), item_of(50));
    assert_all_released_once_owned(k, 1);
    keyframes_free(NULL);
}

static void an_equal_step_replaces_and_an_earlier_one_is_refused(void **state)
{
    struct keyframes *k = fresh();

    (void)state;
    add(k, 10, 5);
    add(k, 20, 7);
    add(k, 20, 9);
    assert_int_equal(keyframes_count(k), 2);
    assert_int_equal(keyframes_bytes(k), 14);
    assert_int_equal(item_of(20)->released, 1);
    assert_int_equal(keyframes_add(k, 10, 5, item_of(10)), -1);
    assert_int_equal(keyframes_add(k, 30, SIZE_MAX - 13, item_of(30)), -1);
    assert_int_equal(keyframes_count(k), 2);
    assert_int_equal(item_of(10)->released, 0);
    add(k, 20, SIZE_MAX - 5);
    assert_int_equal(keyframes_bytes(k), SIZE_MAX);
    assert_all_released_once_owned(k, 4);
}

static void oldest_and_newest_stay_whatever_they_have(void **state)
{
    struct keyframes *k = fresh();

    (void)state;
    for (uint64_t step = 100; step <= 500; step += 100)
        add(k, step, ITEM);
    keyframes_bound(k, 5 * ITEM);
    assert_int_equal(keyframes_count(k), 5);
    keyframes_bound(k, 0);
    assert_int_equal(keyframes_count(k), 2);
    assert_int_equal(keyframes_step(k, 0), 100);
    assert_int_equal(keyframes_step(k, 1), 500);
    keyframes_bound(k, 0);
    assert_int_equal(keyframes_count(k), 2);
    assert_all_released_once_owned(k, 5);
}

static void a_large_item_makes_room_by_dropping_several(void **state)
{
    struct keyframes *k = fresh();

    (void)state;
    for (uint64_t step = 0; step < 100; step += EVERY)
        add(k, step, ITEM);
    add(k, 100, 6 * ITEM);
    keyframes_bound(k, 10 * ITEM);
    assert_int_equal(keyframes_count(k), 5);
    assert_int_equal(keyframes_bytes(k), 10 * ITEM);
    assert_all_released_once_owned(k, 11);
}

static void a_cut_releases_what_comes_after(void **state)
{
    struct keyframes *k = fresh();

    (void)state;
    for (uint64_t step = 0; step <= 200; step += EVERY)
        add(k, step, ITEM);
    keyframes_cut(k, 105);
    assert_int_equal(keyframes_count(k), 11);
    assert_int_equal(keyframes_bytes(k), 11 * ITEM);
    keyframes_cut(k, 100);
    assert_int_equal(keyframes_count(k), 11);
    add(k, 110, ITEM); /* goes on from there */
    assert_int_equal(item_of(110)->released, 1);
    assert_int_equal(item_of(110)->owners, 1);
    assert_all_released_once_owned(k, 22);
}

static void a_copy_shares_every_item(void **state)
{
    struct keyframes *k = long_run(), *copy = keyframes_copy(k);

    (void)state;
    assert_non_null(copy);
    assert_int_equal(owned, 2 * BUDGET);
    assert_int_equal(keyframes_count(copy), BUDGET);
    assert_int_equal(keyframes_bytes(copy), BUDGET * ITEM);
    for (int i = 0; i < BUDGET; i++) {
        uint64_t step = keyframes_step(k, i);
        assert_int_equal(keyframes_step(copy, i), step);
        assert_ptr_equal(keyframes_nearest(copy, step, NULL), keyframes_nearest(k, step, NULL));
    }
    keyframes_cut(copy, END / 2);
    assert_int_equal(keyframes_count(k), BUDGET);
    assert_ptr_equal(keyframes_nearest(k, END, NULL), item_of(END));
    keyframes_free(k);
    assert_int_equal(owned, keyframes_count(copy));
    assert_int_equal(item_of(0)->owners, 1);
    assert_all_released_once_owned(copy, ITEMS + BUDGET);
}

static void a_copy_that_fails_leaves_no_trace(void **state)
{
    struct keyframes *k = long_run(), *alone;

    (void)state;
    sharing_left = BUDGET / 2;
    assert_null(keyframes_copy(k));
    assert_int_equal(owned, BUDGET);
    assert_int_equal(keyframes_count(k), BUDGET);
    assert_all_released_once_owned(k, ITEMS + BUDGET / 2);
    alone = keyframes_new(release, NULL);
    assert_non_null(alone);
    assert_null(keyframes_copy(alone));
    keyframes_free(alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spacing_grows_with_age),
        cmocka_unit_test(nearest_is_right_for_every_step),
        cmocka_unit_test(an_empty_store_has_nothing),
        cmocka_unit_test(an_equal_step_replaces_and_an_earlier_one_is_refused),
        cmocka_unit_test(oldest_and_newest_stay_whatever_they_have),
        cmocka_unit_test(a_large_item_makes_room_by_dropping_several),
        cmocka_unit_test(a_cut_releases_what_comes_after),
        cmocka_unit_test(a_copy_shares_every_item),
        cmocka_unit_test(a_copy_that_fails_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
