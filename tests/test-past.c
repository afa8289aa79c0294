/* SPDX-License-Identifier: MIT */
/* The panes with the cross-hair at a past step: settings, log and gradients as they were, until Enter or Esc. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/pane.h"
#include "golden.h"
#include "scripted-app.h"
#include "train/panes.h"
#include "two-runs.h"

/* ---- the settings of a step ----------------------------------------------------------------------- */

static void put_edit(struct history *h, uint64_t step, enum knob_id id, double before, int standard)
{
    history_add(h, &(struct sample){.kind = SAMPLE_EDIT, .step = step,
                                    .edit = {.knob = id, .before = before, .standard = standard}});
}

static struct knobs settings_at(const struct history *h, double step)
{
    struct knobs k;

    knobs_standard(&k);
    knobs_put(&k, KNOB_LEARNING_RATE, 1e-2);
    knobs_put(&k, KNOB_OPTIMIZER, knob_choice_find(KNOB_OPTIMIZER, "sgd"));
    history_settings_at(h, step, &k);
    return k;
}

/* An edit follows its step: the step itself was made with the value before. */
static void edits_are_taken_back_from_the_newest(void **state)
{
    struct history *h = history_new();
    struct knobs k;

    (void)state;
    put_edit(h, 100, KNOB_LEARNING_RATE, 1e-3, 1);
    put_edit(h, 200, KNOB_LEARNING_RATE, 3e-3, 0);
    put_edit(h, 200, KNOB_OPTIMIZER, knob_choice_find(KNOB_OPTIMIZER, "adamw"), 0);
    k = settings_at(h, 201);
    assert_true(k.value[KNOB_LEARNING_RATE] == 1e-2);
    k = settings_at(h, 200);
    assert_true(k.value[KNOB_LEARNING_RATE] == 3e-3 && k.set[KNOB_LEARNING_RATE]);
    assert_string_equal(knob_choice(KNOB_OPTIMIZER, (int)k.value[KNOB_OPTIMIZER]), "adamw");
    k = settings_at(h, 100);
    assert_true(k.value[KNOB_LEARNING_RATE] == 1e-3 && !k.set[KNOB_LEARNING_RATE]);
    history_free(h);
}

static void a_list_comes_back_as_text(void **state)
{
    struct history *h = history_new();
    struct sample s = {.kind = SAMPLE_EDIT, .step = 5, .edit = {.knob = KNOB_MILESTONES, .text = "10,20"}};
    struct knobs k;

    (void)state;
    history_add(h, &s);
    k = settings_at(h, 5);
    assert_string_equal(k.milestones, "10,20");
    k = settings_at(h, 6);
    assert_string_equal(k.milestones, "");
    history_free(h);
}

/* From a damaged file: no setting of that number, or a text without an end. */
static void a_wrong_mark_is_refused(void **state)
{
    struct history *h = history_new();

    (void)state;
    put_edit(h, 5, KNOB_LEARNING_RATE, 1, 0);
    assert_true(history_is_valid(h));
    h->mark[0].knob = KNOB_COUNT;
    assert_false(history_is_valid(h));
    h->mark[0].knob = -2;
    assert_false(history_is_valid(h));
    h->mark[0].knob = KNOB_MILESTONES;
    memset(h->mark[0].text, 'x', sizeof h->mark[0].text);
    assert_false(history_is_valid(h));
    history_free(h);
}

/* ---- on the screen -------------------------------------------------------------------------------- */

#define EDITED "<wait 300 steps>:lr 3e-3<Enter><wait 100 steps>:optimizer sgd<Enter>:batch_size 64<Enter><wait 200 steps>"

static void cross_at(struct stage *s, double step)
{
    s->app.model.ui.cross = step;
}

static void settings_are_those_of_the_step(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, EDITED);
    two_runs_lack(&s, 120, 40, "at step");
    cross_at(&s, 350);
    two_runs_hold(&s, 120, 40, "at step 350 ─╮");
    two_runs_hold(&s, 120, 40, "AdamW");
    two_runs_hold(&s, 120, 40, "now SGD");
    two_runs_hold(&s, 120, 40, "512 frames  now 64");
    two_runs_lack(&s, 120, 40, "now 3e-3"); /* it was that by then */
    two_runs_lack(&s, 120, 40, "◂");        /* arrows act on the present */
    golden_sweep(&s);
    cross_at(&s, 299);
    two_runs_hold(&s, 120, 40, "now 3e-3");
    two_runs_hold(&s, 80, 24, "shows those in force");
    cross_at(&s, 600); /* the newest step is no past */
    two_runs_lack(&s, 120, 40, "now SGD");
    stage_free(&s);
}

static void esc_and_enter_end_the_past(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, EDITED "<Tab><Tab>");
    cross_at(&s, 350);
    stage_play(&s, "<Esc>");
    two_runs_lack(&s, 120, 40, "at step 350");
    cross_at(&s, 350);
    stage_play(&s, "<Enter>");
    two_runs_hold(&s, 120, 40, "at step 350"); /* asked, not agreed */
    stage_play(&s, "y");
    two_runs_lack(&s, 120, 40, "at step 350 ─╮");
    stage_free(&s);
}

static void the_log_stands_at_the_step(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, EDITED);
    cross_at(&s, 350);
    two_runs_hold(&s, 120, 40, "300  learning rate");
    two_runs_lack(&s, 120, 40, "400  batch size");
    two_runs_hold(&s, 80, 24, "300  learning rate");
    cross_at(&s, 400);
    two_runs_hold(&s, 120, 40, "400  batch size");
    cross_at(&s, 100);
    two_runs_hold(&s, 120, 40, "no entry up to step 100");
    stage_play(&s, "<Esc>");
    stage_free(&s);
}

