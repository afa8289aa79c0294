/* SPDX-License-Identifier: MIT */
/* The time line under a plot: where runs can go back to, where they were forked, and going back from the cross-hair. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "app/timeline.h"
#include "curvature/curvature.h"
#include "golden.h"
#include "scripted-app.h"
#include "train/panes.h"
#include "two-runs.h"

/* ---- the time line --------------------------------------------------------------------------------- */

static void keep_states(struct stage *s)
{
    struct snapshot *d = fake_trainer_draft(s->trainer);

    d->keyframes = 3;
    d->keyframe[0] = 0, d->keyframe[1] = 200, d->keyframe[2] = 500;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
}

static void the_nearest_keyframe_is_the_one_before(void **state)
{
    struct stage s;
    uint64_t found;

    (void)state;
    two_runs_begin(&s, "");
    assert_int_equal(timeline_keyframe(&s.app.model, 10, &found), 0); /* none is kept */
    keep_states(&s);
    assert_true(timeline_keyframe(&s.app.model, 499, &found) && found == 200);
    assert_true(timeline_keyframe(&s.app.model, 500, &found) && found == 500);
    assert_true(timeline_keyframe(&s.app.model, 0, &found) && found == 0);
    stage_free(&s);
}

/* A row beneath the loss: where there is room, or with the cross-hair. */
static void the_time_line_needs_room(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    two_runs_begin(&s, ":lr 3e-3<Enter><wait 10 steps>");
    keep_states(&s);
    two_runs_hold(&s, 120, 40, "kept  •");
    text = two_runs_screen(&s, 80, 24, CHARSET_BRAILLE);
    assert_null(strstr(text, "kept  •"));
    free(text);
    stage_play(&s, "<Tab><Tab><Left><Left>");
    two_runs_hold(&s, 80, 24, "kept  •");
    two_runs_hold(&s, 80, 24, "nearest keyframe 500: ⏎ goes back to step");
    golden_sweep(&s);
    stage_play(&s, "2"); /* weights of then are not there to be probed */
    two_runs_hold(&s, 120, 40, "nearest keyframe 500: ⏎ goes back to step");
    two_runs_hold(&s, 80, 24, "kept 500: ⏎ to ");
    golden_sweep(&s);
    stage_free(&s);
}

/* The plot above it is what is pointed at. */
static void a_click_beside_the_time_line_is_at_its_step(void **state)
{
    struct stage s;
    struct pane_plot p;
    struct rect r;
    double step;

    (void)state;
    two_runs_begin(&s, "");
    keep_states(&s);
    app_resize(&s.app, 120, 40);
    r = app_layout(&s.app, 120, 40).pane[TRAIN_LOSS];
    step = pane_hit(&s.app.model, &loss_pane, r, r.w - 2, r.h - 2, CHARSET_BRAILLE).step;
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_true(step > p.plot.x.hi - 15 && step <= p.plot.x.hi);
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_keyframe_is_the_one_before),
        cmocka_unit_test(the_time_line_needs_room),
        cmocka_unit_test(a_click_beside_the_time_line_is_at_its_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
