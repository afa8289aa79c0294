/* SPDX-License-Identifier: MIT */
/* Curves over the seconds that each run was computed for. */
#include "test.h"

#include <math.h>

#include "app/overlay.h"
#include "scripted-app.h"
#include "train/panes.h"
#include "two-runs.h"

/* Each over the time that it took, for the display only. */
static void over_seconds_each_run_has_its_own(void **state)
{
    static const struct pane *const panes[] = {&loss_pane, &accuracy_pane, &gradient_pane};
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    for (int t = 0; t < TRACK_COUNT; t++)
        for (int i = 0; i < s.app.curves.of[0]->track[t].count; i++)
            s.app.curves.of[0]->track[t].seconds[i] *= 2; /* A is the slower one */
    stage_play(&s, ":axis seconds<Enter>");
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        const struct series *a, *b;
        assert_int_equal(panes[i]->plot(&s.app.model, &p), 1);
        a = two_runs_series(&p, 'A'), b = two_runs_series(&p, 'B');
        assert_string_equal(p.plot.x.unit, "s, not replayable");
        assert_true(fabs(a->x[a->count - 1] - 15) < 1e-9 && fabs(b->x[b->count - 1] - 7.5) < 1e-9);
        assert_true(p.plot.x.hi >= 15);
    }
    two_runs_hold(&s, 80, 24, "s, not replayable");
    two_runs_hold(&s, 120, 40, "s, not replayable");
    stage_play(&s, ":zoom 300 600<Enter>"); /* numbers leave no gap */
    two_runs_hold(&s, 80, 24, "s, not replayable");
    stage_play(&s, ":zoom all<Enter>");
    s.app.model.ui.cross = 300; /* a step, as ever */
    assert_true(pane_cross(&s.app.model, OVER_SECONDS) == 300);
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_true(fabs(p.plot.cross - 3.75) < 1e-9);
    s.app.model.ui.cross = NAN;
    stage_play(&s, ":axis progress<Enter>");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_string_equal(p.plot.x.unit, "step");
    stage_play(&s, ":axis wall<Enter>");
    assert_string_equal(s.app.model.ui.message, "axis: expected progress or seconds");
    stage_free(&s);
}

/* Curves of an older session: A's times are not known, and then B's. */
static void over_seconds_only_where_they_are_known(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":axis seconds<Enter>");
    s.app.curves.of[0]->track[TRACK_LOSS].seconds[0] = NAN;
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_null(two_runs_series(&p, 'A'));
    s.app.curves.of[1]->track[TRACK_LOSS].seconds[0] = NAN;
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_string_equal(p.plot.x.unit, "step");
    stage_play(&s, ":axis seconds<Enter>");
    assert_string_equal(s.app.model.ui.message, "the times of this run's steps are not known");
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_seconds_each_run_has_its_own),
        cmocka_unit_test(over_seconds_only_where_they_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