/* A run that went back and on: entries of what it left come after those before that. */
static void the_log_of_a_branch_is_its_own(void **state)
{
    struct stage s;
    struct snapshot *d;

    (void)state;
    stage_init(&s, EDITED);
    d = fake_trainer_draft(s.trainer);
    d->log[d->log_count++ % SNAPSHOT_LOG] = (struct log_entry){.step = 320, .kind = LOG_NOTE, .text = "back here"};
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    cross_at(&s, 350);
    two_runs_hold(&s, 80, 24, "320  back here");
    stage_free(&s);
}

static void runs_differ_as_they_did_then(void **state)
{
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":lr 3e-3<Enter><wait 100 steps>");
    two_runs_hold(&s, 120, 40, "≠");
    cross_at(&s, 500); /* B was set at 600 */
    two_runs_lack(&s, 120, 40, "≠");
    two_runs_hold(&s, 120, 40, "now 3e-3");
    stage_free(&s);
}

static void the_table_of_logit_gradients_is_of_the_step(void **state)
{
    struct stage s;
    char *then, *now;

    (void)state;
    stage_init(&s, "<wait 600 steps>");
    stage_focus(&s, view_shown(&s.app.model), TRAIN_LOGIT_GRADIENT);
    s.app.model.ui.maximised = 1;
    two_runs_hold(&s, 120, 40, "last step, by probability");
    now = two_runs_screen(&s, 120, 40, CHARSET_BRAILLE);
    cross_at(&s, 100);
    two_runs_hold(&s, 120, 40, "at step 100, by probability");
    then = two_runs_screen(&s, 120, 40, CHARSET_BRAILLE);
    assert_string_not_equal(strstr(then, ".9–1"), strstr(now, ".9–1")); /* sure of fewer */
    free(then);
    free(now);
    stage_free(&s);
}

/* ---- what needs weights -------------------------------------------------------------------------- */

static void publish_probe(struct stage *s, uint64_t step)
{
    struct curvature_view *v = fake_trainer_curvature(s->trainer);

    v->status = CURVATURE_DONE;
    v->known = 1;
    v->step = step;
    v->parameters = 1000;
    v->top_count = v->bottom_count = 1;
    v->top[0] = (struct curvature_pair){(double)step, 0, 1};
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
}

static void the_curvature_is_of_the_probe_before(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 200 steps>");
    publish_probe(&s, 200);
    stage_play(&s, "<wait 400 steps>2");
    publish_probe(&s, 600);
    two_runs_hold(&s, 120, 40, "step 600, here");
    cross_at(&s, 350);
    two_runs_hold(&s, 120, 40, "step 200, 150 steps before");
    golden_sweep(&s);
    cross_at(&s, 100);
    two_runs_hold(&s, 120, 40, "the nearest keyframe");
    two_runs_lack(&s, 120, 40, "step 200, ");
    golden_sweep(&s);
    stage_free(&s);
}

static void keys_look_at_the_nearest_keyframe(void **state)
{
    struct stage s;
    struct snapshot *d;

    (void)state;
    stage_init(&s, "<wait 600 steps>2");
    d = fake_trainer_draft(s.trainer);
    d->keyframes = 1;
    d->keyframe[0] = 300;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    cross_at(&s, 350);
    stage_play(&s, "p");
    assert_int_equal(two_runs_last(&s).kind, COMMAND_PROBE);
    assert_int_equal(two_runs_last(&s).past, 351);
    two_runs_hold(&s, 120, 40, "looking at the nearest keyframe, step 300");
    cross_at(&s, NAN);
    stage_play(&s, "p");
    assert_int_equal(two_runs_last(&s).past, 0);
    stage_free(&s);
}

static void what_is_left_is_forgotten(void **state)
{
    struct past_curvature p = {.count = 0};
    struct curvature_view v = {.known = 1};

    (void)state;
    for (uint64_t step = 0; step < 2 * PAST_CURVATURES; step++) {
        v.step = step;
        v.version++;
        past_curvature_keep(&p, (int)(step & 1), &v);
        past_curvature_keep(&p, (int)(step & 1), &v); /* the same again */
        v.version++;
        past_curvature_keep(&p, (int)(step & 1), &v); /* and as a later publication */
    }
    assert_int_equal(p.count, PAST_CURVATURES);
    past_curvature_forget(&p, &(struct sample){.kind = SAMPLE_BACK, .run = 0, .step = PAST_CURVATURES + 2});
    assert_int_equal(p.count, PAST_CURVATURES - (PAST_CURVATURES - 4) / 2);
    past_curvature_forget(&p, &(struct sample){.kind = SAMPLE_RESTART, .run = 1});
    for (int i = 0; i < p.count; i++)
        assert_int_equal(p.of[i].run, 0);
    past_curvature_free(&p);
    assert_int_equal(p.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_taken_back_from_the_newest),
        cmocka_unit_test(a_list_comes_back_as_text),
        cmocka_unit_test(a_wrong_mark_is_refused),
        cmocka_unit_test(settings_are_those_of_the_step),
        cmocka_unit_test(esc_and_enter_end_the_past),
        cmocka_unit_test(the_log_stands_at_the_step),
        cmocka_unit_test(the_log_of_a_branch_is_its_own),
        cmocka_unit_test(runs_differ_as_they_did_then),
        cmocka_unit_test(the_table_of_logit_gradients_is_of_the_step),
        cmocka_unit_test(the_curvature_is_of_the_probe_before),
        cmocka_unit_test(keys_look_at_the_nearest_keyframe),
        cmocka_unit_test(what_is_left_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
