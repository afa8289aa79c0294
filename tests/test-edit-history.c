/* SPDX-License-Identifier: MIT */
/* trainer/edit-history: undo and redo. */
#include "test.h"

#include <stdlib.h>

#include "trainer/edit-history.h"

/* The rate from one value to another at this step: typed, or by a key's turn. */
static void set(struct edits *e, uint64_t step, double from, double to, int turned)
{
    struct edit edit = {.knob = KNOB_LEARNING_RATE, .step = step, .began = step, .turned = turned};

    knobs_standard(&edit.before);
    edit.after = edit.before;
    edit.before.value[KNOB_LEARNING_RATE] = from;
    edit.after.value[KNOB_LEARNING_RATE] = to;
    edits_note(e, &edit);
}

static void type(struct edits *e, uint64_t step, double from, double to)
{
    set(e, step, from, to, 0);
}

static void turn(struct edits *e, uint64_t step, double from, double to)
{
    set(e, step, from, to, 1);
}

static double from_of(const struct edit *d)
{
    assert_non_null(d);
    return d->before.value[KNOB_LEARNING_RATE];
}

static double to_of(const struct edit *d)
{
    assert_non_null(d);
    return d->after.value[KNOB_LEARNING_RATE];
}

static void step_out(struct edits *e, uint64_t step)
{
    struct saddle_escape *x = calloc(1, sizeof *x);

    assert_non_null(x);
    x->along = escape_direction_new(1, step, -1, 1, (const float[]){1});
    x->before = calloc(1, sizeof *x->before + sizeof(float));
    assert_non_null(x->before);
    x->before->references = 1;
    edits_note_escape(e, step, 0, x);
}

/* One after the other back, and in the same order forth. */
static void edits_go_back_and_forth(void **state)
{
    static struct edits e;

    (void)state;
    assert_null(edits_undo(&e));
    assert_null(edits_redo(&e));
    type(&e, 1, .1, .2);
    type(&e, 2, .2, .3);
    assert_true(from_of(edits_undo(&e)) == .2);
    assert_true(from_of(edits_undo(&e)) == .1);
    assert_null(edits_undo(&e));
    assert_true(to_of(edits_redo(&e)) == .2);
    assert_true(to_of(edits_redo(&e)) == .3);
    assert_null(edits_redo(&e));
    edits_clear(&e);
    assert_null(edits_undo(&e));
}

static void turns_that_follow_each_other_are_one_edit(void **state)
{
    static struct edits e;
    const struct edit *d;

    (void)state;
    type(&e, 7, .1, .2);
    turn(&e, 7, .2, .4); /* what was typed stays an edit of its own */
    turn(&e, 7, .4, .5);
    turn(&e, 7 + EDITS_TOGETHER, .5, .8);
    turn(&e, 8 + 2 * EDITS_TOGETHER, .8, .9);
    assert_int_equal(e.done, 3);
    assert_true(from_of(edits_undo(&e)) == .8);
    d = edits_undo(&e);
    assert_true(from_of(d) == .2 && to_of(d) == .8);
    edits_redo(&e);
    turn(&e, 7 + EDITS_TOGETHER, .8, .7); /* something can be made again: it is not drawn into the last one */
    assert_int_equal(e.done, 3);
    edits_clear(&e);
}

/* A run that goes back to a step has not had the edits made there or later, whether undone or not. */
static void edits_are_forgotten_from_a_step_on(void **state)
{
    static struct edits e;

    (void)state;
    for (int i = 1; i <= 4; i++)
        type(&e, (uint64_t)(10 * i), i, i + 1);
    edits_undo(&e);
    edits_forget_from(&e, 30);
    assert_int_equal(e.all, 2);
    assert_int_equal(e.done, 2);
    edits_undo(&e);
    edits_forget_from(&e, 25);
    assert_int_equal(e.done, 1);
    assert_true(to_of(edits_redo(&e)) == 3);
    edits_clear(&e);
}

/* Escapes too, whose weights it shares: they last as long as one of both. */
static void a_fork_has_all_edits(void **state)
{
    static struct edits e, fork;

    (void)state;
    type(&e, 10, 1, 2);
    step_out(&e, 20);
    type(&e, 30, 2, 3);
    type(&e, 40, 3, 4);
    edits_undo(&e);
    edits_copy(&fork, &e);
    edits_clear(&e);
    assert_int_equal(fork.all, 4);
    assert_true(to_of(edits_redo(&fork)) == 4);
    assert_true(from_of(edits_undo(&fork)) == 3);
    assert_true(from_of(edits_undo(&fork)) == 2);
    assert_int_equal(edits_undo(&fork)->escape->before->references, 1);
    assert_true(from_of(edits_undo(&fork)) == 1);
    assert_null(edits_undo(&fork));
    edits_clear(&fork);
}

/* An escape's direction was found by a probe that the run, gone back, has not had. */
static void what_came_after_is_not_made_again(void **state)
{
    static struct edits e;

    (void)state;
    type(&e, 10, .1, .2);
    step_out(&e, 20);
    type(&e, 30, .2, .3);
    for (int i = 0; i < 3; i++)
        edits_undo(&e);
    edits_forget_later(&e);
    assert_true(to_of(edits_redo(&e)) == .2);
    assert_null(edits_redo(&e));
    edits_forget_later(&e);
    assert_int_equal(e.done, 1);
    edits_clear(&e);
}

static void a_new_edit_forgets_what_could_be_made_again(void **state)
{
    static struct edits e;

    (void)state;
    type(&e, 1, .1, .2);
    step_out(&e, 2); /* its memory is given back */
    edits_undo(&e);
    type(&e, 3, .2, .3);
    assert_null(edits_redo(&e));
    assert_true(from_of(edits_undo(&e)) == .2);
    assert_true(from_of(edits_undo(&e)) == .1);
    edits_clear(&e);
}

static void the_oldest_is_forgotten(void **state)
{
    static struct edits e;
    int count = 0;

    (void)state;
    for (int i = 0; i < EDITS_KEPT + 10; i++)
        type(&e, (uint64_t)i, i, i + 1);
    for (const struct edit *d; (d = edits_undo(&e)) != NULL; count++)
        assert_true(from_of(d) == EDITS_KEPT + 9 - count);
    assert_int_equal(count, EDITS_KEPT);
    edits_clear(&e);
}

/* Each holds the weights twice: older ones go, and with them what is older still. */
static void few_escapes_are_kept(void **state)
{
    static struct edits e;
    const struct edit *d;
    int escapes = 0, turns = 0;

    (void)state;
    for (int i = 0; i < EDITS_ESCAPES_KEPT + 2; i++) {
        type(&e, (uint64_t)(10 * i), i, i + 1);
        step_out(&e, (uint64_t)(10 * i + 5));
    }
    while ((d = edits_undo(&e)) != NULL) {
        escapes += d->escape != NULL;
        turns += d->escape == NULL;
        assert_true(d->step > 15); /* the second escape has gone, and all before it */
    }
    assert_int_equal(escapes, EDITS_ESCAPES_KEPT);
    assert_int_equal(turns, EDITS_ESCAPES_KEPT);
    edits_clear(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_go_back_and_forth),
        cmocka_unit_test(turns_that_follow_each_other_are_one_edit),
        cmocka_unit_test(edits_are_forgotten_from_a_step_on),
        cmocka_unit_test(a_fork_has_all_edits),
        cmocka_unit_test(what_came_after_is_not_made_again),
        cmocka_unit_test(a_new_edit_forgets_what_could_be_made_again),
        cmocka_unit_test(the_oldest_is_forgotten),
        cmocka_unit_test(few_escapes_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
